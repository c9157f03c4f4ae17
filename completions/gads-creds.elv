
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
            cand login 'Get a refresh token through the browser and store it'
            cand show 'Print what is stored and where, secrets masked'
            cand refresh 'Prove the stored token works by minting an access token'
            cand revoke 'Revoke the token at Google, then remove it here'
            cand exec 'Run a program with the credentials in its environment'
            cand export 'Write the credentials into another client library''s file'
            cand doctor 'Diagnose problems and say how to fix them'
            cand completions 'Print the completion script of a shell'
        }
        &'gads-creds;login'= {
            cand -c 'The JSON downloaded from the Google Cloud console, `-` for stdin'
            cand --client-secrets 'The JSON downloaded from the Google Cloud console, `-` for stdin'
            cand --store 'Where the secrets go; default: the profile''s, else `file`'
            cand --additional-scopes 'Scopes besides `adwords`; short names are expanded (`datamanager`)'
            cand --login-hint 'Preselects the Google account'
            cand --expect-account 'Refuses to store a token of another account (asks for `openid email`)'
            cand --login-customer-id 'The manager account to go through: ten digits, dashes allowed'
            cand --developer-token-file 'Optional since 2026-09-09; `-` for stdin'
            cand --port 'A fixed loopback port (for `ssh -L`, containers)'
            cand --redirect-uri 'The registered redirect URI of a web client'
            cand --timeout 'How long to wait for the browser'
            cand --api-version 'The version of the Google Ads API to ask'
            cand -p 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The profile to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The configuration file to use instead of a profile''s [env: GADS_CREDS_CONFIG]'
            cand --format 'That file''s format, if its name does not show it'
            cand --no-browser 'Print the URL, open nothing'
            cand --no-verify 'Store without asking the Google Ads API who this is'
            cand --replace-kind 'The file holds a service account or uses ADC: switch it to this user credential'
            cand --force 'Store although the check says the account cannot use Google Ads, or (`--recover`) although another token was stored since'
            cand --recover 'Finish a login whose token could not be stored'
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
            cand --all 'Every profile, a line each'
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
            cand --all 'Every profile, a line each as it ends; with --json an object a line'
            cand --print-access-token 'The access token and a newline on stdout, nothing else'
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
            cand --yes 'Do not ask'
            cand --local-only 'Leave Google alone: remove the token here only'
            cand --forget 'Remove client and profile as well'
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
            cand --replace-kind 'The file holds a service account or uses ADC: switch it to this user credential'
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
            cand --offline 'Only what can be checked without the network'
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
    ]
    fn names {
        try { gads-creds completions profiles 2>/dev/null </dev/null | from-lines } catch e { nop }
    }
    if (or (eq $words[-2] -p) (eq $words[-2] --profile)) {
        names
    } elif (str:has-prefix $words[-1] '--profile=') {
        names | each {|name| put '--profile='$name }
    } else {
        $completions[$command]
    }
}
