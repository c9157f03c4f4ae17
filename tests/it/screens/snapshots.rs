//! The main screens at 40, 80 and 120 columns, as a terminal shows them in the end: `snapshots/`.
//!
//! `INSTA_UPDATE=always cargo test --test it screens::snapshots` writes them anew.

use super::world::World;
use crate::google::Endpoint;
use crate::google::Fault;
use crate::google::browser::{self, Decision};
use crate::sandbox::Screen;

const WIDTHS: [u16; 3] = [40, 80, 120];

/// Compares the screens at every width with the stored ones; times and fingerprints are the same in all of them.
#[track_caller]
fn hold(name: &str, screen: impl Fn(&World, u16) -> Screen) {
    let mut text = String::new();
    for columns in WIDTHS {
        let screen = screen(&World::new(), columns);
        text += &format!("--- {columns} columns\n{}\n", screen.text());
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-11-23T09:41:07Z");
    settings.add_filter(r"20\d\d-\d\d-\d\d([^T])", "2026-11-23$1");
    settings.add_filter(r"(\*{8}-|fingerprint )[0-9a-f]{8}", "${1}a57761ba");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Runs the command to its end.
fn run(world: &World, args: &[&str], code: i32, columns: u16) -> Screen {
    world.shown(world.command(args).code(code).terminal_of(columns), columns)
}

#[test]
fn help() {
    hold("help", |world, columns| run(world, &["help"], 0, columns));
}

#[test]
fn login() {
    hold("login", |world, columns| {
        let args = ["login", "-c", "client_secret.json", "--no-browser"];
        let mut login = world.command(&args).env("CI", "true").terminal_of(columns);
        browser::visit(login.url().as_str(), &Decision::allow()).expect("a page");
        login.expect("answers this)");
        login.send("1");
        world.shown(login, columns)
    });
}

#[test]
fn show() {
    hold("show", |world, columns| {
        world.four_profiles();
        run(world, &["show", "-p", "shop-in-testing"], 0, columns)
    });
}

#[test]
fn show_all() {
    hold("show-all", |world, columns| {
        world.four_profiles();
        let screen = run(world, &["show", "--all"], 0, columns);
        assert_eq!(screen.wrapped, [""; 0]);
        screen
    });
}

#[test]
fn refresh_all() {
    hold("refresh-all", |world, columns| {
        world.four_profiles();
        // In the order of profiles.toml.
        run(world, &["refresh", "--all", "--jobs", "1"], 3, columns)
    });
}

#[test]
fn doctor() {
    hold("doctor", |world, columns| {
        world.four_profiles();
        run(world, &["doctor"], 0, columns)
    });
}

#[test]
fn doctor_of_a_revoked_token() {
    hold("doctor-of-a-revoked-token", |world, columns| {
        world.four_profiles();
        let revoked = Fault::oauth_error(400, "invalid_grant", "Token has been expired or revoked.");
        world.sandbox.google.fault_always(Endpoint::Token, revoked);
        run(world, &["doctor"], 4, columns)
    });
}

#[test]
fn doctor_where_nothing_is_stored() {
    hold("doctor-where-nothing-is-stored", |world, columns| run(world, &["doctor"], 3, columns));
}

#[test]
fn revoke() {
    hold("revoke", |world, columns| {
        world.four_profiles();
        let mut revoke = world.command(&["revoke", "--forget"]).terminal_of(columns);
        revoke.expect("[y/N]");
        revoke.send("y");
        world.shown(revoke, columns)
    });
}
