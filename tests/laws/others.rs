//! What another parser reads besides the known keys: the same before and after an edit.
//!
//! For the formats with one setting per line there is no other parser here, and `lines` is enough.

use gads_creds::credentials::{Credentials, CustomerId, Field};
use gads_creds::format::{Format, FormatName};
use gads_creds::secret::Secret;
use quick_xml::events::Event;

use super::lines::names_ours;

/// Everything but the known keys is as before, and they have the wanted values.
#[track_caller]
pub fn stay(format: &dyn Format, text: &str, new: &str, before: &Credentials, wanted: &Credentials) {
    match format.name() {
        FormatName::Python => yaml(text, new, before, wanted),
        FormatName::Adc => json(text, new, &["client_id", "client_secret", "refresh_token", "type"]),
        FormatName::Dotnet if text.trim_start().starts_with('<') => xml(text, new),
        FormatName::Dotnet => json(text, new, DOTNET),
        FormatName::Dlt => kept_leaves(leaves_of_toml(text), leaves_of_toml(new), text, new),
        FormatName::Airbyte | FormatName::Singer | FormatName::Airflow | FormatName::Mureo => {
            kept_leaves(leaves_of_json(text), leaves_of_json(new), text, new);
        }
        _ => {}
    }
}

/// Every value outside of the known keys is where it was. A program may ask for others besides: they may be new.
#[track_caller]
fn kept_leaves(old: Option<Leaves>, now: Option<Leaves>, text: &str, new: &str) {
    let Some(old) = old else { return };
    let now = now.unwrap_or_else(|| panic!("{text:?} -> {new:?}"));
    // As dlt and Singer call the developer token and the customer.
    let other_names = ["dev_token", "customer_id", "customer_ids", "login_customer_ids"];
    let is_ours = |path: &str| names_ours(path) || other_names.contains(&path.rsplit('.').next().unwrap_or_default());
    // A null is as good as nothing: a section takes its place.
    for leaf in old.iter().filter(|(path, value)| !is_ours(path) && !names_ours(value) && value != "null") {
        assert!(now.contains(leaf), "lost {leaf:?}: {text:?} -> {new:?}");
    }
}

/// The values of a document, each with the keys that lead to it.
type Leaves = Vec<(String, String)>;

fn leaves_of_json(text: &str) -> Option<Leaves> {
    fn collect(path: &str, value: &serde_json::Value, leaves: &mut Leaves) {
        match value {
            serde_json::Value::Object(members) => {
                members.iter().for_each(|(name, value)| collect(&format!("{path}.{name}"), value, leaves));
            }
            value => leaves.push((path.to_owned(), value.to_string())),
        }
    }
    let document: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    // A number or a word alone is a line of a `.env` file as well.
    if !document.is_object() && !document.is_array() {
        return None;
    }
    let mut leaves = Vec::new();
    collect("", &document, &mut leaves);
    Some(leaves)
}

fn leaves_of_toml(text: &str) -> Option<Leaves> {
    fn collect(path: &str, table: &dyn toml_edit::TableLike, leaves: &mut Leaves) {
        for (name, item) in table.iter() {
            let path = format!("{path}.{name}");
            match item.as_table_like() {
                Some(table) => collect(&path, table, leaves),
                None => leaves.push((path, item.to_string().trim().to_owned())),
            }
        }
    }
    let mut leaves = Vec::new();
    let document: toml_edit::DocumentMut = text.trim_start_matches('\u{feff}').parse().ok()?;
    collect("", document.as_table(), &mut leaves);
    Some(leaves)
}

const DOTNET: &[&str] = &[
    "DeveloperToken",
    "OAuth2ClientId",
    "OAuth2ClientSecret",
    "OAuth2RefreshToken",
    "LoginCustomerId",
    "LinkedCustomerId",
    "OAuth2Mode",
];

#[track_caller]
fn yaml(text: &str, new: &str, before: &Credentials, wanted: &Credentials) {
    let read = |text: &str| match serde_yaml::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(serde_yaml::Value::Mapping(mapping)) => Some(mapping),
        Ok(serde_yaml::Value::Null) => Some(serde_yaml::Mapping::new()),
        _ => None,
    };
    let Some(mut old) = read(text) else { return };
    let mut now = read(new).unwrap_or_else(|| panic!("{text:?} -> {new:?}"));
    for key in OURS {
        let (was, is) = (old.shift_remove(key), now.shift_remove(key));
        match (field(before, key), field(wanted, key)) {
            (was_meant, meant) if was_meant == meant => assert_eq!(was, is, "{key}: {text:?} -> {new:?}"),
            (_, Some(meant)) => {
                let is = match is {
                    Some(serde_yaml::Value::String(text)) => Some(text),
                    Some(serde_yaml::Value::Number(number)) => Some(number.to_string()),
                    _ => None,
                };
                assert_eq!(is.as_deref(), Some(meant.as_str()), "{key}: {text:?} -> {new:?}");
            }
            (_, None) => assert_eq!(is, None, "{key}: {text:?} -> {new:?}"),
        }
    }
    assert_eq!(old.iter().collect::<Vec<_>>(), now.iter().collect::<Vec<_>>(), "{text:?} -> {new:?}");
}

const OURS: [&str; 6] =
    ["client_id", "client_secret", "refresh_token", "developer_token", "login_customer_id", "linked_customer_id"];

fn field(credentials: &Credentials, key: &str) -> Option<String> {
    let secret = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
    let customer = |id: &Option<CustomerId>| id.as_ref().map(CustomerId::to_string);
    match key {
        "client_id" => credentials.client_id().map(str::to_owned),
        "client_secret" => Field::ClientSecret.get(credentials).map(str::to_owned),
        "refresh_token" => Field::RefreshToken.get(credentials).map(str::to_owned),
        "developer_token" => secret(&credentials.developer_token),
        "login_customer_id" => customer(&credentials.login_customer_id),
        _ => customer(&credentials.linked_customer_id),
    }
}

#[track_caller]
fn json(text: &str, new: &str, ours: &[&str]) {
    let ((plain, comments), (new_plain, new_comments)) = (without_comments(text), without_comments(new));
    let Ok(mut old) = serde_json::from_str(&plain) else { return };
    let mut now = serde_json::from_str(&new_plain).unwrap_or_else(|_| panic!("{text:?} -> {new:?}"));
    without(&mut old, ours);
    without(&mut now, ours);
    assert_eq!(old, now, "{text:?} -> {new:?}");
    assert_eq!(comments, new_comments, "{text:?} -> {new:?}");
}

/// Removes the known keys, and a section without any other.
fn without(value: &mut serde_json::Value, ours: &[&str]) {
    const SECTION: &str = "GoogleAdsApi";
    let is_ours = |key: &str| {
        let key = key.strip_prefix("GoogleAdsApi:").unwrap_or(key);
        ours.iter().any(|ours| ours.eq_ignore_ascii_case(key))
    };
    let Some(root) = value.as_object_mut() else { return };
    let in_section = ours.len() > 4;
    root.retain(|key, _| !is_ours(key) || in_section && !key.contains(':'));
    if let Some(section) = root.get_mut(SECTION).and_then(serde_json::Value::as_object_mut) {
        section.retain(|key, _| !is_ours(key));
        if section.is_empty() {
            root.remove(SECTION);
        }
    }
}

/// The text as plain JSON, without the comments and trailing commas that Microsoft's parser accepts, and the comments.
fn without_comments(text: &str) -> (String, Vec<&str>) {
    let (mut plain, mut comments, mut at) = (String::new(), Vec::new(), 0);
    while let Some(char) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if char == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|char| {
                let ends = char == '"' && !escaped;
                escaped = char == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("//") {
            let length = rest.find(['\r', '\n']).unwrap_or(rest.len());
            comments.push(&rest[..length]);
            at += length;
            continue;
        } else if let Some(comment) = rest.strip_prefix("/*") {
            let length = comment.find("*/").map_or(rest.len(), |end| end + 4);
            comments.push(&rest[..length]);
            at += length;
            continue;
        } else {
            char.len_utf8()
        };
        if matches!(char, '}' | ']') && plain.trim_end().ends_with(',') {
            plain.truncate(plain.trim_end().len() - 1);
        }
        plain.push_str(&rest[..length]);
        at += length;
    }
    (plain, comments)
}

/// Every event of the old file is in the new one, in order; only a section and its declaration may be added.
#[track_caller]
fn xml(text: &str, new: &str) {
    let (Some(old), Some(now)) = (events(text), events(new)) else { return };
    let mut rest = now.iter();
    for event in &old {
        assert!(rest.any(|other| other == event), "lost {event}: {text:?} -> {new:?}");
    }
    let added = now.len() - old.len();
    assert!(added == 0 || !has_section(&old) && added <= 9, "{text:?} -> {new:?}");
}

/// Whether the section is where the library looks for it: directly below the root.
fn has_section(events: &[String]) -> bool {
    let mut depth = 0;
    events.iter().any(|event| {
        let begins = event.strip_prefix("<\"");
        let found = depth == 1 && begins.is_some_and(|name| name.split(['"', ' ']).next() == Some("GoogleAdsApi"));
        depth += if event.starts_with("</") { -1 } else { i32::from(begins.is_some()) };
        found
    })
}

/// The events of the document without whitespace and the elements of known keys.
fn events(text: &str) -> Option<Vec<String>> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut events = Vec::new();
    let mut in_ours = false;
    loop {
        let event = reader.read_event().ok()?;
        let ours = |element: &quick_xml::events::BytesStart| {
            let is_key = |key: &str| DOTNET[..6].contains(&key);
            let mut attributes = element.attributes().flatten();
            element.name().as_ref() == "add"
                && attributes.any(|attribute| {
                    attribute.key.as_ref() == "key"
                        && attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).is_ok_and(|key| is_key(&key))
                })
        };
        match &event {
            Event::Eof => return Some(events),
            Event::Empty(element) if ours(element) => {}
            Event::Start(element) if ours(element) => in_ours = true,
            Event::End(_) if in_ours => in_ours = false,
            Event::Start(_) if in_ours => return None,
            _ if in_ours => {}
            // The texts around such an element become one when it is removed.
            Event::Text(text) => match events.last_mut().filter(|last| last.starts_with('"')) {
                Some(last) => last.extend(text.split_whitespace()),
                None if text.trim().is_empty() => {}
                None => events.push(format!("\"{}", text.split_whitespace().collect::<String>())),
            },
            // An empty section gets an end tag with its first setting.
            Event::Empty(element) => {
                events.push(format!("<{:?}>", element.trim_end()));
                events.push(format!("</{:?}>", element.name().as_ref()));
            }
            Event::Start(element) => events.push(format!("<{:?}>", element.trim_end())),
            Event::End(element) => events.push(format!("</{:?}>", element.name().as_ref())),
            event => events.push(format!("{event:?}")),
        }
    }
}
