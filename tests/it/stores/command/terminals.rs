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
