//! A refresh token that is in the file under a name that the library does not read is never "not there".

use gads_creds::credentials::Field;
use gads_creds::format;
use proptest::prelude::*;

use super::causes::FORMATS;
use crate::harness::properties;
use crate::sandbox::Sandbox;
use crate::stored::{CLIENT, SECRET, TOKEN};

/// How other libraries and people spell the key.
const SPELLINGS: [&str; 14] = [
    "refresh_token",
    "refreshToken",
    "RefreshToken",
    "REFRESH_TOKEN",
    "refresh-token",
    "refreshtoken",
    "Refresh_Token",
    "OAuth2RefreshToken",
    "oauth2RefreshToken",
    "GOOGLE_ADS_REFRESH_TOKEN",
    "oauth_refresh_token",
    "refresh_tokens",
    "api.googleads.refreshToken",
    "google_ads_refresh_token",
];

/// What can happen to a key: another spelling, one letter that is wrong, a character that nobody sees.
fn spelled() -> impl Strategy<Value = String> {
    let spelling = proptest::sample::select(SPELLINGS.to_vec());
    (spelling, 0_u8..6, any::<proptest::sample::Index>()).prop_map(|(key, slip, at)| {
        let mut letters: Vec<char> = key.chars().collect();
        let at = at.index(letters.len() - 1);
        match slip {
            0 => _ = letters.remove(at),
            1 => letters.insert(at, letters[at]),
            2 => letters.swap(at, at + 1),
            3 => letters.insert(at, '\u{200b}'),
            _ => {}
        }
        letters.into_iter().collect()
    })
}

/// A file of the format with the token under that key; the line may be a comment, and the file may be one line.
fn file(index: usize, key: &str, is_comment: bool, is_one_line: bool) -> String {
    let (name, before, line, after, _, comment) = FORMATS[index];
    let is_json = name.ends_with(".json");
    let line = line.replace("api.googleads.KEY", "KEY").replace("KEY", key).replace("VALUE", TOKEN);
    let line = match comment.filter(|_| is_comment && !is_json) {
        Some((open, close)) => format!("{open}{line}{close}"),
        None => line,
    };
    let text = format!("{before}{line}{after}").replace("<CLIENT>", CLIENT).replace("<SECRET>", SECRET);
    let is_free = is_json || name.ends_with(".config");
    if is_one_line && is_free { text.replace('\n', " ") } else { text }
}

fn is_found(index: usize, text: &str) -> bool {
    let format = format::which(FORMATS[index].0, text).expect("the name shows the format");
    let Ok(contents) = format::read_with_near_misses(format, text) else { return true };
    let is_explained = contents.diagnostics.iter().any(|about| about.field == Some(Field::RefreshToken));
    contents.credentials.refresh_token().is_some() || is_explained
}

proptest! {
    #![proptest_config(properties::config(600))]

    #[test]
    fn a_token_under_any_name_is_read_or_explained(
        index in 0..FORMATS.len(), key in spelled(), is_comment: bool, is_one_line: bool,
    ) {
        let text = file(index, &key, is_comment, is_one_line);
        prop_assert!(is_found(index, &text), "{text}");
    }
}

proptest! {
    #![proptest_config(properties::config(300))]

    /// A line that sets the key to nothing explains less than the one that holds the token.
    #[test]
    fn a_token_beside_an_empty_key_is_named(
        index in 0..FORMATS.len(), key in spelled(), is_comment: bool, is_placeholder: bool, is_below: bool,
    ) {
        let (name, before, line, after, own, _) = FORMATS[index];
        prop_assume!(!name.ends_with(".json"));
        let value = if is_placeholder { "INSERT_REFRESH_TOKEN_HERE" } else { "" };
        let empty = line.replace("KEY", own).replace("VALUE", value);
        let text = file(index, &key, is_comment, false);
        let (before, after) = (before.replace("<CLIENT>", CLIENT).replace("<SECRET>", SECRET), after);
        let text = match is_below {
            true => text.replacen(&before, &format!("{before}{empty}\n"), 1),
            false => format!("{}\n{empty}{after}", text.strip_suffix(after).expect("its end")),
        };
        let format = format::which(name, &text).expect("the name shows the format");
        let Ok(contents) = format::read_with_near_misses(format, &text) else { return Ok(()) };
        let mut about = contents.diagnostics.iter().filter(|about| about.field == Some(Field::RefreshToken));
        let number = text.lines().position(|line| line.contains(TOKEN)).expect("the token") + 1;
        let names_it = about.any(|about| about.line == number || about.to_string().contains(&format!("line {number}")));
        prop_assert!(contents.credentials.refresh_token().is_some() || names_it, "{:?}\n{text}", contents.diagnostics);
    }
}

const COMMANDS: [&[&str]; 8] = [
    &["refresh"],
    &["doctor", "--offline"],
    &["exec", "--", "true"],
    &["export", "env", "--stdout"],
    &["show"],
    &["revoke", "--local-only", "--yes"],
    &["set", "--client-secrets", "secrets.json"],
    &["move", "-p", "work", "--store", "file", "--config", "new.yaml"],
];

proptest! {
    #![proptest_config(properties::config(40))]

    #[test]
    fn no_command_says_that_it_is_not_there(
        index in 0..FORMATS.len(), key in spelled(), is_comment: bool, is_one_line: bool, command in 0..COMMANDS.len(),
    ) {
        let (sandbox, name) = (Sandbox::new(), FORMATS[index].0);
        let text = file(index, &key, is_comment, is_one_line);
        let path = sandbox.write(name, &text);
        sandbox.write("secrets.json", format!("{{\"installed\": {{\"client_id\": \"{CLIENT}\", \"client_secret\": \"{SECRET}\"}}}}"));
        sandbox.write_profiles(&format!("[profiles.work]\nstore = \"file\"\nfile = \"~~/{name}\"\n"));
        let (verb, rest) = COMMANDS[command].split_first().expect("a verb");
        let path = path.to_string_lossy();
        let config = if *verb == "move" { vec![] } else { vec!["--config", &*path] };
        let run = sandbox.run(&[&[*verb], &config[..], rest].concat());
        let said = format!("{}{}", run.stdout, run.stderr);
        for line in said.lines().filter(|line| line.contains("no refresh token") || line.contains("no credential")) {
            let is_consequence = line.starts_with("skip") || line.contains(": line ") || line.contains("line 1: ");
            prop_assert!(is_consequence, "{} {command:?}: {line}\n{text}", name);
        }
    }
}
