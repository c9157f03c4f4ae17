_gads__creds_files() {
    [[ "${BASH_VERSINFO[0]}" -ge 4 ]] || return 0
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_gads__creds_whole() {
    local i cur prev opts cmd
    COMPREPLY=()
    cur="$2"
    prev="$3"
    local at
    for ((at = 2; at < COMP_CWORD; at++)); do
        [[ "${COMP_WORDS[at]}" == "--" ]] || continue
        if declare -F _comp_command_offset >/dev/null; then
            head=""
            _comp_command_offset $((at + 1))
        elif declare -F _command_offset >/dev/null; then
            head=""
            _command_offset $((at + 1))
        elif ((at + 1 == COMP_CWORD)); then
            COMPREPLY=($(compgen -c -- "${cur}"))
        else
            _gads__creds_files "${cur}"
        fi
        return 0
    done
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="gads__creds"
                ;;
            gads__creds,completions)
                cmd="gads__creds__subcmd__completions"
                ;;
            gads__creds,doctor)
                cmd="gads__creds__subcmd__doctor"
                ;;
            gads__creds,exec)
                cmd="gads__creds__subcmd__exec"
                ;;
            gads__creds,explain)
                cmd="gads__creds__subcmd__explain"
                ;;
            gads__creds,export)
                cmd="gads__creds__subcmd__export"
                ;;
            gads__creds,help)
                cmd="gads__creds__subcmd__help"
                ;;
            gads__creds,login)
                cmd="gads__creds__subcmd__login"
                ;;
            gads__creds,move)
                cmd="gads__creds__subcmd__move"
                ;;
            gads__creds,refresh)
                cmd="gads__creds__subcmd__refresh"
                ;;
            gads__creds,revoke)
                cmd="gads__creds__subcmd__revoke"
                ;;
            gads__creds,set)
                cmd="gads__creds__subcmd__set"
                ;;
            gads__creds,show)
                cmd="gads__creds__subcmd__show"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        gads__creds)
            opts="login show refresh revoke set move exec export doctor explain completions help --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__completions)
            opts="bash zsh fish powershell elvish --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__doctor)
            opts="--offline --fix --api-version --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --api-version)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__exec)
            opts="--as-file --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --as-file)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__explain)
            opts="ACCESS_DENIED_FOR_ACCOUNT_TYPE ACCESS_TOKEN_EXPIRED ACCESS_TOKEN_SCOPE_INSUFFICIENT ACCESS_TOKEN_TYPE_UNSUPPORTED ACCOUNT_STATE_INVALID ACTION_NOT_PERMITTED ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT ADVANCED_PROTECTION_NOT_ENROLLED AUTHENTICATION_ERROR AUTHORIZATION_ERROR BILLING_DISABLED CLIENT_CUSTOMER_ID_INVALID CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION CLOUD_PROJECT_NOT_FOUND CLOUD_PROJECT_NOT_UNDER_ORGANIZATION CONSUMER_INVALID CONSUMER_SUSPENDED CREDENTIALS_MISSING CUSTOMER_NOT_ENABLED CUSTOMER_NOT_FOUND DEVELOPER_TOKEN_INVALID DEVELOPER_TOKEN_NOT_APPROVED DEVELOPER_TOKEN_NOT_ON_ALLOWLIST DEVELOPER_TOKEN_PARAMETER_MISSING DEVELOPER_TOKEN_PROHIBITED FAILED_PRECONDITION GCP_SUSPENDED GOOGLE_ACCOUNT_AUTHENTICATION_FAILED GOOGLE_ACCOUNT_COOKIE_INVALID GOOGLE_ACCOUNT_DELETED GOOGLE_ACCOUNT_USER_AND_ADS_USER_MISMATCH INCOMPLETE_SIGNUP INVALID_EMAIL_ADDRESS INVALID_LINKED_CUSTOMER_ID INVALID_LOGIN_CUSTOMER_ID INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION LOCATION_POLICY_VIOLATED LOGIN_COOKIE_INVALID LOGIN_COOKIE_REQUIRED LOGIN_CUSTOMER_ID_PARAMETER_MISSING METRIC_ACCESS_DENIED MISSING_TOS NOT_ADS_USER NOT_FOUND OAUTH_TOKEN_DISABLED OAUTH_TOKEN_EXPIRED OAUTH_TOKEN_HEADER_INVALID OAUTH_TOKEN_INVALID OAUTH_TOKEN_REVOKED ORGANIZATION_NOT_APPROVED ORGANIZATION_NOT_ASSOCIATED_WITH_DEVELOPER_TOKEN ORGANIZATION_NOT_RECOGNIZED ORG_RESTRICTION_HEADER_INVALID ORG_RESTRICTION_VIOLATION OVERLOADED_CREDENTIALS PERMISSION_DENIED PROJECT_DISABLED RESOURCE_EXHAUSTED RESOURCE_PROJECT_INVALID RESOURCE_TEMPORARILY_EXHAUSTED SECURITY_POLICY_VIOLATED SERVICE_ACCESS_DENIED SERVICE_DISABLED SERVICE_NOT_VISIBLE SESSION_COOKIE_INVALID TWO_STEP_VERIFICATION_NOT_ENROLLED UNAUTHENTICATED UNSUPPORTED_VERSION USER_BLOCKED_BY_ADMIN USER_ID_INVALID USER_PERMISSION_DENIED USER_PROJECT_DENIED access_denied access_not_configured admin_policy_enforced deleted_client disabled_client disallowed_useragent iam.disableServiceAccountKeyCreation iam.managed.disableServiceAccountKeyCreation internal_failure invalid_client invalid_grant invalid_request invalid_scope org_internal origin_mismatch policy_enforced rate_limit_exceeded redirect_uri_mismatch restricted_client server_error temporarily_unavailable unauthorized_client unsupported_grant_type --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__export)
            opts="python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo --stdout --reveal --replace-kind --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__help)
            opts="login show refresh revoke set move exec export doctor explain completions help --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__login)
            opts="--client-secrets --key-file --impersonate --redirect-uri --no-browser --port --timeout --start --finish --for --login-hint --expect-account --additional-scopes --login-customer-id --developer-token-file --no-verify --api-version --store --replace-kind --force --recover --profile --config --format --json --no-input --quiet --verbose --help --version -c -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --client-secrets)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                -c)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --key-file)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --impersonate)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --redirect-uri)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --port)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --timeout)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --finish)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --for)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --login-hint)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --expect-account)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --additional-scopes)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --login-customer-id)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --developer-token-file)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --api-version)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --store)
                    COMPREPLY=($(compgen -W "file keychain command pass: vault: bao: sops: age: aws: gcp: azure: op:" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__move)
            opts="--store --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --store)
                    COMPREPLY=($(compgen -W "file keychain command pass: vault: bao: sops: age: aws: gcp: azure: op:" -- "${cur}"))
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__refresh)
            opts="--all --jobs --print-access-token --expires-within --metrics --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --jobs)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --expires-within)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --metrics)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__revoke)
            opts="--yes --local-only --forget --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__set)
            opts="--client-secrets --key-file --login-customer-id --linked-customer-id --developer-token-file --default --all --no-verify --api-version --profile --config --format --json --no-input --quiet --verbose --help --version -c -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --client-secrets)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                -c)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --key-file)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --login-customer-id)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --linked-customer-id)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --developer-token-file)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --api-version)
                    COMPREPLY=("${cur}")
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o nospace
                    fi
                    return 0
                    ;;
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        gads__creds__subcmd__show)
            opts="--reveal --all --profile --config --format --json --no-input --quiet --verbose --help --version -p -q -v -h -V"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                -p)
                    COMPREPLY=($(compgen -W "$(gads-creds completions profiles 2>/dev/null </dev/null)" -- "${cur}"))
                    return 0
                    ;;
                --config)
                    _gads__creds_files "${cur}"
                    return 0
                    ;;
                --format)
                    COMPREPLY=($(compgen -W "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

_gads__creds() {
    local cur="$2" prev="$3" head="" line="${COMP_LINE:0:COMP_POINT}"
    local word="${line##*[[:space:]]}"
    [[ "${BASH_VERSINFO[0]}" -ge 4 ]] || cur="${COMP_WORDS[COMP_CWORD]}"
    line="${line%"${word}"}"
    line="${line%"${line##*[![:space:]]}"}"
    [[ "${prev}" != "=" ]] || prev="${COMP_WORDS[COMP_CWORD-2]}"
    if [[ "${word}" == --*=* ]]; then
        line="${word%%=*}"
        word="${word#*=}"
        prev="${line}"
    fi
    [[ "${word}" != *"${cur}" ]] || head="${word%"${cur}"}"
    case "${head: -1}${cur:0:1}" in
        [:=@]* | [!\"\']@) ;;
        *) head="" ;;
    esac
    [[ -z "${head}" ]] || prev="${line##*[[:space:]]}"
    _gads__creds_whole "$1" "${head}${cur}" "${prev}"
    [[ "${#COMPREPLY[@]}" -ne 1 || "${COMPREPLY[0]}" != *: ]] || compopt -o nospace 2>/dev/null
    [[ -n "${head}" ]] || return 0
    compopt +o bashdefault +o default 2>/dev/null
    [[ "${#COMPREPLY[@]}" -gt 0 ]] || _gads__creds_files "${head}${cur}"
    if [[ "${#COMPREPLY[@]}" -eq 1 && -d "${COMPREPLY[0]}" ]]; then
        COMPREPLY[0]+=/
        compopt -o nospace 2>/dev/null
    fi
    COMPREPLY=("${COMPREPLY[@]#"${head}"}")
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _gads__creds -o nosort -o bashdefault -o default gads-creds
else
    complete -F _gads__creds -o bashdefault -o default gads-creds
fi
