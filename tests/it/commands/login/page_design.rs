//! The design of the browser's pages: readable in light and dark color schemes, on a phone, zoomed, and by a screen
//! reader.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::result_page::is_safe;
use super::{decide, login};
use crate::google::browser::{self, Decision, Page};
use crate::sandbox::Sandbox;

/// Returns the pages for success and denial, and for an unrelated request to the port of a login.
fn pages() -> [(&'static str, Page); 4] {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let (_, denied) = decide(login(&sandbox, &[]).code(5), &Decision::deny());
    let running = login(&sandbox, &["--no-verify"]).start();
    let uri = running.redirect_uri();
    let unrelated = browser::get(uri.join("/").unwrap().as_str()).unwrap();
    let forged = browser::get(&format!("{uri}?code=x&state=forged")).unwrap();
    let good = running.visit(&Decision::allow());
    running.finish();
    [("good", good), ("denied", denied), ("unrelated", unrelated), ("forged", forged)]
}

#[test]
fn every_page_is_accessible() {
    for (name, page) in pages() {
        is_safe(&page);
        let body = &page.body;
        assert!(body.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{name}: {body}");
        let width = "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">";
        assert!(body.contains(width), "{name} keeps a telephone from zooming: {body}");
        let title = between(body, "<title>", " - gads-creds</title>");
        assert_eq!(between(body, "<h1>", "</h1>"), title, "{name}");
        let marks = body.matches("<svg").count();
        assert_eq!(
            (marks, body.matches("aria-hidden=\"true\"").count()),
            (1, 1),
            "{name}: the mark is not text: {body}"
        );
        for size in between(body, "<style>", "</style>").split("font-size:").skip(1) {
            assert!(
                size.split([';', '}']).next().unwrap().ends_with("rem"),
                "{name}: {size} does not grow with the reader's"
            );
        }
    }
}

#[test]
fn the_content_security_policy_allows_only_the_style_of_the_page() {
    for (name, page) in pages() {
        let style = between(&page.body, "<style>", "</style>");
        let digest = STANDARD.encode(Sha256::digest(style));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains(&format!("style-src 'sha256-{digest}';")), "{name}: {policy}");
        assert!(!page.body.contains(" style="), "{name}: a style of an element would be rejected");
    }
}

/// WCAG 2.2, 1.4.3: at least 4.5 to 1 for text. Marks and code meet it as well, although they need less.
#[test]
fn every_text_has_enough_contrast_in_light_and_dark() {
    for (name, page) in pages() {
        let style = between(&page.body, "<style>", "</style>");
        let (light, dark) = style.split_once("@media(prefers-color-scheme:dark){").expect("two schemes");
        for (scheme, colors) in [("light", light), ("dark", dark.split("}}").next().unwrap())] {
            for text in ["text", "soft", "good", "bad"] {
                let (text, ground) = (color(colors, text), color(colors, "card"));
                let contrast = contrast(text, ground);
                assert!(contrast >= 4.5, "{name}, {scheme}: {text:?} on {ground:?} is {contrast:.2}");
            }
        }
        // No color is used outside of the two lists, so checking the lists is enough.
        assert!(!between(style, "*{", "footer").contains('#'), "{name}: {style}");
    }
}

#[test]
fn the_contrast_is_computed_as_the_standard_says() {
    let [white, black, grey] = [[255; 3], [0; 3], [0x76; 3]];
    assert!((contrast(white, black) - 21.0).abs() < 0.01);
    assert!((contrast(grey, white) - 4.54).abs() < 0.01);
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end} behind {start} in {text}")).0
}

/// Returns the color of this name in a list.
fn color(list: &str, name: &str) -> [u8; 3] {
    let value = list.split_once(&format!("--{name}:#")).unwrap_or_else(|| panic!("no {name} in {list}")).1;
    let digits = value.split([';', '}']).next().unwrap();
    let digits =
        if digits.len() == 3 { digits.chars().flat_map(|digit| [digit, digit]).collect() } else { digits.to_owned() };
    [0, 2, 4].map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("two digits"))
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Returns the relative luminance, as WCAG 2.2 defines it.
fn luminance(color: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = color.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
