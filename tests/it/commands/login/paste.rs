//! The pasted authorization response: the browser is elsewhere, and its last page did not load.

use super::{CLIENT, browse, issued, new_file};
use crate::google::browser::{self, Decision};
use crate::google::{Client, Endpoint};
use crate::sandbox::Sandbox;

/// Returns the address that the browser ends on, without fetching it.
fn ended_on(url: &url::Url) -> String {
    let page = browser::get(url.as_str()).unwrap();
    browser::submit(&page, &Decision::allow()).unwrap().header("location").unwrap().to_owned()
}

fn web(sandbox: &Sandbox) -> Client {
    let client = sandbox.google.web(&["https://example.com/oauth/cb"]);
    sandbox.client_secrets(&client);
    client
}

#[test]
fn a_web_client_with_only_https_uris_works_by_pasting() {
    let sandbox = Sandbox::new();
    let client = web(&sandbox);
    let mut terminal = sandbox.login(&[&CLIENT[..], &["--no-verify"]].concat()).terminal();
    terminal.expect("Then paste here the address that the browser ended on:");
    let address = ended_on(&terminal.url());
    assert!(address.starts_with("https://example.com/oauth/cb?"), "{address}");
    terminal.send(&address);
    terminal.expect("stored the refresh token");
    terminal.finish();
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[test]
fn while_listening_a_wrong_paste_is_reported_and_the_right_one_accepted() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let mut terminal = sandbox.login(&[&CLIENT[..], &["--no-verify"]].concat()).terminal();
    terminal.expect("paste here the address");
    let address = ended_on(&terminal.url());
    let (start, _) = address.split_once('?').unwrap();
    for (wrong, why) in [
        ("yes", "it is not a URL"),
        (&format!("{start}?code=4/0Ax&state=guess"), "its `state` belongs to another login"),
        ("http://127.0.0.1:9/?state=guess&code=4/0Ax", "its `state` belongs to another login"),
        (&"x".repeat(5000), "it is not a URL"),
        (&address.replace("127.0.0.1", "localhost"), "it is not the URL that Google sends the browser to"),
        (&format!("{address}&state=again"), "it has a parameter twice"),
    ] {
        terminal.send(wrong);
        terminal.expect(&format!("what was pasted does not complete this login: {why}"));
    }
    terminal.send("");
    terminal.send(&format!("  \"{address}\" \t"));
    terminal.expect("stored the refresh token");
    terminal.finish();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[test]
fn the_part_behind_the_question_mark_is_enough() {
    for quote in ["", "'", "`"] {
        let sandbox = Sandbox::new();
        sandbox.desktop();
        let mut terminal = sandbox.login(&[&CLIENT[..], &["--no-verify"]].concat()).terminal();
        let address = ended_on(&terminal.url());
        let (_, query) = address.split_once('?').unwrap();
        terminal.send(&format!("{quote}{query}{quote}"));
        terminal.expect("stored the refresh token");
        terminal.finish();
    }
}

#[test]
fn a_pasted_denial_ends_it_with_5() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let mut terminal = sandbox.login(&CLIENT).code(5).terminal();
    let page = browser::get(terminal.url().as_str()).unwrap();
    terminal.send(browser::submit(&page, &Decision::deny()).unwrap().header("location").unwrap());
    terminal.expect("consent was denied");
    terminal.finish();
    assert!(!sandbox.home().join("google-ads.yaml").exists());
}

#[test]
fn the_browser_may_be_faster_than_the_paste_and_the_terminal_is_free_for_the_next_question() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let mut terminal = sandbox.login(&CLIENT).terminal();
    terminal.send("not a response");
    terminal.expect("what was pasted does not complete this login");
    browse(&terminal.url()).join().unwrap().unwrap();
    terminal.expect("Go through a manager account?");
    terminal.expect("1  1234567890  Example Agency  (manager)");
    terminal.expect("Number or ID");
    terminal.send("1");
    terminal.expect("login customer 1234567890 stored");
    terminal.finish();
    assert!(sandbox.read("google-ads.yaml").contains("login_customer_id: \"1234567890\"\n"));
}

#[test]
fn no_input_takes_no_paste() {
    let sandbox = Sandbox::new();
    web(&sandbox);
    let outcome = sandbox.login(&[&CLIENT[..], &["--no-input"]].concat()).code(2).terminal().finish();
    assert!(outcome.stdout.contains("must be pasted") && !outcome.stdout.contains("/o/oauth2/"), "{outcome:?}");
}

/// Runs a login with pasted lines, made of the URL that the browser ended on.
#[track_caller]
fn pasting(lines: impl FnOnce(&str) -> String) {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let mut terminal = sandbox.login(&[&CLIENT[..], &["--no-verify"]].concat()).terminal();
    terminal.expect("paste here the address");
    let address = ended_on(&terminal.url());
    terminal.send(&lines(&address));
    terminal.expect("stored the refresh token");
    terminal.finish();
    let exchange = &sandbox.google.requests(Endpoint::Token)[0];
    let url = url::Url::parse(&address).unwrap();
    let (_, code) = url.query_pairs().find(|(name, _)| name == "code").unwrap();
    assert_eq!(exchange.form().get("code").unwrap(), code, "not the whole code was sent");
}

#[test]
fn what_terminals_and_mail_programs_add_to_a_paste_is_removed() {
    pasting(|address| format!("\u{1b}[200~{address}\u{1b}[201~"));
    pasting(|address| format!("\u{feff}{}\u{200b}", address.replace("&code=", "\u{200b}&code=")));
    // Every place where a line can end: in the redirect URI, in `state`, in `iss`, in the code.
    for width in [25, 33, 40, 50, 64, 76] {
        pasting(|address| {
            let characters: Vec<char> = address.chars().collect();
            let wrapped: Vec<String> = characters.chunks(width).map(|part| part.iter().collect()).collect();
            wrapped.join("  \n  ")
        });
    }
}

#[test]
fn a_wrong_line_does_not_stay_in_the_way_of_the_address() {
    for before in [
        "code=4%2F0AfJohXn",
        "iss=https://accounts.google.com&code=4%2F0AfJohXn",
        "?",
        "http://127.0.0.1:1/callback?code=4/0A&state=x",
        "=====",
        "FOO=bar",
        "state=Zm9yZ2Vk",
    ] {
        pasting(|address| format!("{before}\n{address}"));
    }
    pasting(|address| format!("{}\n{address}", address.split_once('?').unwrap().0));
    pasting(|address| format!("{}?\n{address}", address.split_once('?').unwrap().0));
    pasting(|address| format!("code=4/0A\n{}", address.split_once('?').unwrap().1));
}

#[test]
fn an_address_is_found_in_what_chats_shells_and_mail_make_of_it() {
    pasting(|address| format!("[the page]({address})"));
    pasting(|address| format!("[{address}]({address})"));
    pasting(|address| format!("view-source:{address}"));
    pasting(|address| format!("URL={address}"));
    pasting(|address| format!("^[[200~{address}^[[201~"));
    pasting(|address| format!("curl \"{address}\""));
    pasting(|address| format!("$ open {address}"));
    pasting(|address| format!("{{\"url\": \"{address}\"}}"));
    pasting(|address| address.replace('&', "%26"));
    pasting(|address| address.replace('=', "=3D"));
    pasting(|address| address.replace('=', "=3D").replace('&', "=\n&").replacen("state", "sta=\nte", 1));
}

#[test]
fn a_url_with_line_breaks_anywhere_is_joined() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let mut terminal = sandbox.login(&[&CLIENT[..], &["--no-verify"]].concat()).terminal();
    terminal.expect("paste here the address");
    let address = ended_on(&terminal.url());
    let middle = address.find("code=").unwrap() + 12;
    // The rest comes later: nothing is sent before.
    terminal.send(&address[..middle]);
    terminal.expect("it ends with the code, of which a part may be missing");
    terminal.expect("paste the rest, or press Enter if that was all");
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 0);
    terminal.send(&address[middle..]);
    terminal.expect("stored the refresh token");
    terminal.finish();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
    assert_eq!(sandbox.read("google-ads.yaml"), new_file(&client, &issued(&sandbox)));
}

#[test]
fn enter_confirms_that_a_code_at_the_end_is_complete() {
    pasting(|address| {
        let (start, query) = address.split_once('?').unwrap();
        let mut parts: Vec<&str> = query.split('&').filter(|part| !part.starts_with("code=")).collect();
        parts.push(query.split('&').find(|part| part.starts_with("code=")).unwrap());
        format!("{start}?{}\n", parts.join("&"))
    });
}
