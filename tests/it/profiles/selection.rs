//! Which credential is selected, and what is known of its token.

use std::fs;
use std::path::{MAIN_SEPARATOR, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use gads_creds::credentials::IdentityKind;
use gads_creds::profile::{Location, Profile, ProfileName, SelectedBy, TokenMetadata, when};
use gads_creds::secret::Secret;

use crate::sandbox::Sandbox;

const TWO: &str = "\
default = \"work\"

[profiles.work]
file = \"~/work.yaml\"

[profiles.client-a]           # comments stay
store = \"file\"
file = \"~/client-a.yaml\"
";

/// Creates four files with different tokens, two of them profiles.
pub fn four() -> Sandbox {
    let sandbox = Sandbox::new();
    for name in ["google-ads", "work", "client-a", "other"] {
        sandbox.write_yaml(&format!("{name}.yaml"), &format!("1//0-token-of-{name}"));
    }
    sandbox.write_profiles(TWO);
    sandbox
}

/// Returns the file that a run of `show` selects.
#[track_caller]
pub fn meant(sandbox: &Sandbox, args: &[&str], variables: &[(&str, &str)]) -> String {
    let run = sandbox.run_with(&[&["show", "--json"], args].concat(), variables);
    let file = PathBuf::from(run.fine_json()["file"].as_str().expect("it is a file"));
    file.file_name().expect("a name").to_string_lossy().into_owned()
}

#[test]
fn the_first_rule_that_matches_says_which_credential_is_meant() {
    let sandbox = four();
    let by_profile = ("GADS_CREDS_PROFILE", "client-a");
    let by_file = ("GOOGLE_ADS_CONFIGURATION_FILE_PATH", "other.yaml");
    assert_eq!(meant(&sandbox, &["--config", "other.yaml"], &[by_profile]), "other.yaml");
    assert_eq!(meant(&sandbox, &["-p", "work"], &[by_profile, by_file]), "work.yaml");
    assert_eq!(meant(&sandbox, &[], &[by_profile, by_file]), "client-a.yaml");
    assert_eq!(meant(&sandbox, &[], &[by_file]), "other.yaml");
    assert_eq!(meant(&sandbox, &[], &[]), "work.yaml");
    sandbox.write_profiles(&TWO.replace("default = \"work\"", ""));
    assert_eq!(meant(&sandbox, &[], &[]), "google-ads.yaml");
    fs::remove_file(sandbox.profiles_file()).expect("it is there");
    assert_eq!(meant(&sandbox, &[], &[]), "google-ads.yaml");
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let empty = [("GADS_CREDS_PROFILE", ""), ("GOOGLE_ADS_CONFIGURATION_FILE_PATH", "")];
    assert_eq!(meant(&four(), &[], &empty), "work.yaml");
}

#[test]
fn a_profile_and_a_file_conflict() {
    four().run(&["show", "-p", "work", "--config", "other.yaml"]).fails(2, &["`--profile` and `--config`", "hint: "]);
}

#[test]
fn an_unknown_profile_exits_3_with_the_known_ones_and_the_nearest() {
    let sandbox = four();
    sandbox
        .run(&["show", "-p", "wrok"])
        .fails(3, &["there is no profile `wrok`; known: `work`, `client-a`", "hint: did you mean `-p work`?"]);
    sandbox.run(&["show", "-p", "nobody"]).fails(3, &["hint: run `gads-creds login -p nobody` to create it"]);
    sandbox
        .run_with(&["show"], &[("GADS_CREDS_PROFILE", "client-b")])
        .fails(3, &["did you mean `GADS_CREDS_PROFILE=client-a`?"]);
    Sandbox::new().run(&["show", "-p", "work"]).fails(3, &["there are no profiles yet"]);
}

#[test]
fn a_new_profile_is_not_called_like_another_one_in_other_case() {
    let sandbox = four();
    let before = sandbox.read(".config/gads-creds/profiles.toml");
    let refused = |args: &[&str], variables: &[(&str, &str)], step: &str| {
        let run = sandbox.run_with(&[&["login", "--no-browser"], args].concat(), variables);
        run.fails(2, &["there is a profile `work` already, whose name differs from `WORK` only in case", step]);
        assert_eq!(sandbox.read(".config/gads-creds/profiles.toml"), before);
    };
    refused(&["-p", "WORK"], &[], "did you mean `-p work`?");
    refused(&["-p", "WORK", "--config", "new.yaml"], &[], "did you mean `-p work`?");
    refused(&["-p", "WORK", "--store", "keychain"], &[], "did you mean `-p work`?");
    refused(&[], &[("GADS_CREDS_PROFILE", "WORK")], "did you mean `GADS_CREDS_PROFILE=work`?");
    // Two that somebody wrote by hand are used as they are.
    sandbox.write_profiles(&TWO.replace("client-a]", "WORK]"));
    assert_eq!(meant(&sandbox, &["-p", "WORK"], &[]), "client-a.yaml");
    assert_eq!(meant(&sandbox, &["-p", "work"], &[]), "work.yaml");
}

#[test]
fn a_default_that_names_no_profile_exits_3() {
    let sandbox = four();
    sandbox.write_profiles(&TWO.replace("default = \"work\"", "default = \"wrok\""));
    sandbox.run(&["show"]).fails(3, &["`default` in profiles.toml", "did you mean `default = \"work\"`?"]);
}

/// What another library reads, written into it, would spoil the file.
#[test]
fn a_format_never_means_a_file_of_another_library() {
    let sandbox = four();
    let before = sandbox.read("work.yaml");
    let missing = format!("{MAIN_SEPARATOR}ads.properties`: there is no such file");
    sandbox.run(&["refresh", "--format", "java"]).fails(3, &[&missing]);
    sandbox.write_profiles("default = \"team\"\n[profiles.team]\nstore = \"keychain\"\n");
    sandbox.run(&["refresh", "--format", "java"]).fails(3, &[&missing]);
    sandbox.write_profiles(TWO);
    for command in [&["login", "--no-browser"][..], &["refresh"], &["set", "--login-customer-id", "1234567890"]] {
        for of in [&["-p", "work"][..], &["--config", "work.yaml"]] {
            let run = sandbox.run(&[command, of, &["--format", "java"]].concat());
            let step = "hint: name another file with `--config`, or `--format python` for this one";
            run.fails(2, &["is the file of the Python library, and the format that is given is `java`", step]);
        }
    }
    assert_eq!(sandbox.read("work.yaml"), before);
    sandbox.run(&["set", "--no-verify", "--login-customer-id", "1234567890", "--format", "python"]);
    assert!(sandbox.read("work.yaml").contains("1234567890"));
}

#[test]
fn an_ambiguous_profile_name_is_refused() {
    for name in ["", "-x", "../x", "a/b", "a b", "$(x)", "ü", ".hidden", "\u{1b}[2J", &"a".repeat(65)] {
        let run = Sandbox::new().run(&["show", &format!("--profile={name}")]);
        assert!(!run.stderr.contains('\u{1b}'), "{run:?}");
        run.fails(2, &["the name of a profile"]);
    }
    for name in ["a", "client-a", "me@example.com", "v1.2_x", &"a".repeat(64)] {
        assert_eq!(ProfileName::new(name).expect("a good name").as_str(), name);
    }
}

#[test]
fn an_entry_with_only_its_store_is_enough() {
    let sandbox = Sandbox::logged_in();
    sandbox.write_profiles("[profiles.work]\nstore = \"file\"\n");
    assert_eq!(meant(&sandbox, &["-p", "work"], &[]), "google-ads.yaml");
}

#[test]
fn a_named_file_is_shown_by_its_name_however_it_is_selected() {
    let sandbox = four();
    let shown = sandbox.run(&["show", "--json", "--config", "./client-a.yaml"]).fine_json();
    assert_eq!(shown["profile"], "client-a");
}

#[test]
fn an_invalid_entry_is_named_by_line_or_key_and_never_quoted() {
    let cases = [
        ("default = \"work\"\n[profiles.work\nx = \"s3cr3t\"\n", "line 2 of"),
        ("default = 3\n", "`default`"),
        ("profiles = 3\n", "`profiles`"),
        ("[profiles]\nwork = 3\n", "`profiles.work`"),
        ("[profiles.work]\n", "`profiles.work`"),
        ("[profiles.work]\nstore = \"s3cr3t\"\n", "`profiles.work.store`"),
        ("[profiles.work]\nstore = [\"file\"]\n", "`profiles.work.store`"),
        ("[profiles.work]\nfile = \"relative.yaml\"\n", "`profiles.work.file`"),
        ("[profiles.work]\nfile = \"~/x.yaml\"\nformat = \"s3cr3t\"\n", "`profiles.work.format`"),
        ("[profiles.work]\nfile = \"~/x.yaml\"\nfingerprint = [\"s3cr3t\"]\n", "`profiles.work.fingerprint`"),
        ("[profiles.work]\nfile = \"~/x.yaml\"\nendpoint = [\"s3cr3t\"]\n", "`profiles.work.endpoint`"),
    ];
    for (text, place) in cases {
        let sandbox = Sandbox::new();
        sandbox.write_profiles(text);
        let run = sandbox.run(&["show", "-p", "work"]);
        if text.starts_with("default = 3") {
            sandbox.run(&["show"]).fails(1, &[place, "profiles.toml", "hint: fix"]);
            continue;
        }
        assert!(!run.stderr.contains("s3cr3t"), "{run:?}");
        run.fails(1, &[place, "profiles.toml", "hint: fix"]);
    }
}

#[test]
fn a_mistake_in_one_profile_leaves_the_others_usable() {
    let sandbox = four();
    sandbox.write_profiles(&format!("{TWO}\n[profiles.bad]\nstore = \"kechain\"\n[profiles.\"no name\"]\n"));
    assert_eq!(meant(&sandbox, &["-p", "client-a"], &[]), "client-a.yaml");
}

#[test]
fn metadata_of_a_replaced_token_is_ignored() {
    let sandbox = four();
    let fingerprint = Secret::new("1//0-token-of-work").fingerprint();
    sandbox.write_profiles(&format!(
        "[profiles.work]\nfile = \"~/work.yaml\"\naccount = \"a@b.c\"\nfingerprint = \"{fingerprint}\"\n"
    ));
    assert_eq!(sandbox.run(&["show", "--json", "-p", "work"]).fine_json()["account"], "a@b.c");
    sandbox.write_yaml("work.yaml", "1//0-put-in-by-hand");
    assert_eq!(sandbox.run(&["show", "--json", "-p", "work"]).fine_json()["account"], serde_json::Value::Null);
}

#[test]
fn a_token_is_bound_to_the_endpoint_that_issued_it() {
    let born_at = |endpoint: Option<&str>, fingerprint: Option<&str>| Profile {
        name: None,
        location: Location::File { path: PathBuf::from("/x"), format: None },
        metadata: TokenMetadata {
            endpoint: endpoint.map(str::to_owned),
            fingerprint: fingerprint.map(str::to_owned),
            ..TokenMetadata::default()
        },
        selected_by: SelectedBy::ProfilesFile,
    };
    let (here, there) = (Some("http://127.0.0.1:1"), Some("http://127.0.0.1:2"));
    assert!(born_at(here, Some("f")).check_endpoint(IdentityKind::User, here).is_ok());
    assert!(born_at(None, Some("f")).check_endpoint(IdentityKind::User, None).is_ok());
    assert!(born_at(None, None).check_endpoint(IdentityKind::ServiceAccount, here).is_ok(), "of unknown origin");
    let (user, account) = (IdentityKind::User, IdentityKind::ServiceAccount);
    for (kind, what) in [(user, "the refresh token came from"), (account, "the service account's key was saved for")] {
        for (born, used) in [(here, None), (None, here), (here, there)] {
            let error = born_at(born, Some("f")).check_endpoint(kind, used).expect_err("it is sent elsewhere");
            assert!(error.message().starts_with(what), "{error}");
            let name = |origin: Option<&str>| origin.unwrap_or("Google").to_owned();
            assert!(error.message().contains(&name(born)) && error.message().contains(&name(used)), "{error}");
        }
    }
}

#[test]
fn the_remaining_lifetime_is_worded_for_people() {
    let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().expect("a time");
    let after = |hours: i64| now + TimeDelta::hours(hours);
    let metadata =
        TokenMetadata { issued_at: Some(after(-120)), expires_at: Some(after(48)), ..TokenMetadata::default() };
    let life = metadata.expiry(now).expect("it expires");
    assert!(life.testing);
    assert_eq!(
        life.text,
        "the refresh token expires in 2 days (2026-11-24T10:00:00Z): the OAuth consent screen is in Testing"
    );
    let expired = TokenMetadata { issued_at: Some(after(-9)), expires_at: Some(after(-3)), ..TokenMetadata::default() }
        .expiry(now)
        .expect("it has expired");
    assert_eq!((expired.testing, expired.text.contains("expired 3 hours ago")), (false, true));
    assert_eq!(TokenMetadata { issued_at: Some(now), ..TokenMetadata::default() }.expiry(now), None);
    assert_eq!(metadata.age(after(-200)), None, "not born yet by this clock");
}

#[test]
fn profiles_that_share_a_file_a_token_or_a_grant_are_found() {
    let sandbox = four();
    let token = Secret::new("1//0-token-of-work").fingerprint();
    sandbox.write_profiles(&format!(
        "[profiles.work]\nfile = \"~/work.yaml\"\n[profiles.again]\nfile = \"~/./work.yaml\"\n\
         [profiles.copy]\nstore = \"keychain\"\nfingerprint = \"{token}\"\n\
         [profiles.kin]\nstore = \"keychain\"\nclient_id = \"{}\"\n[profiles.stranger]\nstore = \"keychain\"\n",
        crate::stored::CLIENT
    ));
    let shown = sandbox.run(&["show", "--json", "-p", "work"]).fine_json();
    let shared = shown["shared_with"].as_array().expect("a list").iter();
    let shared: Vec<_> = shared.map(|one| (one["by"].as_str(), one["profile"].as_str())).collect();
    let expected = [("location", "again"), ("token", "copy"), ("grant", "kin")];
    assert_eq!(shared, expected.map(|(by, profile)| (Some(by), Some(profile))));
}

#[test]
fn a_span_is_rounded_in_its_own_unit() {
    let words = |seconds: i64| when(TimeDelta::seconds(seconds));
    let day = 86_400;
    // The lifetime of a token issued in Testing, a moment after it was issued.
    assert_eq!(words(7 * day - 3), "in 7 days");
    for (seconds, expected) in [
        (4071 * day, "in 11 years"),
        (730 * day, "in 2 years"),
        (729 * day, "in 729 days"),
        (3 * day - 60, "in 3 days"),
        (2 * day, "in 2 days"),
        (2 * day - 1, "in 2 days"),
        (2 * day - 1801, "in 47 hours"),
        (7_200, "in 2 hours"),
        (7_199, "in 2 hours"),
        (7_100, "in 118 minutes"),
        (119, "in 2 minutes"),
        (60, "in 1 minute"),
        (59, "in less than a minute"),
        (-9 * day - 3_600, "9 days ago"),
    ] {
        assert_eq!(words(seconds), expected, "{seconds} seconds");
    }
}
