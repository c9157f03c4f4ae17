//! The laws of the fuzz targets on stable Rust: every seed, unchanged and damaged in a few places, as a fuzzer would.

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::laws::{Law, TARGETS};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Returns the fuzzer's seeds, and what once broke a law.
fn seeds(target: &str) -> Vec<String> {
    let mut directories = vec![Path::new(ROOT).join("fuzz/seeds").join(target)];
    // As in fuzz/run: this target reads only the file.
    directories.extend((target == "client_secrets").then(|| Path::new(ROOT).join("fixtures/client_secrets")));
    let entries = directories.iter().flat_map(|directory| std::fs::read_dir(directory).expect("seeds"));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a seed").path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).expect("text")).collect()
}

fn law(target: &str) -> Law {
    TARGETS.iter().find(|(name, _)| *name == target).expect("a target").1
}

/// Returns words with a meaning to one of the readers, as the fuzzer gets them.
fn words() -> Vec<String> {
    let list = std::fs::read_to_string(Path::new(ROOT).join("fuzz/words")).expect("the list of words");
    list.lines().map(|line| unescaped(line.trim_matches('"'))).collect()
}

/// libFuzzer spells what is not printable ASCII as `\x0a`.
fn unescaped(word: &str) -> String {
    let mut bytes = Vec::new();
    let mut parts = word.split("\\x");
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two digits"));
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).expect("a word is UTF-8")
}

/// One change to a text.
#[derive(Clone, Debug)]
enum Damage {
    Lose(Index, usize),
    Gain(Index, String),
    /// Repeats these characters elsewhere.
    Copy(Index, usize, Index),
    Flip(Index, char),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    let printable = prop::char::range(' ', '~');
    prop_oneof![
        (at(), 1..20_usize).prop_map(|(at, length)| Damage::Lose(at, length)),
        (at(), prop::sample::select(words())).prop_map(|(at, word)| Damage::Gain(at, word)),
        (at(), prop_oneof!["[ \n\r\t\"'#=:\\\\{}\\[\\]<>,-]{1,3}", "\\PC{1,3}"])
            .prop_map(|(at, text)| Damage::Gain(at, text)),
        (at(), 1..60_usize, at()).prop_map(|(from, length, to)| Damage::Copy(from, length, to)),
        (at(), printable).prop_map(|(at, char)| Damage::Flip(at, char)),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for damage in damages {
        let place = |index: &Index, chars: &[char]| index.index(chars.len() + 1);
        match damage {
            Damage::Lose(at, length) => {
                let at = place(at, &chars);
                chars.drain(at..chars.len().min(at + length));
            }
            Damage::Gain(at, word) => {
                let at = place(at, &chars);
                chars.splice(at..at, word.chars());
            }
            Damage::Copy(from, length, to) => {
                let (from, to) = (place(from, &chars), place(to, &chars));
                let copy: Vec<char> = chars[from..chars.len().min(from + length)].to_vec();
                chars.splice(to..to, copy);
            }
            Damage::Flip(at, char) => {
                let at = place(at, &chars);
                chars.get_mut(at).map(|old| *old = *char).unwrap_or_default();
            }
        }
    }
    chars.into_iter().collect()
}

fn damaged_seeds(target: &str) -> impl Strategy<Value = String> + use<> {
    let damages = prop::collection::vec(damage(), 1..8);
    (prop::sample::select(seeds(target)), damages).prop_map(|(seed, damages)| damaged(&seed, &damages))
}

#[test]
fn every_seed_obeys_the_law_of_its_target() {
    for (target, law) in TARGETS {
        for seed in seeds(target) {
            law(&seed);
        }
    }
}

#[test]
fn the_targets_of_the_fuzzer_are_the_laws() {
    let manifest = std::fs::read_to_string(Path::new(ROOT).join("fuzz/Cargo.toml")).expect("the fuzzer's manifest");
    let mut targets: Vec<&str> =
        manifest.split("[[bin]]\nname = \"").skip(1).filter_map(|bin| bin.split('"').next()).collect();
    targets.sort_unstable();
    let mut laws: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    laws.sort_unstable();
    assert_eq!(targets, laws);
}

proptest! {
    #![proptest_config(crate::harness::properties::config(400))]

    #[test]
    fn authorization_responses_are_accepted_or_rejected(input in damaged_seeds("authorization_response")) {
        law("authorization_response")(&input);
    }

    #[test]
    fn client_secrets_are_whole_or_refused(input in damaged_seeds("client_secrets")) {
        law("client_secrets")(&input);
    }

    #[test]
    fn token_responses_are_well_formed_or_refused(input in damaged_seeds("token_response")) {
        law("token_response")(&input);
    }

    #[test]
    fn error_responses_are_harmless(input in damaged_seeds("error_response")) {
        law("error_response")(&input);
    }

    #[test]
    fn profiles_are_recorded_and_the_rest_stays(input in damaged_seeds("profiles")) {
        law("profiles")(&input);
    }

    #[test]
    fn yaml_is_edited_correctly_or_refused(input in damaged_seeds("yaml")) {
        law("yaml")(&input);
    }

    #[test]
    fn lines_are_edited_correctly_or_refused(input in damaged_seeds("lines")) {
        law("lines")(&input);
    }

    #[test]
    fn ruby_is_edited_correctly_or_refused(input in damaged_seeds("ruby")) {
        law("ruby")(&input);
    }

    #[test]
    fn json_is_edited_correctly_or_refused(input in damaged_seeds("json")) {
        law("json")(&input);
    }

    #[test]
    fn xml_is_edited_correctly_or_refused(input in damaged_seeds("xml")) {
        law("xml")(&input);
    }

    #[test]
    fn files_of_connectors_are_edited_correctly_or_refused(input in damaged_seeds("connectors")) {
        law("connectors")(&input);
    }

    #[test]
    fn key_files_are_whole_or_refused(input in damaged_seeds("key_file")) {
        law("key_file")(&input);
    }

    #[test]
    fn pending_logins_are_read_or_refused(input in damaged_seeds("pending_login")) {
        law("pending_login")(&input);
    }

    #[test]
    fn recovery_files_are_read_or_refused(input in damaged_seeds("recovery_file")) {
        law("recovery_file")(&input);
    }

    #[test]
    fn documents_of_managers_keep_their_members_or_are_refused(input in damaged_seeds("manager_document")) {
        law("manager_document")(&input);
    }
}
