
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
            cand -p 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The client-library file to use, instead of a profile''s'
            cand --format 'That file''s format, when its name does not tell'
            cand --json 'The result as one JSON object on stdout'
            cand --no-input 'Never ask; fail instead'
            cand -q 'Less on stderr'
            cand --quiet 'Less on stderr'
            cand -v 'More on stderr; -vv logs requests with every secret masked'
            cand --verbose 'More on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand login 'TODO'
            cand show 'Print what is stored and where, secrets masked'
            cand refresh 'TODO'
            cand revoke 'TODO'
            cand exec 'TODO'
            cand export 'TODO'
            cand doctor 'TODO'
            cand completions 'Print the completion script of a shell'
        }
        &'gads-creds;login'= {
            cand -p 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The client-library file to use, instead of a profile''s'
            cand --format 'That file''s format, when its name does not tell'
            cand --json 'The result as one JSON object on stdout'
            cand --no-input 'Never ask; fail instead'
            cand -q 'Less on stderr'
            cand --quiet 'Less on stderr'
            cand -v 'More on stderr; -vv logs requests with every secret masked'
            cand --verbose 'More on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gads-creds;show'= {
            cand -p 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The client-library file to use, instead of a profile''s'
            cand --format 'That file''s format, when its name does not tell'
            cand --reveal 'Show the secrets themselves'
            cand --all 'Every profile, a line each'
            cand --json 'The result as one JSON object on stdout'
            cand --no-input 'Never ask; fail instead'
            cand -q 'Less on stderr'
            cand --quiet 'Less on stderr'
            cand -v 'More on stderr; -vv logs requests with every secret masked'
            cand --verbose 'More on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gads-creds;refresh'= {
            cand -p 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The client-library file to use, instead of a profile''s'
            cand --format 'That file''s format, when its name does not tell'
            cand --json 'The result as one JSON object on stdout'
            cand --no-input 'Never ask; fail instead'
            cand -q 'Less on stderr'
            cand --quiet 'Less on stderr'
            cand -v 'More on stderr; -vv logs requests with every secret masked'
            cand --verbose 'More on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gads-creds;revoke'= {
            cand -p 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The client-library file to use, instead of a profile''s'
            cand --format 'That file''s format, when its name does not tell'
            cand --json 'The result as one JSON object on stdout'
            cand --no-input 'Never ask; fail instead'
            cand -q 'Less on stderr'
            cand --quiet 'Less on stderr'
            cand -v 'More on stderr; -vv logs requests with every secret masked'
            cand --verbose 'More on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gads-creds;exec'= {
            cand -p 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The client-library file to use, instead of a profile''s'
            cand --format 'That file''s format, when its name does not tell'
            cand --json 'The result as one JSON object on stdout'
            cand --no-input 'Never ask; fail instead'
            cand -q 'Less on stderr'
            cand --quiet 'Less on stderr'
            cand -v 'More on stderr; -vv logs requests with every secret masked'
            cand --verbose 'More on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gads-creds;export'= {
            cand -p 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The client-library file to use, instead of a profile''s'
            cand --format 'That file''s format, when its name does not tell'
            cand --json 'The result as one JSON object on stdout'
            cand --no-input 'Never ask; fail instead'
            cand -q 'Less on stderr'
            cand --quiet 'Less on stderr'
            cand -v 'More on stderr; -vv logs requests with every secret masked'
            cand --verbose 'More on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gads-creds;doctor'= {
            cand -p 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The client-library file to use, instead of a profile''s'
            cand --format 'That file''s format, when its name does not tell'
            cand --json 'The result as one JSON object on stdout'
            cand --no-input 'Never ask; fail instead'
            cand -q 'Less on stderr'
            cand --quiet 'Less on stderr'
            cand -v 'More on stderr; -vv logs requests with every secret masked'
            cand --verbose 'More on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'gads-creds;completions'= {
            cand -p 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --profile 'The named credential to use [env: GADS_CREDS_PROFILE]'
            cand --config 'The client-library file to use, instead of a profile''s'
            cand --format 'That file''s format, when its name does not tell'
            cand --json 'The result as one JSON object on stdout'
            cand --no-input 'Never ask; fail instead'
            cand -q 'Less on stderr'
            cand --quiet 'Less on stderr'
            cand -v 'More on stderr; -vv logs requests with every secret masked'
            cand --verbose 'More on stderr; -vv logs requests with every secret masked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
