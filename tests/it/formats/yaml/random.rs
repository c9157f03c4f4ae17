//! Random files and random values: the laws, and a sample checked by PyYAML.

use gads_creds::credentials::{Credentials, CustomerId, Identity, User};
use gads_creds::format::{self, Contents, IdentityKind};
use gads_creds::secret::Secret;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::traps::TRAPS;
use super::{KEYS, assert_accepted, edit_job, python, read, write};

/// Generates unknown entries, comments and oddities.
fn other_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("# a comment: with `refresh_token: in it`".to_owned()),
        Just(String::new()),
        Just("   ".to_owned()),
        Just("#refresh_token: commented".to_owned()),
        "[a-e]{1,3}: [a-z0-9]{0,6}( # [ -~]{0,10})?".prop_map(|line| format!("o{line}")),
        "o[a-e]: '[ -&(-~]{0,10}'",
        "o[a-e]: \"[ !#-\\[\\]-~]{0,10}\"  #c",
        Just("ol:\n- a\n- refresh_token: b".to_owned()),
        Just("os:\n  client_id: nested\n  deep: {refresh_token: [x, y]}".to_owned()),
        Just("ob: |\n  refresh_token: text\n\n  more # no comment".to_owned()),
        Just("ok: |+ # c\n  text\n\n".to_owned()),
        Just("of: >-\n  a\n\n  b\n   c".to_owned()),
        Just("op: several\n  plain\n\n  lines".to_owned()),
        Just("oq: \"several\n  quoted\\\n\n  lines\"".to_owned()),
        Just("oe:".to_owned()),
        Just("on: ~\t".to_owned()),
        Just("? ox\n: y".to_owned()),
        Just("o-é日🦀: \"\u{2028}é\"".to_owned()),
        Just("oz: http://u:p@h:1/?a=b&c#d".to_owned()),
        Just("o1: 0x1F\no2: 2001-01-01\no3: 1_0\no4: =x".to_owned()),
        Just("otag: !!str 12".to_owned()),
    ]
}

/// Generates a line with a known key as users write it.
fn own_piece() -> impl Strategy<Value = (usize, String)> {
    let value = prop_oneof![
        "[A-Za-z0-9/_.-]{1,12}",
        "'[ -&(-~]{0,8}'",
        "\"[ !#-\\[\\]-~]{0,8}\"",
        Just(String::new()),
        Just("INSERT_SOMETHING_HERE".to_owned()),
        Just("1234567890".to_owned()),
        Just("0123456701".to_owned()),
        Just("|-\n  block\n  text".to_owned()),
        Just(">\n  folded\n\n".to_owned()),
        Just("plain\n  going on".to_owned()),
        Just("\"quoted\n  going on\"".to_owned()),
        Just("yes".to_owned()),
    ];
    let colon = prop_oneof![Just(": "), Just(" : "), Just(":   "), Just(": \t")];
    let tail = prop_oneof![Just(""), Just(" # note"), Just("  ")];
    (0..KEYS.len(), colon, value, tail).prop_map(|(key, colon, value, tail)| {
        let tail = if value.contains('\n') { "" } else { tail };
        (key, format!("{}{colon}{value}{tail}", KEYS[key]))
    })
}

/// Generates a document of pieces: known keys at most once each, in any order, with any line end and any indentation.
fn document() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(
        prop_oneof![3 => other_piece().prop_map(|piece| (usize::MAX, piece)), 2 => own_piece()],
        0..12,
    );
    let ends = prop_oneof![4 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r")];
    (
        pieces,
        ends,
        prop_oneof![3 => Just(""), 1 => Just("  ")],
        any::<bool>(),
        prop_oneof![4 => Just(""), 1 => Just("---\n")],
    )
        .prop_map(|(pieces, end, indent, ended, start)| {
            let mut seen = Vec::new();
            let mut lines = Vec::new();
            for (key, piece) in pieces {
                if key == usize::MAX || !seen.contains(&key) {
                    seen.push(key);
                    lines.extend(piece.split('\n').map(|line| match line.trim().is_empty() {
                        true => line.to_owned(),
                        false => format!("{indent}{line}"),
                    }));
                }
            }
            let text = format!("{start}{}{}", lines.join("\n"), if ended { "\n" } else { "" });
            text.replace('\n', end)
        })
}

fn value() -> impl Strategy<Value = String> {
    let printable = "[ -~]{1,40}";
    let any_char = prop::collection::vec(any::<char>(), 1..12).prop_map(|chars| chars.into_iter().collect::<String>());
    let pieces = prop::collection::vec(prop::sample::select(TRAPS), 1..4).prop_map(|pieces| pieces.concat());
    let usable = |value: &String| !value.is_empty() && !format::is_placeholder(value);
    prop_oneof![3 => printable, 1 => any_char, 2 => pieces, 1 => "[A-Za-z0-9/_-]{1,60}"].prop_filter("usable", usable)
}

fn credentials() -> impl Strategy<Value = Credentials> {
    let text = || prop::option::of(value());
    let id = || prop::option::of("[0-9]{10}".prop_map(|id| CustomerId::exact(&id).unwrap()));
    (text(), text(), text(), text(), id(), id()).prop_map(|(client_id, secret, refresh, developer, login, linked)| {
        let (client_secret, refresh_token) = (secret.map(Secret::new), refresh.map(Secret::new));
        let user = User { client_id, client_secret, refresh_token };
        Credentials {
            identity: (user != User::default()).then_some(Identity::User(user)),
            developer_token: developer.map(Secret::new),
            login_customer_id: login,
            linked_customer_id: linked,
        }
    })
}

/// Returns the lines of a `document` without known keys, line ends included.
fn other_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.split_inclusive(['\n', '\r']).map(str::to_owned).collect();
    // A line feed after a carriage return is part of the same line end.
    for at in (1..lines.len()).rev() {
        if lines[at] == "\n" && lines[at - 1].ends_with('\r') {
            let end = lines.remove(at);
            lines[at - 1].push_str(&end);
        }
    }
    let own = |line: &String| {
        let line = line.trim_start();
        KEYS.iter().any(|key| line.starts_with(key))
            || line.starts_with("block")
            || line.starts_with("text")
            || line.starts_with("folded")
            || line.starts_with("going on")
    };
    lines.into_iter().filter(|line| !own(line)).map(|line| line.trim_end_matches(['\n', '\r']).to_owned()).collect()
}

proptest! {
    #![proptest_config(crate::harness::properties::config(512))]

    #[test]
    fn what_is_written_is_read_back_and_all_other_lines_survive(text in document(), wanted in credentials()) {
        let Ok(new) = python().write(&text, &wanted) else { return Ok(()) };
        prop_assert_eq!(&read(&new).credentials, &wanted, "{:?} -> {:?}", text, new);
        prop_assert_eq!(&write(&new, &wanted), &new);
        if !text.is_empty() {
            let without_empty = |lines: Vec<String>| -> Vec<String> { lines.into_iter().filter(|line| !line.is_empty()).collect() };
            prop_assert_eq!(without_empty(other_lines(&text)), without_empty(other_lines(&new)), "{:?} -> {:?}", text, new);
        }
    }

    #[test]
    fn random_text_is_edited_correctly_or_refused(text in "([a-c\\[\\]{}:,#&*!|>'\"%@`?~ \n\r\t-]|client_id|refresh_token|: |\n|- ){0,40}", wanted in credentials()) {
        if let Ok(new) = python().write(&text, &wanted) {
            prop_assert_eq!(&read(&new).credentials, &wanted, "{:?} -> {:?}", text, new);
            prop_assert_eq!(&write(&new, &wanted), &new);
        }
        let _ = python().make_loadable(&text).map(|edit| python().read(&edit.text));
        let _ = python().comment_out_others(&text, IdentityKind::User).map(|edit| python().read(&edit.text));
    }
}

#[test]
fn random_files_are_edited_as_pyyaml_sees_it_and_seldom_refused() {
    let mut runner = TestRunner::deterministic();
    let (mut jobs, mut refused) = (Vec::new(), 0);
    while jobs.len() + refused < 600 {
        let text = document().new_tree(&mut runner).unwrap().current();
        let after = credentials().new_tree(&mut runner).unwrap().current();
        let Ok(Contents { credentials: before, .. }) = python().read(&text) else { continue };
        match python().write(&text, &after) {
            Ok(_) if text.is_empty() => {}
            Ok(new) => jobs.push((format!("{text:?}"), edit_job(&text, &new, &before, &after))),
            Err(_) => refused += 1,
        }
    }
    assert!(refused < 60, "{refused} of 600 rejected");
    assert_accepted(jobs);
}
