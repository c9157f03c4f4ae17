//! An edit of a client library's file is refused, or exactly the meant keys change.

use gads_creds::credentials::{Credentials, CustomerId, Field};
use gads_creds::format::{self, Contents, Format, FormatError, IdentityKind};

use super::{assert_harmless, lines, others};

/// google-ads.yaml. As with every format: six orders and the text of the file, with tabs between them.
pub fn yaml(input: &str) {
    one_of(&[("python", "google-ads.yaml")], &format!("0{input}"));
}

/// The formats of one setting a line; the first character says which.
pub fn lines(input: &str) {
    one_of(&[("java", ""), ("php", ""), ("perl", ""), ("env", "")], input);
}

pub fn ruby(input: &str) {
    one_of(&[("ruby", "google_ads_config.rb")], &format!("0{input}"));
}

/// appsettings.json and Application Default Credentials; the first character says which.
pub fn json(input: &str) {
    one_of(&[("dotnet", "appsettings.json"), ("adc", "")], input);
}

/// App.config.
pub fn xml(input: &str) {
    one_of(&[("dotnet", "App.config")], &format!("0{input}"));
}

fn one_of(formats: &[(&str, &str)], input: &str) {
    let Some(first) = input.chars().next() else { return };
    let (name, file) = formats[first as usize % formats.len()];
    let format = format::named(name.parse().expect("a format of ours"), file, "");
    let (orders, text) = orders_and_text(&input[first.len_utf8()..]);
    edit(format, text, &orders);
}

/// What is to become of the value of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Order {
    Keep,
    Remove,
    Set(String),
}

/// Client id, client secret, refresh token, developer token, login customer, linked customer.
type Orders = [Order; 6];

/// Nothing is keep, `-` is remove.
fn orders_and_text(input: &str) -> (Orders, &str) {
    let mut parts = input.splitn(7, '\t');
    let orders = std::array::from_fn(|_| match parts.next().unwrap_or_default() {
        "" => Order::Keep,
        "-" => Order::Remove,
        value => Order::Set(value.to_owned()),
    });
    (orders, parts.next().unwrap_or_default())
}

/// The text, edited as ordered.
fn edit(format: &dyn Format, text: &str, orders: &Orders) {
    let Ok(before) = format.read(text) else {
        // What cannot be read is no text to rely on; that it is edited rightly all the same is for `written`.
        let _ = format.write(text, &carried_out(orders, &Credentials::default()));
        return;
    };
    let wanted = carried_out(orders, &before.credentials);
    match format.write(text, &wanted) {
        Err(refusal) => tells_nothing(&refusal, orders),
        Ok(new) => written(format, text, &before, &new, &format.holds(&wanted)),
    }
    made_loadable(format, text, &before);
    rivals_retired(format, text, &before);
}

fn carried_out(orders: &Orders, before: &Credentials) -> Credentials {
    let text = |at: usize, old: Option<&str>| match &orders[at] {
        Order::Keep => old.map(str::to_owned),
        Order::Remove => None,
        Order::Set(value) => Some(value.clone()),
    };
    let mut wanted = before.clone();
    for (at, field) in FIELDS.into_iter().enumerate() {
        let new = text(at, field.get(before));
        let new = new.map(|new| match field.is_customer_id() {
            true => CustomerId::exact(&format!("{new:0>10}")).map_or("1234567890".to_owned(), |id| id.to_string()),
            false => new,
        });
        field.set(&mut wanted, new.as_deref());
    }
    wanted
}

/// What the orders are about.
const FIELDS: [Field; 6] = [
    Field::ClientId,
    Field::ClientSecret,
    Field::RefreshToken,
    Field::DeveloperToken,
    Field::LoginCustomerId,
    Field::LinkedCustomerId,
];

fn written(format: &dyn Format, text: &str, before: &Contents, new: &str, wanted: &Credentials) {
    let name = format.name();
    let after = format.read(new).unwrap_or_else(|refusal| panic!("{name}: {text:?} -> {new:?}: {refusal:?}"));
    assert!(after.credentials == *wanted, "{name}: {text:?} -> {new:?}");
    assert_eq!(format.write(new, wanted).as_deref(), Ok(new), "{name}: twice is not once");
    if before.credentials == *wanted && !text.trim().is_empty() {
        assert_eq!(new, text, "{name}: nothing was to change");
    }
    assert_eq!(kinds(before), kinds(&after), "{name}: {text:?} -> {new:?}");
    if !text.trim().is_empty() {
        others::stay(format, text, new, &before.credentials, wanted);
        lines::stay(format, text, new);
    }
}

/// Whether the record has every value that the other one has.
fn holds(all: &Credentials, some: &Credentials) -> bool {
    FIELDS.into_iter().all(|field| field.get(some).is_none() || field.get(all) == field.get(some))
}

/// The other kinds of credential, without their lines.
fn kinds(contents: &Contents) -> Vec<String> {
    contents.conflicts.iter().map(|rival| format!("{:?} {:?} {:?}", rival.kind, rival.key, rival.outcome)).collect()
}

fn tells_nothing(refusal: &FormatError, orders: &Orders) {
    let told = format!("{} {}", refusal.reason, refusal.hint.as_deref().unwrap_or_default());
    assert_harmless(&told);
    for order in orders {
        if let Order::Set(value) = order {
            assert!(value.len() < 20 || !told.contains(value.as_str()), "{told}");
        }
    }
}

fn made_loadable(format: &dyn Format, text: &str, before: &Contents) {
    let Ok(edit) = format.make_loadable(text) else { return };
    let name = format.name();
    let after = format.read(&edit.text).unwrap_or_else(|refusal| panic!("{name}: {:?}: {refusal:?}", edit.text));
    // A line that a placeholder further down had hidden counts again.
    assert!(holds(&after.credentials, &before.credentials), "{name}: {text:?} -> {:?}", edit.text);
    let left = after.diagnostics.iter().find(|diagnostic| diagnostic.is_placeholder());
    assert_eq!(left, None, "{name}: {text:?} -> {:?}", edit.text);
    assert_eq!(edit.notes.is_empty(), edit.text == text, "{name}: {text:?} -> {:?}", edit.text);
    edit.notes.iter().for_each(|note| assert_harmless(note));
    let again = format.make_loadable(&edit.text).map(|edit| edit.text);
    assert_eq!(again.as_ref(), Ok(&edit.text), "{name}: twice is not once");
}

fn rivals_retired(format: &dyn Format, text: &str, before: &Contents) {
    let Ok(edit) = format.comment_out_others(text, IdentityKind::User) else { return };
    let name = format.name();
    let after = format.read(&edit.text).unwrap_or_else(|refusal| panic!("{name}: {:?}: {refusal:?}", edit.text));
    assert_eq!(after.conflicts, [], "{name}: {text:?} -> {:?}", edit.text);
    assert_eq!(edit.text == text, before.conflicts.is_empty(), "{name}: {text:?} -> {:?}", edit.text);
    assert_eq!(edit.notes.is_empty(), before.conflicts.is_empty(), "{name}: {text:?}");
    edit.notes.iter().for_each(|note| assert_harmless(note));
}
