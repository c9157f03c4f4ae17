//! The laws that every format obeys, over all of `FORMATS` and all fixtures of a format.
//!
//! They apply to a new format and a new fixture without a change here. A format rejects what it cannot hold;
//! `plain_credentials_fit_into_every_format` checks that it rejects nothing else.

use std::path::{Path, PathBuf};

use gads_creds::credentials::{Credentials, CustomerId, Field, Identity, User};
use gads_creds::format::{
    Contents, DefaultLocation, Diagnostic, Edit, FORMATS, Format, FormatError, FormatName, IdentityKind, Shown,
    is_placeholder, named, names, which,
};
use gads_creds::secret::Secret;
use proptest::prelude::*;

/// One text, and the format it is in.
struct Base {
    format: &'static dyn Format,
    /// `java/sample.properties`, or `java/nothing`.
    name: String,
    text: String,
}

impl Base {
    /// Whether nothing in it prevents an edit.
    fn is_tame(&self) -> bool {
        ["/nothing", "/sample", "/filled"].iter().any(|tame| self.name.contains(tame))
    }
}

/// Returns every fixture, and for every format a missing file.
fn bases() -> Vec<Base> {
    let nothing = |format: &&'static dyn Format| Base {
        format: *format,
        name: format!("{}/nothing", format.name()),
        text: String::new(),
    };
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = entries(&directory).into_iter().flat_map(|directory| entries(&directory));
    FORMATS.iter().map(nothing).chain(files.filter_map(|file| fixture(&file))).collect()
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    if !directory.is_dir() {
        return Vec::new();
    }
    let mut paths: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// A file in a directory named after a format is of that format; in another directory its own name and content show it.
fn fixture(path: &Path) -> Option<Base> {
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let (directory, file_name) = (name(path.parent().unwrap()), name(path));
    let text = std::fs::read_to_string(path).ok()?;
    let format = match directory.parse() {
        Ok(name) => named(name, &file_name, &text),
        Err(_) => which(&file_name, &text)?,
    };
    Some(Base { format, name: format!("{directory}/{file_name}"), text })
}

fn secret(pattern: &'static str) -> impl Strategy<Value = Option<Secret>> {
    let text = pattern.prop_filter("a placeholder is not a value", |text| !is_placeholder(text));
    proptest::option::of(text.prop_map(Secret::new))
}

fn customer() -> impl Strategy<Value = Option<CustomerId>> {
    proptest::option::of("[0-9]{10}".prop_map(|digits| CustomerId::exact(&digits).unwrap()))
}

/// Generates records with any of the fields, whose texts match this pattern.
fn credentials(pattern: &'static str) -> impl Strategy<Value = Credentials> {
    let id = proptest::option::of(pattern.prop_filter("a placeholder is not a value", |text| !is_placeholder(text)));
    let texts = (id, secret(pattern), secret(pattern), secret(pattern));
    (texts, customer(), customer()).prop_map(|(texts, login_customer_id, linked_customer_id)| {
        let (client_id, client_secret, refresh_token, developer_token) = texts;
        let user = User { client_id, client_secret, refresh_token };
        let identity = (user != User::default()).then_some(Identity::User(user));
        Credentials { identity, developer_token, login_customer_id, linked_customer_id }
    })
}

const VISIBLE: &str = "[!-~]{1,40}";

fn plain() -> Credentials {
    Credentials::of_user(
        "123456789012-a1b2.apps.googleusercontent.com",
        Secret::new("GOCSPX-plain_secret-0"),
        Some(Secret::new("1//0plain_Token-of.letters")),
    )
}

fn crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// Returns what the format has keys for: `adc` has no developer token and no customers, and leaves them out.
fn held(format: &dyn Format, wanted: &Credentials) -> Credentials {
    let all = Credentials {
        developer_token: Some(Secret::new("developer")),
        login_customer_id: CustomerId::exact("1234567890"),
        linked_customer_id: CustomerId::exact("1234567890"),
        ..plain()
    };
    let place = format.read(&format.write("", &all).unwrap()).unwrap().credentials;
    Credentials {
        developer_token: wanted.developer_token.clone().filter(|_| place.developer_token.is_some()),
        login_customer_id: wanted.login_customer_id.clone().filter(|_| place.login_customer_id.is_some()),
        linked_customer_id: wanted.linked_customer_id.clone().filter(|_| place.linked_customer_id.is_some()),
        ..wanted.clone()
    }
}

fn obeys(format: &dyn Format, text: &str, wanted: &Credentials) -> Result<(), TestCaseError> {
    // An error changes nothing.
    let Ok(new) = format.write(text, wanted) else { return Ok(()) };
    let read = format.read(&new).map_err(|error| TestCaseError::fail(error.reason))?;
    let mut wanted = wanted.clone();
    // Without the user's credential, which took precedence, a service account in the file counts.
    if wanted.identity.is_none() && read.credentials.service_account().is_some() {
        wanted.identity.clone_from(&read.credentials.identity);
    }
    prop_assert_eq!(read.credentials, held(format, &wanted));
    let again = format.write(&new, &wanted).map_err(|error| TestCaseError::fail(error.reason))?;
    prop_assert_eq!(again, new);
    Ok(())
}

proptest! {
    #![proptest_config(crate::harness::properties::config(32))]

    #[test]
    fn what_is_written_is_read_and_written_twice_is_the_same(wanted in credentials(VISIBLE)) {
        for base in bases() {
            obeys(base.format, &base.text, &wanted)?;
            obeys(base.format, &crlf(&base.text), &wanted)?;
            obeys(base.format, base.text.trim_end(), &wanted)?;
        }
    }

    #[test]
    fn what_is_written_over_something_is_read(first in credentials("[A-Za-z0-9_-]{1,9}"), second in credentials(VISIBLE)) {
        for base in bases() {
            if let Ok(text) = base.format.write(&base.text, &first) {
                obeys(base.format, &text, &second)?;
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "([\\[\\]{}<>=:#;!\"'$\\\\ \\t\\r\\n-]|[ -~]|clientId|refresh_token|\\PC){0,120}") {
        for format in FORMATS {
            let _ = format.read(&text);
            obeys(*format, &text, &plain())?;
        }
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(at in any::<prop::sample::Index>(), length in 0..30usize, junk in "[\"'\\\\\\[\\]{}=\n\r #]{0,4}") {
        for base in bases().into_iter().filter(|base| !base.text.is_empty()) {
            let characters: Vec<char> = base.text.chars().collect();
            let start = at.index(characters.len());
            let end = characters.len().min(start + length);
            let damaged: String = characters[..start].iter().copied().chain(junk.chars()).chain(characters[end..].iter().copied()).collect();
            obeys(base.format, &damaged, &plain())?;
        }
    }

    #[test]
    fn an_error_does_not_contain_the_value(token in "[!-~\u{0}-\u{1f}\u{7f}]{8,40}") {
        let wanted = plain().with(Field::RefreshToken, Some(&token));
        for base in bases() {
            if let Err(error) = base.format.write(&base.text, &wanted) {
                let shown = format!("{} {}", error.reason, error.hint.unwrap_or_default());
                prop_assert!(!shown.contains(&token));
            }
        }
    }
}

/// Returns the result; `None` if a hostile file is rejected.
fn done<T>(base: &Base, result: Result<T, FormatError>) -> Option<T> {
    match result {
        Ok(done) => Some(done),
        Err(error) if base.is_tame() => panic!("{}: {error:?}", base.name),
        Err(_) => None,
    }
}

fn read(base: &Base) -> Option<Contents> {
    done(base, base.format.read(&base.text))
}

#[test]
fn plain_credentials_fit_into_every_format() {
    for base in bases().iter().filter(|base| base.is_tame()) {
        for text in [base.text.clone(), crlf(&base.text), base.text.trim_end().to_owned()] {
            let new = base.format.write(&text, &plain()).unwrap_or_else(|error| panic!("{}: {error:?}", base.name));
            assert_eq!(base.format.read(&new).unwrap().credentials, plain(), "{}", base.name);
        }
    }
}

#[test]
fn masked_credentials_fit_into_every_format() {
    for format in FORMATS {
        assert!(Shown::masked(&plain()).file(*format).is_ok(), "{}", format.name());
    }
}

#[test]
fn a_line_cut_short_is_read_or_refused() {
    for base in bases().iter().filter(|base| base.is_tame()) {
        let mut start = 0;
        for line in base.text.split_inclusive('\n') {
            for (at, _) in line.char_indices() {
                // It must not panic; the property tests check what it says about such a text.
                let (head, tail) = (&base.text[..start + at], &base.text[start + line.len()..]);
                let _ = base.format.read(&format!("{head}  \n{tail}"));
            }
            start += line.len();
        }
    }
}

#[test]
fn writing_what_is_there_changes_nothing() {
    for base in bases().iter().filter(|base| !base.text.is_empty()) {
        let Some(contents) = read(base) else { continue };
        if let Some(text) = done(base, base.format.write(&base.text, &contents.credentials)) {
            assert_eq!(text, base.text, "{}", base.name);
        }
    }
}

#[test]
fn only_lines_of_our_keys_change() {
    let letters = |line: &str| -> String { line.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect() };
    let ours = ["clientid", "clientsecret", "refreshtoken", "developertoken", "logincustomerid", "linkedcustomerid"];
    for base in bases().iter().filter(|base| base.is_tame()) {
        // A connector has its own names.
        let own = Field::ALL.into_iter().filter(|field| !field.is_of_service_account());
        let own = own.filter_map(|field| base.format.key(field)?.rsplit('.').next().map(letters));
        let names: Vec<String> = own.chain(ours.map(str::to_owned)).collect();
        let names_ours = |line: &str| names.iter().any(|ours| letters(line).contains(ours));
        // In JSON the line before a new last member gets a comma.
        let others = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| !names_ours(line));
            lines.map(|line| line.trim_end_matches(',').to_owned()).collect()
        };
        for wanted in [plain(), Credentials::default()] {
            let new = others(&base.format.write(&base.text, &wanted).unwrap());
            let mut rest = new.iter();
            // One XML element of ours can stand in several lines.
            let is_frame = |line: &String| {
                ["<add", "value=", "/>"].iter().any(|start| line.trim().starts_with(start) && !line.contains("key="))
            };
            for line in others(&base.text).into_iter().filter(|line| !is_frame(line)) {
                assert!(rest.any(|kept| *kept == line), "{} lost {line:?}", base.name);
            }
        }
    }
}

#[test]
fn line_ends_stay_as_they_are() {
    // Perl's library reads CR as part of the value: there our own lines end in LF.
    for base in bases().iter().filter(|base| base.is_tame() && base.format.name() != FormatName::Perl) {
        let text = crlf(&base.text);
        let new = base.format.write(&text, &plain()).unwrap();
        let bare = new.replace("\r\n", "").matches(['\r', '\n']).count();
        assert!(base.text.is_empty() || bare == 0, "{}", base.name);
    }
}

#[test]
fn made_loadable_holds_no_placeholder_and_the_same_credentials() {
    for base in bases() {
        let Some(before) = read(&base) else { continue };
        let Some(edit) = done(&base, base.format.make_loadable(&base.text)) else { continue };
        let after = base.format.read(&edit.text).unwrap();
        assert_eq!(after.credentials, before.credentials, "{}", base.name);
        assert!(!after.diagnostics.iter().any(Diagnostic::is_placeholder), "{}", base.name);
        assert_eq!(edit.notes.is_empty(), edit.text == base.text, "{}", base.name);
        let again = base.format.make_loadable(&edit.text).unwrap();
        assert_eq!((again.text, again.notes), (edit.text, Vec::new()), "{}", base.name);
    }
}

#[test]
fn revising_is_reading_writing_and_making_loadable() {
    for base in bases() {
        let wanted = held(base.format, &plain());
        let apart = (base.format.read(&base.text))
            .and_then(|_| base.format.write(&base.text, &wanted))
            .and_then(|text| base.format.make_loadable(&text));
        let at_once = base.format.revise(&base.text, &mut |_| Some(wanted.clone()));
        let text = |edit: Result<Edit, FormatError>| edit.map(|edit| edit.text).ok();
        assert_eq!(text(at_once), text(apart), "{}", base.name);
        let left = base.format.revise(&base.text, &mut |_| None);
        assert!(left.is_err() || left.is_ok_and(|edit| edit.text == base.text), "{}", base.name);
    }
}

#[test]
fn commented_out_conflicts_are_gone_and_the_credentials_stay() {
    for base in bases() {
        let Some(before) = read(&base) else { continue };
        let Some(edit) = done(&base, base.format.comment_out_others(&base.text, IdentityKind::User)) else { continue };
        let after = base.format.read(&edit.text).unwrap();
        // A file whose values a service account had taken may hold more for the user once that is gone, never less.
        done(&base, base.format.write(&edit.text, &before.credentials));
        assert_eq!(after.conflicts, [], "{}", base.name);
        assert_eq!(edit.text == base.text, before.conflicts.is_empty(), "{}", base.name);
        assert_eq!(edit.notes.is_empty(), before.conflicts.is_empty(), "{}", base.name);
    }
}

#[test]
fn diagnostics_name_a_line_of_the_file_and_no_secret() {
    for base in bases() {
        let Some(contents) = read(&base) else { continue };
        let credentials = &contents.credentials;
        let secrets = [credentials.client_secret(), credentials.refresh_token(), credentials.developer_token.as_ref()];
        for diagnostic in &contents.diagnostics {
            assert!((1..=base.text.lines().count()).contains(&diagnostic.line), "{}: {diagnostic:?}", base.name);
            // A secret of one letter is in every sentence.
            for secret in secrets.into_iter().flatten().filter(|secret| secret.expose().len() > 5) {
                assert!(!format!("{diagnostic:?}").contains(secret.expose()), "{}", base.name);
            }
        }
    }
}

#[test]
fn a_library_s_own_file_name_shows_its_format() {
    for format in FORMATS {
        let (DefaultLocation::Home(place) | DefaultLocation::Gcloud(place) | DefaultLocation::Here(place)) =
            format.default_location()
        else {
            continue;
        };
        let file_name = place.rsplit('/').next().unwrap();
        let new = format.new_file(&plain()).unwrap();
        assert_eq!(which(file_name, &new).map(|found| found.name()), Some(format.name()), "{place}");
        // A name that other programs use as well shows nothing, or the format that uses it most.
        let is_shared = ["config.json", "connections.json", "credentials.json", ".env"].contains(&file_name);
        assert!(is_shared || which(file_name, "").map(|found| found.name()) == Some(format.name()), "{place}");
    }
}

#[test]
fn every_format_has_a_sample_a_filled_and_a_hostile_fixture() {
    let bases = bases();
    for name in names() {
        for kind in ["sample", "filled", "hostile"] {
            let start = format!("{name}/{kind}.");
            assert!(bases.iter().any(|base| base.name.starts_with(&start)), "fixtures/{start}*");
        }
    }
}
