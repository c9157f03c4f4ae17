
use builtin;
use str;

set edit:completion:arg-completer[gads-creds] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'gads-creds'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'gads-creds'= {
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand login 'Authorize in the browser, or with a service account key, and save the credentials'
            cand show 'Show the saved credentials, secrets masked'
            cand refresh 'Check that the credentials work by getting an access token'
            cand revoke 'Revoke the refresh token at Google and delete it here'
            cand set 'Change the client secret, customer IDs or default profile without a new consent'
            cand move 'Move a profile to another store without a new consent'
            cand exec 'Run a program with the credentials in its environment'
            cand export 'Write the credentials in another program''s format'
            cand doctor 'Diagnose problems and say how to fix them'
            cand explain 'Explain an error code from Google'
            cand completions 'Print a shell completion script'
            cand help 'Show help for a command'
        }
        &'gads-creds;login'= {
            cand -c 'The JSON downloaded from the Google Cloud console, `-` for stdin'
            cand --client-secrets 'The JSON downloaded from the Google Cloud console, `-` for stdin'
            cand --key-file 'A service account''s JSON key, to log in with instead of a browser; `-` for stdin'
            cand --impersonate 'The user that the service account acts for (domain-wide delegation)'
            cand --redirect-uri 'The redirect URI of a web client, as it is registered'
            cand --port 'A fixed loopback port (for `ssh -L`, containers)'
            cand --timeout 'How long to wait for the browser'
            cand --login-hint 'Preselect a Google account'
            cand --expect-account 'Require this Google account (asks for `openid email`)'
            cand --additional-scopes 'Scopes besides `adwords`; short names are expanded (`datamanager`)'
            cand --login-customer-id 'The manager account to go through: ten digits, dashes allowed'
            cand --developer-token-file 'A developer token, `-` for stdin; optional since 2026-09-09'
            cand --api-version 'The version of the Google Ads API to ask'
            cand --store 'Where the credentials are saved; default: the profile''s, else `file`'
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --no-browser 'Print the URL, open no browser'
            cand --no-verify 'Save without asking the Google Ads API which accounts can be reached'
            cand --replace-kind 'Switch a file from another kind of credential to this one'
            cand --force 'Save although the account cannot use Google Ads, or (`--recover`) although another token was saved since'
            cand --recover 'Finish a login whose token could not be saved'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;show'= {
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --reveal 'Show the secrets themselves'
            cand --all 'Show every profile, a line each'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;refresh'= {
            cand --jobs 'How many at a time'
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --all 'Refresh every profile; with --json an object a line'
            cand --print-access-token 'Print the access token on stdout, and nothing else'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;revoke'= {
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --yes 'Answer the question with yes'
            cand --local-only 'Delete the token here only; it stays valid at Google'
            cand --forget 'Delete the client and the profile as well'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;set'= {
            cand -c 'The JSON of the same OAuth client with its new secret, `-` for stdin'
            cand --client-secrets 'The JSON of the same OAuth client with its new secret, `-` for stdin'
            cand --key-file 'Another key of the same service account, `-` for stdin'
            cand --login-customer-id 'The manager account to go through, or `none`'
            cand --linked-customer-id 'The account that is linked to the login customer, or `none`'
            cand --developer-token-file 'The developer token, `-` for stdin, or `none`'
            cand --api-version 'The version of the Google Ads API to ask'
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --default 'Make this the profile of commands that name none'
            cand --all 'Save the client secret, or the key, in every profile of that client or service account'
            cand --no-verify 'Save the customer IDs without asking the Google Ads API'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;move'= {
            cand --store 'Where the credentials go; `file` goes to --config or to a new file'
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;exec'= {
            cand --as-file 'Also a file of that format, gone with the program, named by GOOGLE_ADS_CONFIGURATION_FILE_PATH (adc: by GOOGLE_APPLICATION_CREDENTIALS)'
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;export'= {
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --stdout 'Print a new file instead, secrets masked'
            cand --reveal 'Print the secrets themselves'
            cand --replace-kind 'Switch a file from a service account or Application Default Credentials to this user credential'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;doctor'= {
            cand --api-version 'The version of the Google Ads API to ask'
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --offline 'Check only what needs no network'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;explain'= {
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;completions'= {
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'gads-creds;help'= {
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --json 'Print the result as one JSON object on stdout'
            cand --no-input 'Never prompt; fail instead (implied if stdin is not a terminal)'
            cand -q 'Print less on stderr'
            cand --quiet 'Print less on stderr'
            cand -v 'Print more on stderr; -vv logs requests with every secret masked'
            cand --verbose 'Print more on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
    ]
    var seen = $false
    fn names {
        try { gads-creds completions profiles 2>/dev/null </dev/null | from-lines } catch e { nop }
    }
    if (or (eq $words[-2] -p) (eq $words[-2] --profile)) {
        names
    } elif (str:has-prefix $words[-1] '--profile=') {
        names | each {|name| put '--profile='$name }
    } elif (and (eq $command 'gads-creds;exec') (has-value $words[..-1] --)) {
        var behind = [(each {|word| if $seen { put $word } elif (eq $word --) { set seen = $true } } $words)]
        edit:complete-sudo gads-creds $@behind
    } else {
        $completions[$command]
    }
}
