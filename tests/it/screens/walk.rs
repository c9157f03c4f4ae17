//! A walk through the screens with many profiles on a terminal of 80 columns, at a slow server.

use std::fmt::Write as _;
use std::time::Duration;

use super::world::World;
use crate::google::{Endpoint, Fault};
use crate::sandbox::Screen;

/// That many profiles of one token; the last but one has no token, and the file of the last is gone.
fn world_of(count: usize) -> (World, Vec<String>) {
    let world = World::new();
    let names: Vec<String> = (1..=count).map(|number| format!("client-{number:03}-of-the-agency")).collect();
    let mut entries = String::new();
    for (at, name) in names.iter().enumerate() {
        let token = if at == count - 2 { "" } else { &world.token };
        let _ = writeln!(entries, "{}", world.profile(name, token, ""));
    }
    std::fs::remove_file(world.sandbox.path(&format!("google-ads-{}.yaml", names[count - 1]))).expect("it is there");
    world.sandbox.write_profiles(&entries);
    (world, names)
}

/// The rows that the terminal broke. An error and its hint are one line each, so that a command in it can be copied.
fn broken(screen: &Screen) -> Vec<&String> {
    let is_one_line = |row: &&String| row.starts_with("error: ") || row.starts_with("hint: ");
    screen.wrapped.iter().filter(|row| !is_one_line(row)).collect()
}

#[test]
fn many_profiles_at_a_slow_server_leave_a_row_each() {
    for (count, pause) in [(30, 700), (200, 150)] {
        let (world, names) = world_of(count);
        world.sandbox.google.fault_always(Endpoint::Token, Fault::Late(Duration::from_millis(pause)));
        let screen = world.command(&["refresh", "--all"]).code(3).terminal_of(80).finish_shown(80);
        let text = screen.text();
        assert!(screen.has_progress() && screen.raw.contains(&format!("/{count} refreshed")), "{:?}", screen.raw);
        assert!(!text.contains("refreshed"), "the progress line stays: {text}");
        assert_eq!(broken(&screen), [""; 0], "{text}");
        for (at, name) in names.iter().enumerate() {
            let rows: Vec<&str> = screen.rows.iter().filter_map(|row| row.strip_prefix(name.as_str())).collect();
            let states: Vec<&str> = match at {
                _ if at == count - 2 => vec!["no token"],
                _ if at == count - 1 => vec!["failed:"],
                _ => vec!["ok, valid 59 min"],
            };
            assert_eq!(rows.len(), 1, "{name}: {text}");
            assert!(rows[0].trim_start().starts_with(states[0]), "{name}: {text}");
        }
        let failure = screen.rows.iter().position(|row| row.starts_with(&names[count - 1])).expect("a row");
        assert!(screen.rows[failure..].iter().all(|row| !row.contains(" ok,")), "failures come last: {text}");
        assert!(text.contains(&format!("error: 1 of {count} profiles failed: `{}`", names[count - 1])), "{text}");
        let table = world.command(&["show", "--all"]).terminal_of(80).finish_shown(80);
        assert_eq!((broken(&table).len(), table.rows.len()), (0, count + 1), "{}", table.text());
    }
}

#[test]
fn ctrl_c_leaves_a_clean_line() {
    let (world, _) = world_of(30);
    world.sandbox.google.fault_always(Endpoint::Token, Fault::Late(Duration::from_millis(900)));
    let mut refresh = world.command(&["refresh", "--all", "--jobs", "2"]).code(130).terminal_of(80);
    refresh.expect("/30 refreshed");
    refresh.interrupt();
    let screen = refresh.finish_shown(80);
    let text = screen.text();
    assert!(!text.contains("refreshed"), "{text}");
    assert!(
        screen.rows.iter().any(|row| row.starts_with("error: interrupted after ") && row.ends_with(" of 30 profiles")),
        "{text}"
    );
    assert!(screen.raw.ends_with('\n'), "the prompt begins on a line of its own: {:?}", screen.raw);
    let revoke = world.command(&["login", "-c", "client_secret.json", "--no-browser"]).code(130);
    let mut login = revoke.terminal_of(80);
    login.expect("Address:");
    login.interrupt();
    let screen = login.finish_shown(80);
    assert!(!screen.text().contains("Address:"), "{}", screen.text());
    assert!(screen.rows.iter().any(|row| row.starts_with("error: interrupted")), "{}", screen.text());
}

/// The frames of the progress line behind that position: what stands between two carriage returns.
fn frames(raw: &str) -> Vec<usize> {
    raw.replace("\x1b[K", "")
        .split(['\r', '\n'])
        .map(|frame| frame.chars().count())
        .filter(|width| *width > 0)
        .collect()
}

#[test]
fn the_progress_line_fits_a_terminal_of_any_width_also_when_it_changes() {
    let (world, _) = world_of(3);
    world.sandbox.google.fault_always(Endpoint::Token, Fault::Late(Duration::from_secs(4)));
    for columns in [1, 2, 5, 10, 19, 40] {
        let mut refresh = world.command(&["refresh", "-p", "client-001-of-the-agency"]).terminal_of(80);
        refresh.expect("| asking Google for an access token");
        refresh.resize(columns);
        // A frame may be under way.
        refresh.expect("\r");
        refresh.expect("\r");
        refresh.expect("\r");
        let start = refresh.so_far().len();
        if columns == 1 {
            std::thread::sleep(Duration::from_millis(500));
        } else {
            refresh.expect("\r");
            refresh.expect("\r");
        }
        let raw = refresh.so_far();
        let widest = frames(&raw[start..]).into_iter().max().unwrap_or_default();
        assert!(widest < usize::from(columns), "{columns} columns: {:?}", &raw[start..]);
        drop(refresh);
    }
}
