//! Texts that a library rejects as a whole, and texts that look as if: what its own reader does, and that we say the same.

use std::process::Command;

use gads_creds::format::{FormatName, Severity, named};

use crate::harness::libraries::{read_by_python, ruby_loads};
use crate::harness::skip::skip;

/// Whether nothing is found in the text because of which its library would not read it.
fn is_accepted(name: FormatName, file_name: &str, text: &str) -> bool {
    let format = named(name, file_name, "");
    let contents = format.read(text);
    contents.is_ok_and(|contents| !contents.diagnostics.iter().any(|about| about.severity() == Severity::Error))
}

/// Lines of a google-ads.yaml besides those of the credentials.
const YAML: &[&str] = &[
    "foo: !secret x",
    "http_proxy: !ENV ${PROXY}",
    "foo: !!python/object:os.system {}",
    "!x k: v",
    "foo: {bar: [!secret x]}",
    "foo: ! x",
    "foo: !!str 1",
    "foo: !!str [a]",
    "foo: !!int abc",
    "foo: !!int 12",
    "foo: !!int '12'",
    "foo: !!float 1e5",
    "foo: !!bool maybe",
    "foo: !!bool yes",
    "foo: !!null x",
    "foo: !!seq x",
    "foo: !!map {a: b}",
    "foo: !!timestamp x",
    "foo: !!timestamp 2001-12-14",
    "foo: !!timestamp '2001-12-14'",
    "foo: !!set {a, b}",
    "foo: !!set\n  ? a\n  ? b",
    "foo: !!set x",
    "foo: !!omap [a: 1]",
    "foo: !!pairs [a: 1]",
    "foo: !!binary aGk=",
    "foo: !!binary aGk",
    "foo: !!python/tuple [a]",
    "foo: 2026-13-45",
    "foo: 2026-02-30",
    "foo: 2024-02-29",
    "foo: 2025-02-29",
    "foo: 0000-01-01",
    "foo: 2026-01-02 25:00:00",
    "foo: 2026-01-02T03:04:05Z",
    "foo: [2026-04-31]",
    "2026-13-45: foo",
    "foo: '2026-13-45'",
    "foo: =",
    "foo: '='",
    "foo: <<",
    "=: foo",
    "foo: 0x_",
    "foo: 0b_",
    "foo: 0_",
    "foo: 0x1f",
    "foo: &a 1\nbar: &a 2",
    "foo: &a 1\nbar: &b 2",
    "foo: &a\n  x: &a y",
    "foo: &a 1 # &a\nbar: *a",
    "logging: INFO",
    "logging:",
    "logging: 5",
    "logging: [a]",
    "logging: '{\"version\": 1}'",
    "logging:\n  version: 1",
];

#[test]
fn pyyaml_and_google_load_what_is_called_readable() {
    let texts: Vec<String> = YAML.iter().map(|line| format!("use_proto_plus: true\n{line}\nclient_id: a\n")).collect();
    let script = r"
import json, sys
try:
    from google.ads.googleads import config
except ImportError:
    print('google-ads is not installed', file=sys.stderr)
    sys.exit(77)
def loads(text):
    try:
        config.parse_yaml_document_to_dict(text.encode())
        return True
    except Exception:
        return False
print(json.dumps([loads(text) for text in json.load(sys.stdin)]))";
    let Some(loaded) = read_by_python(script, &texts) else { return };
    let is_other = |text: &String, is_loaded: &serde_json::Value| {
        *is_loaded != is_accepted(FormatName::Python, "google-ads.yaml", text)
    };
    let differ: Vec<_> = texts.iter().zip(loaded).filter(|(text, is_loaded)| is_other(text, is_loaded)).collect();
    assert!(differ.is_empty(), "loaded by the library, and not by us, or the reverse: {differ:#?}");
}

/// Lines of the block of a Ruby configuration, and whole texts.
const RUBY: &[&str] = &[
    "  c.refreshToken = 'y'",
    "  c.loginCustomerId = 1234567890",
    "  c.foo = 1",
    "  c.foo ||= 1",
    "  c.log_level = 'WARN'",
    "  c.http_proxy = 'http://localhost'",
    "\u{a0} c.client_id = 'x'",
    "  c.client_id =\u{a0}'x'",
    "  c.client_id = 'a\u{a0}b'",
    "  # a\u{a0}comment",
    "  c.refresh_token = ''TOK''",
    "  c.refresh_token = 'TOK';",
    "  c.refresh_token = 'TOK'.freeze",
    "  c.refresh_token = ('TOK')",
    "  c.refresh_token = 'TOK' if true",
    "  c.refresh_token 'TOK'",
    "  c.client_id = 'it''s'",
];

#[test]
fn ruby_loads_what_is_called_readable() {
    let block =
        |line: &str| format!("Google::Ads::GoogleAds::Config.new do |c|\n  c.developer_token = 'd'\n{line}\nend\n");
    let mut texts: Vec<String> = RUBY.iter().map(|line| block(line)).collect();
    texts.push(block("  c.client_id = 'x'") + "end\n");
    texts.push(block("  c.client_id = 'x'") + "puts 'hi'\n");
    texts.push("config = ".to_owned() + &block("  c.client_id = 'x'") + "config\n");
    texts.push("require 'json'\n".to_owned() + &block("  c.client_id = 'x'"));
    texts.push(block("  c.refresh_token = 'TOK',"));
    let Some(loaded) = ruby_loads(&texts) else { return };
    for (text, is_loaded) in texts.iter().zip(loaded) {
        assert_eq!(
            is_loaded,
            is_accepted(FormatName::Ruby, "google_ads_config.rb", text),
            "by Ruby, and by us: {text}"
        );
    }
}

#[test]
fn what_ruby_takes_for_a_plain_string_is_read() {
    for value in ["'TOK';", "'TOK'.freeze", "('TOK')", "( 'TOK' )", "'TOK'  ; # why", "\"TOK\".to_s"] {
        let text = format!("Google::Ads::GoogleAds::Config.new do |c|\n  c.refresh_token = {value}\nend\n");
        let ruby = named(FormatName::Ruby, "", "");
        let read = ruby.read(&text).expect("it is read").credentials;
        assert_eq!(read.refresh_token().map(|token| token.expose()), Some("TOK"), "{text}");
        let new = read.with(gads_creds::format::Field::RefreshToken, Some("NEW"));
        assert_eq!(ruby.write(&text, &new).expect("it is edited"), text.replace("TOK", "NEW").replace('"', "'"));
    }
}

/// Lines of an ini file before the section of the credentials.
const PHP: &[&str] = &[
    "# don't share",
    "# why?",
    "# ]",
    "[X] # creds",
    "[X] y",
    "[X] on",
    "[X];c",
    "'foo' = bar",
    "#[OAUTH2]",
    "# [x]",
    "# [x] = y",
    "[X] #[Y]",
    "[fo\"o]",
    "[fo'o]",
    "['fo']",
    "[a b]",
    "[a=b]",
    "[a;b]",
    "[X",
    " [X]",
    "\t[X]",
    "# a(b",
    "# a$b",
    "# ${x}",
    "# a!b",
    "# a|b",
    "# a \"b\"",
    "# see https://x/?a=1&b=2",
    "# a; b",
    "# on",
    "on",
    "on = 1",
    "#!/usr/bin/php",
    "// a",
    "a\tb = c",
    "a]b = c",
    "a[] = b",
    "a[b] = c",
    "a[b]",
    "a[b = c",
    "a[b]c = d",
    "=x",
    "x != y",
    "x = a&b",
    "x = a && b",
    "x = ${HOME}",
    "x = ${HOME",
    "x = PHP_VERSION",
    "x\t= y",
    "x \t = y",
    "x: \"y\"",
    "\"x\" = y",
    "x = \"bar\" baz",
    "x = E_ALL & ~E_NOTICE",
    "x = \"a\nb\"",
    "x = \"a\n[OAUTH2]\ny = 1\\\"\n\" ; c",
    "x = 'a\nb'",
    "x = 'a\nb' \"c\nd\"",
    "x = \"a",
    "x = 'a\nb",
    "x = \"a\nb\" c = \"",
    "x = on",
    "x = on y",
    "x = a=b",
    "x = a(b",
    "x = a)b",
    "x = ^b",
    "x = !a",
    "x = a ! b",
    "x = a?b",
    "x = {a}",
    "x = http://a/?b&c",
    "<<<<<<< HEAD",
    "=======",
];

#[test]
fn php_parses_what_is_called_readable() {
    let texts: Vec<String> = PHP.iter().map(|line| format!("{line}\n[OAUTH2]\nrefreshToken = \"x\"\n")).collect();
    let script = r#"
        foreach (json_decode($argv[1]) as $text) {
            $read = @parse_ini_string($text, true, INI_SCANNER_TYPED);
            echo ($read["OAUTH2"]["refreshToken"] ?? null) === "x" ? 1 : 0;
        }"#;
    let output = Command::new("php").args(["-n", "-r", script, "--", &serde_json::json!(texts).to_string()]).output();
    let Ok(output) = output else { return skip("php is not installed") };
    let parsed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(parsed.len(), texts.len(), "{parsed}");
    for (text, is_parsed) in texts.iter().zip(parsed.chars()) {
        // Some that PHP takes are too odd to be told from those that it does not.
        let is_odd = text.starts_with("on = 1");
        assert!(
            is_odd || (is_parsed == '1') == is_accepted(FormatName::Php, "x.ini", text),
            "by PHP {is_parsed}: {text}"
        );
    }
}

/// Customer IDs that no library can use, each in a format of its own.
const IDS: &[(FormatName, &str)] = &[
    (FormatName::Python, "login_customer_id: 123-456-7890\n"),
    (FormatName::Java, "api.googleads.loginCustomerId=\"1234567890\"\n"),
    (FormatName::Perl, "loginCustomerId=123 456 7890\n"),
    (FormatName::Perl, "loginCustomerId = 1234567890\n"),
    (FormatName::Php, "[GOOGLE_ADS]\nloginCustomerId = 123-456-7890\n"),
    (FormatName::Ruby, "Google::Ads::GoogleAds::Config.new do |c|\n  c.login_customer_id = '123-456-7890'\nend\n"),
    (FormatName::Env, "GOOGLE_ADS_LOGIN_CUSTOMER_ID=\"123 456 7890\"\n"),
    (FormatName::Meltano, "TAP_GOOGLEADS_LOGIN_CUSTOMER_ID=123-456-7890\n"),
    (FormatName::Dlt, "[sources.google_ads]\ncustomer_id = \"123-456-7890\"\n"),
    (FormatName::Airbyte, "{\"login_customer_id\": \"123-456-7890\"}"),
    (FormatName::Mureo, "{\"google_ads\": {\"login_customer_id\": \"123-456-7890\"}}"),
    (FormatName::Dotnet, "{\"GoogleAdsApi\": {\"LoginCustomerId\": \"123-456-7890\"}}"),
];

#[test]
fn a_customer_id_that_cannot_be_read_is_in_the_contents_with_its_field() {
    for (name, text) in IDS {
        let format = named(*name, "appsettings.json", "");
        let contents = format.read(text).expect("it is read");
        assert_eq!(contents.credentials.login_customer_id, None, "{text}");
        let is_named = contents.diagnostics.iter().any(|about| {
            about.field == Some(gads_creds::format::Field::LoginCustomerId) && about.severity() == Severity::Error
        });
        assert!(is_named, "{text}: {:?}", contents.diagnostics);
    }
}
