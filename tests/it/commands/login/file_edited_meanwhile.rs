//! A user saves a file at the last moment, between the program's last check and its rename: no edit is overwritten, and
//! the token is stored with it or waits for `login --recover`.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::{CLIENT, browse, issued, new_file, recovery_files};
use crate::child::chmod;
use crate::google::Client;
use crate::sandbox::{Outcome, PATIENCE, Sandbox};
use crate::traced::{self, each};

const OLD_TOKEN: &str = "1//0-the-token-of-before";
const FILE: &str = "google-ads.yaml";
const PROFILES: &str = ".config/gads-creds/profiles.toml";
/// How long strace delays an exchange.
const SWAP: Duration = Duration::from_secs(1);

type Edit<'a> = dyn Fn(&Path) + Sync + 'a;

/// Runs a login of the profile `work` into `~/google-ads.yaml`; these exchanges are delayed, and once a temporary file
/// for `file` is written, the edits are made, one per exchange.
fn edited(sandbox: &Sandbox, swaps: &str, file: &str, edits: &[&Edit<'_>]) -> Outcome {
    let delay = format!("renameat2:delay_enter={}:when={swaps}", SWAP.as_micros());
    let args = [
        &["login", "--no-browser", "--no-verify"],
        &CLIENT[..],
        &["-p", "work", "--config", "../home/google-ads.yaml"],
    ];
    let running = traced::command(sandbox, Some(&delay), &args.concat()).start();
    let page = browse(&running.url());
    let file = sandbox.home().join(file);
    let end = Instant::now() + PATIENCE;
    while temporary(&file).is_empty() {
        assert!(Instant::now() < end, "nothing was written temporary");
        thread::sleep(Duration::from_millis(5));
    }
    for edit in edits {
        // Into the middle of the delay.
        thread::sleep(SWAP / 2);
        edit(&file);
        thread::sleep(SWAP / 2);
    }
    page.join().expect("the browser does not panic").expect("a page");
    running.observe()
}

/// Returns the temporary files next to that file.
fn temporary(file: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(file.parent().expect("a directory")).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.display().to_string().contains(".gads-creds-")).collect()
}

fn by_rename(file: &Path, text: &str) {
    let other = file.with_file_name("editors-own");
    fs::write(&other, text).expect("a file of ours");
    chmod(&other, 0o600);
    fs::rename(other, file).expect("a file of ours");
}

fn old(client: &Client) -> String {
    new_file(client, OLD_TOKEN)
}

#[test]
fn an_edit_at_the_last_moment_is_kept_with_the_token() {
    if traced::cannot() {
        return;
    }
    let in_place =
        |file: &Path| fs::write(file, fs::read_to_string(file).expect("text") + "# by hand\n").expect("ours");
    let renamed = |file: &Path| by_rename(file, &(fs::read_to_string(file).expect("text") + "# by hand\n"));
    let appeared = |file: &Path| by_rename(file, "# by hand\n");
    let ways: [(&str, bool, &Edit); 3] =
        [("saved in place", true, &in_place), ("saved by rename", true, &renamed), ("new", false, &appeared)];
    each(&ways, |(way, there, edit)| {
        let sandbox = Sandbox::new();
        let client = sandbox.desktop();
        if *there {
            sandbox.write(FILE, old(&client));
        }
        let outcome = edited(&sandbox, "1", FILE, &[edit]);
        assert_eq!(outcome.code, 0, "{way}: {outcome:#?}");
        let text = sandbox.read(FILE);
        let kept = if *there { text.ends_with("# by hand\n") } else { text.starts_with("# by hand\n") };
        assert!(kept && text.contains(&issued(&sandbox)) && !text.contains(OLD_TOKEN), "{way}: {text}");
        sandbox.command(&["refresh", "-p", "work"]).stderr_has("works").run();
        assert!(temporary(&sandbox.home().join(FILE)).is_empty() && recovery_files(&sandbox).is_empty(), "{way}");
    });
}

#[test]
fn an_edit_at_the_last_moment_that_prevents_storing_is_kept() {
    if traced::cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    sandbox.write(FILE, old(&client));
    let outcome = edited(&sandbox, "1", FILE, &[&|file| by_rename(file, "- a list\n")]);
    assert!(outcome.code == 1 && outcome.stderr.contains("login --recover"), "{outcome:#?}");
    assert_eq!(sandbox.read(FILE), "- a list\n");
    fs::remove_file(sandbox.home().join(FILE)).expect("ours");
    sandbox.command(&["login", "--recover"]).stderr_has("stored the refresh token").run();
    assert_eq!(sandbox.read(FILE), new_file(&client, &issued(&sandbox)));
    assert!(temporary(&sandbox.home().join(FILE)).is_empty() && recovery_files(&sandbox).is_empty());
}

#[test]
fn two_edits_within_two_calls_are_both_kept() {
    if traced::cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    sandbox.write(FILE, old(&client));
    // The first edit comes before the exchange, the second before the first is put back.
    let (first, second) = (format!("{}# first\n", old(&client)), format!("{}# second\n", old(&client)));
    let edits: [&Edit; 2] = [&|file| by_rename(file, &first), &|file| by_rename(file, &second)];
    let outcome = edited(&sandbox, "1..2", FILE, &edits);
    assert!(outcome.code == 1 && outcome.stderr.contains("one of the two texts is kept as"), "{outcome:#?}");
    assert!(outcome.stderr.contains("login --recover"), "{outcome:#?}");
    let [kept] = &temporary(&sandbox.home().join(FILE))[..] else {
        panic!("{:?}", temporary(&sandbox.home().join(FILE)))
    };
    assert!(outcome.stderr.contains(kept.file_name().expect("a name").to_str().expect("text")), "{outcome:#?}");
    assert_eq!((sandbox.read(FILE), sandbox.read(kept)), (first, second.clone()));
    // Recovery clears what runs leave, but not what it was asked to keep.
    sandbox.command(&["login", "--recover"]).stderr_has("stored the refresh token").run();
    assert_eq!(sandbox.read(kept), second);
    assert!(sandbox.read(FILE).ends_with("# first\n") && sandbox.read(FILE).contains(&issued(&sandbox)));
}

#[test]
fn an_edit_at_the_last_moment_is_kept_in_profiles_toml() {
    if traced::cannot() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let (before, edit) = ("# mine\n", "# mine\n[profiles.other]\nstore = \"keychain\"\n");
    sandbox.write(PROFILES, before);
    let outcome = edited(&sandbox, "2", PROFILES, &[&|file| by_rename(file, edit)]);
    assert_eq!(outcome.code, 0, "{outcome:#?}");
    let text = sandbox.read(PROFILES);
    assert!(text.starts_with(edit) && text.contains("[profiles.work]"), "{text}");
    sandbox.command(&["refresh", "-p", "work"]).stderr_has("works").run();
}
