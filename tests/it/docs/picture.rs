//! The picture at the top of the manual: a real session of the program on a terminal, drawn as text in an SVG.
//!
//! `GADS_CREDS_WRITE_DOCS=1 cargo test --test it picture::` draws it again. What differs between runs (directory,
//! client, fingerprints, time) is replaced by fixed values, and the stand-in's address by Google's; the two lines about
//! the stand-in are left out. The picture can therefore be compared with the program like any text.
#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::google::Account;
use crate::google::browser::{self, Decision};
use crate::sandbox::Sandbox;

const FILE: &str = ".github/session.svg";
/// Characters per line; longer lines are broken at a space, and the URL is cut.
const COLUMNS: usize = 80;
const LINE: usize = 20;
const ADVANCE: usize = 8;
const MARGIN: usize = 24;

const STYLE: &str = "text{font:13.3px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;\
    fill:#d7dde5;white-space:pre}.p{fill:#8b98a9}.c{fill:#fff;font-weight:600}";

/// One command and what it printed.
struct Scene {
    command: String,
    screen: String,
}

#[test]
fn the_picture_of_the_manual_is_a_real_session() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let wanted = draw(&play());
    if std::env::var_os("GADS_CREDS_WRITE_DOCS").is_some() {
        fs::write(&path, &wanted).unwrap();
    } else if fs::read_to_string(&path).unwrap_or_default() != wanted {
        panic!("{FILE} is not what the program prints now: run with GADS_CREDS_WRITE_DOCS=1\n{wanted}");
    }
}

fn play() -> Vec<Scene> {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let shop = || Account::new("2345678901", "Garden Tools Shop");
    let agency = Account::new("1234567890", "Garden Tools").managing(vec![shop()]);
    sandbox.google.world().people[0].accounts = Some(vec![agency, shop()]);
    let fixed = |screen: &str| {
        let (project, _) = client.id.split_once('-').expect("a project's number");
        let text = screen
            .replace(&sandbox.home().display().to_string(), "/home/you")
            .replace(sandbox.google.url(), "https://accounts.google.com")
            .replace(&client.id, "1234567890-abc.apps.googleusercontent.com")
            .replace(project, "1234567890");
        let kept = text.lines().filter(|line| !line.contains("GADS_CREDS_ENDPOINT") && !line.starts_with("endpoint "));
        kept.flat_map(|line| fold(&settle(line))).collect::<Vec<_>>().join("\n")
    };
    let login = ["login", "-c", "client_secret.json"];
    // Without a spinner, which would depend on the machine's speed; the test acts as the browser.
    let mut terminal = sandbox.command(&login).directory("").env("CI", "true").env("BROWSER", "/bin/true").terminal();
    browser::visit(terminal.url().as_str(), &Decision::allow()).unwrap();
    let question = "answers this): ";
    terminal.expect(question);
    terminal.send("1");
    let screen = terminal.finish().stdout.replace(question, &format!("{question}1\n"));
    let mut scenes = vec![Scene { command: login.join(" "), screen: fixed(&screen) }];
    for command in ["show", "refresh"] {
        let screen = sandbox.command(&[command]).env("CI", "true").terminal().finish().stdout;
        scenes.push(Scene { command: command.to_owned(), screen: fixed(&screen) });
    }
    scenes
}

/// Returns the line with a fixed time and fixed fingerprints.
fn settle(line: &str) -> String {
    if let Some((label, _)) = line.split_once("2026-").filter(|(label, _)| label.starts_with("issued")) {
        return format!("{label}2026-11-23T09:41:07Z (less than a minute ago)");
    }
    match line.split_once("********-") {
        Some((before, _)) if line.starts_with("client secret") => format!("{before}********-80e7ff8d"),
        Some((before, _)) => format!("{before}********-a57761ba"),
        None => line.to_owned(),
    }
}

/// Breaks the line into lines that fit.
fn fold(line: &str) -> Vec<String> {
    if line.starts_with("https://") {
        return vec![line.chars().take(COLUMNS - 1).chain(['…']).collect()];
    }
    let mut lines = vec![String::new()];
    for word in line.split_inclusive(' ') {
        let last = lines.last_mut().expect("there is one");
        if last.chars().count() + word.trim_end().chars().count() > COLUMNS {
            lines.push(word.to_owned());
        } else {
            last.push_str(word);
        }
    }
    lines
}

fn draw(scenes: &[Scene]) -> String {
    let mut rows: Vec<String> = Vec::new();
    for Scene { command, screen } in scenes {
        if !rows.is_empty() {
            rows.push(String::new());
        }
        rows.push(format!("<tspan class=\"p\">$ </tspan><tspan class=\"c\">gads-creds {}</tspan>", escape(command)));
        rows.extend(screen.lines().map(escape));
    }
    let (width, height) = (COLUMNS * ADVANCE + 2 * MARGIN, rows.len() * LINE + 2 * MARGIN - 6);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>A session of gads-creds: login, show, refresh</title>\n<style>{STYLE}</style>\n\
         <rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"10\" fill=\"#14191f\" stroke=\"#3d4855\"/>\n",
        width - 1,
        height - 1
    );
    for (row, line) in rows.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        let y = MARGIN + 10 + row * LINE;
        let _ = writeln!(svg, "<text x=\"{MARGIN}\" y=\"{y}\">{line}</text>");
    }
    svg + "</svg>\n"
}

fn escape(line: &str) -> String {
    line.trim_end().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
