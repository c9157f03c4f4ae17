//! What is wrong with a file is found as its library would find it, with the same words in every command.

use std::fs;

use crate::sandbox::{QUOTE, Sandbox};
use crate::stored::{self, CLIENT, SECRET, TOKEN};

/// File name, text, exit code, cause, and what the step says. `<CLIENT>` and its like stand for good values.
const UNUSABLE: &[(&str, &str, i32, &str, &str)] = &[
    // .NET
    (
        "App.config",
        "<configuration>\n<GoogleAdsApi configSource=\"ads.config\"/>\n</configuration>\n",
        3,
        "line 2: `GoogleAdsApi` is in another file, and there is no such file",
        "correct the path",
    ),
    (
        "App.config",
        "<configuration>\n<GoogleAdsApi configSource=\"..\\ads.config\"/>\n</configuration>\n",
        3,
        ".NET accepts only one in the same directory or below it",
        "correct the path",
    ),
    (
        "App.config",
        "<configuration>\n<GoogleAdsApi configProtectionProvider=\"DataProtectionConfigurationProvider\">\n<EncryptedData><CipherData><CipherValue>AQAAANCMnd8B</CipherValue></CipherData></EncryptedData>\n</GoogleAdsApi>\n</configuration>\n",
        3,
        "line 2: `GoogleAdsApi` is encrypted: .NET can decrypt it, gads-creds cannot",
        "aspnet_regiis -pdf",
    ),
    (
        "App.config",
        "<configuration>\n<appSettings>\n<add key=\"OAuth2RefreshToken\" value=\"<TOKEN>\"/>\n</appSettings>\n</configuration>\n",
        3,
        "line 3: `OAuth2RefreshToken` is not in section `[GoogleAdsApi]`",
        "move line 3",
    ),
    (
        "App.config",
        "<configuration>\n<GoogleAdsApi>\n<add key=\"OAuth2RefreshToken\" value=\"a<b\"/>\n</GoogleAdsApi>\n</configuration>\n",
        1,
        "line 3 of…: has a `<` in a value",
        "fix line 3",
    ),
    (
        "App.config",
        "<configuration>\n<GoogleAdsApi>\n<add key=\"OAuth2ClientSecret\" value=\"a&b\"/>\n</GoogleAdsApi>\n</configuration>\n",
        1,
        "line 3 of…: has a `&` that begins no reference",
        "fix line 3",
    ),
    (
        "App.config",
        "<configuration>\n<appSettings><add key=\"url\" value=\"http://x/?a=1&b=2\"/></appSettings>\n<GoogleAdsApi>\n<add key=\"OAuth2RefreshToken\" value=\"<TOKEN>\"/>\n</GoogleAdsApi>\n</configuration>\n",
        1,
        "line 2 of…: has a `&` that begins no reference",
        "fix line 2",
    ),
    (
        "App.config",
        "<configuration>\n<!-- x --><connectionStrings>&nbsp;</connectionStrings>\n<GoogleAdsApi/>\n</configuration>\n",
        1,
        "line 2 of…: has a `&` that begins no reference",
        "fix line 2",
    ),
    (
        "App.config",
        "\n<?xml version=\"1.0\"?>\n<configuration>\n<GoogleAdsApi/>\n</configuration>\n",
        1,
        "line 2 of…: is an XML declaration, which has to be the first line",
        "remove what is before it",
    ),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\":{\"OAuth2ClientId\":\"<CLIENT>\",\"OAuth2ClientSecret\":\"<SECRET>\",\"refreshToken\":\"<TOKEN>\"}}",
        3,
        "line 1: `refreshToken` is not read by the library, which looks for `OAuth2RefreshToken`",
        "write the key on line 1",
    ),
    // Ruby
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '<CLIENT>'\n  c.client_secret = '<SECRET>'\n  c.refresh_token = \u{2018}<TOKEN>\u{2019}\nend\n",
        1,
        "line 4: `refresh_token` has curly quotes, which are a syntax error",
        "write straight quotes on line 4",
    ),
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '<CLIENT>'\n  c.client_secret = '<SECRET>'\n  c.refresh_token = \u{201c}<TOKEN>\u{201d}\nend\n",
        1,
        "line 4: `refresh_token` has curly quotes",
        "write straight quotes on line 4",
    ),
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '<CLIENT>'\n  c.client_secret = '<SECRET>'\n  c.refresh_token = <TOKEN>\nend\n",
        1,
        "line 4: `refresh_token` is not in quotes, which is a syntax error",
        "quotes on line 4",
    ),
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '<CLIENT>'\n  c.client_secret = 12.5\n  c.refresh_token = '<TOKEN>'\nend\n",
        3,
        "line 3: `client_secret` is a number to the library",
        "quotes on line 3",
    ),
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '<CLIENT>'\n  c.client_secret = '<SECRET>'\n  c.refresh_token = ENV['TOKEN']\nend\n",
        3,
        "line 4: `refresh_token` is computed, so only Ruby knows its value",
        "write the value itself on line 4",
    ),
    // .env
    (
        ".env",
        "GOOGLE_ADS_CLIENT_ID=<CLIENT>\nGOOGLE_ADS_CLIENT_SECRET=<SECRET>\nGOOGLE_ADS_REFRESH_TOKEN=${TOKEN}\n",
        3,
        "line 3: `GOOGLE_ADS_REFRESH_TOKEN` is a variable that was not expanded",
        "write the value itself on line 3",
    ),
    (
        ".env",
        "GOOGLE_ADS_CLIENT_ID=<CLIENT>\nGOOGLE_ADS_CLIENT_SECRET=<SECRET>\nGOOGLE_ADS_REFRESH_TOKEN=<your token>\n",
        3,
        "line 3: `GOOGLE_ADS_REFRESH_TOKEN` still holds a placeholder",
        "run `gads-creds login",
    ),
    // Values of another kind
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\nrefresh_token: /run/secrets/token\n",
        3,
        "is the path of a file, not what is in that file",
        "run `gads-creds login",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\nrefresh_token: MS8vMGdhYmM=\n",
        4,
        "is in base64",
        "run `gads-creds login",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\nrefresh_token: 1//0gabcdef...\n",
        4,
        "is a value that was cut off",
        "run `gads-creds login",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\nrefresh_token: ENC[AES256_GCM,data:x]\n",
        3,
        "is an encrypted value",
        "--store sops:FILE",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\nrefresh_token: None\n",
        3,
        "is a placeholder",
        "run `gads-creds login",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: YOUR_CLIENT_SECRET\nrefresh_token: <TOKEN>\n",
        3,
        "line 3: `client_secret` still holds a placeholder",
        "login --config … -c FILE",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: 1234567890-xxxx.apps.googleusercontent.com\nclient_secret: <SECRET>\nrefresh_token: <TOKEN>\n",
        3,
        "line 2: `client_id` still holds a placeholder",
        "-c FILE",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\nrefreshToken: >-\n  <TOKEN>\n",
        3,
        "line 4: `refreshToken` is not read by the library",
        "write the key on line 4",
    ),
    (
        "application_default_credentials.json",
        "{\"type\":\"authorized_user\",\"client_id\":\"<CLIENT>\",\"client_secret\":\"<SECRET>\",\"refreshToken\":\"<TOKEN>\"}",
        3,
        "line 1: `refreshToken` is not read by the library, which looks for `refresh_token`",
        "write the key on line 1",
    ),
    (
        "application_default_credentials.json",
        "{\"type\":\"external_account\",\"audience\":\"x\"}",
        2,
        "`external_account`",
        "GOOGLE_APPLICATION_CREDENTIALS",
    ),
    (
        "application_default_credentials.json",
        "{\"type\":\"impersonated_service_account\",\"source_credentials\":{}}",
        2,
        "`impersonated_service_account`",
        "GOOGLE_APPLICATION_CREDENTIALS",
    ),
];

fn filled(text: &str) -> String {
    text.replace("<CLIENT>", CLIENT).replace("<SECRET>", SECRET).replace("<TOKEN>", TOKEN)
}

#[test]
fn every_command_names_the_cause_and_a_step() {
    for (name, text, code, cause, step) in UNUSABLE {
        let sandbox = Sandbox::new();
        let path = sandbox.write(name, filled(text));
        let path = path.to_string_lossy();
        for command in [&["refresh"][..], &["doctor", "--offline"], &["exec", "--", crate::PROGRAM, "--version"]] {
            let (verb, rest) = command.split_first().expect("a verb");
            let run = sandbox.run(&[&[*verb, "--config", &path], rest].concat());
            let said = format!("{}{}", run.stdout, run.stderr);
            let is_said = |part: &str| part.split('…').all(|part| said.contains(part.trim()));
            let is_expected = run.code == *code;
            // What only the interpreter knows is not a failure of its own to `doctor`.
            let is_computed = cause.contains("computed") && *verb == "doctor";
            assert!(is_expected || is_computed, "{name} {verb}: {run:?}\n{text}");
            assert!(is_said(cause), "{name} {verb}: no {cause:?}: {run:?}\n{text}");
            assert!(
                is_said(step) && said.contains(step.split('…').next().expect("a part")),
                "{name} {verb}: no {step:?}: {run:?}\n{text}"
            );
        }
    }
}

/// What a program that reads the file fails on, although the token in it is good.
const WARNED: &[(&str, &str, &str, &str)] = &[
    (
        "google-ads.yaml",
        "developer_token: ${DEVELOPER_TOKEN}\n",
        "what is stored as the developer token in … is a variable that was not expanded",
        "set --config … --developer-token-file none",
    ),
    (
        "google-ads.yaml",
        "developer_token: op://team/ads/token\n",
        "is the name of a secret in a secret manager",
        "--developer-token-file none",
    ),
    (
        "google-ads.yaml",
        "developer_token: GOCSPX-abcdefgh\n",
        "what is stored as the developer token in … is a client secret",
        "--developer-token-file none",
    ),
    (
        "google-ads.yaml",
        "developer_token: YOUR_DEVELOPER_TOKEN\n",
        "line 5: `developer_token` still holds a placeholder",
        "doctor --config … --fix",
    ),
    (
        "google-ads.yaml",
        "login_customer_id: 123-456-7890\n",
        "line 5: `login_customer_id` is not ten digits",
        "digits of a customer ID, without dashes, on line 5",
    ),
    (
        "google-ads.yaml",
        "login_customer_id: XXX-XXX-XXXX\n",
        "line 5: `login_customer_id` still holds a placeholder",
        "doctor --config … --fix",
    ),
    (
        "google-ads.yaml",
        "login_customer_id: $CUSTOMER\n",
        "line 5: `login_customer_id` is a variable that was not expanded",
        "set --config … --login-customer-id ID",
    ),
    (
        "google-ads.yaml",
        "foo: !secret x\n",
        "line 5: `foo` has a tag that the Python library does not know",
        "remove the tag on line 5",
    ),
    (
        "google-ads.yaml",
        "foo: 2026-02-30\n",
        "line 5: `foo` has the form of a date but is not a date",
        "put the value in quotes on line 5",
    ),
    (
        "google-ads.yaml",
        "foo: =\n",
        "line 5: `foo` is a character that YAML reserves",
        "put the value in quotes on line 5",
    ),
    (
        "google-ads.yaml",
        "foo: &a 1\nbar: &a 2\n",
        "line 6: `bar` has an anchor with the name of another one",
        "give the anchor on line 6 … a name of its own",
    ),
    ("google-ads.yaml", "logging: INFO\n", "line 5: `logging` is not JSON", "remove line 5"),
];

#[test]
fn what_else_a_library_fails_on_is_warned_of() {
    for (name, line, cause, step) in WARNED {
        let sandbox = Sandbox::new();
        let text = format!(
            "use_proto_plus: true\nclient_id: {CLIENT}\nclient_secret: {SECRET}\nrefresh_token: {TOKEN}\n{line}"
        );
        let path = sandbox.write(name, &text);
        let path = path.to_string_lossy();
        for command in [
            &["show"][..],
            &["doctor", "--offline"],
            &["exec", "--", crate::PROGRAM, "--version"],
            &["export", "java", "--stdout"],
        ] {
            let (verb, rest) = command.split_first().expect("a verb");
            let run = sandbox.run(&[&[*verb, "--config", &path], rest].concat());
            let said = format!("{}{}", run.stdout, run.stderr);
            let is_said = |part: &str| part.split('…').all(|part| said.contains(part.trim()));
            assert!((run.code == 0) == (*verb != "doctor"), "{line} {verb}: {run:?}");
            assert!(is_said(cause) && is_said(step), "{line} {verb}: no {cause:?} or {step:?}: {run:?}");
        }
    }
}

/// File, the line that stays, and what is said of it after a login has written the file.
const LEFT: &[(&str, &str, &str)] = &[
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.refreshToken = 'y'\nend\n",
        "`refreshToken` is not a setting of the Ruby library, which rejects the whole file",
    ),
    ("google-ads.yaml", "http_proxy: !ENV ${PROXY}\n", "`http_proxy` has a tag that the Python library does not know"),
    (
        ".env",
        "GOOGLE_ADS_LOGGING=INFO\n",
        "`GOOGLE_ADS_LOGGING` is not JSON, and the Python library rejects the whole configuration",
    ),
];

#[test]
fn what_the_library_still_refuses_is_named_when_a_login_has_written_the_file() {
    for (name, text, said) in LEFT {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let path = sandbox.write(name, text);
        let path = path.to_string_lossy();
        let login = ["-c", "../home/client_secret.json", "--no-verify", "--config", &path];
        let running = sandbox.login(&login).start();
        running.visit(&crate::google::browser::Decision::allow());
        let run = running.observe();
        assert!(run.code == 0 && run.stderr.contains(said) && run.stderr.contains("hint: remove"), "{name}: {run:#?}");
        for command in ["refresh", "show"] {
            let run = sandbox.run(&[command, "--config", &path]);
            assert!(run.code == 0 && run.stderr.contains(said), "{name} {command}: {run:#?}");
        }
    }
}

#[test]
fn the_flag_that_the_python_library_requires_is_checked_in_env_files() {
    let text =
        format!("GOOGLE_ADS_CLIENT_ID={CLIENT}\nGOOGLE_ADS_CLIENT_SECRET={SECRET}\nGOOGLE_ADS_REFRESH_TOKEN={TOKEN}\n");
    for (line, status, cause) in [
        ("", "warn", "`GOOGLE_ADS_USE_PROTO_PLUS` is missing, and the Python library does not start without it"),
        ("GOOGLE_ADS_USE_PROTO_PLUS=\n", "fail", "line 4: `GOOGLE_ADS_USE_PROTO_PLUS` is neither `true` nor `false`"),
        (
            "GOOGLE_ADS_USE_PROTO_PLUS=maybe\n",
            "fail",
            "line 4: `GOOGLE_ADS_USE_PROTO_PLUS` is neither `true` nor `false`",
        ),
        ("GOOGLE_ADS_USE_PROTO_PLUS=2\n", "fail", "line 4: `GOOGLE_ADS_USE_PROTO_PLUS` is neither `true` nor `false`"),
        (
            "GOOGLE_ADS_USE_PROTO_PLUS=\"True\"\n",
            "warn",
            "line 4: `GOOGLE_ADS_USE_PROTO_PLUS` is in quotes, which are part of the value to docker",
        ),
        ("GOOGLE_ADS_USE_PROTO_PLUS=True\n", "ok", "reads it"),
        ("GOOGLE_ADS_USE_PROTO_PLUS=no\n", "ok", "reads it"),
    ] {
        let sandbox = Sandbox::new();
        let path = sandbox.write(".env", format!("{text}{line}"));
        let run = sandbox.run(&["doctor", "--offline", "--config", &path.to_string_lossy()]);
        let found = run.stdout.lines().find(|line| line.contains("readable by its library"));
        assert!(found.is_some_and(|found| found.starts_with(status) && found.contains(cause)), "{line}: {run:?}");
    }
}

#[test]
fn a_section_in_another_file_is_read_and_changed_there() {
    let sandbox = Sandbox::new();
    let app =
        "<configuration>\n  <!-- mine -->\n  <GoogleAdsApi configSource=\"config\\ads.config\" />\n</configuration>\n";
    let section = format!(
        "<GoogleAdsApi>\n  <add key=\"OAuth2ClientId\" value=\"{CLIENT}\" />\n  <add key=\"OAuth2ClientSecret\" value=\"{SECRET}\" />\n  <add key=\"OAuth2RefreshToken\" value=\"{TOKEN}\" />\n</GoogleAdsApi>\n"
    );
    let path = sandbox.write("App.config", app);
    let other = sandbox.write("config/ads.config", section.replace(TOKEN, "1//0an-older-token"));
    let path = path.to_string_lossy();
    let doctor = sandbox.run(&["doctor", "--offline", "--config", &path]);
    assert!(doctor.code == 0 && doctor.stdout.contains("ads.config"), "{doctor:?}");
    assert_eq!(sandbox.run(&["exec", "--config", &path, "--", crate::PROGRAM, "--version"]).code, 0);
    sandbox.write_yaml("google-ads.yaml", TOKEN);
    let export = sandbox.run(&["export", "dotnet", &path]);
    assert_eq!(export.code, 0, "{export:?}");
    assert_eq!(fs::read_to_string(sandbox.path("App.config")).expect("it is there"), app);
    let changed = fs::read_to_string(&other).expect("it is there");
    assert!(changed.starts_with(section.trim_end_matches("</GoogleAdsApi>\n").trim_end()), "{changed}");
    // That file by its own name is the same.
    assert_eq!(sandbox.run(&["exec", "--config", &other.to_string_lossy(), "--", crate::PROGRAM, "--version"]).code, 0);
    let spoiled = sandbox.write("config/ads.config", section.replace("OAuth2RefreshToken", "RefreshToken"));
    for command in [&["refresh"][..], &["doctor", "--offline"]] {
        let run = sandbox.run(&[command, &["--config", &path]].concat());
        let place = format!("`{}`: line 4: `RefreshToken` is not read", spoiled.display());
        assert!(run.code == 3 && run.stderr.contains(&place), "{run:?}");
    }
}

#[test]
fn a_client_secrets_file_is_never_a_configuration() {
    let secrets = format!("{{\"installed\": {{\"client_id\": \"{CLIENT}\", \"client_secret\": \"{SECRET}\"}}}}\n");
    for (name, format) in [
        ("application_default_credentials.json", None),
        ("client_secret.json", Some("adc")),
        ("google-ads.yaml", None),
        ("appsettings.json", None),
        ("client_secret.json", Some("airbyte")),
    ] {
        let sandbox = Sandbox::new();
        let path = sandbox.write(name, &secrets);
        let mut options = vec!["--config".to_owned(), path.to_string_lossy().into_owned()];
        options.extend(format.into_iter().flat_map(|format| ["--format".to_owned(), format.to_owned()]));
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        for command in [
            &["refresh"][..],
            &["show"],
            &["doctor", "--offline"],
            &["login", "--no-browser"],
            &["exec", "--", crate::PROGRAM, "--version"],
        ] {
            let (verb, rest) = command.split_first().expect("a verb");
            let verb_options: Vec<&str> = options.iter().copied().filter(|_| true).collect();
            let run = sandbox.run(&[&[*verb], &verb_options[..], rest].concat());
            let no_browser = if *verb == "login" { " --no-browser" } else { "" };
            let expected = match name.starts_with("client_secret") {
                true => format!("log in with it: `gads-creds login -c {}{no_browser}`", path.display()),
                false => format!(
                    "run `{MOVE} {0} {1}`, then `gads-creds login --config {0} -c {1}{no_browser}`",
                    path.display(),
                    renamed(&path)
                ),
            };
            assert!(run.code == 2 && run.stderr.contains("is a client-secrets file"), "{name} {verb}: {run:?}");
            assert!(run.stderr.contains(&expected), "{name} {verb}: no {expected:?}: {run:?}");
        }
        assert_eq!(fs::read_to_string(&path).expect("it is there"), secrets);
    }
}

#[test]
fn the_step_after_a_client_secrets_file_keeps_the_profile() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let path = sandbox.write("client_secret.json", client.secrets_file()).display().to_string();
    for (command, variable, step) in [
        (&["login", "-p", "new", "--config", &path][..], "GADS_CREDS_FORMAT", format!("login -p new -c {path}")),
        (&["refresh", "--config", &path], "GADS_CREDS_FORMAT", format!("login -c {path}")),
        // The variable and the profile would name the same file again.
        (&["refresh"], "GADS_CREDS_CONFIG", format!("login --config FILE -c {path}")),
        (&["refresh", "-p", "work"], "GADS_CREDS_FORMAT", format!("login -p work --config FILE -c {path}")),
    ] {
        if command.contains(&"work") {
            sandbox.write_profiles("[profiles.work]\nfile = \"~~client_secret.json\"\n");
        }
        let value = if variable == "GADS_CREDS_CONFIG" { &*path } else { "adc" };
        let run = sandbox.command(command).env(variable, value).observe();
        let step = format!("hint: log in with it: `gads-creds {step}`\n");
        assert!(run.code == 2 && run.stderr.contains(&step), "{command:?}: no {step:?}: {run:#?}");
    }
    for options in [&["-p", "new"][..], &["-p", "work", "--config", "new.yaml"]] {
        let login = sandbox.login(&[options, &["-c", &path]].concat()).start();
        login.visit(&crate::google::browser::Decision::allow());
        let login = login.observe();
        assert_eq!(login.code, 0, "{login:#?}");
        assert_eq!(sandbox.command(&["refresh", "-p", options[1]]).observe().code, 0);
    }
}

/// What a hint renames a file with, and the quotes around a path with spaces.
const MOVE: &str = if cfg!(windows) { "move" } else { "mv -n" };

/// The name that a client-secrets file in the place of a configuration gets.
fn renamed(path: &std::path::Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("client_secret-{stem}.json")).display().to_string()
}

/// The library's own file is where a login writes: to name it with `-c` alone would end in the same refusal.
#[test]
fn a_client_secrets_file_in_the_place_of_the_configuration_becomes_the_client_of_a_login() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("google-ads.yaml", sandbox.google.desktop().secrets_file());
    let run = sandbox.command(&["refresh"]).observe();
    let step = format!("hint: run `{MOVE} {0} {1}`, then `gads-creds login -c {1}`", path.display(), renamed(&path));
    assert!(run.code == 2 && run.stderr.contains(&step), "{run:#?}");
    fs::rename(&path, renamed(&path)).expect("it is there");
    let login = sandbox.login(&["-c", &renamed(&path)]).start();
    login.visit(&crate::google::browser::Decision::allow());
    let login = login.observe();
    assert_eq!(login.code, 0, "{login:#?}");
    assert_eq!(sandbox.command(&["refresh"]).observe().code, 0);
}

#[test]
fn the_file_of_nearly_the_same_name_is_named() {
    for near in ["googleads.yaml", "google-ads.yaml.txt", "google-ads.yml", "google_ads.yaml", "google-ads (1).yaml"] {
        let sandbox = Sandbox::new();
        sandbox.write_yaml(near, TOKEN);
        for command in [
            &["refresh"][..],
            &["show"],
            &["doctor", "--offline"],
            &["exec", "--", crate::PROGRAM, "--version"],
            &["export", "java", "--stdout"],
        ] {
            let run = sandbox.run(command);
            let (near, wanted) = (sandbox.path(near), sandbox.path("google-ads.yaml"));
            assert!(run.code == 3, "{command:?}: {run:?}");
            assert!(run.stderr.contains(&format!("but `{}` is there", near.display())), "{command:?}: {run:?}");
            let quoted = if near.to_string_lossy().contains(' ') {
                format!("{QUOTE}{}{QUOTE}", near.display())
            } else {
                near.display().to_string()
            };
            assert!(
                run.stderr.contains(&format!("hint: run `{MOVE} {quoted} {}`", wanted.display())),
                "{command:?}: {run:?}"
            );
        }
    }
    let sandbox = Sandbox::new();
    sandbox.write_yaml("google-ads.yaml.bak", TOKEN);
    assert!(!sandbox.run(&["refresh"]).stderr.contains("is there"));
}

#[test]
fn a_directory_in_the_place_of_the_file_is_removed() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("google-ads.yaml")).expect("a new directory");
    for command in [&["refresh"][..], &["show"], &["doctor", "--offline"], &["login", "--no-browser"]] {
        let run = sandbox.run(command);
        let said = format!("{}{}", run.stdout, run.stderr);
        assert_eq!(run.code, 1, "{command:?}: {run:?}");
        assert!(said.contains("is a directory, not a regular file") && said.contains("rmdir "), "{command:?}: {run:?}");
        assert!(!said.contains("chmod") && !said.contains("--fix"), "{command:?}: {run:?}");
    }
}

#[test]
fn gclouds_own_client_is_named_and_never_used_for_a_login() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let id = "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com";
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token).replace(&client.id, id));
    for (args, code) in
        [(&["show"][..], 0), (&["doctor", "--offline"], 0), (&["login", "--no-browser"], 2), (&["login", "--start"], 2)]
    {
        let run = sandbox.command(args).observe();
        let said = format!("{}{}", run.stdout, run.stderr);
        assert_eq!(run.code, code, "{args:?}: {run:#?}");
        assert!(said.contains("gcloud's own") && said.contains("login -c FILE"), "{args:?}: {run:#?}");
    }
    assert!(sandbox.google.world().requests.is_empty());
}
