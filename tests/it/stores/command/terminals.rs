//! A secret manager that prompts on the terminal: it gets the terminal, and the program takes it back.

use super::{GOOD, Manager};
use crate::harness::skip::without;

/// Runs it on its own controlling terminal, which `script` creates.
fn on_terminal(manager: &Manager, args: &str, typed: &str) -> String {
    let program = format!("{} {args} -p work; echo code $?", crate::PROGRAM);
    let log = manager.sandbox.home().join("typescript");
    let spec = manager.sandbox.other_program("script", &["-qec", &program, log.to_str().unwrap()]);
    let run = spec.env("PATH", super::PATH).env("SHELL", "/bin/sh").env("TERM", "dumb").stdin(typed).observe();
    run.stdout.replace('\r', "")
}

#[test]
fn a_manager_may_prompt_on_the_terminal() {
    if without("script") {
        return;
    }
    let asks = "case \"$1\" in get) printf 'Passphrase: ' >/dev/tty; read answer < /dev/tty; [ \"$answer\" = open ] || { echo 'wrong passphrase' >&2; exit 1; } ;; esac";
    let manager = Manager::with_document(&format!("{asks}\n{GOOD}"));
    manager.profile("timeout = 20\n");
    let shown = on_terminal(&manager, "refresh", "open\n");
    assert!(shown.contains("Passphrase: ") && shown.contains("works") && shown.contains("code 0"), "{shown}");
    let shown = on_terminal(&manager, "refresh", "shut\n");
    assert!(shown.contains("wrong passphrase") && shown.contains("code 7"), "{shown}");
    let shown = on_terminal(&manager, "refresh --no-input", "open\n");
    assert!(shown.contains("nobody can respond") && shown.contains("code 7"), "{shown}");
}

#[test]
fn what_a_manager_says_while_it_waits_is_shown_and_escaped() {
    if without("script") {
        return;
    }
    let says = "case \"$1\" in get) printf 'touch your \\033]0;key\\007 now\\n' >&2; sleep 1 ;; esac";
    let manager = Manager::with_document(&format!("{says}\n{GOOD}"));
    let shown = on_terminal(&manager, "refresh", "");
    assert!(shown.contains("touch your \\u{1b}]0;key\\u{7} now") && shown.contains("code 0"), "{shown}");
    // Output just before the exit is left to the message.
    let manager = Manager::new(&format!("case \"$1\" in get) echo 'no such entry' >&2; exit 1 ;; esac\n{GOOD}"));
    let shown = on_terminal(&manager, "refresh", "");
    assert!(!shown.contains("no such entry") && shown.contains("code 3"), "{shown}");
}

/// At the end and after a pause alike, in any spelling; a line may come in pieces.
#[test]
fn a_secret_that_a_manager_prints_is_not_shown() {
    if without("script") {
        return;
    }
    let of = |name: &str| format!("s=$(sed 's/.*\"{name}\":\"\\([^\"]*\\)\".*/\\1/')");
    for (name, says) in [
        ("whole", "echo \"bad $s\" >&2; exit 1"),
        ("without its prefix", "printf 'hello\\nbad %s' \"${s#???????}\" >&2; exit 1"),
        ("without its prefix, then goes on", "echo \"bad ${s#???????} end\" >&2; sleep 0.6; echo later >&2; exit 1"),
        ("backwards", "echo \"bad $(echo $s | rev)\" >&2; sleep 0.6; exit 1"),
        ("in base64", "echo \"bad $(printf %s \"$s\" | base64)\" >&2; sleep 0.6; exit 1"),
        ("in two pieces", "printf 'bad %.7s' \"$s\" >&2; sleep 0.6; echo \"${s#???????}\" >&2; exit 1"),
        ("in many pieces", "for p in $(echo $s | fold -w 6); do printf %s $p >&2; sleep 0.4; done; echo >&2; exit 1"),
        ("with dots", "echo \"bad $(echo $s | sed 's/..../&./g')\" >&2; sleep 0.6; exit 1"),
    ] {
        for member in ["client_secret", "refresh_token"] {
            let set = format!("case \"$1\" in set) {}; {says} ;; esac\n{GOOD}", of(member));
            let manager = Manager::with_document(&set);
            manager.profile("timeout = 20\n");
            let document = manager.document();
            let secret = document[member].as_str().unwrap();
            // The sandbox fails the test if a part of 16 characters is shown.
            let shown = on_terminal(&manager, "set --login-customer-id 1234567890 --no-verify", "");
            assert!(shown.contains("code 7"), "{name}: {shown}");
            let body = &secret[7..];
            let spelled = [body.to_owned(), body.chars().rev().collect()].map(|text| text[..14].to_owned());
            assert!(!spelled.iter().any(|part| shown.contains(part)), "{name}: {shown}");
            assert!(name != "without its prefix" || shown.contains("hello\n"), "{name}: {shown}");
            if name == "without its prefix, then goes on" {
                assert!(shown.contains("[redacted]") && shown.contains("later"), "{name}: {shown}");
            }
        }
    }
    // What is not known yet has a shape.
    let get = "printf 'hello, see GOCSPX-' >&2; sleep 0.6; echo \"abcdefghijklmnop\" >&2; exit 1";
    let manager = Manager::with_document(&format!("case \"$1\" in get) {get} ;; esac\n{GOOD}"));
    let shown = on_terminal(&manager, "refresh", "");
    assert!(shown.contains("hello, see GOCSPX-[redacted]\n") && !shown.contains("abcdefgh"), "{shown}");
}

#[test]
fn a_prompt_that_comes_in_pieces_is_shown_once() {
    if without("script") {
        return;
    }
    let asks = "printf 'Pass' >&2; sleep 0.6; printf 'phrase for \\303\\251: ' >&2; sleep 0.6; echo ok >&2; printf 'next\\n' >&2; sleep 0.6";
    let manager = Manager::with_document(&format!("case \"$1\" in get) {asks} ;; esac\n{GOOD}"));
    manager.profile("timeout = 20\n");
    let shown = on_terminal(&manager, "refresh", "");
    assert!(shown.contains("Passphrase for \u{e9}: ok\nnext\n"), "{shown}");
    assert_eq!(shown.matches("Pass").count(), 1, "{shown}");
}

#[test]
fn ctrl_c_while_a_manager_has_the_terminal_interrupts_the_program() {
    if without("script") {
        return;
    }
    for (end, code) in [("kill -INT $$", 130), ("exit 130", 130), ("exit 131", 7), ("kill -QUIT $$", 7)] {
        let manager = Manager::with_document(&format!("case \"$1\" in get) {end} ;; esac\n{GOOD}"));
        let shown = on_terminal(&manager, "refresh", "");
        assert!(shown.contains(&format!("code {code}\n")), "{end}: {shown}");
        assert_eq!(shown.contains("interrupted"), code == 130, "{end}: {shown}");
    }
}

/// The manager waits until the test has typed.
#[test]
fn what_is_typed_before_the_question_does_not_answer_it() {
    for typed in ["y", "y\n", "y\ny\n"] {
        let manager = Manager::with_document(&format!("until [ -e ~/typed ]; do sleep 0.05; done\n{GOOD}"));
        let mut terminal = manager.command(&["revoke"]).code(5).terminal();
        terminal.send_key(typed.as_bytes());
        manager.sandbox.write("typed", "");
        terminal.expect("[y/N]");
        terminal.send("");
        assert!(terminal.finish().stdout.contains("nothing was revoked"), "{typed:?}");
        assert!(manager.kept().is_some_and(|kept| kept.contains(&manager.token)), "{typed:?}");
    }
}
