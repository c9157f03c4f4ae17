//! `show`: what is stored and where, without secrets unless requested.

use std::fs;
use std::path::MAIN_SEPARATOR;

use gads_creds::format::{FORMATS, FormatName};
use gads_creds::secret::Secret;

use crate::sandbox::{QUOTE, Sandbox};
use crate::stored::{CLIENT, SECRET, TOKEN};

/// Windows has no modes.
const MODE: &str = if cfg!(unix) { " (mode 0600)" } else { "" };

#[test]
fn text_output_shows_location_client_and_masked_secrets() {
    let sandbox = Sandbox::logged_in();
    let shown = sandbox.run(&["show"]).fine();
    let fingerprint = Secret::new(TOKEN).fingerprint();
    let place = sandbox.path("google-ads.yaml");
    let expected = format!(
        "kind             user\n\
         location         {}{MODE}\n\
         client ID        {CLIENT}\n\
         project          1234567890\n\
         client secret    ********-{}\n\
         refresh token    ********-{fingerprint}\n\
         login customer   1234567890\n",
        place.display(),
        Secret::new(SECRET).fingerprint()
    );
    assert_eq!(shown, expected);
}

#[test]
fn secrets_are_shown_on_request() {
    let sandbox = Sandbox::logged_in();
    let shown = sandbox.run(&["show", "--reveal"]).fine();
    assert!(shown.contains(TOKEN) && shown.contains(SECRET), "{shown}");
    assert_eq!(sandbox.run(&["show", "--reveal", "--json"]).fine_json()["refresh_token"], TOKEN);
}

#[test]
fn the_profile_and_its_token_metadata_are_shown() {
    let sandbox = Sandbox::logged_in();
    let fingerprint = Secret::new(TOKEN).fingerprint();
    sandbox.write_profiles(&format!(
        "[profiles.work]\nstore = \"file\"\nscopes = [\"https://www.googleapis.com/auth/adwords\"]\naccount = \"a@b.c\"\n\
         issued_at = \"2026-01-01T00:00:00Z\"\nexpires_at = \"2026-01-08T00:00:00Z\"\nfingerprint = \"{fingerprint}\"\n"
    ));
    let run = sandbox.run(&["show", "-p", "work"]);
    for line in [
        "profile          work (by --profile)\n",
        "account          a@b.c\n",
        "issued           2026-01-01T00:00:00Z (",
        "expires          2026-01-08T00:00:00Z (",
        " ago: the OAuth consent screen is in Testing)\n",
        "scope            https://www.googleapis.com/auth/adwords\n",
    ] {
        assert!(run.stdout.contains(line), "no {line:?}: {run:?}");
    }
    assert!(run.stderr.starts_with("hint: publish the app"), "{run:?}");
}

#[test]
fn nothing_stored_exits_3() {
    let sandbox = Sandbox::new();
    sandbox
        .run(&["show"])
        .fails(3, &["there is no credential in", "google-ads.yaml", "hint: run `gads-creds login`\n"]);
    sandbox
        .run(&["show", "--config", "a b.yaml"])
        .fails(3, &[&format!("hint: run `gads-creds login --config {QUOTE}")]);
    let missing = sandbox.run(&["show", "--config", "settings.yaml"]);
    assert!(missing.stderr.contains("there is no such file"), "{missing:?}");
    sandbox.write("settings.yaml", "use_proto_plus: true\n");
    let without = sandbox.run(&["show", "--config", &sandbox.path("settings.yaml").to_string_lossy()]);
    assert!(!without.stderr.contains("there is no such file"), "{without:?}");
    without.fails(3, &["there is no credential in", "settings.yaml`\nhint: run `gads-creds login --config "]);
}

#[test]
fn an_error_is_a_json_object_as_well() {
    let run = Sandbox::new().run(&["show", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&run.stdout).expect("stdout is JSON");
    assert_eq!((run.code, value["error"]["kind"].as_str()), (3, Some("not_logged_in")));
}

#[test]
fn a_client_without_a_token_is_shown_with_the_next_step() {
    let sandbox = Sandbox::new();
    sandbox.write("google-ads.yaml", format!("use_proto_plus: true\nclient_id: {CLIENT}\n"));
    let run = sandbox.run(&["show"]);
    assert!(run.stdout.contains("refresh token    none\n"), "{run:?}");
    assert!(run.stderr.starts_with("warning: there is no refresh token in "), "{run:?}");
    assert!(run.stderr.ends_with("\nhint: run `gads-creds login -c FILE`\n"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_read_is_warned_about() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::logged_in();
    fs::set_permissions(sandbox.path("google-ads.yaml"), fs::Permissions::from_mode(0o644)).expect("it is ours");
    let run = sandbox.run(&["show"]);
    assert!(run.stdout.contains("(mode 0644: not for you alone)"), "{run:?}");
    assert!(run.stderr.contains("warning: ") && run.stderr.contains("hint: run `gads-creds doctor --fix`"), "{run:?}");
}

#[test]
fn hostile_text_in_a_file_does_not_reach_the_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write("google-ads.yaml", "client_id: \"evil\\e]8;;http://x\\a\\u202Eid\"\nrefresh_token: 1//0x\n");
    let run = sandbox.run(&["show"]);
    let shown = format!("{}{}", run.stdout, run.stderr);
    assert!(run.code == 0 && !shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
    assert!(shown.contains("evil\\u{1b}"), "{shown:?}");
}

#[test]
fn with_a_format_it_is_a_file_of_that_library_masked_unless_revealed() {
    let sandbox = Sandbox::logged_in();
    let run = sandbox.run(&["show", "--format", "python"]);
    assert!(run.code == 0 && run.stderr.contains("`--reveal` shows them"), "{run:?}");
    let masked = run.stdout;
    assert!(masked.contains(&format!("********-{}", Secret::new(TOKEN).fingerprint())), "{masked}");
    let revealed = sandbox.run(&["show", "--format", "python", "--reveal"]).fine();
    sandbox.write("copy.yaml", &revealed);
    let copy = sandbox.run(&["show", "--config", "copy.yaml", "--json", "--reveal"]).fine_json();
    assert_eq!((copy["refresh_token"].as_str(), copy["client_secret"].as_str()), (Some(TOKEN), Some(SECRET)));
    let json = sandbox.run(&["show", "--format", "python", "--json"]);
    assert!(json.stderr.contains("`--reveal` shows them"), "{json:?}");
    let object: serde_json::Value = serde_json::from_str(&json.stdout).expect("stdout is JSON");
    assert_eq!(object["text"], masked);
}

/// The note on stderr that a file is not as it is stored.
const MASKED: &str = "the secrets are masked";

#[test]
fn masked_text_is_said_to_be_masked_in_every_format_and_only_where_something_is() {
    let (user, robot) = (Sandbox::logged_in(), Sandbox::new());
    let key = robot.write("key.json", robot.google.service_account().key_file());
    robot.write("google-ads.yaml", format!("use_proto_plus: true\njson_key_file_path: {}\n", key.display()));
    for format in FORMATS.iter().map(|format| format.name()) {
        use FormatName::{Adc, Airbyte, Airflow, Dlt, Meltano, Mureo, Singer};
        let of_a_service_account = match format {
            Adc | Dlt => (0, true),
            Airbyte | Airflow | Meltano | Mureo | Singer => (2, false),
            // They name the key file.
            _ => (0, false),
        };
        for command in [&["show", "--format", format.as_str()][..], &["export", format.as_str(), "--stdout"]] {
            for args in [command.to_vec(), [command, &["--json"]].concat()] {
                let shown = user.run(&args);
                assert!(shown.code == 0 && shown.stderr.contains(MASKED), "{args:?}: {shown:?}");
                let shown = user.run(&[&args[..], &["--reveal"]].concat());
                assert!(shown.code == 0 && !shown.stderr.contains(MASKED), "{args:?}: {shown:?}");
                let shown = robot.command(&args).observe();
                assert_eq!((shown.code, shown.stderr.contains(MASKED)), of_a_service_account, "{args:?}: {shown:?}");
            }
        }
    }
}

#[test]
fn the_kind_is_shown_and_is_null_where_a_file_configures_neither() {
    let sandbox = Sandbox::logged_in();
    assert_eq!(sandbox.run(&["show", "--json"]).fine_json()["kind"], "user");
    sandbox.write("adc.yaml", "use_proto_plus: true\nuse_application_default_credentials: true\n");
    sandbox.write_profiles("[profiles.adc]\nfile = \"~~adc.yaml\"\n[profiles.none]\nfile = \"~~none.yaml\"\n");
    let adc = sandbox.run(&["show", "-p", "adc", "--json"]).fine_json();
    assert!(adc["kind"].is_null() && adc["warnings"].as_array().is_some_and(Vec::is_empty), "{adc}");
    assert!(!sandbox.run(&["show", "-p", "adc"]).stdout.contains("kind  "));
    let all = sandbox.run(&["show", "--all", "--json"]).fine_json();
    assert!(all["profiles"][0]["kind"].is_null() && all["profiles"][1]["kind"].is_null(), "{all}");
}

#[test]
fn all_lists_the_one_file_that_nobody_named() {
    let sandbox = Sandbox::new();
    let (client, _) = crate::stored::works(&sandbox);
    sandbox.command(&["show", "--all"]).stdout_has("token saved  -").run();
    let text = format!("client_id: {}\nclient_secret: {}\nuse_proto_plus: True\n", client.id, client.secret);
    sandbox.write("google-ads.yaml", text);
    sandbox.command(&["show", "--all"]).stdout_has("no token").run();
    let run =
        sandbox.command(&["refresh", "--all"]).code(3).stderr_has("google-ads.yaml` has no refresh token\n").run();
    assert_eq!(run.stderr.matches("hint: ").count(), 1, "{run:#?}");
    assert!(run.stderr.ends_with("hint: `gads-creds login` gets one\n"), "{run:#?}");
}

#[test]
fn without_profiles_all_says_what_makes_one() {
    let run = Sandbox::new().run(&["show", "--all"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
    assert!(run.stderr.starts_with("there are no profiles\nhint: `gads-creds login -p NAME`"), "{run:?}");
}

#[test]
fn a_hint_repeats_the_format_of_the_stored_file_and_not_that_of_the_result() {
    let sandbox = Sandbox::new();
    for (args, hint) in [
        (&["show", "--config", "settings", "--format", "php"][..], "--config @settings --format php`"),
        (&["show", "--config", "a.yaml", "--format", "php"], "--config @a.yaml`"),
        (&["show", "--format", "php"], "login`"),
        (&["show", "-p", "work", "--format", "php"], "login -p work`"),
    ] {
        let hint = hint.replace('@', &sandbox.path("").to_string_lossy());
        sandbox.run(args).fails(3, &["hint: run `gads-creds login", &hint]);
    }
}

#[test]
fn the_format_of_the_result_reads_a_file_whose_name_shows_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write_yaml("settings", TOKEN);
    sandbox.run(&["show", "--config", "settings"]).fails(2, &["--format"]);
    assert!(sandbox.run(&["show", "--config", "settings", "--format", "python"]).stdout.contains("refresh_token"));
}

#[test]
fn variables_that_a_program_may_use_instead_are_named() {
    let sandbox = Sandbox::logged_in();
    let shown = sandbox.run_with(&["show"], &[("GOOGLE_ADS_REFRESH_TOKEN", "x"), ("GOOGLE_ADS_CLIENT_ID", "")]).fine();
    assert!(
        shown.ends_with("overridden by    GOOGLE_ADS_REFRESH_TOKEN, for programs that load the environment\n"),
        "{shown}"
    );
    let file = [("GOOGLE_ADS_CONFIGURATION_FILE_PATH", "other.yaml")];
    let shown = sandbox.run_with(&["show", "--config", "google-ads.yaml"], &file).fine();
    assert!(shown.contains("overridden by    GOOGLE_ADS_CONFIGURATION_FILE_PATH, which names `other.yaml`"), "{shown}");
}

#[test]
fn another_kind_of_credential_that_wins_is_named() {
    let sandbox = Sandbox::logged_in();
    let text = fs::read_to_string(sandbox.path("google-ads.yaml")).expect("it is there");
    sandbox.write("google-ads.yaml", format!("{text}use_application_default_credentials: true\n"));
    let run = sandbox.run(&["show"]);
    assert!(run.code == 0 && run.stderr.contains("which is used instead of the refresh token"), "{run:?}");
    let shown = run.stdout;
    let line = "overridden by    Application Default Credentials (`use_application_default_credentials` on line 6)\n";
    assert!(shown.ends_with(line), "{shown}");
}

#[test]
fn all_profiles_are_a_line_each_and_a_broken_one_hides_no_other() {
    let sandbox = Sandbox::new();
    sandbox.write_yaml("a.yaml", TOKEN);
    sandbox.write("b.yaml", "client_id: [\n");
    sandbox.write_profiles(
        "default = \"a\"\n[profiles.a]\nfile = \"~/a.yaml\"\n[profiles.b]\nfile = \"~/b.yaml\"\n[profiles.none]\nfile = \"~/c.yaml\"\n",
    );
    let run = sandbox.run(&["show", "--all"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let shown = run.stdout;
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), 4, "{shown}");
    assert!(lines[0].starts_with("PROFILE") && lines[0].ends_with("LOCATION"), "{shown}");
    assert!(lines[1].starts_with("a (default)  token saved  ") && lines[1].contains("1234567890"), "{shown}");
    assert!(
        lines[2].starts_with("b ") && lines[2].contains("cannot be read") && lines[2].ends_with("b.yaml"),
        "{shown}"
    );
    assert!(lines[3].starts_with("none ") && lines[3].contains("file not found"), "{shown}");
    let listed = sandbox.run(&["show", "--all", "--json"]).fine_json();
    let names: Vec<_> =
        listed["profiles"].as_array().expect("a list").iter().map(|row| row["profile"].as_str()).collect();
    assert_eq!(names, [Some("a"), Some("b"), Some("none")]);
    assert!(listed["profiles"][1]["error"].is_string(), "{listed}");
    assert_eq!(listed["profiles"][0]["fingerprint"], Secret::new(TOKEN).fingerprint());
    let states: Vec<_> = (0..3).map(|row| listed["profiles"][row]["state"].as_str()).collect();
    assert_eq!(states, [Some("token"), Some("unreadable"), Some("file_not_found")]);
}

#[test]
fn a_state_says_what_is_wrong_and_a_long_name_costs_no_column() {
    let sandbox = Sandbox::new();
    let name = format!("long-{}", "x".repeat(57));
    sandbox.write_yaml("a.yaml", TOKEN);
    sandbox.write("b.yaml", format!("refresh_tokn: {TOKEN}\n"));
    sandbox.write_profiles(&format!("[profiles.{name}]\nfile = \"~/a.yaml\"\n[profiles.b]\nfile = \"~/b.yaml\"\n"));
    let plain = sandbox.run(&["show", "--all"]).stdout;
    assert!(plain.contains(&name) && plain.contains("no usable token"), "{plain}");
    #[cfg(unix)]
    for columns in [40, 80] {
        let screen = sandbox.command(&["show", "--all"]).terminal_of(columns).finish_shown(columns).text();
        assert!(screen.contains("token saved") && screen.contains("no usable token"), "{screen}");
    }
    #[cfg(unix)]
    for columns in [20, 30] {
        let screen = sandbox.command(&["show", "--all"]).terminal_of(columns).finish_shown(columns).text();
        let whole: String = screen.split_whitespace().collect();
        for cell in [&name, "tokensaved", "nousabletoken", "~/a.yaml", "~/b.yaml"] {
            assert!(whole.contains(cell), "{cell}: {screen}");
        }
    }
    sandbox.write_profiles("profiles = 3\n");
    sandbox.run(&["show", "--all"]).fails(1, &["`profiles` in", "is not a table"]);
}

#[test]
fn all_takes_no_profile_and_no_reveal() {
    let sandbox = Sandbox::new();
    sandbox.run(&["show", "--all", "-p", "a"]).fails(2, &["`--all`"]);
    sandbox.run(&["show", "--all", "--reveal"]).fails(2, &["--reveal"]);
}

/// A name made of a file's path is for profiles.toml alone.
#[test]
fn who_never_named_a_profile_meets_no_generated_name() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let log_in = |args: &[&str]| {
        let login = sandbox.login(&[&["-c", "client_secret.json", "--no-verify"], args].concat()).directory("").start();
        login.visit(&crate::google::browser::Decision::allow());
        login.finish();
    };
    log_in(&[]);
    log_in(&["--config", "other.yaml"]);
    let made = "google-ads-yaml-";
    let entries = fs::read_to_string(sandbox.profiles_file()).expect("it is there");
    assert!(entries.contains(made) && entries.contains("[profiles.other-yaml-"), "{entries}");
    let hidden = |run: &crate::sandbox::Outcome| {
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains(made) && !text.contains("other-yaml-"), "{run:#?}");
        }
    };
    let table = sandbox.run(&["show", "--all"]);
    hidden(&table);
    assert!(table.stdout.starts_with("STATE ") && !table.stdout.contains("PROFILE"), "{table:#?}");
    for name in ["google-ads.yaml", "other.yaml"] {
        assert!(table.stdout.contains(&format!(" ~{MAIN_SEPARATOR}{name}\n")), "{table:#?}");
    }
    let other = sandbox.path("other.yaml").display().to_string();
    let rows = sandbox.run(&["show", "--all", "--json"]).fine_json();
    let places: Vec<_> = rows["profiles"].as_array().expect("rows").iter().map(|row| &row["location"]).collect();
    assert!(rows["profiles"][0]["profile"].is_null() && places.contains(&&other.as_str().into()), "{rows}");
    let shared = sandbox.run(&["show"]);
    hidden(&shared);
    assert!(shared.stdout.contains(&format!("shared with      {other} (same ")), "{shared:#?}");
    let shared = sandbox.run(&["show", "--json"]).fine_json();
    assert!(shared["shared_with"][0]["profile"].is_null() && shared["shared_with"][0]["location"] == other, "{shared}");
    for args in
        [&["refresh", "--all"][..], &["refresh"], &["doctor"], &["completions", "profiles"], &["show", "-p", "g"]]
    {
        hidden(&sandbox.run(args));
    }
    assert_eq!(sandbox.run(&["completions", "profiles"]).fine(), "");
    sandbox.google.withdraw(&client);
    let all = sandbox.run(&["refresh", "--all"]);
    hidden(&all);
    let failed = format!("~{MAIN_SEPARATOR}other.yaml       failed: for the same reason\n");
    assert!(all.stderr.contains(&failed), "{all:#?}");
    // Another file has another step.
    assert!(all.stderr.contains(&format!("login --config {other}`")), "{all:#?}");
    let all = sandbox.run(&["refresh", "--all", "--json"]);
    hidden(&all);
    let line: serde_json::Value = serde_json::from_str(all.stdout.lines().next().expect("a line")).expect("JSON");
    assert!(line["profile"].is_null() && line["location"].is_string(), "{line}");
    let set = sandbox.run(&["set", "--all", "-c", "client_secret.json"]);
    hidden(&set);
    let revoked = sandbox.run(&["revoke", "--yes", "--json"]);
    hidden(&revoked);
    assert_eq!(revoked.json()["possibly_affected"], serde_json::json!([other]), "{revoked:#?}");
    // Beside named profiles they have a row without a name, at the end.
    sandbox.write_profiles(&format!("{entries}\n[profiles.work]\nstore = \"file\"\nfile = \"~/work.yaml\"\n"));
    let table = sandbox.run(&["show", "--all"]).fine();
    let first: Vec<_> = table.lines().map(|line| line.split(' ').next().unwrap_or_default()).collect();
    assert_eq!(first, ["PROFILE", "work", "-", "-"], "{table}");
}

#[test]
fn profiles_that_share_a_grant_are_on_one_line() {
    let sandbox = Sandbox::logged_in();
    let entry = |number: u32| {
        format!("[profiles.p{number}]\nfile = \"~/p{number}.yaml\"\nclient_id = \"{}\"\n", crate::stored::CLIENT)
    };
    sandbox.write_profiles(&(1..=9).map(entry).collect::<String>());
    let shown = sandbox.run(&["show"]).fine();
    assert!(shown.contains("shared with      p1, p2, p3, p4, p5 and 4 more (same OAuth client"), "{shown}");
    assert_eq!(shown.matches("shared with").count(), 1, "{shown}");
}
