//! `login --finish`: the address as mail programs, editors and terminals deliver it, and what happened since the start.

use std::fs;

use super::two_steps::{ended_on, finish, pending, start, text};
use super::{issued, new_file};
use crate::google::Endpoint;
use crate::google::browser::Decision;
use crate::sandbox::Sandbox;

/// The address with a line end after each so many characters.
fn wrapped(address: &str, width: usize, line_end: &str) -> String {
    let characters: Vec<char> = address.chars().collect();
    let lines: Vec<String> = characters.chunks(width).map(|part| part.iter().collect()).collect();
    lines.join(line_end)
}

#[test]
fn an_address_is_taken_however_it_was_wrapped_or_marked_on_its_way() {
    for change in [
        |address: &str| wrapped(address, 40, "\n"),
        |address: &str| wrapped(address, 40, "  \r\n  "),
        |address: &str| wrapped(address, 25, "\r\n"),
        |address: &str| address.replace("code=", "\ncode\n="),
        |address: &str| address.replace("code=", "code=\n"),
        |address: &str| format!("\u{feff}{address}\r\n"),
        |address: &str| format!("\n \n\n<{address}>\n\nRegards\n"),
        |address: &str| format!("\u{1b}[200~\u{200b}{address}\u{1b}[201~"),
        |address: &str| format!("\"{address}\""),
        |address: &str| address.to_owned(),
        |address: &str| address.replace('&', "\\u0026"),
        |address: &str| {
            let at = address.find("/callback").expect("its path");
            format!("GET {} HTTP/1.1\nHost: {}\n", &address[at..], &address["http://".len()..at])
        },
        |address: &str| format!("Hello Bob,\n\nhere it is:\n{address}\n\nRegards,\nAnn\n"),
        |address: &str| format!("hello\n{address}"),
        |address: &str| format!("> Please send it back.\n\nHere it is: {address} Regards\n"),
        |address: &str| format!("Ticket: https://example.com/x?y=1\n{}\n\nAnn", wrapped(address, 40, "\n")),
        |address: &str| format!("=====\n{address}"),
        |address: &str| format!("export=1\n{address}\n"),
        |address: &str| format!("--0000=_abc\nContent-Type: text/plain\n\n{address}\n\n--0000=_abc--\n"),
        |address: &str| format!("> Hello Bob,\n>\n> {}\n>\n> Ann\n", wrapped(address, 40, "\n> ")),
        |address: &str| format!("--0000=_abc\n\n{}\n", address.replace('=', "=3D").replace('&', "=\n&")),
        // A code at the end of a line, and the rest of the address in the next one.
        |address: &str| {
            let at = address.find("&scope=").expect("the scope is behind the code");
            format!("{}\n{}", &address[..at], &address[at..])
        },
    ] {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let started = start(&sandbox, &["--no-verify"]);
        let address = change(&ended_on(&started, &Decision::allow()));
        let run = sandbox.command(&["login", "--finish"]).stdin(address.clone()).stderr_has("").observe();
        assert_eq!(run.code, 0, "{address:?}: {run:#?}");
        assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)), "{address:?}");
    }
}

/// PowerShell 5 pipes it so, if told to pipe what ASCII lacks.
#[test]
fn an_address_may_be_utf_16() {
    for (mark, bytes) in [
        ("\u{feff}", u16::to_le_bytes as fn(u16) -> [u8; 2]),
        ("\u{feff}", u16::to_be_bytes),
        ("", u16::to_le_bytes),
        ("", u16::to_be_bytes),
    ] {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        let started = start(&sandbox, &["--no-verify"]);
        let address = wrapped(&ended_on(&started, &Decision::allow()), 60, "\r\n");
        let input: Vec<u8> = format!("{mark}Hello,\r\n{address}\r\n").encode_utf16().flat_map(bytes).collect();
        sandbox.command(&["login", "--finish"]).stdin(input).stderr_has("stored the refresh token").run();
        assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
    }
}

#[test]
fn an_address_whose_end_is_missing_is_named_when_the_input_ends() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let started = start(&sandbox, &["--no-verify"]);
    let address = ended_on(&started, &Decision::allow());
    for (pasted, says) in [
        (address[..60].to_owned(), "its end is missing"),
        (wrapped(&address[..90], 30, "\n"), "its end is missing"),
        ("\n\n".to_owned(), "no address came from standard input"),
        ("hello\n".to_owned(), "what came from standard input is not an address"),
        ("Hello Bob,\n\nI cannot.\n\nRegards\nAnn\n".to_owned(), "what came from standard input is not an address"),
        ("Hello Bob, see below\n\n".to_owned() + &address[..60], "its end is missing"),
        ("Hello Bob, see below\n".to_owned() + &address.replace("state=", "state=x"), "its `state` belongs to another"),
    ] {
        let run = sandbox.command(&["login", "--finish"]).stdin(pasted.clone()).code(2).stderr_has(says);
        run.stderr_has("is still pending").run();
    }
    assert_eq!((pending(&sandbox).len(), sandbox.google.requests(Endpoint::Token).len()), (1, 0));
    let other = start(&sandbox, &["--no-verify", "-p", "other"]);
    let wrapped = wrapped(&address, 30, "\n");
    let spec = finish(&sandbox, &[text(&other, "id")], &wrapped).code(2);
    spec.stderr_has(&format!("it belongs to login `{}`", text(&started, "id"))).run();
    finish(&sandbox, &[text(&started, "id")], &wrapped).run();
}

#[test]
fn a_code_that_may_be_cut_is_not_sent_and_uses_nothing_up() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let started = start(&sandbox, &["--no-verify"]);
    let address = ended_on(&started, &Decision::allow());
    let code = address.find("code=").expect("a code");
    let (start, query) = address.split_once('?').unwrap();
    let (codes, others): (Vec<&str>, Vec<&str>) = query.split('&').partition(|part| part.starts_with("code="));
    let code_last = format!("{start}?{}&{}", others.join("&"), codes[0]);
    for cut in [&address[..code + 7], &address[..code + 20], &address[..code + codes[0].len()], &code_last] {
        for end in ["", "\n", "\n\n", "\n\nRegards\n", "\r\n\r\nBest regards,\r\nAnn", "\nRegards"] {
            let run = sandbox.command(&["login", "--finish"]).stdin(format!("{cut}{end}")).code(2);
            let run =
                run.stderr_has("it ends with the code, of which a part may be missing").stderr_has("is still pending");
            assert!(!run.run().stderr.contains("press Enter"));
        }
    }
    assert_eq!((pending(&sandbox).len(), sandbox.google.requests(Endpoint::Token).len()), (1, 0));
    finish(&sandbox, &[], &address).run();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[cfg(unix)]
#[test]
fn at_a_prompt_an_address_may_be_wrapped_as_well() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let started = start(&sandbox, &["--no-verify"]);
    let address = ended_on(&started, &Decision::allow());
    let mut terminal = sandbox.command(&["login", "--finish"]).terminal();
    terminal.expect("Paste the address that the browser ended on");
    terminal.send(&wrapped(&address, 50, "\n"));
    terminal.expect("stored the refresh token");
    terminal.finish();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[test]
fn a_profile_that_was_moved_meanwhile_is_not_moved_back() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let first = start(&sandbox, &["--no-verify", "-p", "work"]);
    finish(&sandbox, &[], &ended_on(&first, &Decision::allow())).run();
    let second = start(&sandbox, &["--no-verify", "-p", "work"]);
    let address = ended_on(&second, &Decision::allow());
    let moved = sandbox.home().join("moved.yaml");
    let login = ["login", "--start", "--json", "-c", "../home/client_secret.json", "-p", "work", "--no-verify"];
    let third = [&login[..], &["--config", moved.to_str().unwrap()]].concat();
    let third = sandbox.command(&third).stdout_has("{").stderr_has("").run().json();
    finish(&sandbox, &[text(&third, "id")], &ended_on(&third, &Decision::allow())).run();
    let exchanges = sandbox.google.requests(Endpoint::Token).len();
    let refused = finish(&sandbox, &[text(&second, "id")], &address).code(2).stderr_has("moved.yaml` since login");
    refused.stderr_has("gads-creds login -p work --start").run();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), exchanges);
    assert!(fs::read_to_string(moved).unwrap().contains(&issued(&sandbox)));
}

#[test]
fn the_api_version_of_the_start_is_asked_in_the_finish() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let started = start(&sandbox, &["--api-version", "v23"]);
    sandbox.command(&["login", "--finish"]).stdin(ended_on(&started, &Decision::allow())).stderr_has("").observe();
    let asked = sandbox.google.requests(Endpoint::Ads);
    assert!(asked.iter().all(|request| request.path.starts_with("/v23/")) && !asked.is_empty());
}
