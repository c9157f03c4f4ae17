//! The pure parts by size of input: `cargo bench`. A throughput that stays from row to row is linear growth.
//!
//! Every format does to a big file of its library what `login` does: read it, and change one key of it. Whole processes, and
//! the peers beside them, are measured by `benches/compare`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench that cannot run panics")]

use std::fmt;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use gads_creds::credentials::Credentials;
use gads_creds::format::{FORMATS, Format};
use gads_creds::google::authorization_response::{self, ResponseChecks};
use gads_creds::google::explain::{self, Operation};
use gads_creds::secret::Secret;
use gads_creds::term;

fn main() {
    divan::main();
}

/// A file of one format and size.
struct Case {
    format: &'static dyn Format,
    size: usize,
}

impl fmt::Display for Case {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, kind) = (self.format.name(), if self.new_file().starts_with('<') { " xml" } else { "" });
        write!(out, "{name}{kind}, {} KiB", self.size >> 10)
    }
}

fn cases() -> impl Iterator<Item = Case> {
    let sizes = [1 << 10, 1 << 14, 1 << 17, 1 << 20];
    FORMATS.iter().flat_map(move |format| sizes.map(|size| Case { format: *format, size }))
}

fn credentials(token: &str) -> Credentials {
    Credentials {
        ..Credentials::of_user(
            "1234567890-abc.apps.googleusercontent.com",
            Secret::new("GOCSPX-bench"),
            Some(Secret::new(token)),
        )
    }
}

impl Case {
    fn new_file(&self) -> String {
        self.format.write("", &credentials("1//first")).expect("a new file can be written")
    }

    /// A new file, grown by lines that the format's library skips or leaves to others.
    fn text(&self) -> String {
        let start = self.new_file();
        let end = start.trim_end().rfind(['}', '<']).filter(|_| start.starts_with(['{', '<'])).unwrap_or(start.len());
        let (head, tail) = start.split_at(end);
        let mut text = head.trim_end().to_owned();
        for number in 0.. {
            if text.len() + tail.len() >= self.size {
                break;
            }
            text.push_str(&match (self.format.name().as_str(), start.as_bytes()) {
                (_, [b'{', ..]) => format!(",\n  \"other_{number}\": \"a value\""),
                (_, [b'<', ..]) => format!("\n  <other_{number} key=\"a value\" />"),
                ("python", _) => format!("\nother_{number}: a value # and why"),
                ("php", _) => format!("\nother_{number} = \"a value\" ; and why"),
                ("ruby", _) => format!("\n# other {number}: a value, and why"),
                _ => format!("\nOTHER_{number}=a_value"),
            });
        }
        text.push('\n');
        text.push_str(tail);
        text
    }
}

#[divan::bench(args = cases())]
fn read(bencher: Bencher, case: &Case) {
    let text = case.text();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| case.format.read(black_box(&text)).expect("the file can be read"));
}

#[divan::bench(args = cases())]
fn change_the_token(bencher: Bencher, case: &Case) {
    let (text, credentials) = (case.text(), credentials("1//second"));
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| case.format.write(black_box(&text), &credentials).expect("the file can be edited"));
}

/// The authorization response; the last one is longer than what is parsed.
#[divan::bench(args = [0, 100, 1_000, 10_000, 20_000])]
fn authorization_response_query(bencher: Bencher, more: usize) {
    let state = "s".repeat(43);
    let checks = ResponseChecks {
        redirect_uri: "http://127.0.0.1:8085/callback".parse().expect("a URL"),
        state: Secret::new(&state),
        issuer: "https://accounts.google.com".to_owned(),
    };
    let query =
        format!("code=4%2F0Abench&state={state}&iss=https%3A%2F%2Faccounts.google.com&more={}", "a".repeat(more));
    bencher
        .counter(BytesCount::of_str(&query))
        .bench_local(|| authorization_response::from_query(black_box(&query), &checks));
}

#[divan::bench(args = ["invalid_grant", "NOT_ADS_USER", "unheard_of"])]
fn explain(bencher: Bencher, code: &str) {
    let operation = if code == "invalid_grant" { Operation::Refresh } else { Operation::Ads };
    bencher.bench_local(|| explain::find(operation, black_box(code), None, Some("Token has been expired or revoked.")));
}

#[divan::bench(args = [100, 10_000, 1_000_000])]
fn escape(bencher: Bencher, size: usize) {
    let text = "said \u{1b}[31mby\u{202e} a server\n".repeat(size / 26);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| term::escape(black_box(&text)));
}
