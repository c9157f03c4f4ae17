//! `completions`: the completion script of a shell.
//!
//! clap_complete writes the scripts; what it cannot know is which profiles there are. The scripts are changed to ask the
//! program itself for their names: that reads profiles.toml and nothing else.

use clap::{Args, ValueEnum};
use clap_complete::Shell;
use serde_json::json;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::profile;

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
    /// The names of the profiles, a line each.
    #[value(hide = true)]
    Profiles,
}

impl Completions {
    /// `tree` is the whole interface.
    pub fn run(self, context: &Context, mut tree: clap::Command) -> Result<()> {
        let mut script = |shell| script(shell, &mut tree);
        let text = match self.shell {
            Wanted::Bash => bash(&script(Shell::Bash)?),
            Wanted::Zsh => zsh(&script(Shell::Zsh)?),
            Wanted::Fish => fish(&script(Shell::Fish)?),
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

/// What follows `-p` is a name and no file. `--profile=wo` reaches the script in three words, the second of them `=`.
fn bash(text: &str) -> String {
    let file = "COMPREPLY=($(compgen -f \"${cur}\"))";
    let name = format!("COMPREPLY=($(compgen -W \"$({ASK})\" -- \"${{cur}}\"))");
    // clap_complete leaves the hidden word out of every script but this one.
    let text = text.replace(" elvish profiles\"", " elvish\"");
    // It spells the hyphen of our name in two ways, so that no command would find its options:
    // https://github.com/clap-rs/clap/issues/6421
    let text = text.replace("gads__subcmd__creds", "gads__creds");
    let mut option = "";
    let mut out = String::new();
    for line in text.lines() {
        let word = line.trim();
        if word.starts_with('-') && word.ends_with(')') {
            option = word;
        }
        if word == file && matches!(option, "--profile)" | "-p)") {
            out.push_str(&line.replace(file, &name));
        } else {
            out.push_str(line);
        }
        out.push('\n');
        if word == "prev=\"$3\"" {
            out.push_str("    [[ \"${prev}\" == \"=\" ]] && prev=\"${COMP_WORDS[COMP_CWORD-2]}\"\n");
        }
    }
    out
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
            false => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// The word behind `-p` is told from an option's by the word before the cursor.
fn powershell(text: &str) -> String {
    const BEGIN: &str = "    $completions = @(switch ($command) {\n";
    const NAMES: &str = "    \
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
        "    fn names {{\n        \
             try {{ {ASK} | from-lines }} catch e {{ nop }}\n    \
         }}\n    \
         if (or (eq $words[-2] -p) (eq $words[-2] --profile)) {{\n        \
             names\n    \
         }} elif (str:has-prefix $words[-1] '--profile=') {{\n        \
             names | each {{|name| put '--profile='$name }}\n    \
         }} else {{\n        \
             $completions[$command]\n    \
         }}\n"
    );
    text.replace("    $completions[$command]\n", &names)
}

fn fish(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        out.push_str(line);
        if line.contains(" -s p -l profile ") {
            out.push_str(&format!(" -f -a '({ASK})'"));
        }
        out.push('\n');
    }
    out
}
