//! The architecture and conventions of the code, checked by reading the source: which module may use which, where each
//! external crate may be used, what may expose a secret, what may print. A finding names file, line and rule.

use std::fs;
use std::path::{Path, PathBuf};

use super::source::{names_of_ours, without_text};

/// Each module, and the other modules of ours that it may use. A module that is missing here may use none.
const MAY_USE: &[(&str, &[&str])] = &[
    ("main", &["lib"]),
    ("lib", &["cli", "commands", "context", "error", "hardening", "hint", "subprocess", "term"]),
    ("cli", &["commands", "context", "error", "hardening", "hint", "profile", "term"]),
    (
        "commands",
        &[
            "browser",
            "subprocess",
            "client_secrets",
            "clock",
            "context",
            "diagnosis",
            "credentials",
            "disk",
            "error",
            "paths",
            "pending",
            "format",
            "git",
            "google",
            "hardening",
            "hint",
            "memory_file",
            "profile",
            "recovery",
            "secret",
            "service_account_key",
            "store",
            "term",
            "tokens",
            "encoding",
            "standard_input",
        ],
    ),
    ("context", &["format", "hint", "profile", "term"]),
    (
        "tokens",
        &[
            "clock",
            "credentials",
            "diagnosis",
            "disk",
            "error",
            "format",
            "google",
            "hardening",
            "hint",
            "profile",
            "recovery",
            "secret",
            "service_account_key",
            "store",
            "term",
        ],
    ),
    ("diagnosis", &["credentials", "error", "format", "hint", "profile", "recovery", "secret", "term", "value_kind"]),
    ("value_kind", &[]),
    ("syntax_cause", &[]),
    ("google", &["certificates", "clock", "credentials", "error", "hardening", "peer", "secret", "term"]),
    ("certificates", &["disk", "error", "term"]),
    (
        "client_secrets",
        &[
            "credentials",
            "disk",
            "error",
            "paths",
            "profile",
            "google",
            "secret",
            "strict_json",
            "syntax_cause",
            "term",
            "value_kind",
            "standard_input",
        ],
    ),
    (
        "service_account_key",
        &[
            "client_secrets",
            "credentials",
            "disk",
            "error",
            "google",
            "profile",
            "secret",
            "strict_json",
            "term",
            "value_kind",
            "standard_input",
        ],
    ),
    ("strict_json", &["syntax_cause"]),
    ("recovery", &["clock", "credentials", "disk", "error", "paths", "format", "profile", "secret", "term"]),
    ("pending", &["disk", "error", "paths", "profile", "secret", "term"]),
    (
        "store",
        &[
            "credentials",
            "disk",
            "error",
            "paths",
            "format",
            "hardening",
            "hint",
            "profile",
            "recovery",
            "secret",
            "strict_json",
            "subprocess",
            "term",
            "encoding",
        ],
    ),
    ("profile", &["credentials", "disk", "error", "paths", "format", "hint", "secret", "syntax_cause", "term"]),
    ("format", &["credentials", "error", "secret", "syntax_cause", "term", "value_kind"]),
    ("standard_input", &["disk", "encoding", "error"]),
    ("disk", &["error", "paths", "hardening", "term"]),
    ("encoding", &[]),
    ("clock", &[]),
    ("browser", &["subprocess", "error", "term"]),
    ("git", &["subprocess"]),
    ("subprocess", &["error", "hardening", "secret", "term"]),
    ("memory_file", &["disk", "error", "paths", "secret", "term"]),
    ("hardening", &["error"]),
    ("paths", &["error", "term"]),
    ("peer", &[]),
    ("term", &["error", "hardening", "hint"]),
    ("credentials", &["secret"]),
    ("secret", &[]),
    ("error", &["hint"]),
    ("hint", &[]),
];

/// External crates, and the modules that may use each: replacing one affects only these.
const HOMES: &[(&str, &[&str])] = &[
    ("clap", &["lib", "cli", "commands", "context"]),
    ("clap_complete", &["commands/completions"]),
    ("oauth2", &["google"]),
    ("reqwest", &["google"]),
    ("rustls", &["google", "certificates"]),
    ("ring", &["google"]),
    ("hyper", &["google"]),
    ("hyper_util", &["google"]),
    ("http_body_util", &["google"]),
    // hardening: on Windows, where nothing else in the tree handles Ctrl-C.
    ("tokio", &["google", "hardening"]),
    ("base64", &["google"]),
    ("keyring", &["store/keychain"]),
    ("keyring_core", &["store/keychain"]),
    ("secret_service", &["store/keychain/dbus"]),
    ("security_framework", &["store/keychain/apple"]),
    ("zbus", &["store/keychain/dbus"]),
    ("granit_parser", &["format/yaml"]),
    ("serde_yaml", &["format/yaml"]),
    ("jsonc_parser", &["format"]),
    ("quick_xml", &["format"]),
    ("toml_edit", &["format/connector", "profile"]),
    ("directories", &["paths"]),
    ("zeroize", &["secret"]),
    ("subtle", &["google"]),
    ("sha2", &["secret", "profile", "google", "disk"]),
    ("tempfile", &["disk", "memory_file"]),
    (
        "rustix",
        &[
            "disk",
            "error",
            "hardening",
            "subprocess",
            "memory_file",
            "paths",
            "peer",
            "recovery",
            "term",
            "commands/exec",
        ],
    ),
    ("nix", &["subprocess"]),
    ("winapi_util", &["disk", "term"]),
    ("terminal_size", &["term"]),
    ("unicode_width", &["term"]),
    ("shlex", &["browser"]),
    ("signal_hook", &["disk", "hardening", "subprocess", "term", "commands/exec"]),
];

/// Words that only these places may contain; an empty list allows none.
const WORDS: &[(&str, &[&str], &str)] = &[
    (
        ".expose()",
        // login: the token that could not be stored, shown once on a terminal; doctor: what a token's first letters
        // show.
        &[
            "secret",
            "format",
            "store",
            "google",
            "recovery",
            // the state and the verifier of a login in two steps.
            "pending",
            // it parses the document of a key.
            "service_account_key",
            "subprocess",
            "commands/login",
            "commands/refresh",
            "commands/show",
            "commands/exec",
            "commands/doctor",
        ],
        "only what stores, sends, hands over or is asked to show a secret may see it",
    ),
    // endpoints: constants.
    (
        "Url::parse",
        &["google/web_url", "google/endpoints"],
        "text from elsewhere goes through parse_url, which keeps hosts outside ASCII from the parser",
    ),
    // Whatever path a user or a repository gives may be a pipe, a device or without end: disk knows. The others read what the
    // system keeps at a fixed place: /proc, /sys, /etc, /dev/tty. disk/snapshot: in its test.
    ("File::open", &["disk", "hardening", "memory_file", "subprocess/group"], OPENED_ONCE),
    ("OpenOptions", &["disk", "memory_file"], OPENED_ONCE),
    ("fs::read", &["disk"], OPENED_ONCE),
    ("fs::read_to_string", &["disk/unix/trust", "browser/surroundings", "paths", "peer/linux"], OPENED_ONCE),
    ("fs::write", &["disk/snapshot"], OPENED_ONCE),
    ("File::create", &[], OPENED_ONCE),
    ("fs::copy", &[], OPENED_ONCE),
    ("pem_file_iter", &[], OPENED_ONCE),
    // `println!` and the like are left to clippy: `[lints]` in Cargo.toml.
    ("io::stdout", &["term"], "only term.rs prints"),
    ("io::stderr", &["term"], "only term.rs prints"),
    ("async fn", &["google"], "async stays inside google/"),
    ("Utc::now", &[], "it panics under a clock before 1970: `clock::now` does not"),
];

const OPENED_ONCE: &str =
    "disk opens files: regular ones, of bounded size, without waiting (`disk::read`, `disk::beginning`)";

/// What a place must not use.
const NEVER: &[(&str, &str, &str)] = &[
    ("format", "std::fs", "a format is pure: text in, text out"),
    ("format", "std::env", "a format is pure: text in, text out"),
    ("format", "std::io", "a format is pure: text in, text out"),
    ("format", "std::net", "a format is pure: text in, text out"),
    ("format", "std::process", "a format is pure: text in, text out"),
    ("google", "std::fs", "google/ knows no files"),
    ("store", "std::net", "a store knows no network"),
    ("profile", "std::net", "profiles know no network"),
];

/// Text that may not be used anywhere, including strings and comments.
const NOWHERE: &[(&str, &str)] = &[
    ("urn:ietf:wg:oauth:2.0:oob", "Google has blocked it since 2023-01-31 (SECURITY R15)"),
    ("danger_accept_invalid", "certificates are verified, always"),
];

const LONGEST: usize = 400;

#[test]
fn modules_use_only_the_modules_below_them() {
    let sources = sources();
    for (module, uses) in MAY_USE {
        assert!(!uses.contains(module), "{module} is in its own list");
    }
    report(sources.iter().flat_map(who_knows_whom));
}

#[test]
fn external_crates_have_one_home() {
    report(sources().iter().flat_map(homes));
}

#[test]
fn restricted_words_are_used_only_where_allowed() {
    report(sources().iter().flat_map(words));
}

#[test]
fn no_file_is_too_long_to_read() {
    report(sources().iter().flat_map(length));
}

#[test]
fn every_file_says_what_it_owns() {
    report(sources().iter().chain(&tests()).flat_map(opening));
}

#[test]
fn no_test_is_ignored() {
    let mark = ["#[ign", "ore"].concat();
    report(
        tests().iter().flat_map(|source| find(source, &source.text, &mark, "a test that does not run proves nothing")),
    );
}

/// A file that nobody names in a `mod` is not compiled, and its tests never fail.
#[test]
fn every_file_of_tests_is_compiled() {
    let tests = read("tests/it");
    report(tests.iter().flat_map(|source| forgotten(source, &tests)));
}

/// A rule that never fails might not work.
#[test]
fn each_rule_finds_a_violation() {
    let found = |path: &str, text: &str| {
        let source = Source { path: PathBuf::from(path), text: text.to_owned() };
        let all = [who_knows_whom(&source), homes(&source), words(&source), length(&source), opening(&source)].concat();
        let mut lines: Vec<usize> = all.iter().map(|finding| finding.line).collect();
        lines.sort_unstable();
        lines
    };
    assert_eq!(
        found(
            "src/format/x.rs",
            "//! X.\nuse crate::disk;\nuse crate::{\n    error::Error,\n    store::{self, Store},\n};\n"
        ),
        [2, 5]
    );
    assert_eq!(found("src/secret.rs", "//! X.\nfn a() { crate::term::escape(x) }\n"), [2]);
    assert_eq!(found("src/new.rs", "//! X.\nuse crate::error::Error;\n"), [2]);
    assert_eq!(found("src/disk/x.rs", "//! X.\nuse toml_edit::Item;\nfn a(x: reqwest::Url) {}\n"), [2, 3]);
    assert_eq!(found("src/profile/x.rs", "//! X.\nfn a() { token.expose(); }\n"), [2]);
    assert_eq!(
        found("src/profile/x.rs", "//! X.\nfn a() { std::fs::read(path); }\nfn b() { File::open(path); }\n"),
        [2, 3]
    );
    assert_eq!(found("src/disk.rs", "//! X.\n\nfn a() { io::stdout(); }\n\nasync fn b() {}\n"), [3, 5]);
    assert_eq!(found("src/disk.rs", "//! X.\nconst A: &str = \"urn:ietf:wg:oauth:2.0:oob\";\n"), [2]);
    assert_eq!(found("src/disk.rs", "const A: u8 = 1;\n"), [1]);
    assert_eq!(found("src/disk.rs", &"//! X.\n".repeat(LONGEST + 1)), [LONGEST + 1]);
    let fine = "//! crate::google, io::stdout\n/* x.expose() /* y */ io::stderr() */\nconst A: &str = \"async fn \\\" x.expose()\";\n\
                const B: &str = r#\"io::stdout\" crate::cli \"#;\nfn a<'a>(x: &'a str) -> char { '\"' }\n\
                fn exposed() {}\n#[cfg(test)]\nmod tests {\n    fn b() { x.expose(); io::stdout() }\n}\n";
    assert!(found("src/disk.rs", fine).is_empty(), "{:?}", found("src/disk.rs", fine));
}

pub(super) struct Source {
    /// Relative to the root of the repository.
    pub(super) path: PathBuf,
    pub(super) text: String,
}

#[derive(Clone)]
struct Finding {
    path: PathBuf,
    line: usize,
    rule: String,
}

impl Source {
    /// `src/store/keychain.rs` is `store/keychain`, `src/store/mod.rs` is `store`.
    fn module(&self) -> String {
        let path = self.path.strip_prefix("src").unwrap_or(&self.path).with_extension("");
        let path = path.to_string_lossy().replace('\\', "/");
        path.strip_suffix("/mod").unwrap_or(&path).to_owned()
    }

    fn is_in(&self, place: &str) -> bool {
        let module = self.module();
        module == place || module.starts_with(&format!("{place}/"))
    }

    fn finding(&self, line: usize, rule: impl Into<String>) -> Finding {
        Finding { path: self.path.clone(), line, rule: rule.into() }
    }
}

fn who_knows_whom(source: &Source) -> Vec<Finding> {
    let module = source.module();
    let module = module.split('/').next().unwrap_or_default();
    let may = MAY_USE.iter().find(|(name, _)| *name == module).map_or(&[][..], |(_, uses)| uses);
    let code = without_text(&source.text);
    let foreign = names_of_ours(&code).into_iter().filter(|(_, name)| name != module && !may.contains(&name.as_str()));
    foreign.map(|(line, name)| source.finding(line, format!("{module} may not use {name} (ARCHITECTURE.md)"))).collect()
}

fn homes(source: &Source) -> Vec<Finding> {
    let code = without_text(&source.text);
    let strangers = HOMES.iter().filter(|(_, homes)| !homes.iter().any(|home| source.is_in(home)));
    let uses = |(name, homes): &(&str, &[&str])| {
        find(source, &code, &format!("{name}::"), &format!("{name} is at home in {} only", homes.join(", ")))
    };
    strangers.flat_map(uses).collect()
}

fn words(source: &Source) -> Vec<Finding> {
    let code = without_text(&source.text);
    let elsewhere = WORDS.iter().filter(|(_, places, _)| !places.iter().any(|place| source.is_in(place)));
    let here = NEVER.iter().filter(|(place, ..)| source.is_in(place));
    let mut found: Vec<Finding> = elsewhere.flat_map(|(word, _, rule)| find(source, &code, word, rule)).collect();
    found.extend(here.flat_map(|(_, word, rule)| find(source, &code, word, rule)));
    found.extend(NOWHERE.iter().flat_map(|(text, rule)| find(source, &source.text, text, rule)));
    found
}

fn length(source: &Source) -> Vec<Finding> {
    let lines = source.text.lines().count();
    if lines > LONGEST {
        vec![source.finding(lines, format!("more than {LONGEST} lines: split it"))]
    } else {
        Vec::new()
    }
}

fn opening(source: &Source) -> Vec<Finding> {
    if source.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![source.finding(1, "a file opens with `//!`: what it owns, what it leaves to others")]
}

/// The file, unless the module above it declares it.
fn forgotten(source: &Source, all: &[Source]) -> Vec<Finding> {
    let own = source.path.with_extension("");
    let module = if own.ends_with("mod") { own.parent().expect("a directory") } else { &own };
    let (Some(above), Some(name)) = (module.parent(), module.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    if module == Path::new("tests/it/main") {
        return Vec::new();
    }
    let above = match above == Path::new("tests/it") {
        true => above.join("main.rs"),
        false => above.join("mod.rs"),
    };
    let declared = [format!("mod {name};"), format!("pub mod {name};")];
    let found = all.iter().find(|other| other.path == above);
    if found.is_some_and(|other| other.text.lines().any(|line| declared.iter().any(|mod_line| line == mod_line))) {
        return Vec::new();
    }
    vec![source.finding(1, format!("it is not compiled: {} does not declare it", above.display()))]
}

/// Finds the word in the text: as a whole word where it begins or ends with a letter.
fn find(source: &Source, text: &str, word: &str, rule: &str) -> Vec<Finding> {
    let is_name = |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '_');
    let whole = |(at, _): &(usize, &str)| {
        let before = is_name(word.chars().next()) && is_name(text[..*at].chars().next_back());
        let after = is_name(word.chars().next_back()) && is_name(text[at + word.len()..].chars().next());
        !before && !after
    };
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let hits = text.match_indices(word).filter(whole);
    hits.map(|(at, _)| source.finding(line(at), format!("`{word}`: {rule}"))).collect()
}

fn sources() -> Vec<Source> {
    let found = read("src");
    assert!(found.len() > 20, "src has only {} files", found.len());
    found
}

fn tests() -> Vec<Source> {
    read("tests")
}

/// Reads every file below the directory.
pub(super) fn read(directory: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut directories = vec![root.join(directory)];
    let mut found = Vec::new();
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).expect("a directory of the repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).expect("source is UTF-8");
                found.push(Source { path: path.strip_prefix(root).expect("below the root").to_owned(), text });
            }
        }
    }
    found
}

#[track_caller]
fn report(findings: impl IntoIterator<Item = Finding>) {
    let mut lines: Vec<String> = findings
        .into_iter()
        .map(|finding| format!("{}:{}: {}", finding.path.display(), finding.line, finding.rule))
        .collect();
    lines.sort();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}
