//! A token waits to be stored, and its file or its profile was changed by hand since: it is found, used and stored where it belongs,
//! and what people wrote stays.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use gads_creds::secret::Secret;
use serde_json::{Value, json};

use super::{allow, recovery_files};
use crate::google::{ADWORDS, Client};
use crate::harness::keyring::Session;
use crate::sandbox::Sandbox;
use crate::stored;

const PROFILES: &str = ".config/gads-creds/profiles.toml";
const DEAD: &str = "1//0a-token-that-has-ended-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const RECOVER: &str = "`gads-creds login --recover`";

/// A stored token that has ended, and one that waits in its place.
struct Waiting {
    sandbox: Sandbox,
    client: Client,
    new: String,
}

fn fingerprint(token: &str) -> String {
    Secret::new(token).fingerprint()
}

impl Waiting {
    /// `~/google-ads.yaml` has the token that has ended.
    fn new() -> Waiting {
        let sandbox = Sandbox::new();
        sandbox.plant(DEAD);
        let client = sandbox.google.desktop();
        let new = sandbox.google.grant(&client, &[ADWORDS]);
        let waiting = Waiting { sandbox, client, new };
        waiting.stored("google-ads.yaml", DEAD);
        waiting
    }

    fn stored(&self, name: &str, token: &str) -> PathBuf {
        self.sandbox.write(name, stored::yaml(&self.client, token))
    }

    /// Google replaced the stored token of that profile, or a login was to.
    fn waits(self, profile: Option<&str>, rotated: bool) -> Waiting {
        let place = self.sandbox.home().join("google-ads.yaml");
        let location = json!({"store": "file", "file": {"Unix": place.as_os_str().as_bytes()}, "format": null});
        self.waits_for(profile, rotated, &location);
        self
    }

    fn waits_for(&self, profile: Option<&str>, rotated: bool, location: &Value) {
        let document = json!({
            "version": 1,
            "profile": profile,
            "location": location,
            "metadata": {
                "issued_at": "2026-11-22T10:00:00Z", "expires_at": null, "scopes": [ADWORDS], "account": null,
                "endpoint": self.sandbox.google.url(), "fingerprint": fingerprint(&self.new),
            },
            "credentials": {
                "client_id": self.client.id, "client_secret": self.client.secret, "refresh_token": self.new,
            },
            "replaces": fingerprint(DEAD),
            "rotated": rotated,
        });
        let directory = self.sandbox.home().join(".local/state/gads-creds/recovery");
        fs::create_dir_all(&directory).expect("it is made");
        self.sandbox.chmod(&directory, 0o700);
        let path = self.sandbox.write(directory.join("1700000000000-abcdefghijkl.json"), document.to_string());
        self.sandbox.chmod(path, 0o600);
    }

    /// Writes profiles.toml, with what was recorded of the token that has ended.
    fn profile(&self, name: &str, file: &str) -> String {
        let facts = format!("endpoint = \"{}\"\nfingerprint = \"{}\"\n", self.sandbox.google.url(), fingerprint(DEAD));
        self.sandbox.write_profiles(&format!("[profiles.{name}]\nstore = \"file\"\nfile = \"~~{file}\"\n{facts}"));
        self.sandbox.read(PROFILES)
    }

    fn has_new(&self, name: &str) -> bool {
        self.sandbox.read(name).contains(&self.new)
    }

    /// Where it waits, if it does.
    fn file(&self) -> Option<PathBuf> {
        recovery_files(&self.sandbox).pop()
    }

    fn recovered(&self, says: &str) {
        self.sandbox.command(&["login", "--recover"]).stderr_has(says).run();
        assert_eq!(self.file(), None);
    }
}

#[test]
fn a_replaced_token_goes_to_the_old_one_and_its_profile_stays_where_it_was_put() {
    let waiting = Waiting::new().waits(Some("one"), true);
    let other = waiting.sandbox.google.grant(&waiting.client, &[ADWORDS]);
    waiting.stored("other.yaml", &other);
    let profiles = waiting.profile("one", "other.yaml");
    waiting.recovered("stored the refresh token in");
    assert!(waiting.has_new("google-ads.yaml") && !waiting.has_new("other.yaml"));
    assert_eq!(waiting.sandbox.read(PROFILES), profiles);
    let shown = waiting.sandbox.run(&["show", "-p", "one"]);
    assert!(shown.stdout.contains(&fingerprint(&other)), "{shown:#?}");
}

#[test]
fn a_profile_that_was_renamed_or_removed_does_not_come_back() {
    for command in [&["login", "--recover"][..], &["refresh", "-p", "uno"]] {
        let waiting = Waiting::new().waits(Some("one"), true);
        waiting.profile("uno", "google-ads.yaml");
        let run = waiting.sandbox.command(command).stderr_has("stored the refresh token").run();
        assert!(!run.stderr.contains("`one`"), "{run:#?}");
        let profiles = waiting.sandbox.read(PROFILES);
        assert!(!profiles.contains("profiles.one") && profiles.contains(&fingerprint(&waiting.new)), "{profiles}");
        assert!(waiting.has_new("google-ads.yaml") && waiting.file().is_none());
    }
    let waiting = Waiting::new().waits(Some("one"), true);
    waiting.sandbox.write(PROFILES, "# none\n");
    waiting.recovered("stored the refresh token");
    assert_eq!(waiting.sandbox.read(PROFILES), "# none\n");
    // A client secret that was changed since is not changed back.
    let waiting = Waiting::new().waits(Some("one"), true);
    let text = waiting.sandbox.read("google-ads.yaml").replace(&waiting.client.secret, "GOCSPX-a-newer-secret");
    waiting.sandbox.write("google-ads.yaml", &text);
    waiting.recovered("stored the refresh token");
    assert_eq!(waiting.sandbox.read("google-ads.yaml"), text.replace(DEAD, &waiting.new));
}

#[test]
fn a_login_of_a_profile_that_is_elsewhere_by_now_loses_no_token_of_the_old_place() {
    let waiting = Waiting::new().waits(Some("one"), true);
    waiting.sandbox.client_secrets(&waiting.client);
    waiting.profile("one", "other.yaml");
    allow(super::login(&waiting.sandbox, &["-p", "one"]).stderr_has("an earlier run left a credential"));
    waiting.recovered("google-ads.yaml`");
    assert!(waiting.has_new("google-ads.yaml") && !waiting.has_new("other.yaml"));
    waiting.sandbox.command(&["refresh", "-p", "one"]).stderr_has("other.yaml` works").run();
}

#[test]
fn a_login_renames_no_profile_back() {
    let waiting = Waiting::new().waits(Some("one"), false);
    waiting.profile("uno", "google-ads.yaml");
    waiting.recovered("(profile `uno`)");
    assert!(!waiting.sandbox.read(PROFILES).contains("profiles.one") && waiting.has_new("google-ads.yaml"));
}

#[test]
fn a_replaced_token_follows_its_file() {
    let moved = |waiting: &Waiting| {
        let home = waiting.sandbox.home();
        fs::rename(home.join("google-ads.yaml"), home.join("moved.yaml")).expect("it is renamed");
    };
    // A profile names the file where it is now.
    let waiting = Waiting::new().waits(Some("one"), true);
    moved(&waiting);
    waiting.profile("neu", "moved.yaml");
    waiting.recovered("moved.yaml` (profile `neu`)");
    assert!(waiting.has_new("moved.yaml") && !waiting.sandbox.home().join("google-ads.yaml").exists());
    assert!(!waiting.sandbox.read(PROFILES).contains("profiles.one"));
    for (profile, command) in
        [("neu", &["refresh", "-p", "neu"][..]), ("one", &["refresh", "--config", "../home/moved.yaml"])]
    {
        let waiting = Waiting::new().waits(Some("one"), true);
        moved(&waiting);
        waiting.profile(profile, if profile == "neu" { "moved.yaml" } else { "google-ads.yaml" });
        waiting.sandbox.command(command).stderr_has("works: access token issued").run();
        assert!(waiting.has_new("moved.yaml") && waiting.file().is_none());
    }
    // Nobody knows where the file is.
    let waiting = Waiting::new().waits(Some("one"), true);
    moved(&waiting);
    let profiles = waiting.profile("one", "google-ads.yaml");
    let refused = waiting.sandbox.command(&["login", "--recover"]).code(2).stderr_has("is gone; the new one stays in");
    refused.stderr_has("`gads-creds refresh --config FILE`").stderr_has("`gads-creds login --recover --force`").run();
    assert!(waiting.file().is_some() && !waiting.sandbox.home().join("google-ads.yaml").exists());
    assert_eq!(waiting.sandbox.read(PROFILES), profiles);
    waiting.sandbox.command(&["login", "--recover", "--force"]).stderr_has("google-ads.yaml` (profile `one`)").run();
    assert!(waiting.has_new("google-ads.yaml") && waiting.file().is_none());
}

#[test]
fn a_copy_of_the_file_gets_the_new_token_and_leaves_it_for_the_file_itself() {
    let waiting = Waiting::new().waits(Some("one"), true);
    waiting.profile("one", "google-ads.yaml");
    let copy = waiting.stored("copy.yaml", DEAD);
    let copy = copy.to_str().expect("text");
    let exec = ["exec", "--config", copy, "--", "/usr/bin/printenv", "GOOGLE_ADS_REFRESH_TOKEN"];
    let exec = waiting.sandbox.command(&exec).reveals(&waiting.new).stderr_has("Google replaced the refresh token");
    assert_eq!(exec.stdout_has("").run().stdout.trim_end(), waiting.new);
    let deleted = waiting.stored("deleted.yaml", DEAD);
    let delete = ["revoke", "--yes", "--local-only", "--config", deleted.to_str().expect("text")];
    waiting.sandbox.command(&delete).stderr_has("removed the refresh token (still valid at Google)").run();
    assert!(waiting.file().is_some(), "the file itself needs it");
    waiting.sandbox.command(&["refresh", "--config", copy]).stderr_has("it is kept there for").run();
    assert!(waiting.has_new("copy.yaml") && waiting.file().is_some());
    waiting.sandbox.command(&["refresh", "--config", copy]).stderr("").stderr_has("works").run();
    waiting.sandbox.command(&["refresh", "-p", "one"]).stderr_has("works: access token issued").run();
    assert!(waiting.has_new("google-ads.yaml") && waiting.file().is_none());
}

#[test]
fn what_waits_for_the_file_of_a_copy_is_renewed_with_the_copy() {
    let waiting = Waiting::new().waits(Some("one"), true);
    waiting.profile("one", "google-ads.yaml");
    let copy = waiting.stored("copy.yaml", DEAD);
    waiting.sandbox.google.world().rotate = true;
    let refresh = waiting.sandbox.command(&["refresh", "--config", copy.to_str().expect("text")]);
    refresh.stderr_has("it is kept there for").stderr_has("Google replaced the refresh token").run();
    assert!(!waiting.sandbox.google.lives(&waiting.new) && waiting.file().is_some());
    waiting.sandbox.command(&["refresh", "-p", "one"]).stderr_has("works: access token issued").run();
    assert_eq!(waiting.file(), None);
}

#[test]
fn a_revocation_ends_nothing_that_waits_for_another_place() {
    for more in [&[][..], &["--local-only"]] {
        let waiting = Waiting::new().waits(Some("one"), true);
        let client = waiting.sandbox.google.desktop();
        let other = waiting.sandbox.google.grant(&client, &[ADWORDS]);
        waiting.sandbox.write("other.yaml", stored::yaml(&client, &other));
        waiting.profile("one", "other.yaml");
        let revoke = [&["revoke", "--yes", "-p", "one"], more].concat();
        let run = waiting.sandbox.command(&revoke).stderr_has("other.yaml`").run();
        assert!(waiting.file().is_some() && waiting.sandbox.google.lives(&waiting.new), "{run:#?}");
        assert!(!run.stderr.contains("recovery"), "{run:#?}");
        waiting.recovered("google-ads.yaml`");
        assert!(waiting.has_new("google-ads.yaml"));
    }
}

#[test]
fn whatever_is_at_the_old_path_keeps_no_token_from_the_file_that_was_moved() {
    for at_old_path in ["pipe", "directory", "another account"] {
        for command in [&["login", "--recover"][..], &["refresh", "-p", "one"]] {
            let waiting = Waiting::new().waits(Some("one"), true);
            let home = waiting.sandbox.home();
            let (old, moved) = (home.join("google-ads.yaml"), home.join("moved.yaml"));
            fs::rename(&old, moved).expect("it is renamed");
            waiting.profile("one", "moved.yaml");
            match at_old_path {
                "pipe" => rustix::fs::mkfifoat(rustix::fs::CWD, &old, rustix::fs::Mode::RUSR).expect("a pipe"),
                "directory" => fs::create_dir(&old).expect("a directory"),
                _ => {
                    let token = waiting.sandbox.google.grant(&waiting.client, &[ADWORDS]);
                    waiting.stored("google-ads.yaml", &token);
                }
            }
            let run = waiting.sandbox.command(command).stderr_has("stored the refresh token").run();
            assert!(!run.stderr.contains("it is kept there"), "{at_old_path}: {run:#?}");
            assert!(waiting.has_new("moved.yaml") && waiting.file().is_none(), "{at_old_path}: {run:#?}");
        }
    }
}

#[test]
fn a_login_of_a_profile_that_was_renamed_makes_no_new_file() {
    let waiting = Waiting::new().waits(Some("one"), false);
    let later = waiting.sandbox.google.grant(&waiting.client, &[ADWORDS]);
    waiting.stored("google-ads.yaml", &later);
    let profiles = waiting.profile("uno", "google-ads.yaml");
    waiting.sandbox.command(&["login", "--recover"]).code(2).stderr_has("stored since").run();
    assert!(waiting.file().is_some() && !waiting.has_new("google-ads.yaml"));
    assert_eq!(waiting.sandbox.read(PROFILES), profiles);
}

#[test]
fn a_login_whose_profile_is_elsewhere_by_now_is_stored_on_demand() {
    let waiting = Waiting::new().waits(Some("one"), false);
    waiting.stored("other.yaml", "1//0-another-token-of-another-login");
    let profiles = waiting.profile("one", "other.yaml");
    let file = waiting.file().expect("it waits");
    let refused = waiting.sandbox.command(&["login", "--recover"]).code(2).stderr_has("profile `one` is kept in `");
    let refused = refused.stderr_has("since that login was begun").stderr_has(&format!("remove `{}`", file.display()));
    refused.stderr_has("`gads-creds login --recover --force`").run();
    assert_eq!((waiting.sandbox.read(PROFILES), waiting.file()), (profiles, Some(file)));
    // `refresh` of the file itself does not finish it either.
    let path = waiting.sandbox.home().join("google-ads.yaml");
    waiting.stored("google-ads.yaml", &waiting.new);
    waiting.sandbox.command(&["refresh", "--config", path.to_str().expect("text")]).stderr_has("works").run();
    assert!(waiting.file().is_some());
    let forced = waiting.sandbox.command(&["login", "--recover", "--force"]).stderr_has("left the secrets in");
    forced.stderr_has("google-ads.yaml` (profile `one`)").run();
    assert!(waiting.has_new("google-ads.yaml") && waiting.sandbox.read("other.yaml").contains("1//0-another-token"));
    assert!(waiting.sandbox.read(PROFILES).contains("google-ads.yaml"));
}

#[test]
fn a_login_that_waits_for_a_keychain_does_not_take_the_profile_back_from_its_file() {
    let waiting = Waiting::new();
    waiting.waits_for(Some("one"), false, &json!({"store": "keychain", "profile": "one"}));
    let profiles = waiting.profile("one", "google-ads.yaml");
    let Some(session) = Session::start(&waiting.sandbox) else { return };
    session.command(&["login", "--recover"]).code(2).stderr_has("is kept in `").stderr_has("--recover --force`").run();
    assert_eq!(waiting.sandbox.read(PROFILES), profiles);
    assert_eq!(session.entries(), "");
    session.command(&["login", "--recover", "--force"]).stderr_has("left the secrets in").run();
    assert!(session.entries().contains("one/refresh_token") && waiting.sandbox.read("google-ads.yaml").contains(DEAD));
}

const REJECTED: &str = "a newer refresh token, which could not be stored, is in `";

#[test]
fn a_login_that_waits_is_named_before_the_stored_token_is_blamed() {
    let waiting = Waiting::new().waits(Some("one"), false);
    waiting.profile("one", "google-ads.yaml");
    let sandbox = &waiting.sandbox;
    let is_not_blamed = |stderr: &str| assert!(!stderr.contains("gads-creds login -p"), "{stderr}");
    let refresh = sandbox.command(&["refresh", "-p", "one"]).code(4).stderr_has(REJECTED).stderr_has(RECOVER).run();
    is_not_blamed(&refresh.stderr);
    let all = sandbox.command(&["refresh", "--all"]).code(4).stderr_has(REJECTED).stderr_has(RECOVER).run();
    is_not_blamed(&all.stderr);
    let doctor = sandbox.command(&["doctor", "-p", "one"]).code(4).stdout_has(REJECTED).stderr_has(RECOVER).run();
    is_not_blamed(&doctor.stderr);
    let expired = waiting.sandbox.read(PROFILES) + "expires_at = \"2026-01-01T00:00:00Z\"\n";
    sandbox.write(PROFILES, &expired);
    let offline = sandbox.command(&["doctor", "-p", "one", "--offline"]).code(4).stdout_has(RECOVER);
    is_not_blamed(&offline.stderr_has(RECOVER).run().stdout);
    let later = "the refresh token of a later login could not be stored in `";
    sandbox.command(&["show", "-p", "one"]).stdout_has("").stderr_has(later).stderr_has(RECOVER).run();
    sandbox.command(&["exec", "-p", "one", "--", "/usr/bin/true"]).stderr_has(later).stderr_has(RECOVER).run();
    sandbox.command(&["export", "-p", "one", "java"]).stderr_has(later).stderr_has(RECOVER).run();
    waiting.recovered("stored the refresh token");
    sandbox.command(&["refresh", "-p", "one"]).stderr_has("works: access token issued").run();
}

#[test]
fn a_first_login_that_waits_is_named_where_there_is_no_profile_or_no_token_yet() {
    let commands: [&[&str]; 8] = [
        &["refresh"],
        &["show"],
        &["exec", "--", "/usr/bin/true"],
        &["export", "java"],
        &["doctor"],
        &["move", "--store", "file", "--config", "other.yaml"],
        &["set", "--login-customer-id", "1234567890", "--no-verify"],
        &["revoke", "--yes"],
    ];
    let waiting = Waiting::new().waits(Some("neu"), false);
    for command in commands {
        let (verb, rest) = command.split_first().expect("a command");
        let args = [&[*verb, "-p", "neu"], rest].concat();
        let run = waiting.sandbox.command(&args).code(3).stderr_has("there is no profile `neu`");
        let run = run.stderr_has("a credential that was never stored is in `").stderr_has(RECOVER);
        let run = if *verb == "doctor" { run.stdout_has(RECOVER) } else { run }.run();
        assert!(!run.stderr.contains("login -p neu"), "{run:#?}");
        // Another profile has nothing to do with it.
        let args = [&[*verb, "-p", "elsewhere"], rest].concat();
        let run = waiting.sandbox.command(&args).code(3).stderr_has("run `gads-creds login -p elsewhere`");
        if *verb == "doctor" { run.stdout_has("") } else { run }.run();
    }
    fs::remove_file(waiting.sandbox.home().join("google-ads.yaml")).expect("it is there");
    let refresh = waiting.sandbox.command(&["refresh"]).code(3).stderr_has("there is no refresh token in");
    refresh.stderr_has("a credential that was never stored is in `").stderr_has(RECOVER).run();
    let other = waiting.sandbox.home().join("another.yaml");
    let refresh = waiting.sandbox.command(&["refresh", "--config", other.to_str().expect("text")]);
    refresh.code(3).stderr_has("run `gads-creds login --config").run();
}

#[test]
fn what_cannot_be_read_in_recovery_is_named_where_the_token_is_blamed() {
    let unknown = "whether a newer token waits there is unknown";
    let waiting = Waiting::new().waits(None, true);
    let directory = waiting.sandbox.home().join(".local/state/gads-creds/recovery");
    waiting.sandbox.chmod(&directory, 0o777);
    let refresh = waiting.sandbox.command(&["refresh"]).code(4).stderr_has(unknown).stderr_has("everybody may write");
    refresh.stderr_has("chmod").run();
    let doctor = waiting.sandbox.command(&["doctor"]).code(4).stdout_has(unknown).stderr_has(unknown);
    doctor.stderr_has("chmod").run();
    waiting.sandbox.chmod(&directory, 0o700);
    fs::write(waiting.file().expect("it waits"), "{\"version\": 1").expect("it is damaged");
    let refresh = waiting.sandbox.command(&["refresh"]).code(4).stderr_has(unknown).stderr_has("is damaged");
    refresh.stderr_has("if you know that nothing in it is needed, remove it").run();
}

#[test]
fn a_directory_among_recovery_files_is_no_mistake_of_docker() {
    let sandbox = Sandbox::new();
    let directory = sandbox.home().join(".local/state/gads-creds/recovery");
    fs::create_dir_all(directory.join("x.json")).expect("it is made");
    sandbox.chmod(Path::new(&directory), 0o700);
    let run = sandbox.command(&["login", "--recover"]).code(1).stderr_has("x.json` is a directory");
    let run = run.stderr_has("if you know that nothing in it is needed, remove it").run();
    assert!(!run.stderr.contains("Docker"), "{run:#?}");
}
