//! The man pages: each command has one, which contains everything in its help.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::skip::skip;
use crate::manual::{Page, pages};
use crate::sandbox::Sandbox;

fn all() -> Vec<Page> {
    pages(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the documents have the sections that the pages take over")
}

/// A page's text without roff's escapes.
fn plain(page: &Page) -> String {
    page.text.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "").replace("\\fI", "").replace("\\*(Aq", "'")
}

#[test]
fn every_command_and_every_option_of_the_help_is_in_its_page() {
    let sandbox = Sandbox::new();
    let pages = all();
    let help = sandbox.run(&["--help"]).fine();
    let commands = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a list");
    let names =
        commands.lines().filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let mut wanted = vec!["gads-creds.1".to_owned()];
    wanted.extend(names.clone().map(|name| format!("gads-creds-{name}.1")));
    assert_eq!(pages.iter().map(|page| page.file.clone()).collect::<Vec<_>>(), wanted);

    for (page, name) in pages.iter().zip([None].into_iter().chain(names.map(Some))) {
        let text = plain(page);
        let help = sandbox.run(&name.into_iter().chain(["--help"]).collect::<Vec<_>>()).fine();
        let mut options = 0;
        for line in help.lines().map(str::trim_start).filter(|line| line.starts_with('-')) {
            for option in line.split([' ', ',']).filter(|word| word.starts_with('-')) {
                let option = option.trim_end_matches('.');
                assert!(text.contains(option), "{} lacks `{option}`", page.file);
                options += 1;
            }
        }
        assert!(options > 10, "the help of {name:?} was not understood");
        for example in help.lines().skip_while(|line| *line != "Examples:").skip(1) {
            assert!(text.contains(example.trim()), "{} lacks the example `{example}`", page.file);
        }
        assert!(text.contains(concat!("gads-creds ", env!("CARGO_PKG_VERSION"))), "{} has no version", page.file);
        assert!(!text.contains("profiles\n"), "{} shows the hidden word of the scripts", page.file);
    }
}

#[test]
fn the_page_of_the_tool_lists_the_codes_variables_and_files_of_the_manual() {
    let text = plain(&all()[0]);
    let names = [
        "130, 143",
        "GOOGLE_ADS_CONFIGURATION_FILE_PATH",
        "HTTPS_PROXY, NO_PROXY",
        "~/.config/gads-creds/profiles.toml",
    ];
    for name in names {
        assert!(text.contains(&format!("\n.TP\n{name}")), "no entry `{name}`");
    }
    assert!(!text.contains('`') && !text.contains("]("), "Markdown is left over");
}

/// mandoc is stricter than groff. It reports a missing date in the title, which is left out so that builds are
/// reproducible.
#[test]
fn mandoc_finds_no_fault() {
    for page in all() {
        let mandoc =
            Command::new("mandoc").args(["-Tlint", "-Wwarning"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut mandoc) = mandoc else { return skip("`mandoc` is not installed") };
        let written = mandoc.stdin.take().expect("a pipe").write_all(page.text.as_bytes());
        let output = mandoc.wait_with_output().expect("mandoc ends");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let faults: Vec<&str> = printed.lines().filter(|line| !line.contains("missing date")).collect();
        assert!(written.is_ok() && faults.is_empty(), "{}: {faults:#?}", page.file);
    }
}
