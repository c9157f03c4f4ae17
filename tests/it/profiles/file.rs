//! How `login` and `revoke` change profiles.toml, and where a new profile's credentials go.

use std::fs;
use std::path::PathBuf;

use gads_creds::profile::{self, Choice, Location, Profile, ProfileName, SelectedBy, StoreChoice, TokenMetadata};

use crate::profiles::selection::{four, meant};
use crate::sandbox::Sandbox;

#[test]
fn remembering_keeps_comments_order_and_unknown_keys() {
    let sandbox = Sandbox::new();
    let text = "\
# mine
default = \"work\" # the usual

[profiles.work]
colour = \"blue\"
store = \"file\" # plain
file = \"~/work.yaml\"
expires_at = \"2026-01-01T00:00:00Z\" # soon
# end of work

[profiles.client-a]
store = \"keychain\"
# the end
";
    sandbox.write_profiles(text);
    remember(&sandbox, "work", "work.yaml", "2026-11-30T00:00:00Z");
    let expected = text.replace("2026-01-01", "2026-11-30").replace(
        "# soon\n# end of work\n",
        "# soon\nissued_at = \"2026-11-22T10:00:00Z\"\nfingerprint = \"12345678\"\n# end of work\n",
    );
    let now = read(&sandbox);
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&now), sorted(&expected));
    for part in [
        "# mine\ndefault = \"work\" # the usual\n\n[profiles.work]\ncolour = \"blue\"\nstore = \"file\" # plain\n",
        "store = \"keychain\"\n# the end\n",
    ] {
        assert!(now.contains(part), "{now}");
    }
}

#[test]
fn a_new_profile_comes_after_everything_that_is_there() {
    let sandbox = Sandbox::new();
    sandbox.write_profiles("[profiles.work]\nstore = \"keychain\"\n# the end\n");
    remember(&sandbox, "client-a", "client-a.yaml", "");
    let text = read(&sandbox);
    assert!(
        text.starts_with("[profiles.work]\nstore = \"keychain\"\n# the end\n\n[profiles.client-a]\nstore = \"file\"\n"),
        "{text}"
    );
    assert!(!text.contains("default"), "somebody chose to have none: {text}");
    assert_eq!(text.matches("# the end").count(), 1, "{text}");
}

#[test]
fn a_file_of_comments_keeps_them_at_its_head() {
    let sandbox = Sandbox::new();
    sandbox.write_profiles("# only words\n");
    remember(&sandbox, "work", "work.yaml", "");
    let text = read(&sandbox);
    assert!(text.starts_with("# only words\ndefault = \"work\"\n\n[profiles.work]\n"), "{text}");
}

#[test]
fn every_line_keeps_its_line_end() {
    let sandbox = Sandbox::new();
    let mixed = "# mine\r\n\n[profiles.work]\nfile = \"~/work.yaml\"\r\nexpires_at = \"2026-01-01T00:00:00Z\"\n# end\r\n\r\n[profiles.b]\nstore = \"keychain\"\r\n# the end\n";
    sandbox.write_profiles(mixed);
    remember(&sandbox, "new", "new.yaml", "");
    let text = read(&sandbox);
    let entry = text.strip_prefix(mixed).unwrap_or_else(|| panic!("{text:?}"));
    assert!(entry.starts_with("\n[profiles.new]\nstore = \"file\"\n") && !entry.contains('\r'), "{entry:?}");

    sandbox.write_profiles(mixed);
    remember(&sandbox, "work", "work.yaml", "2026-11-30T00:00:00Z");
    let facts = "issued_at = \"2026-11-22T10:00:00Z\"\nfingerprint = \"12345678\"\n";
    let expected = mixed.replace("2026-01-01", "2026-11-30").replace("# end\r\n", &format!("{facts}# end\r\n"));
    assert_eq!(read(&sandbox), expected);
}

#[test]
fn a_comment_without_a_line_end_hides_no_new_entry() {
    let sandbox = Sandbox::new();
    sandbox.write_profiles("# only words");
    remember(&sandbox, "work", "work.yaml", "");
    let text = read(&sandbox);
    assert!(text.starts_with("# only words\ndefault = \"work\"\n\n[profiles.work]\n"), "{text}");
    sandbox.write_profiles("[profiles.work]\nstore = \"keychain\"\n# the end");
    remember(&sandbox, "client-a", "client-a.yaml", "");
    let text = read(&sandbox);
    assert!(text.contains("# the end\n\n[profiles.client-a]\n"), "{text}");
}

#[test]
fn a_byte_order_mark_stays() {
    let sandbox = Sandbox::new();
    sandbox.write_profiles("\u{feff}[profiles.work]\nstore = \"keychain\"\n");
    remember(&sandbox, "client-a", "client-a.yaml", "");
    assert!(read(&sandbox).starts_with("\u{feff}[profiles.work]\nstore = \"keychain\"\n"), "{:?}", read(&sandbox));
}

#[test]
fn windows_line_ends_stay() {
    let sandbox = Sandbox::new();
    sandbox.write_profiles("# mine\r\n[profiles.work]\r\nstore = \"keychain\"\r\n");
    remember(&sandbox, "client-a", "client-a.yaml", "");
    assert!(
        read(&sandbox).starts_with("# mine\r\n[profiles.work]\r\nstore = \"keychain\"\r\n"),
        "{:?}",
        read(&sandbox)
    );
}

#[test]
fn an_entry_can_be_added_to_an_inline_table() {
    let sandbox = Sandbox::new();
    sandbox.write_profiles("profiles = { work = { store = \"keychain\" } }\n");
    remember(&sandbox, "work", "", "2026-11-30T00:00:00Z");
    remember(&sandbox, "client-a", "client-a.yaml", "");
    assert!(sandbox.run(&["completions", "profiles"]).fine() == "work\nclient-a\n", "{}", read(&sandbox));
}

#[test]
fn the_first_named_profile_becomes_the_default() {
    let sandbox = Sandbox::new();
    remember(&sandbox, "work", "google-ads.yaml", "");
    remember(&sandbox, "client-a", "client-a.yaml", "");
    assert!(read(&sandbox).starts_with("default = \"work\"\n"), "{}", read(&sandbox));
}

#[test]
fn naming_a_profile_does_not_change_what_a_command_without_a_name_means() {
    let sandbox = Sandbox::logged_in();
    remember(&sandbox, "work", "work.yaml", "");
    assert!(!read(&sandbox).contains("default"), "{}", read(&sandbox));
    assert_eq!(meant(&sandbox, &[], &[]), "google-ads.yaml");
}

#[test]
fn a_file_without_a_name_is_recorded_only_while_its_token_expires() {
    let sandbox = Sandbox::logged_in();
    remember(&sandbox, "", "google-ads.yaml", "");
    assert!(!sandbox.profiles_file().exists());
    remember(&sandbox, "", "google-ads.yaml", "2026-11-30T00:00:00Z");
    assert!(read(&sandbox).starts_with("[profiles.google-ads-yaml-"), "{}", read(&sandbox));
    assert_eq!(sandbox.run(&["show", "--json"]).fine_json()["profile"], serde_json::Value::Null, "nobody named it");
    assert_eq!(sandbox.run(&["completions", "profiles"]).fine(), "");
    remember(&sandbox, "", "google-ads.yaml", "");
    assert!(!read(&sandbox).contains("profiles"), "{}", read(&sandbox));
}

#[test]
fn a_file_that_gets_a_name_has_one_entry() {
    let sandbox = Sandbox::logged_in();
    remember(&sandbox, "", "google-ads.yaml", "2026-11-30T00:00:00Z");
    remember(&sandbox, "work", "google-ads.yaml", "2026-11-30T00:00:00Z");
    assert_eq!(read(&sandbox).matches("[profiles.").count(), 1, "{}", read(&sandbox));
    assert_eq!(sandbox.run(&["show", "--json"]).fine_json()["profile"], "work");
}

#[test]
fn forgetting_takes_the_entry_and_its_default_and_leaves_the_rest() {
    let sandbox = Sandbox::new();
    sandbox.write_profiles("# all of mine\ndefault = \"work\"\n\n[profiles.client-a]\nstore = \"keychain\" # kept\n\n# about work\n[profiles.work]\nstore = \"keychain\"\n");
    in_home(&sandbox, &[("FORGET", "work")]);
    assert_eq!(read(&sandbox), "# all of mine\n\n[profiles.client-a]\nstore = \"keychain\" # kept\n");
    in_home(&sandbox, &[("FORGET", "nobody")]);
}

#[test]
fn a_login_of_a_new_profile_never_takes_the_place_of_another_credential() {
    let sandbox = Sandbox::new();
    let place = |name: &str, store: &str| in_home(&sandbox, &[("CHOOSE", name), ("STORE", store)]);
    assert_eq!(place("work", ""), "google-ads.yaml by --profile");
    sandbox.write("google-ads.yaml", "developer_token: abc\n");
    assert_eq!(place("work", ""), "google-ads.yaml by --profile", "it holds no token");
    sandbox.write_yaml("google-ads.yaml", "1//0-token");
    assert_eq!(place("work", ""), "google-ads-work.yaml by --profile");
    assert_eq!(place("", ""), "google-ads.yaml by the default");
    assert_eq!(place("work", "keychain"), "keychain work by --profile");
    assert_eq!(place("", "keychain"), "keychain default by the default");
    sandbox.write("google-ads.yaml", "");
    sandbox.write_profiles("[profiles.other]\nstore = \"file\"\n");
    assert_eq!(place("work", ""), "google-ads-work.yaml by --profile", "another profile lives there");
    assert_eq!(place("other", "file"), "google-ads.yaml by --profile");
    assert_eq!(place("other", "keychain"), "keychain other by --profile");
}

#[test]
fn login_may_give_a_file_a_name() {
    let sandbox = four();
    assert_eq!(
        in_home(&sandbox, &[("CHOOSE", "work"), ("CONFIG", "other.yaml")]),
        "other.yaml by --profile with --config"
    );
    let refused = in_home(&sandbox, &[("CONFIG", "other.yaml"), ("STORE", "keychain")]);
    assert!(refused.starts_with("error Usage `--config` names a file"), "{refused}");
}

#[track_caller]
fn read(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.profiles_file()).expect("profiles.toml is there")
}

/// Records a profile (without a name for an empty one) in a file (in the keychain for an empty one) whose token expires
/// then (or never).
#[track_caller]
fn remember(sandbox: &Sandbox, name: &str, file: &str, expires_at: &str) {
    in_home(sandbox, &[("REMEMBER", name), ("CONFIG", file), ("EXPIRES_AT", expires_at)]);
}

/// Runs [`in_a_home_of_its_own`] with these variables: a process has only one environment for its directories.
#[track_caller]
fn in_home(sandbox: &Sandbox, orders: &[(&str, &str)]) -> String {
    let mut command = sandbox.process_in_home(std::env::current_exe().expect("this program"));
    command.args(["--exact", "profiles::file::in_a_home_of_its_own", "--nocapture"]).env("IN_HOME", "1");
    let output = command.envs(orders.iter().copied()).output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
    let stdout = String::from_utf8(output.stdout).expect("stdout is UTF-8");
    let result = stdout.lines().find_map(|line| line.split_once("result: "));
    result.map(|(_, result)| result.to_owned()).unwrap_or_default()
}

/// The other side of [`in_home`]; by itself it does nothing.
#[test]
fn in_a_home_of_its_own() {
    let order = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    if order("IN_HOME").is_none() {
        return;
    }
    let name = |text: String| ProfileName::new(&text).expect("a good name");
    let config = order("CONFIG").map(PathBuf::from);
    let sandbox = std::env::current_dir().expect("the home directory");
    if let Some(forgotten) = order("FORGET") {
        profile::forget(&name(forgotten)).expect("it is forgotten");
    } else if let Ok(remembered) = std::env::var("REMEMBER") {
        let remembered = Some(remembered).filter(|text| !text.is_empty()).map(name);
        let location = match (config, &remembered) {
            (None, Some(profile)) => Location::Keychain { profile: profile.clone() },
            (file, _) => Location::File { path: sandbox.join(file.unwrap_or_default()), format: None },
        };
        let metadata = TokenMetadata {
            issued_at: "2026-11-22T10:00:00.5Z".parse().ok(),
            expires_at: order("EXPIRES_AT").and_then(|time| time.parse().ok()),
            fingerprint: Some("12345678".to_owned()),
            ..TokenMetadata::default()
        };
        profile::remember(&Profile { name: remembered, location, metadata, selected_by: SelectedBy::ProfilesFile })
            .expect("it is remembered");
    } else {
        let (profile, store) = (order("CHOOSE"), order("STORE"));
        let store = store.map(|store| StoreChoice::new(&store).expect("a store"));
        let choice = Choice { config: config.as_deref(), profile: profile.as_deref(), format: None };
        match profile::choose_for_login(choice, store.as_ref()) {
            Ok(Profile { location: Location::File { path, .. }, selected_by, .. }) => {
                let path = path.strip_prefix(&sandbox).expect("below the home directory");
                println!("result: {} by {selected_by}", path.display());
            }
            Ok(Profile { location: Location::Keychain { profile }, selected_by, .. }) => {
                println!("result: keychain {profile} by {selected_by}");
            }
            Ok(Profile { location: Location::Command { profile, engine }, selected_by, .. }) => {
                println!("result: {engine} {profile} by {selected_by}");
            }
            Err(error) => println!("result: error {:?} {}", error.kind(), error.message()),
        }
    }
}
