
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'gads-creds' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'gads-creds'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'gads-creds' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The client-library file to use, instead of a profile''s')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'That file''s format, when its name does not tell')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The result as one JSON object on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'TODO')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print what is stored and where, secrets masked')
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'TODO')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'TODO')
            [CompletionResult]::new('exec', 'exec', [CompletionResultType]::ParameterValue, 'TODO')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'TODO')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'TODO')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            break
        }
        'gads-creds;login' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The client-library file to use, instead of a profile''s')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'That file''s format, when its name does not tell')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The result as one JSON object on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gads-creds;show' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The client-library file to use, instead of a profile''s')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'That file''s format, when its name does not tell')
            [CompletionResult]::new('--reveal', '--reveal', [CompletionResultType]::ParameterName, 'Show the secrets themselves')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every profile, a line each')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The result as one JSON object on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gads-creds;refresh' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The client-library file to use, instead of a profile''s')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'That file''s format, when its name does not tell')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The result as one JSON object on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gads-creds;revoke' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The client-library file to use, instead of a profile''s')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'That file''s format, when its name does not tell')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The result as one JSON object on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gads-creds;exec' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The client-library file to use, instead of a profile''s')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'That file''s format, when its name does not tell')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The result as one JSON object on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gads-creds;export' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The client-library file to use, instead of a profile''s')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'That file''s format, when its name does not tell')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The result as one JSON object on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gads-creds;doctor' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The client-library file to use, instead of a profile''s')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'That file''s format, when its name does not tell')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The result as one JSON object on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gads-creds;completions' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The named credential to use [env: GADS_CREDS_PROFILE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The client-library file to use, instead of a profile''s')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'That file''s format, when its name does not tell')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The result as one JSON object on stdout')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; fail instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Less on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'More on stderr; -vv logs requests with every secret masked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
