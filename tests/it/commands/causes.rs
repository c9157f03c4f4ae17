//! Every command names the same cause for a problem with a stored credential, with a step that fits it: never only
//! "there is no refresh token" where the file contains one.

use crate::sandbox::Sandbox;

const CLIENT: &str = "1234567890-abc.apps.googleusercontent.com";
const SECRET: &str = "GOCSPX-a-planted-client-secret";
const TOKEN: &str = "1//0a-planted-refresh-token";

/// The commands that need a complete credential.
const COMMANDS: [&[&str]; 4] =
    [&["refresh"], &["doctor", "--offline"], &["exec", "--", "true"], &["export", "env", "--stdout"]];

/// File name, its text, and the cause in the error. `@` becomes the client's two lines in Python's spelling.
const CASES: &[(&str, &str, &str)] = &[
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@refreshToken: <TOKEN>\n",
        "line 4: `refreshToken` is not read by the library, which looks for `refresh_token`",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@REFRESH_TOKEN: <TOKEN>\n",
        "line 4: `REFRESH_TOKEN` is not read by the library",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@refresh_tokens: <TOKEN>\n",
        "line 4: `refresh_tokens` is not read by the library",
    ),
    ("google-ads.yaml", "use_proto_plus: true\n@#refresh_token: <TOKEN>\n", "line 4: `refresh_token` is commented out"),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@adwords:\n  refresh_token: <TOKEN>\n",
        "line 5: `refresh_token` is below `adwords`",
    ),
    ("google-ads.yaml", "use_proto_plus: true\n@refresh_token: 4/0AX4XfWh-a-code\n", "is an authorization code"),
    ("google-ads.yaml", "use_proto_plus: true\n@refresh_token: 1%2F%2F0gabcdefghijk\n", "percent-encoded"),
    ("google-ads.yaml", "use_proto_plus: true\n@refresh_token: ya29.a0abcdefghijk\n", "is an access token"),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@refresh_token: \"********-7328f92e\"\n",
        "is masked output of gads-creds",
    ),
    ("google-ads.yaml", "use_proto_plus: true\n@refresh_token: CHANGEME\n", "a placeholder"),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@refresh_token: $REFRESH_TOKEN\n",
        "is a variable that was not expanded",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@refresh_token: op://team/ads/token\n",
        "is the name of a secret in a secret manager",
    ),
    (
        "ads.properties",
        "api.googleads.clientId=<CLIENT>\napi.googleads.clientSecret=<SECRET>\nrefresh_token=<TOKEN>\n",
        "line 3: `refresh_token` is not read by the library, which looks for `api.googleads.refreshToken`",
    ),
    (
        "google_ads_php.ini",
        "[OAUTH2]\nclientId = \"<CLIENT>\"\nclientSecret = \"<SECRET>\"\n;refreshToken = \"<TOKEN>\"\n",
        "line 4: `refreshToken` is commented out",
    ),
    (
        "google_ads_php.ini",
        "[GOOGLE_ADS]\nrefreshToken = \"<TOKEN>\"\n[OAUTH2]\nclientId = \"<CLIENT>\"\nclientSecret = \"<SECRET>\"\n",
        "line 2: `refreshToken` is not in section `[OAUTH2]`",
    ),
    (
        "googleads.properties",
        "clientId=<CLIENT>\nclientSecret=<SECRET>\nrefresh_token=<TOKEN>\n",
        "which looks for `refreshToken`",
    ),
    (
        ".env",
        "GOOGLE_ADS_CLIENT_ID=<CLIENT>\nGOOGLE_ADS_CLIENT_SECRET=<SECRET>\nREFRESH_TOKEN=<TOKEN>\n",
        "which looks for `GOOGLE_ADS_REFRESH_TOKEN`",
    ),
    ("google-ads.yaml", "use_proto_plus: true\n@refresh_token: \"123-456-7890\"\n", "is a number"),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@refresh_token: ghp_abcdefghijklmnop\n",
        "is a token or a key of another",
    ),
    ("google-ads.yaml", "use_proto_plus: true\n@refresh_token: <TOKEN>;\n", "is a value with a bracket, a comma or"),
    ("google-ads.yaml", "use_proto_plus: true\n@refresh_token: REDACTED\n", "a placeholder"),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@token: <TOKEN>\n",
        "line 4: `token` holds a refresh token, and the library looks for it in `refresh_token`",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@refresh token: <TOKEN>\n",
        "line 4: `token` holds a refresh token, and the library looks for it in `refresh_token`",
    ),
    (
        "ads.properties",
        "api.googleads.clientId=<CLIENT>\napi.googleads.clientSecret=<SECRET>\nrefreshToken=<TOKEN>\n",
        "line 3: `refreshToken` is not read by the library, which looks for `api.googleads.refreshToken`",
    ),
    (
        "googleads.properties",
        "clientId=<CLIENT>\nclientSecret=<SECRET>\nrefreshToken: <TOKEN>\n",
        "line 3: `refreshToken` is not set as the library reads it, which is `key=value`",
    ),
    (
        "googleads.properties",
        "clientId=<CLIENT>\nclientSecret=<SECRET>\napi.googleads.refreshToken=<TOKEN>\n",
        "line 3: `api.googleads.refreshToken` is not read by the library, which looks for `refreshToken`",
    ),
    (
        ".env",
        "GOOGLE_ADS_CLIENT_ID=<CLIENT>\nGOOGLE_ADS_CLIENT_SECRET=<SECRET>\nsetx GOOGLE_ADS_REFRESH_TOKEN <TOKEN>\n",
        "line 3: `GOOGLE_ADS_REFRESH_TOKEN` is not set as the library reads it, which is `KEY=value`",
    ),
    (
        "secrets.toml",
        "[sources.google_ads.credentials]\nclient_id = \"<CLIENT>\"\nclient_secret = \"<SECRET>\"\nrefreshToken = \"<TOKEN>\"\n",
        "line 4: `refreshToken` is not read by the library, which looks for `refresh_token`",
    ),
    (
        "secrets.toml",
        "[sources.google_ads.credentials]\nclient_id = \"<CLIENT>\"\nclient_secret = \"<SECRET>\"\n[other]\nrefresh_token = \"<TOKEN>\"\n",
        "line 5: `refresh_token` is not in section `[sources.google_ads.credentials]`",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n@refresh_token: <TOKEN>\nrefresh_token:\n",
        "line 5: `refresh_token` is set on line 4 as well; this one counts",
    ),
];

#[test]
fn every_command_names_the_same_cause() {
    for (name, text, cause) in CASES {
        let sandbox = Sandbox::new();
        let text = text.replace('@', "client_id: <CLIENT>\nclient_secret: <SECRET>\n");
        let text = text.replace("<CLIENT>", CLIENT).replace("<SECRET>", SECRET).replace("<TOKEN>", TOKEN);
        let path = sandbox.write(name, &text);
        for command in COMMANDS {
            let (verb, rest) = command.split_first().expect("a verb");
            let path = path.to_string_lossy();
            let run = sandbox.run(&[&[*verb, "--config", &path], rest].concat());
            assert!(matches!(run.code, 3 | 4), "{name} {command:?}: {run:?}\n{text}");
            assert!(run.stderr.contains(cause), "{name} {command:?}: no {cause:?}: {run:?}\n{text}");
            assert!(run.stderr.contains("\nhint: "), "{name} {command:?}: {run:?}");
            assert!(!run.stderr.contains(TOKEN) && !run.stderr.contains(SECRET), "{name} {command:?} shows a secret");
        }
        // What can be shown is shown, with the cause below it; what would be left behind is not moved.
        sandbox.write_profiles(&format!("[profiles.work]\nstore = \"file\"\nfile = \"~~/{name}\"\n"));
        for (command, code) in [
            (&["show", "-p", "work"][..], 0),
            (&["show", "--all"], 0),
            (&["move", "-p", "work", "--store", "file", "--config", "moved.yaml"], 3),
        ] {
            let run = sandbox.run(command);
            let is_expected = run.code == code || (code == 3 && run.code == 4);
            assert!(
                is_expected && run.stderr.contains(cause) && run.stderr.contains("\nhint: "),
                "{name} {command:?}: {run:?}"
            );
        }
        assert!(!sandbox.path("moved.yaml").exists(), "{name}");
        let shown = sandbox.run(&["show", "-p", "work", "--json"]);
        assert!(shown.stdout.contains("\"problem\":{"), "{name}: {shown:?}");
        let revoke = sandbox.run(&["revoke", "--config", &path.to_string_lossy(), "--local-only", "--yes"]);
        let is_missing = text.lines().all(|line| !line.starts_with("refresh_token: "));
        assert!(!is_missing || (revoke.code == 3 && revoke.stderr.contains(cause)), "{name}: {revoke:?}\n{text}");
    }
}

/// A value of a form that no refresh token of Google's has is still shown to Google, which may change the form: when Google
/// rejects it, the form is the explanation. Nobody else asks Google, and all of them warn.
#[test]
fn what_does_not_look_like_a_refresh_token_is_named_when_google_rejects_it() {
    let sandbox = Sandbox::new();
    let client = sandbox.google.desktop();
    let file = |token: &str| sandbox.write("google-ads.yaml", crate::stored::yaml(&client, token));
    file("aBcDeFgHiJkLmNoPqRsTuV");
    let cause = "does not begin with `1//`, as Google's refresh tokens do";
    for (command, code) in [
        (&["refresh"][..], 4),
        (&["doctor"], 4),
        (&["doctor", "--offline"], 0),
        (&["show"], 0),
        (&["exec", "--", crate::PROGRAM, "--version"], 0),
        (&["export", "env", "--stdout"], 0),
    ] {
        let run = sandbox.command(command).observe();
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(run.code == code && said.contains(cause), "{command:?}: {run:#?}");
        assert!(said.contains("run `gads-creds login`"), "{command:?}: {run:#?}");
    }
    file("1//0gAbcdefghijkl");
    let run = sandbox.command(&["refresh"]).observe();
    assert!(run.code == 4 && run.stderr.contains("it may be cut off"), "{run:#?}");
    file(
        "1//0gOldxyzabcdefghijklmnopqrstuvwxyz0123456789\nrefresh_token: 1//0gAbcdefghijklmnopqrstuvwxyz0123456789abcd",
    );
    let run = sandbox.command(&["refresh"]).observe();
    assert!(run.code == 4 && run.stderr.contains("line 6: `refresh_token` is set on line 5 as well"), "{run:#?}");
    assert!(run.stderr.contains("hint: remove one of the lines 5 and 6 of"), "{run:#?}");
}

/// Lines on which a library fails although the credentials work, for every command in the words of `doctor`.
#[test]
fn every_command_warns_of_what_doctor_fails_on() {
    for (name, from, to, cause) in [
        ("google-ads.yaml", "use_proto_plus: true\n", "", "`use_proto_plus` is missing"),
        ("google-ads.yaml", "use_proto_plus: true\n", "use_proto_plus: 7\n", "`use_proto_plus` is neither"),
        ("google-ads.yaml", "# mine", "login_customer_id: 12", "line 1: `login_customer_id` is not ten digits"),
        (
            "google-ads.yaml",
            "# mine",
            "use_application_default_credentials: true",
            "is used instead of the refresh token",
        ),
        (
            "application_default_credentials.json",
            "\"type\": \"authorized_user\"",
            "\"type\": \"user\"",
            "`type` has to be `authorized_user`",
        ),
        ("app.env", "\n", "\r\n", "ends in a carriage return"),
    ] {
        let sandbox = Sandbox::new();
        let (client, token) = crate::stored::works(&sandbox);
        let text = match name {
            "application_default_credentials.json" => format!(
                "{{\"type\": \"authorized_user\", \"client_id\": \"{}\", \"client_secret\": \"{}\", \"refresh_token\": \"{token}\"}}",
                client.id, client.secret
            ),
            "app.env" => format!(
                "GOOGLE_ADS_CLIENT_ID={}\nGOOGLE_ADS_CLIENT_SECRET={}\nGOOGLE_ADS_REFRESH_TOKEN={token}\n",
                client.id, client.secret
            ),
            _ => crate::stored::yaml(&client, &token),
        };
        let file = sandbox.write(name, text.replace(from, to)).to_string_lossy().into_owned();
        for (command, code) in [
            (&["refresh"][..], 0),
            (&["show"], 0),
            (&["exec", "--", crate::PROGRAM, "--version"], 0),
            (&["doctor", "--offline"], 1),
        ] {
            let (verb, rest) = command.split_first().expect("a verb");
            let run = sandbox.command(&[&[*verb, "--config", &file], rest].concat()).observe();
            let said = format!("{}{}", run.stdout, run.stderr);
            assert_eq!((run.code, said.matches(cause).count() > 0), (code, true), "{cause} {command:?}: {run:#?}");
        }
    }
}

pub(super) type Sample =
    (&'static str, &'static str, &'static str, &'static str, &'static str, Option<(&'static str, &'static str)>);

/// A file of each format with a client: its name, the text before the refresh token's line, that line with `KEY`, `VALUE`, the
/// text after, the key, and what opens and closes a comment.
pub(super) const FORMATS: [Sample; 9] = [
    (
        "google-ads.yaml",
        "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\n",
        "KEY: VALUE",
        "\n",
        "refresh_token",
        Some(("#", "")),
    ),
    (
        "ads.properties",
        "api.googleads.clientId=<CLIENT>\napi.googleads.clientSecret=<SECRET>\n",
        "api.googleads.KEY=VALUE",
        "\n",
        "refreshToken",
        Some(("#", "")),
    ),
    (
        "google_ads_php.ini",
        "[OAUTH2]\nclientId = \"<CLIENT>\"\nclientSecret = \"<SECRET>\"\n",
        "KEY = \"VALUE\"",
        "\n",
        "refreshToken",
        Some((";", "")),
    ),
    (
        "google_ads_config.rb",
        "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '<CLIENT>'\n  c.client_secret = '<SECRET>'\n  ",
        "c.KEY = 'VALUE'",
        "\nend\n",
        "refresh_token",
        Some(("# ", "")),
    ),
    (
        "googleads.properties",
        "clientId=<CLIENT>\nclientSecret=<SECRET>\n",
        "KEY=VALUE",
        "\n",
        "refreshToken",
        Some(("#", "")),
    ),
    (
        "App.config",
        "<configuration>\n<configSections><section name=\"GoogleAdsApi\" \
         type=\"System.Configuration.DictionarySectionHandler\"/></configSections>\n<GoogleAdsApi>\n\
         <add key=\"OAuth2ClientId\" value=\"<CLIENT>\"/>\n<add key=\"OAuth2ClientSecret\" value=\"<SECRET>\"/>\n",
        "<add key=\"KEY\" value=\"VALUE\"/>",
        "\n</GoogleAdsApi>\n</configuration>\n",
        "OAuth2RefreshToken",
        Some(("<!-- ", " -->")),
    ),
    (
        "appsettings.json",
        "{\"GoogleAdsApi\": {\n\"OAuth2ClientId\": \"<CLIENT>\",\n\"OAuth2ClientSecret\": \"<SECRET>\",\n",
        "\"KEY\": \"VALUE\"",
        "\n}}\n",
        "OAuth2RefreshToken",
        Some(("// ", "")),
    ),
    (
        "application_default_credentials.json",
        "{\"type\": \"authorized_user\",\n\"client_id\": \"<CLIENT>\",\n\"client_secret\": \"<SECRET>\",\n",
        "\"KEY\": \"VALUE\"",
        "\n}\n",
        "refresh_token",
        None,
    ),
    (
        ".env",
        "GOOGLE_ADS_CLIENT_ID=<CLIENT>\nGOOGLE_ADS_CLIENT_SECRET=<SECRET>\n",
        "KEY=VALUE",
        "\n",
        "GOOGLE_ADS_REFRESH_TOKEN",
        Some(("#", "")),
    ),
];

#[test]
fn the_same_mistake_has_the_same_cause_in_every_format() {
    for (name, before, line, after, key, comment) in FORMATS {
        let misspelled = key.replace("oken", "okn").replace("OKEN", "OKN");
        let with = |key: &str, value: &str| line.replace("KEY", key).replace("VALUE", value);
        let mut cases = vec![
            (with(&misspelled, TOKEN), format!("`{misspelled}` is not read by the library, which looks for `")),
            (with(key, "4/0AX4XfWh-a-code"), "is an authorization code".to_owned()),
            (with(key, "CHANGEME"), "a placeholder".to_owned()),
            (with(key, "********-7328f92e"), "is masked output of gads-creds".to_owned()),
        ];
        if let Some((open, close)) = comment {
            cases.push((format!("{open}{}{close}", with(key, TOKEN)), format!("`{key}` is commented out")));
        }
        for (line, cause) in cases {
            let sandbox = Sandbox::new();
            let text = format!("{before}{line}{after}").replace("<CLIENT>", CLIENT).replace("<SECRET>", SECRET);
            let text = if cause.ends_with("commented out") { text.replace("\",\n//", "\"\n//") } else { text };
            let path = sandbox.write(name, &text);
            let run = sandbox.run(&["refresh", "--config", &path.to_string_lossy()]);
            // In YAML a value that starts with `*` makes the whole file unreadable.
            let is_unreadable = name == "google-ads.yaml" && text.contains(": ****");
            let code = if is_unreadable { run.code == 1 } else { matches!(run.code, 3 | 4) };
            assert!(code, "{name}: {run:?}\n{text}");
            assert!(
                run.stderr.contains(&cause) && run.stderr.contains("\nhint: "),
                "{name}: no {cause:?}: {run:?}\n{text}"
            );
            assert!(!run.stderr.contains(TOKEN) && !run.stderr.contains(SECRET), "{name} shows a secret: {run:?}");
        }
    }
}

/// Common mistakes that are not valid YAML: the line and the reason, before and after other lines, in three commands.
#[test]
fn a_line_that_is_not_yaml_is_named_with_its_reason() {
    let rest = format!("use_proto_plus: true\nclient_id: {CLIENT}\nclient_secret: {SECRET}\n");
    for (line, reason) in [
        (format!("refresh_token:{TOKEN}"), "`refresh_token:` has no space after it; YAML requires `: `"),
        (format!("refresh_token={TOKEN}"), "`refresh_token` is followed by `=`; YAML requires `: `"),
        (format!("refresh_token = {TOKEN}"), "`refresh_token` is followed by `=`; YAML requires `: `"),
        ("refresh_token: @planted".to_owned(), "starts with `@`, which YAML reserves; put it in quotes"),
        ("refresh_token: %planted".to_owned(), "starts with `%`, which YAML reserves; put it in quotes"),
        ("refresh_token: `planted`".to_owned(), "starts with a backtick, which YAML reserves; put it in quotes"),
        ("refresh_token: \"1//\\qx\"".to_owned(), "has a `\\` in double quotes"),
        ("refresh_token: {{ planted }}".to_owned(), "the value of `refresh_token` is a variable that was not expanded"),
        ("refresh_token: ********-7328f92e".to_owned(), "is masked output of gads-creds"),
        (format!("\trefresh_token: {TOKEN}"), "a tab is where YAML requires spaces"),
    ] {
        for (number, text) in [(4, format!("{rest}{line}\n")), (1, format!("{line}\n{rest}"))] {
            let sandbox = Sandbox::new();
            let path = sandbox.write("google-ads.yaml", &text);
            for command in ["refresh", "show", "doctor"] {
                let run = sandbox.run(&[command, "--config", &path.to_string_lossy()]);
                let said = format!("{}{}", run.stdout, run.stderr);
                assert_eq!(run.code, 1, "{command}: {run:?}\n{text}");
                assert!(said.contains(&format!("line {number}")), "{command}: {run:?}\n{text}");
                assert!(said.contains(reason), "{command}: no {reason:?}: {run:?}\n{text}");
                assert!(!said.contains("planted"), "{run:?}");
            }
        }
    }
}
