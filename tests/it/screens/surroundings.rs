//! Color and progress: only where the terminal can show them and nobody declined.

use std::time::Duration;

use super::world::World;
use crate::google::{Endpoint, Fault};

/// Longer than the second after which a wait shows progress.
const SLOW: Duration = Duration::from_millis(1_600);

#[test]
fn color_and_progress_are_shown_only_on_a_terminal_that_has_them() {
    for (variables, color, progress) in [
        (&[][..], true, true),
        (&[("NO_COLOR", "1")], false, true),
        // By its own rule an empty variable does not count.
        (&[("NO_COLOR", "")], true, true),
        (&[("TERM", "dumb")], false, false),
        (&[("TERM", "")], false, false),
        (&[("CI", "true")], true, false),
        // As build scripts say that it is none.
        (&[("CI", "false")], true, true),
        (&[("CI", "")], true, true),
    ] {
        let world = World::new();
        world.four_profiles();
        world.sandbox.google.fault_always(Endpoint::Token, Fault::Late(SLOW));
        for (args, code, has_progress) in
            [(&["refresh", "--all"][..], 3, progress), (&["doctor"], 0, progress), (&["show"], 0, false)]
        {
            let command = world.command(args).code(code);
            let command = variables.iter().fold(command, |command, (name, value)| command.env(name, *value));
            let screen = command.terminal_of(80).finish_shown(80);
            let is_colored = color && args != ["show"];
            assert_eq!(
                (screen.has_color(), screen.has_progress()),
                (is_colored, has_progress),
                "{args:?} with {variables:?}: {:?}",
                screen.raw
            );
        }
    }
}

#[test]
fn without_a_terminal_there_is_text_alone() {
    let world = World::new();
    world.four_profiles();
    world.sandbox.google.fault_always(Endpoint::Token, Fault::Late(SLOW));
    for (args, code) in [(&["refresh", "--all"][..], 3), (&["doctor"], 0), (&["show", "--all"], 0), (&["help"], 0)] {
        let run = world.command(args).observe();
        assert_eq!(run.code, code, "{run:#?}");
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains(['\x1b', '\r']), "{args:?}: {text:?}");
        }
    }
    // No width is assumed: whole paths, for programs that cut lines into words.
    let table = world.command(&["show", "--all"]).observe().stdout;
    assert!(table.contains("  ~/clients/2019/old-google-ads.yaml\n"), "{table}");
}

#[test]
fn quiet_prints_failures_alone_and_no_progress() {
    let world = World::new();
    world.four_profiles();
    world.sandbox.google.fault_always(Endpoint::Token, Fault::Late(SLOW));
    let screen = world.command(&["refresh", "--all", "-q"]).code(3).terminal_of(80).finish_shown(80);
    assert!(!screen.has_progress() && !screen.text().contains("agency"), "{}", screen.text());
    assert!(screen.text().contains("moved-away"), "{}", screen.text());
}
