//! What could control a terminal is escaped in every JSON output, and is read back unchanged.

use serde_json::{Value, json};

use crate::google::browser::Decision;
use crate::google::{Endpoint, Fault, Reply};
use crate::sandbox::Sandbox;
use crate::stored;

/// A control character of the second block, bidirectional, zero-width and tag characters, others without ink, DEL.
const ODD: &str =
    "a\u{9b}31m\u{202e}b\u{200b}c\u{2066}\u{feff}d\u{e0041}\u{34f}f\u{fe0f}g\u{e0101}h\u{3164}i\u{2800}\u{7f}\u{85}e";

/// The same without control characters, which paths may not contain.
const ODD_PATH: &str = "a\u{202e}b\u{200b}c\u{2066}\u{feff}d\u{e0041}\u{34f}f\u{fe0f}g\u{e0101}h\u{3164}i\u{2800}e";

#[track_caller]
fn is_plain(text: &str) {
    let odd = text.trim_end_matches('\n').chars().find(|char| {
        char.is_control() || matches!(char, '\u{34f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    });
    assert_eq!(odd, None, "{text:?}");
}

#[test]
fn text_from_a_file_is_escaped_and_reads_back() {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    let file = sandbox.home().join("google-ads.yaml");
    let known = stored::metadata(&sandbox, &token, stored::DAY, None);
    let account: String = ODD.chars().map(|char| format!("\\U{:08x}", u32::from(char))).collect();
    let entry = format!("[profiles.work]\nstore = \"file\"\nfile = {file:?}\n{known}account = \"{account}\"\n");
    sandbox.write(".config/gads-creds/profiles.toml", entry);
    for (args, at) in [
        (&["show", "-p", "work", "--json"][..], "/account"),
        (&["show", "--all", "--json"], "/profiles/0/account"),
        (&["show", "-p", "work", "--reveal", "--json"], "/account"),
    ] {
        let run = sandbox.command(args).reveals(&token).reveals(&client.secret).observe();
        is_plain(&run.stdout);
        if !args.contains(&"--reveal") {
            assert_eq!(run.json().pointer(at), Some(&json!(ODD)), "{args:?}: {run:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_path_is_escaped_and_reads_back() {
    let sandbox = Sandbox::new();
    let client = sandbox.google.desktop();
    let token = sandbox.google.grant(&client, &[crate::google::ADWORDS]);
    let file = sandbox.write(format!("{ODD_PATH}.yaml"), stored::yaml(&client, &token));
    let path = file.to_str().expect("UTF-8");
    for command in
        ["show", "refresh", "doctor --offline", "export java --stdout", "export java out.properties", "revoke --yes"]
    {
        let command: Vec<&str> = command.split(' ').collect();
        let run = sandbox.command(&[&command[..], &["--json", "--config", path]].concat()).observe();
        is_plain(&run.stdout);
        assert!(run.json().is_object(), "{run:?}");
        if command == ["show"] {
            assert_eq!(run.json()["file"], path, "{run:?}");
        }
    }
    for command in [&["show"][..], &["login", "-c"]] {
        let run =
            sandbox.command(&[command, &["--json", "--config", &format!("{path}/{ODD_PATH}")]].concat()).observe();
        assert!(run.code != 0, "{run:?}");
        is_plain(&run.stdout);
    }
}

/// A file for a library holds no such character either: JSON has escapes for it, and another format is not printed.
#[test]
fn a_file_for_a_library_is_escaped_or_refused() {
    use gads_creds::format::{FORMATS, FormatName};
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token).replace(&client.id, &format!("\"{ODD_PATH}\"")));
    for format in FORMATS.iter().map(|format| format.name()) {
        let run = sandbox.command(&["show", "--format", format.as_str()]).observe();
        is_plain(&run.stdout.replace(['\n', '\t'], " "));
        // Some refuse the value for reasons of their own.
        assert!(run.code == 0 || run.stderr.contains("cannot show this as"), "{format}: {run:?}");
        if format == FormatName::Adc {
            assert_eq!(run.json()["client_id"], ODD_PATH, "{run:?}");
        }
        if format == FormatName::Php {
            assert!(run.stderr.contains("invisible or reorders text"), "{run:?}");
            assert!(run.stderr.contains("`gads-creds export php FILE`"), "{run:?}");
        }
    }
}

#[test]
fn whatever_google_sends_is_escaped() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let link = format!("https://console.developers.google.com/apis/{ODD}");
    let detail = json!({ "reason": format!("REASON{ODD}"), "metadata": { "activationUrl": link }, "requestId": ODD });
    let error =
        json!({ "error": { "code": 403, "message": ODD, "status": format!("STATUS{ODD}"), "details": [detail] } });
    for endpoint in [Endpoint::Ads, Endpoint::Token] {
        sandbox.google.fault(endpoint, Fault::Reply(Reply::json(403, &error)));
        for command in [&["doctor", "--json"][..], &["doctor"]] {
            is_plain(&sandbox.command(command).observe().stdout.replace('\n', " "));
        }
    }
    let error = json!({ "error": format!("code{ODD}"), "error_description": ODD });
    for command in ["refresh --json", "revoke --yes --json"] {
        let endpoint = if command.starts_with("refresh") { Endpoint::Token } else { Endpoint::Revoke };
        sandbox.google.fault(endpoint, Fault::Reply(Reply::json(400, &error)));
        let run = sandbox.command(&command.split(' ').collect::<Vec<_>>()).observe();
        is_plain(&run.stdout);
        assert!(run.json()["error"].is_object(), "{run:?}");
        is_plain(&run.stderr.replace('\n', " "));
    }
}

/// Returns an error of the Google Ads API with the page on which to enable the API.
fn disabled(link: &str, message: &str) -> Fault {
    let metadata = json!({ "activationUrl": link });
    let detail = json!({ "reason": "SERVICE_DISABLED", "domain": "googleapis.com", "metadata": metadata });
    let error = json!({ "code": 403, "message": message, "status": "PERMISSION_DENIED", "details": [detail] });
    Fault::Reply(Reply::json(403, &json!({ "error": error })))
}

#[test]
fn an_activation_url_is_a_link_to_the_console_or_left_out() {
    let sandbox = Sandbox::new();
    stored::works(&sandbox);
    let run = |link: &str| {
        sandbox.google.fault(Endpoint::Ads, disabled(link, "Disabled."));
        sandbox.command(&["doctor", "--json"]).observe()
    };
    let good = "https://console.developers.google.com/apis/api/googleads.googleapis.com/overview?project=1";
    assert!(run(good).stdout.contains(good));
    for bad in [
        "https://console.developers.google.com.evil.example/x",
        "https://console.developers.google.com:8443/x",
        "https://user@console.developers.google.com/x",
        "http://console.developers.google.com/x",
        "javascript:alert(1)",
        &format!("https://console.developers.google.com/{}", "x".repeat(400)),
    ] {
        let run = run(bad);
        assert!(!run.stdout.contains(bad) && !run.stdout.contains("evil"), "{bad}: {run:?}");
    }
}

/// The access token is in a header of the request, and the other tests' secrets are in its body.
#[test]
fn an_access_token_that_google_ads_repeats_is_not_passed_on() {
    let sandbox = Sandbox::new();
    let (client, refresh_token) = stored::works(&sandbox);
    let developer_token = "Dev3loperT0kenOfTwentyTwo";
    let with_developer_token = stored::yaml(&client, &refresh_token) + &format!("developer_token: {developer_token}\n");
    sandbox.write("google-ads.yaml", with_developer_token);
    let access_token = "ya29.a0AcM612xQm7Zk-Jr4_hWnPzYtQv83LbTdGsEoUfRiKy";
    sandbox.plant(access_token);
    sandbox.plant(developer_token);
    // Complete, and a part without a recognizable shape.
    let part = &access_token[14..34];
    for (piece, divided) in [(access_token, Vec::new()), (part, divided(part)), (developer_token, Vec::new())] {
        for (at, text) in [spellings(piece), divided].concat().iter().enumerate() {
            let link = format!("https://console.developers.google.com/?t={text}");
            let set = move |response: &mut Value| response["access_token"] = access_token.into();
            let message = format!("bad token: {text}");
            let commands = [&["doctor", "--json"][..], &["doctor", "-vv"]];
            // Only the first two are parts of a URL.
            let all: &[(&str, &str)] = if at < 2 { &[("", &message), (&link, "Disabled.")] } else { &[("", &message)] };
            for (link, message) in all {
                for command in &commands[..if at < 2 { 2 } else { 1 }] {
                    sandbox.google.fault(Endpoint::Token, Fault::edit(set));
                    sandbox.google.fault(Endpoint::Ads, disabled(link, message));
                    let run = sandbox.command(command).observe();
                    assert_eq!(run.code, 8, "{run:?}");
                    assert!(!run.stdout.contains("bad token"), "{run:?}");
                }
            }
        }
    }
}

/// What a server may put between the parts of a text that it repeats: visible or not.
const BETWEEN: &[&str] = &[
    " ",
    "\n",
    "\u{200b}",
    "\u{1}",
    "\0",
    "\u{7f}",
    "\u{1b}[m",
    "\u{1b}[1;31m",
    "\t",
    "\r",
    "\u{34f}",
    "\u{fe0f}",
    "\u{e0101}",
    "\u{3164}",
    "\u{2800}",
    ".",
    "' '",
    "|",
    " - ",
    "\u{b7}",
];

/// Returns the text as it is, percent-encoded, and as servers and proxies spell what they repeat.
fn spellings(text: &str) -> Vec<String> {
    use base64::Engine as _;
    let each = |spell: fn(char) -> String| text.chars().map(spell).collect::<String>();
    let parts = |separator: &str| {
        text.as_bytes().chunks(8).map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join(separator)
    };
    let base64 = |text: String| base64::engine::general_purpose::STANDARD.encode(text);
    vec![
        text.to_owned(),
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        base64(text.to_owned()),
        format!("x{}", base64(text.to_owned())),
        format!("Basic {}", base64(format!("id:{text}"))),
        each(|char| format!("{:02x}", u32::from(char))),
        each(|char| format!("%25{:02x}", u32::from(char))),
        each(|char| format!("&#{};", u32::from(char))),
        each(|char| format!("&#x{:x};", u32::from(char))),
        each(|char| format!("\\u{:04x}", u32::from(char))),
        text.chars().rev().collect(),
        // Backwards, and in base64, with something between.
        parts(".").chars().rev().collect(),
        base64(text.to_owned()).as_bytes().chunks(8).map(|part| String::from_utf8_lossy(part) + ".").collect(),
    ]
}

/// Returns the text in parts, with each of those between.
fn divided(text: &str) -> Vec<String> {
    let parts: Vec<_> = text.as_bytes().chunks(8).map(String::from_utf8_lossy).collect();
    BETWEEN.iter().map(|between| parts.join(between)).collect()
}

#[test]
fn a_login_is_escaped_as_well() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let login = sandbox.login(&["--json"]).directory("").code(5).stdout_has("").start();
    login.visit(&Decision::deny());
    is_plain(&login.finish().stdout);
}
