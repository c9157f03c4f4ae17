# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_gads_creds_global_optspecs
    string join \n p/profile= config= format= json no-input q/quiet v/verbose h/help V/version
end

function __fish_gads_creds_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    if not argparse -s (__fish_gads_creds_global_optspecs) -- $cmd 2>/dev/null
        # The last option lacks its value, which is at the cursor.
        set -e cmd[-1]
        argparse -s (__fish_gads_creds_global_optspecs) -- $cmd 2>/dev/null
        or return
    end
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_gads_creds_using_subcommand
    set -l cmd (__fish_gads_creds_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c gads-creds -n "__fish_gads_creds_needs_command" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_needs_command" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_needs_command" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_needs_command" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "login" -d 'Authorize in the browser, or with a service account key, and save the credentials'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "show" -d 'Show the saved credentials, secrets masked'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "refresh" -d 'Check that the credentials work by getting an access token'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "revoke" -d 'Revoke the refresh token at Google and delete it here'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "set" -d 'Change the client secret, customer IDs or default profile without a new consent'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "move" -d 'Move a profile to another store without a new consent'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "exec" -d 'Run a program with the credentials in its environment'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "export" -d 'Write the credentials in another program\'s format'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "doctor" -d 'Diagnose problems and say how to fix them'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "explain" -d 'Explain an error code from Google'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "completions" -d 'Print a shell completion script'
complete -c gads-creds -n "__fish_gads_creds_needs_command" -f -a "help" -d 'Show help for a command'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -s c -l client-secrets -d 'The JSON downloaded from the Google Cloud console, `-` for stdin' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l key-file -d 'A service account\'s JSON key, to log in with instead of a browser; `-` for stdin' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l impersonate -d 'The user that the service account acts for (domain-wide delegation)' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l redirect-uri -d 'The redirect URI of a web client, as it is registered' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l port -d 'A fixed loopback port (for `ssh -L`, containers)' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l timeout -d 'How long to wait for the browser' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l finish -d 'Complete a login with the address that the browser ended on' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l for -d 'With `--start`: print a message for the owner of this Google account, who consents in a browser elsewhere; no other account is accepted' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l login-hint -d 'Preselect a Google account' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l expect-account -d 'Require this Google account (asks for `openid email`)' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l additional-scopes -d 'Scopes besides `adwords`; short names are expanded (`datamanager`)' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l login-customer-id -d 'The manager account to go through: ten digits, dashes allowed' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l developer-token-file -d 'A developer token, `-` for stdin; optional since 2026-09-09' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l api-version -d 'The version of the Google Ads API to ask' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l store -d 'Where the credentials are saved; default: the profile\'s, else `file`' -r -f -a "file\t''
keychain\t''
command\t''
pass:\t''
vault:\t''
bao:\t''
sops:\t''
age:\t''
aws:\t''
gcp:\t''
azure:\t''
op:\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l no-browser -d 'Print the URL, open no browser'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l start -d 'Print the URL and an ID, and exit: `--finish` completes the login'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l no-verify -d 'Save without asking the Google Ads API which accounts can be reached'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l replace-kind -d 'Switch a file from another kind of credential to this one'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l force -d 'Save although the account cannot use Google Ads, or (`--recover`) although another token was saved since'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l recover -d 'Finish a login whose token could not be saved'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand login" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -l reveal -d 'Show the secrets themselves'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -l all -d 'Show every profile, a line each'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand show" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -l jobs -d 'How many at a time' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -l expires-within -d 'Exit with 9 if the refresh token works but expires within this time: `3d`, `12h`, `90m`' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -l metrics -d 'Write what was found to this file as Prometheus metrics, also if the check fails' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -l all -d 'Refresh every profile; with --json an object a line'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -l print-access-token -d 'Print the access token on stdout, and nothing else'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand refresh" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -l yes -d 'Answer the question with yes'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -l local-only -d 'Delete the token here only; it stays valid at Google'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -l forget -d 'Delete the client and the profile as well'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand revoke" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -s c -l client-secrets -d 'The JSON of the same OAuth client with its new secret, `-` for stdin' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l key-file -d 'Another key of the same service account, `-` for stdin' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l login-customer-id -d 'The manager account to go through, or `none`' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l linked-customer-id -d 'The account that is linked to the login customer, or `none`' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l developer-token-file -d 'The developer token, `-` for stdin, or `none`' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l api-version -d 'The version of the Google Ads API to ask' -r -f
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l default -d 'Make this the profile of commands that name none'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l all -d 'Save the client secret, or the key, in every profile of that client or service account'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l no-verify -d 'Save the customer IDs without asking the Google Ads API'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand set" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -l store -d 'Where the credentials go; `file` goes to --config or to a new file' -r -f -a "file\t''
keychain\t''
command\t''
pass:\t''
vault:\t''
bao:\t''
sops:\t''
age:\t''
aws:\t''
gcp:\t''
azure:\t''
op:\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand move" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -l as-file -d 'Also a file of that format, gone with the program, named by VARIABLE: GOOGLE_ADS_CONFIGURATION_FILE_PATH if none is given (adc: GOOGLE_APPLICATION_CREDENTIALS)' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -l stdout -d 'Print a new file instead, secrets masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -l reveal -d 'Print the secrets themselves'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -l replace-kind -d 'Switch a file from a service account or Application Default Credentials to this user credential'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -l api-version -d 'The version of the Google Ads API to ask' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -l offline -d 'Check only what needs no network'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -l fix -d 'Fix first what is safe and certain: file modes, byte order marks, placeholders, what interrupted runs left, expired pending logins'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help" -s p -l profile -d 'The profile to use [env: GADS_CREDS_PROFILE]' -r
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help" -s p -l profile -r -f -a '(gads-creds completions profiles 2>/dev/null </dev/null)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help" -l config -d 'The configuration file to use instead of a profile\'s [env: GADS_CREDS_CONFIG]' -r -F
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help" -l format -d 'That file\'s format, if its name does not show it' -r -f -a "python\t''
java\t''
php\t''
ruby\t''
perl\t''
dotnet\t''
adc\t''
env\t''
dlt\t''
airbyte\t''
singer\t''
meltano\t''
airflow\t''
mureo\t''"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help" -l json -d 'Print the result as one JSON object on stdout'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help" -l no-input -d 'Never prompt; fail instead (implied if stdin is not a terminal)'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help" -s q -l quiet -d 'Print less on stderr'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help" -s v -l verbose -d 'Print more on stderr; -vv logs requests with every secret masked'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help" -s V -l version -d 'Print version'
complete -c gads-creds -n "__fish_gads_creds_using_subcommand export; and not __fish_gads_creds_has_word python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo" -f -a "python java php ruby perl dotnet adc env dlt airbyte singer meltano airflow mureo"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand explain; and not __fish_gads_creds_has_word ACCESS_DENIED_FOR_ACCOUNT_TYPE ACCESS_TOKEN_EXPIRED ACCESS_TOKEN_SCOPE_INSUFFICIENT ACCESS_TOKEN_TYPE_UNSUPPORTED ACCOUNT_STATE_INVALID ACTION_NOT_PERMITTED ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT ADVANCED_PROTECTION_NOT_ENROLLED AUTHENTICATION_ERROR AUTHORIZATION_ERROR BILLING_DISABLED CLIENT_CUSTOMER_ID_INVALID CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION CLOUD_PROJECT_NOT_FOUND CLOUD_PROJECT_NOT_UNDER_ORGANIZATION CONSUMER_INVALID CONSUMER_SUSPENDED CREDENTIALS_MISSING CUSTOMER_NOT_ENABLED CUSTOMER_NOT_FOUND DEVELOPER_TOKEN_INVALID DEVELOPER_TOKEN_NOT_APPROVED DEVELOPER_TOKEN_NOT_ON_ALLOWLIST DEVELOPER_TOKEN_PARAMETER_MISSING DEVELOPER_TOKEN_PROHIBITED FAILED_PRECONDITION GCP_SUSPENDED GOOGLE_ACCOUNT_AUTHENTICATION_FAILED GOOGLE_ACCOUNT_COOKIE_INVALID GOOGLE_ACCOUNT_DELETED GOOGLE_ACCOUNT_USER_AND_ADS_USER_MISMATCH INCOMPLETE_SIGNUP INVALID_EMAIL_ADDRESS INVALID_LINKED_CUSTOMER_ID INVALID_LOGIN_CUSTOMER_ID INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION LOCATION_POLICY_VIOLATED LOGIN_COOKIE_INVALID LOGIN_COOKIE_REQUIRED LOGIN_CUSTOMER_ID_PARAMETER_MISSING METRIC_ACCESS_DENIED MISSING_TOS NOT_ADS_USER NOT_FOUND OAUTH_TOKEN_DISABLED OAUTH_TOKEN_EXPIRED OAUTH_TOKEN_HEADER_INVALID OAUTH_TOKEN_INVALID OAUTH_TOKEN_REVOKED ORGANIZATION_NOT_APPROVED ORGANIZATION_NOT_ASSOCIATED_WITH_DEVELOPER_TOKEN ORGANIZATION_NOT_RECOGNIZED ORG_RESTRICTION_HEADER_INVALID ORG_RESTRICTION_VIOLATION OVERLOADED_CREDENTIALS PERMISSION_DENIED PROJECT_DISABLED RESOURCE_EXHAUSTED RESOURCE_PROJECT_INVALID RESOURCE_TEMPORARILY_EXHAUSTED SECURITY_POLICY_VIOLATED SERVICE_ACCESS_DENIED SERVICE_DISABLED SERVICE_NOT_VISIBLE SESSION_COOKIE_INVALID TWO_STEP_VERIFICATION_NOT_ENROLLED UNAUTHENTICATED UNSUPPORTED_VERSION USER_BLOCKED_BY_ADMIN USER_ID_INVALID USER_PERMISSION_DENIED USER_PROJECT_DENIED access_denied access_not_configured admin_policy_enforced deleted_client disabled_client disallowed_useragent iam.disableServiceAccountKeyCreation iam.managed.disableServiceAccountKeyCreation internal_failure invalid_client invalid_grant invalid_request invalid_scope org_internal origin_mismatch policy_enforced rate_limit_exceeded redirect_uri_mismatch restricted_client server_error temporarily_unavailable unauthorized_client unsupported_grant_type" -f -a "ACCESS_DENIED_FOR_ACCOUNT_TYPE ACCESS_TOKEN_EXPIRED ACCESS_TOKEN_SCOPE_INSUFFICIENT ACCESS_TOKEN_TYPE_UNSUPPORTED ACCOUNT_STATE_INVALID ACTION_NOT_PERMITTED ACTION_NOT_PERMITTED_FOR_SUSPENDED_ACCOUNT ADVANCED_PROTECTION_NOT_ENROLLED AUTHENTICATION_ERROR AUTHORIZATION_ERROR BILLING_DISABLED CLIENT_CUSTOMER_ID_INVALID CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION CLOUD_PROJECT_NOT_FOUND CLOUD_PROJECT_NOT_UNDER_ORGANIZATION CONSUMER_INVALID CONSUMER_SUSPENDED CREDENTIALS_MISSING CUSTOMER_NOT_ENABLED CUSTOMER_NOT_FOUND DEVELOPER_TOKEN_INVALID DEVELOPER_TOKEN_NOT_APPROVED DEVELOPER_TOKEN_NOT_ON_ALLOWLIST DEVELOPER_TOKEN_PARAMETER_MISSING DEVELOPER_TOKEN_PROHIBITED FAILED_PRECONDITION GCP_SUSPENDED GOOGLE_ACCOUNT_AUTHENTICATION_FAILED GOOGLE_ACCOUNT_COOKIE_INVALID GOOGLE_ACCOUNT_DELETED GOOGLE_ACCOUNT_USER_AND_ADS_USER_MISMATCH INCOMPLETE_SIGNUP INVALID_EMAIL_ADDRESS INVALID_LINKED_CUSTOMER_ID INVALID_LOGIN_CUSTOMER_ID INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION LOCATION_POLICY_VIOLATED LOGIN_COOKIE_INVALID LOGIN_COOKIE_REQUIRED LOGIN_CUSTOMER_ID_PARAMETER_MISSING METRIC_ACCESS_DENIED MISSING_TOS NOT_ADS_USER NOT_FOUND OAUTH_TOKEN_DISABLED OAUTH_TOKEN_EXPIRED OAUTH_TOKEN_HEADER_INVALID OAUTH_TOKEN_INVALID OAUTH_TOKEN_REVOKED ORGANIZATION_NOT_APPROVED ORGANIZATION_NOT_ASSOCIATED_WITH_DEVELOPER_TOKEN ORGANIZATION_NOT_RECOGNIZED ORG_RESTRICTION_HEADER_INVALID ORG_RESTRICTION_VIOLATION OVERLOADED_CREDENTIALS PERMISSION_DENIED PROJECT_DISABLED RESOURCE_EXHAUSTED RESOURCE_PROJECT_INVALID RESOURCE_TEMPORARILY_EXHAUSTED SECURITY_POLICY_VIOLATED SERVICE_ACCESS_DENIED SERVICE_DISABLED SERVICE_NOT_VISIBLE SESSION_COOKIE_INVALID TWO_STEP_VERIFICATION_NOT_ENROLLED UNAUTHENTICATED UNSUPPORTED_VERSION USER_BLOCKED_BY_ADMIN USER_ID_INVALID USER_PERMISSION_DENIED USER_PROJECT_DENIED access_denied access_not_configured admin_policy_enforced deleted_client disabled_client disallowed_useragent iam.disableServiceAccountKeyCreation iam.managed.disableServiceAccountKeyCreation internal_failure invalid_client invalid_grant invalid_request invalid_scope org_internal origin_mismatch policy_enforced rate_limit_exceeded redirect_uri_mismatch restricted_client server_error temporarily_unavailable unauthorized_client unsupported_grant_type"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand completions; and not __fish_gads_creds_has_word bash zsh fish powershell elvish" -f -a "bash zsh fish powershell elvish"
complete -c gads-creds -n "__fish_gads_creds_using_subcommand help; and not __fish_gads_creds_has_word login show refresh revoke set move exec export doctor explain completions help" -f -a "login show refresh revoke set move exec export doctor explain completions help"

function __fish_gads_creds_has_word
    set -l words (commandline -opc)
    for word in $words[3..-1]
        contains -- $word $argv
        and return 0
    end
    return 1
end

# Completes the command line after `exec --` on its own.
function __fish_gads_creds_command
    set -l words (commandline -opc)
    set -l at (contains -i -- -- $words)
    or return
    set -l behind (string escape -- $words[$at..-1])
    set -e behind[1]
    complete -C (string join ' ' -- $behind (commandline -ct))
end
complete -c gads-creds -n "__fish_gads_creds_using_subcommand exec; and contains -- -- (commandline -opc)" -f -a "(__fish_gads_creds_command)"
