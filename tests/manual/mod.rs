//! The man pages: one for the tool, one per command. What clap knows becomes NAME, SYNOPSIS and OPTIONS, as `--help`
//! shows them.
//!
//! They are generated when a package is built (`cargo run --example man -- DIRECTORY`) and not kept, so they cannot
//! become outdated, and the program itself contains neither the pages nor their generator. What clap does not know
//! (exit codes, variables, files) comes from the tables of README.md and docs/, which other tests compare with the
//! program.

use std::path::Path;
use std::{fs, io};

use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};
use gads_creds::cli::Cli;

mod markdown;

/// A page: the name of its file and its text.
pub struct Page {
    pub file: String,
    pub text: String,
}

/// Returns every page, the tool's first; a hidden command has none. `root` is the directory of the repository.
pub fn pages(root: &Path) -> io::Result<Vec<Page>> {
    let read = |name: &str| fs::read_to_string(root.join(name)).map(|text| text.replace("\r\n", "\n"));
    let (readme, command_line) = (read("README.md")?, read("docs/command-line.md")?);
    let mut tool = Cli::command().subcommand_help_heading("COMMANDS");
    tool.build();
    let commands: Vec<&Command> = tool.get_subcommands().filter(|command| !command.is_hide_set()).collect();

    let mut ending = Roff::new();
    for (heading, document, section) in [
        ("EXIT STATUS", &read("docs/json.md")?, "## Exit codes"),
        ("ENVIRONMENT", &command_line, "## Environment"),
        ("FILES", &read("docs/profiles-and-stores.md")?, "## Files"),
    ] {
        ending.control("SH", [heading]);
        for (term, meaning) in markdown::table(document, section)? {
            ending.control("TP", []).text(term).text(meaning);
        }
    }
    see_also(&mut ending, commands.iter().map(|command| name(command)));

    let mut pages = vec![page(&tool, &markdown::first_paragraph(&readme, "# gads-creds")?, &ending)?];
    for command in &commands {
        let mut ending = Roff::new();
        see_also(&mut ending, ["gads-creds".to_owned()].into_iter());
        let words = markdown::first_paragraph(&command_line, &format!("## {}", command.get_name()))?;
        pages.push(page(command, &words, &ending)?);
    }
    Ok(pages)
}

/// `gads-creds-login`: clap calls it so once the tool is built.
fn name(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

fn page(command: &Command, words: &[Inline], ending: &Roff) -> io::Result<Page> {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let man = Man::new(command.clone().override_usage(usage).mut_args(with_values))
        .source(concat!("gads-creds ", env!("CARGO_PKG_VERSION")))
        .manual("Google Ads API credentials");
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    if !words.is_empty() {
        Roff::new().control("PP", []).text(words).to_writer(&mut text)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    man.render_options_section(&mut text)?;
    examples(command).to_writer(&mut text)?;
    ending.to_writer(&mut text)?;
    let text = String::from_utf8(text).map_err(|error| io::Error::other(error.utf8_error()))?;
    Ok(Page { file: man.get_filename(), text: tidied(&text) })
}

/// Returns the lines below the help's `Examples:`.
fn examples(command: &Command) -> Roff {
    let help = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]).control("nf", []);
    for line in help.lines().skip_while(|line| *line != "Examples:").skip(1) {
        roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    roff.control("fi", []);
    roff
}

fn see_also(roff: &mut Roff, names: impl Iterator<Item = String>) {
    let mut line = Vec::new();
    for name in names {
        if !line.is_empty() {
            line.push(roman(", "));
        }
        line.extend([bold(name), roman("(1)")]);
    }
    roff.control("SH", ["SEE ALSO"]).text(line);
}

/// Adds the values of an option to its help, as `--help` has them, instead of a list that fills the screen.
fn with_values(arg: Arg) -> Arg {
    let values = arg.get_possible_values();
    let names: Vec<&str> = values.iter().filter(|value| !value.is_hide_set()).map(|value| value.get_name()).collect();
    if names.is_empty() {
        return arg;
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let help = format!("{help} [possible values: {}]", names.join(", "));
    arg.help(help.trim_start().to_owned()).hide_possible_values(true)
}

/// Every part rendered by itself begins with a definition of the apostrophe, and a page needs one; the title's empty
/// date has to be there in quotes, or the version would be read as the date.
fn tidied(text: &str) -> String {
    let (definition, rest) = text.split_at(text.find(".TH ").unwrap_or_default());
    format!("{definition}{}", rest.replace(definition, "").replacen(" 1  \"", " 1 \"\" \"", 1))
}
