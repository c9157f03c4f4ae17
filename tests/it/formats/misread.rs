//! Lines that were meant for a credential and are not read as one: the cause with its line and a step, in every command.

use crate::sandbox::Sandbox;
use crate::stored::{CLIENT, SECRET, TOKEN};

const JAVA: &str = "api.googleads.clientId=<CLIENT>\napi.googleads.clientSecret=<SECRET>\n";
const PERL: &str = "clientId=<CLIENT>\nclientSecret=<SECRET>\n";
const ENV: &str = "GOOGLE_ADS_USE_PROTO_PLUS=True\nGOOGLE_ADS_CLIENT_ID=<CLIENT>\nGOOGLE_ADS_CLIENT_SECRET=<SECRET>\n";
const YAML: &str = "use_proto_plus: true\nclient_id: <CLIENT>\nclient_secret: <SECRET>\n";
const PHP: &str = "[OAUTH2]\nclientId = \"<CLIENT>\"\nclientSecret = \"<SECRET>\"\n";
const RUBY: &str =
    "Google::Ads::GoogleAds::Config.new do |c|\n  c.client_id = '<CLIENT>'\n  c.client_secret = '<SECRET>'\n";
const XML: &str = "<configuration>\n<GoogleAdsApi>\n<add key=\"OAuth2ClientId\" value=\"<CLIENT>\"/>\n\
                   <add key=\"OAuth2ClientSecret\" value=\"<SECRET>\"/>\n";
const XML_END: &str = "</GoogleAdsApi>\n</configuration>\n";

/// File, what is before, the lines in question, what is after, the cause and the step.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// No command finds a refresh token, or another credential, and each says why.
const UNREAD: &[Case] = &[
    // In two lines
    (
        "ads.properties",
        JAVA,
        "api.googleads.refreshToken=<T1>\n<T2>\n",
        "",
        "line 3…is broken into several lines, of",
        "write the whole value on line 3",
    ),
    (
        "googleads.properties",
        PERL,
        "refreshToken=<T1>\n<T2>\n",
        "",
        "line 3…is broken into several lines, of",
        "on line 3",
    ),
    (".env", ENV, "GOOGLE_ADS_REFRESH_TOKEN=<T1>\n<T2>\n", "", "line 4…is broken into several lines, of", "on line 4"),
    (
        ".env",
        ENV,
        "GOOGLE_ADS_REFRESH_TOKEN=\"<T1>\n<T2>\"\n",
        "",
        "line 4…contains a space or a line break",
        "on line 4",
    ),
    (
        "google_ads_php.ini",
        PHP,
        "refreshToken = <T1>\n<T2>\n",
        "",
        "line 4…is broken into several lines, of",
        "on line 4",
    ),
    (
        "google-ads.yaml",
        YAML,
        "refresh_token: <T1>\n  <T2>\n",
        "",
        "line 4…contains a space or a line break",
        "on line 4",
    ),
    (
        "google-ads.yaml",
        YAML,
        "refresh_token: |\n  <TOKEN>\n",
        "",
        "line 4…contains a space or a line break",
        "on line 4",
    ),
    ("google-ads.yaml", YAML, "refresh_token: <T1>\n<T2>\n", "", "line 5…has no key; if it is the rest", "fix line 5"),
    (
        "App.config",
        XML,
        "<add key=\"OAuth2RefreshToken\" value=\"<T1>\n<T2>\"/>\n",
        XML_END,
        "line 5…contains a space or a line break",
        "on line 5",
    ),
    // Below a line with a value, or inside of a comment
    (
        "ads.properties",
        JAVA,
        "api.googleads.refreshToken=\n<TOKEN>\n",
        "",
        "line 3…has no value, and the one on line 4",
        "write the value of line 4 on line 3",
    ),
    (
        ".env",
        ENV,
        "#GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>\nGOOGLE_ADS_REFRESH_TOKEN=\n",
        "",
        "line 5…has no value, and the one on line 4",
        "write the value of line 4 on line 5",
    ),
    (
        "google_ads_config.rb",
        RUBY,
        "  # c.refresh_token = '<TOKEN>'\n  c.refresh_token = 'INSERT_REFRESH_TOKEN_HERE'\n",
        "end\n",
        "line 5…has no value, and the one on line 4",
        "of line 4 on line 5",
    ),
    (
        "google_ads_config.rb",
        RUBY,
        "=begin\n  c.refresh_token = '<TOKEN>'\n=end\n",
        "end\n",
        "line 5…is in the comment that begins on line 4",
        "move line 5",
    ),
    (
        "App.config",
        XML,
        "<!--\n<add key=\"OAuth2RefreshToken\" value=\"<TOKEN>\"/>\n-->\n",
        XML_END,
        "line 6…is in the comment that begins on line 5",
        "move line 6",
    ),
    (
        "ads.properties",
        JAVA,
        "log=C:\\logs\\\napi.googleads.refreshToken=<TOKEN>\n",
        "",
        "line 4…is a part of line 3, which ends in `\\`",
        "at the end of line 3",
    ),
    // Sections
    (
        "google_ads_php.ini",
        "[oauth2]\n",
        "refreshToken = \"<TOKEN>\"\n",
        "",
        "line 2…is in the section of line 1, and the library looks for it in `[OAUTH2]`",
        "write line 1",
    ),
    (
        "google_ads_php.ini",
        "[OAUTH]\n",
        "refreshToken = \"<TOKEN>\"\n",
        "",
        "is in the section of line 1",
        "write line 1",
    ),
    (
        "google_ads_php.ini",
        "OAUTH2\n",
        "refreshToken = \"<TOKEN>\"\n",
        "",
        "is in the section of line 1",
        "write line 1",
    ),
    (
        "google_ads_php.ini",
        PHP,
        "refreshToken: \"<TOKEN>\"\n",
        "",
        "line 4…has no `=` between key and value",
        "fix line 4",
    ),
    (
        "google_ads_php.ini",
        PHP,
        "refreshToken = (<TOKEN>)\n",
        "",
        "line 4…is a value with a bracket",
        "write the value itself on line 4",
    ),
    (
        "google_ads_php.ini",
        PHP,
        "refreshToken = null\n",
        "",
        "line 4…is a word with a meaning to PHP",
        "run `gads-creds login",
    ),
    (
        "google_ads_php.ini",
        PHP,
        "refreshToken = \"<TOKEN>\" # mine\n",
        "",
        "line 4…has a comment after its value",
        "move the comment on line 4",
    ),
    // Values that stand for none
    ("google_ads_config.rb", RUBY, "  c.refresh_token = nil\n", "end\n", "line 4…is empty", "run `gads-creds login"),
    (
        "google-ads.yaml",
        YAML,
        "refresh_token: true\n",
        "",
        "line 4…is a boolean to the library",
        "run `gads-creds login",
    ),
    (
        "google-ads.yaml",
        YAML,
        "refresh_token <TOKEN>\n",
        "",
        "line 4…`refresh_token` has no `: ` after it",
        "fix line 4",
    ),
    ("google-ads.yaml", YAML, "- refresh_token: <TOKEN>\n", "", "line 4…has `- ` before it", "fix line 4"),
    // Key files
    (
        "google-ads.yaml",
        "use_proto_plus: true\n",
        "json_key_path: /k.json\n",
        "",
        "there is no credential in…line 2…`json_key_path` is not read by the library, which looks for `json_key_file_path`",
        "write the key on line 2",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\n",
        "service_account_path: /k.json\n",
        "",
        "which looks for `json_key_file_path`",
        "write the key on line 2",
    ),
    (
        "ads.properties",
        "",
        "api.googleads.jsonKeyFilePath=/k.json\n",
        "",
        "looks for `api.googleads.serviceAccountSecretsPath`",
        "write the key on line 1",
    ),
    (
        "google_ads_php.ini",
        "[OAUTH2]\n",
        "json_key_file_path = \"/k.json\"\n",
        "",
        "which looks for `jsonKeyFilePath`",
        "on line 2",
    ),
    ("googleads.properties", "", "jsonKeyFile=/k.json\n", "", "which looks for `jsonKeyFilePath`", "on line 1"),
    (".env", "", "GOOGLE_ADS_KEY_FILE=/k.json\n", "", "looks for `GOOGLE_ADS_JSON_KEY_FILE_PATH`", "on line 1"),
    (
        ".env",
        "",
        "GOOGLE_ADS_JSON_KEY_FILE_PATH=~/key.json\n",
        "",
        "line 1…`GOOGLE_ADS_JSON_KEY_FILE_PATH` is read differently",
        "without quotes, spaces, `~`, `\\` and `$`",
    ),
    (
        ".env",
        "",
        "GOOGLE_ADS_JSON_KEY_FILE_PATH=/keys/my key.json\n",
        "",
        "line 1…`GOOGLE_ADS_JSON_KEY_FILE_PATH` is read differently",
        "without quotes, spaces, `~`, `\\` and `$`",
    ),
    (
        ".env",
        "",
        "GOOGLE_ADS_JSON_KEY_FILE_PATH=C:\\work\\key.json\n",
        "",
        "line 1…`GOOGLE_ADS_JSON_KEY_FILE_PATH` is read differently",
        "without quotes, spaces, `~`, `\\` and `$`",
    ),
    (
        "App.config",
        "<configuration>\n<GoogleAdsApi>\n<add key=\"OAuth2Mode\" value=\"SERVICE_ACCOUNT\"/>\n",
        "<add key=\"OAuth2SecretsJsonFile\" value=\"/k.json\"/>\n",
        XML_END,
        "which looks for `OAuth2SecretsJsonPath`",
        "on line 4",
    ),
    (
        "google_ads_php.ini",
        "; For service account flow.\n",
        "jsonKeyFilePath = \"/k.json\"\n",
        "",
        "line 2…`jsonKeyFilePath` is not in section `[OAUTH2]`",
        "move line 2",
    ),
    (
        "google-ads.yaml",
        "use_proto_plus: true\nauth:\n",
        "  json_key_file_path: /k.json\n",
        "",
        "line 3…`json_key_file_path` is below `auth`",
        "move line 3",
    ),
    ("googleads.properties", "", "jsonKeyFilePath = /k.json\n", "", "line 1…has spaces around it", "remove the spaces"),
];

fn text((_, before, lines, after, ..): Case) -> String {
    let (first, rest) = TOKEN.split_at(TOKEN.len() / 2);
    let text = format!("{before}{lines}{after}").replace("<CLIENT>", CLIENT).replace("<SECRET>", SECRET);
    // The rest of a broken value has a digit, as in every token of Google's.
    text.replace("<TOKEN>", TOKEN).replace("<T1>", first).replace("<T2>", &format!("{rest}0123"))
}

#[test]
fn what_is_not_read_is_named_by_every_command() {
    let mut wrong = Vec::new();
    for case in UNREAD {
        let (name, .., cause, step) = *case;
        let sandbox = Sandbox::new();
        let path = sandbox.write(name, text(*case)).to_string_lossy().into_owned();
        for command in
            [&["refresh"][..], &["doctor", "--offline"], &["exec", "--", "true"], &["export", "env", "--stdout"]]
        {
            let (verb, rest) = command.split_first().expect("a verb");
            let run = sandbox.run(&[&[*verb, "--config", &path], rest].concat());
            let said = format!("{}{}", run.stdout, run.stderr);
            let is_said = cause.split('…').chain([step]).all(|part| said.contains(part));
            if run.code == 0 || !is_said || said.contains(TOKEN) {
                wrong.push(format!("{name} {verb}: no {cause:?}, {step:?}: {} {said}\n{}", run.code, text(*case)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What goes with a credential that is read.
const BESIDE: &[Case] = &[
    (
        "google-ads.yaml",
        YAML,
        "login_customer: 1234567890\n",
        "",
        "line 5…which looks for `login_customer_id`",
        "write the key on line 5",
    ),
    (
        "google-ads.yaml",
        YAML,
        "loginCustomerId: 1234567890\n",
        "",
        "line 5…which looks for `login_customer_id`",
        "write the key on line 5",
    ),
    (
        "google-ads.yaml",
        YAML,
        "manager_customer_id: 1234567890\n",
        "",
        "line 5…is not a name that the library knows",
        "if it is meant",
    ),
    (
        "google-ads.yaml",
        YAML,
        "login_customer_id: 1.23457E+09\n",
        "",
        "line 5…as a spreadsheet rounds it",
        "write the ten digits",
    ),
    (
        "google-ads.yaml",
        YAML,
        "login_customer_id: “1234567890”\n",
        "",
        "line 5…is in curly quotes",
        "remove the quotes on line 5",
    ),
    (
        "google-ads.yaml",
        YAML,
        "developer_token: “abc”\n",
        "",
        "line 5…is in curly quotes",
        "remove the quotes on line 5",
    ),
    (
        "google-ads.yaml",
        "client_id: <CLIENT>\nclient_secret: <SECRET>\n",
        "# use_proto_plus: True\n",
        "",
        "line 4: `use_proto_plus` is commented out",
        "remove the comment sign from line 4",
    ),
    (
        "google-ads.yaml",
        "client_id: <CLIENT>\nclient_secret: <SECRET>\n",
        "useProtoPlus: True\n",
        "",
        "line 4: `useProtoPlus` is not a name",
        "write the key on line 4",
    ),
    (
        "ads.properties",
        JAVA,
        "loginCustomerId=1234567890\n",
        "",
        "line 4…looks for `api.googleads.loginCustomerId`",
        "write the key on line 4",
    ),
    (
        "ads.properties",
        JAVA,
        "<<<<<<< HEAD\n=======\n>>>>>>> b\n",
        "",
        "line 4…is a marker that Git leaves",
        "keep one side",
    ),
    (
        "googleads.properties",
        PERL,
        "login_customer_id=1234567890\n",
        "",
        "line 4…looks for `loginCustomerId`",
        "write the key on line 4",
    ),
    (
        "googleads.properties",
        PERL,
        "<<<<<<< HEAD\n=======\n>>>>>>> b\n",
        "",
        "line 4…is a marker that Git leaves",
        "keep one side",
    ),
    (
        ".env",
        ENV,
        "LOGIN_CUSTOMER_ID=1234567890\n",
        "",
        "line 5…looks for `GOOGLE_ADS_LOGIN_CUSTOMER_ID`",
        "write the key on line 5",
    ),
    (".env", ENV, "<<<<<<< HEAD\n=======\n>>>>>>> b\n", "", "line 5…is a marker that Git leaves", "keep one side"),
    (
        "google_ads_config.rb",
        RUBY,
        "  c.login_customer_id = 123-456-7890\n",
        "end\n",
        "line 5…is not ten digits",
        "write the ten digits",
    ),
    (
        "App.config",
        XML,
        "<add key=\"login_customer_id\" value=\"1234567890\"/>\n",
        XML_END,
        "line 6…looks for `LoginCustomerId`",
        "write the key on line 6",
    ),
];

#[test]
fn what_goes_with_a_credential_and_is_not_read_is_named_by_doctor() {
    for case in BESIDE {
        let (name, before, lines, after, cause, step) = *case;
        let token = match name {
            "google-ads.yaml" => "refresh_token: <TOKEN>\n",
            "ads.properties" => "api.googleads.refreshToken=<TOKEN>\n",
            "googleads.properties" => "refreshToken=<TOKEN>\n",
            ".env" => "GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>\n",
            "App.config" => "<add key=\"OAuth2RefreshToken\" value=\"<TOKEN>\"/>\n",
            _ => "  c.refresh_token = '<TOKEN>'\n",
        };
        let sandbox = Sandbox::new();
        let before = format!("{before}{token}").replace("<CLIENT>", CLIENT).replace("<SECRET>", SECRET);
        let path = sandbox.write(name, format!("{}{lines}{after}", before.replace("<TOKEN>", TOKEN)));
        let run = sandbox.run(&["doctor", "--offline", "--config", &path.to_string_lossy()]);
        let said = format!("{}{}", run.stdout, run.stderr);
        let is_said = cause.split('…').chain([step]).all(|part| said.contains(part));
        assert!(is_said, "{name}: no {cause:?}, {step:?}: {} {said}\n{lines}", run.code);
    }
}

const JSON: &str = "\"GoogleAdsApi\": {\"OAuth2ClientId\": \"<CLIENT>\", \"OAuth2ClientSecret\": \"<SECRET>\", \
                    \"OAuth2RefreshToken\": \"<TOKEN>\"}";

/// Files whose other lines only look as if they were meant for the library: file, what is before and after the token.
const GOOD: &[(&str, &str, &str)] = &[
    (
        "google-ads.yaml",
        YAML,
        "notes: |\n  refresh_token: \u{201c}1//0abcdefghij\u{201d}\n  loginCustomerId = 123-456-7890\n",
    ),
    ("google-ads.yaml", YAML, "looker:\n  login-customer-id: 1234567890\n  client_id: \u{201c}hello\u{201d}\n"),
    ("google-ads.yaml", YAML, "# Set use_proto_plus: see the documentation\n"),
    ("App.config", XML, "<!--\n<add key=\"LoginCustomerID\" value=\"1234567890\"/>\n-->\n"),
    ("ads.properties", JAVA, "staging.api.googleads.loginCustomerId=1234567890\nverboseLogging\n"),
    ("googleads.properties", PERL, "other.loginCustomerId=1234567890\n"),
    (".env", ENV, "GOOGLE_ANALYTICS_LOGIN_CUSTOMER_ID=1234567890\n"),
    (".env", ENV, "AWS_SHARED_CREDENTIALS_FILE=/home/me/.aws/credentials\nMAIL_SUBJECT=\"Daily @ 9\"\n"),
    ("google_ads_php.ini", PHP, "[MCC]\nlogin_customer_id = \"1234567890\"\n"),
];

#[test]
fn other_lines_of_a_good_file_are_left_alone() {
    let line = |file: &str| match file {
        "google-ads.yaml" => "refresh_token: <TOKEN>\n",
        "App.config" => "<add key=\"OAuth2RefreshToken\" value=\"<TOKEN>\"/>\n</GoogleAdsApi>\n",
        "ads.properties" => "api.googleads.refreshToken=<TOKEN>\n",
        "googleads.properties" => "refreshToken=<TOKEN>\n",
        ".env" => "GOOGLE_ADS_REFRESH_TOKEN=<TOKEN>\n",
        _ => "refreshToken = \"<TOKEN>\"\n",
    };
    let end = |file: &str| if file == "App.config" { "</configuration>\n" } else { "" };
    let flat = GOOD.iter().map(|(file, before, after)| (*file, format!("{before}{}{after}{}", line(file), end(file))));
    let json = [
        format!("{{\"Urls\": \"http://*:5000\", {JSON}}}\n"),
        format!("{{\n\"MyApp\": {{\n\"loginCustomerId\": \"1234567890\"\n}},\n{JSON}\n}}\n"),
    ];
    let all = flat.chain(json.into_iter().map(|text| ("appsettings.json", text)));
    let mut wrong = Vec::new();
    for (file, text) in all {
        let sandbox = Sandbox::new();
        let text = text.replace("<CLIENT>", CLIENT).replace("<SECRET>", SECRET).replace("<TOKEN>", TOKEN);
        let path = sandbox.write(file, &text).to_string_lossy().into_owned();
        let run = sandbox.run(&["export", "env", "--stdout", "--config", &path]);
        let is_quiet = !run.stderr.contains("warning:") && !run.stderr.contains("line ");
        if run.code != 0 || !is_quiet {
            wrong.push(format!("{file}: {} {}\n{text}", run.code, run.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is before a key may be anything, also a secret.
#[test]
fn no_secret_beside_a_key_is_printed() {
    let sandbox = Sandbox::new();
    let text = format!("client_id: {CLIENT}\nclient_secret: {SECRET}\n# {TOKEN} use_proto_plus: True\n");
    sandbox.write("google-ads.yaml", text);
    for command in [&["refresh"][..], &["doctor", "--offline"], &["export", "env", "--stdout"]] {
        let run = sandbox.run(command);
        let printed = format!("{}{}", run.stdout, run.stderr);
        assert!(!printed.contains(TOKEN) && !printed.contains(SECRET), "{printed}");
    }
}
