//! `completions`: prints the completion script of a shell.
//!
//! clap_complete writes the scripts, but it does not know the profiles, nor that another command line follows `exec
//! --`. The scripts are changed to ask this program for the names of profiles, which reads only profiles.toml, and to
//! leave the other command line to the shell.

use clap::{Args, ValueEnum};
use clap_complete::Shell;
use serde_json::json;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::profile;

mod bash;

/// Print a shell completion script
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  source <(gads-creds completions bash)                 in ~/.bashrc
  gads-creds completions zsh > ~/.zfunc/_gads-creds
  gads-creds completions fish > ~/.config/fish/completions/gads-creds.fish")]
pub struct Completions {
    #[arg(value_name = "SHELL")]
    shell: Wanted,
}

/// The shells, and one word that only their scripts use.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Wanted {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
    /// The names of the profiles, one per line.
    #[value(hide = true)]
    Profiles,
}

impl Completions {
    /// `tree` returns the whole interface, which the names of the profiles do without.
    pub fn run(self, context: &Context, tree: fn() -> clap::Command) -> Result<()> {
        let script = |shell| script(shell, &mut tree());
        let text = match self.shell {
            Wanted::Bash => bash::finished(&script(Shell::Bash)?),
            Wanted::Zsh => zsh(&script(Shell::Zsh)?),
            Wanted::Fish => fish(&script(Shell::Fish)?, &tree()),
            Wanted::Powershell => powershell(&script(Shell::PowerShell)?),
            Wanted::Elvish => elvish(&script(Shell::Elvish)?),
            Wanted::Profiles => profile::names().iter().map(|name| format!("{name}\n")).collect(),
        };
        if context.term.json {
            let shell = self.shell.to_possible_value().map(|value| value.get_name().to_owned());
            return context.term.out_json(&json!({ "shell": shell, "script": text }));
        }
        context.term.out(&text)
    }
}

const ASK: &str = "gads-creds completions profiles 2>/dev/null </dev/null";

fn script(shell: Shell, tree: &mut clap::Command) -> Result<String> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, tree, "gads-creds", &mut bytes);
    String::from_utf8(bytes).map_err(|_| Error::parse(format!("the script for {shell} is not UTF-8")))
}

fn zsh(text: &str) -> String {
    let names = format!(
        "(( $+functions[_gads-creds_profiles] )) ||\n\
         _gads-creds_profiles() {{\n    \
             local -a names\n    \
             names=(${{(f)\"$({ASK})\"}})\n    \
             compadd -a names\n\
         }}\n\n"
    );
    let is_profile = |line: &str| {
        let line = line.trim_start();
        line.starts_with("'-p+[") || line.starts_with("'--profile=[")
    };
    let mut out = String::new();
    for line in text.lines() {
        if line.starts_with("if [ \"$funcstack[1]\"") {
            out.push_str(&names);
        }
        match is_profile(line) {
            true => out.push_str(&line.replace(":NAME:_default'", ":NAME:_gads-creds_profiles'")),
            // After `exec --`, that program's own completion.
            false if line.starts_with("'*::command -- ") => out.push_str(&line.replace(":_default'", ":_normal'")),
            false => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// What follows `exec --` is completed on its own. The word before the cursor shows whether the current word is the value of `-p` or of another option.
fn powershell(text: &str) -> String {
    const BEGIN: &str = "    $completions = @(switch ($command) {\n";
    const NAMES: &str = "    \
    $end = @($commandElements | Where-Object { $_.Extent.Text -ceq '--' -and $_.Extent.EndOffset -lt $cursorPosition })[0]
    if ($end -and ($commandElements | Where-Object { $_.Extent.Text -ceq 'exec' -and $_.Extent.EndOffset -lt $end.Extent.StartOffset })) {
        $length = $cursorPosition - $end.Extent.EndOffset
        $behind = $commandAst.Extent.Text.Substring($end.Extent.EndOffset - $commandAst.Extent.StartOffset)
        $line = $behind.PadRight($length).Substring(0, $length).TrimStart()
        return (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches
    }
    $before = @($commandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition })[-1]
    $names = @(
        if (@('-p', '--profile') -ccontains \"$before\") {
            gads-creds completions profiles 2>$null
        } elseif (\"$wordToComplete\".StartsWith('--profile=')) {
            gads-creds completions profiles 2>$null | ForEach-Object { \"--profile=$_\" }
        }
    )
    if ($names) {
        return $names | Where-Object { $_ -like \"$wordToComplete*\" } |
            ForEach-Object { [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, $_) }
    }

";
    text.replace(BEGIN, &format!("{NAMES}{BEGIN}"))
}

fn elvish(text: &str) -> String {
    let names = format!(
        "    var seen = $false\n    \
         fn names {{\n        \
             try {{ {ASK} | from-lines }} catch e {{ nop }}\n    \
         }}\n    \
         if (or (eq $words[-2] -p) (eq $words[-2] --profile)) {{\n        \
             names\n    \
         }} elif (str:has-prefix $words[-1] '--profile=') {{\n        \
             names | each {{|name| put '--profile='$name }}\n    \
         }} elif (and (eq $command 'gads-creds;exec') (has-value $words[..-1] --)) {{\n        \
             var behind = [(each {{|word| if $seen {{ put $word }} elif (eq $word --) {{ set seen = $true }} }} $words)]\n        \
             edit:complete-sudo gads-creds $@behind\n    \
         }} else {{\n        \
             $completions[$command]\n    \
         }}\n"
    );
    text.replace("    $completions[$command]\n", &names)
}

fn fish(text: &str, tree: &clap::Command) -> String {
    // While the value of an option before the command is completed, there is no command yet.
    const READ: &str = "    argparse -s (__fish_gads_creds_global_optspecs) -- $cmd 2>/dev/null\n    or return\n";
    const AGAIN: &str = "    \
    if not argparse -s (__fish_gads_creds_global_optspecs) -- $cmd 2>/dev/null
        # The last option lacks its value, which is at the cursor.
        set -e cmd[-1]
        argparse -s (__fish_gads_creds_global_optspecs) -- $cmd 2>/dev/null
        or return
    end
";
    let mut out = String::new();
    for line in text.replace(READ, AGAIN).lines() {
        out.push_str(line);
        out.push('\n');
        // In a line of its own, so that fish does not repeat the option's help beside each name.
        if let Some((start, help)) = line.split_once(" -s p -l profile -d '")
            && let Some((_, rest)) = help.split_once('\'')
        {
            out.push_str(&format!("{start} -s p -l profile{rest} -f -a '({ASK})'\n"));
        }
    }
    for command in tree.get_subcommands() {
        let name = command.get_name();
        let values = positional_values(command, tree);
        if !values.is_empty() {
            let values = values.join(" ");
            out.push_str(&format!(
                "complete -c gads-creds -n \"__fish_gads_creds_using_subcommand {name}; \
                 and not __fish_gads_creds_has_word {values}\" -f -a \"{values}\"\n"
            ));
        }
    }
    out + FISH_COMMAND
}

const FISH_COMMAND: &str = "
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
complete -c gads-creds -n \"__fish_gads_creds_using_subcommand exec; and contains -- -- (commandline -opc)\" -f -a \"(__fish_gads_creds_command)\"
";

/// Returns fish completions for a first argument with a fixed set of values, which clap_complete leaves out.
fn positional_values(command: &clap::Command, tree: &clap::Command) -> Vec<String> {
    if command.get_name() == "help" {
        return tree.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    }
    let values = command.get_positionals().next().map(clap::Arg::get_possible_values).unwrap_or_default();
    values.iter().filter(|value| !value.is_hide_set()).map(|value| value.get_name().to_owned()).collect()
}
