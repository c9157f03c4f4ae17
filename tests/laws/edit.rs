//! An edit of a client library's file fails, or exactly the given keys change.

use gads_creds::credentials::{Credentials, CustomerId, Field};
use gads_creds::format::{self, Conflict, Contents, Format, FormatError, FormatName, IdentityKind};

use super::{assert_harmless, lines, others};

/// google-ads.yaml. As for every format, the input is six orders and the text of the file, separated by tabs.
pub fn yaml(input: &str) {
    one_of(&[("python", "google-ads.yaml")], &format!("0{input}"));
}

/// The formats with one setting per line; the first character selects one.
pub fn lines(input: &str) {
    one_of(&[("java", ""), ("php", ""), ("perl", ""), ("env", "")], input);
}

pub fn ruby(input: &str) {
    one_of(&[("ruby", "google_ads_config.rb")], &format!("0{input}"));
}

/// appsettings.json and Application Default Credentials; the first character selects one.
pub fn json(input: &str) {
    one_of(&[("dotnet", "appsettings.json"), ("adc", "")], input);
}

/// App.config.
pub fn xml(input: &str) {
    one_of(&[("dotnet", "App.config")], &format!("0{input}"));
}

/// The files of other programs; the first character selects one.
pub fn connectors(input: &str) {
    let formats = [
        ("dlt", "secrets.toml"),
        ("airbyte", "config.json"),
        ("singer", "config.json"),
        ("meltano", ".env"),
        ("airflow", "connections.json"),
        ("airflow", ".env"),
        ("mureo", "credentials.json"),
    ];
    one_of(&formats, input);
}

fn one_of(formats: &[(&str, &str)], input: &str) {
    let Some(first) = input.chars().next() else { return };
    let (name, file) = formats[first as usize % formats.len()];
    let format = format::named(name.parse().expect("a format of ours"), file, "");
    let (orders, text) = orders_and_text(&input[first.len_utf8()..]);
    edit(format, text, &orders);
}

/// What to do with the value of one key.
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

/// Edits the text by these orders.
fn edit(format: &dyn Format, text: &str, orders: &Orders) {
    let Ok(before) = format.read(text) else {
        // Without its contents there is nothing to compare with; it must not panic.
        let _ = format.write(text, &carried_out(orders, &Credentials::default()));
        return;
    };
    let wanted = carried_out(orders, &before.credentials);
    match format.write(text, &wanted) {
        Err(error) => quotes_nothing(&error, orders),
        Ok(new) => written(format, text, &before, &new, &format.holds(&wanted)),
    }
    made_loadable(format, text, &before);
    switched(format, text, &before);
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

/// The fields of the orders.
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
    let after = format.read(new).unwrap_or_else(|error| panic!("{name}: {text:?} -> {new:?}: {error:?}"));
    assert!(after.credentials == *wanted, "{name}: {text:?} -> {new:?}");
    assert_eq!(format.write(new, wanted).as_deref(), Ok(new), "{name}: the second edit changes something");
    if before.credentials == *wanted && !text.trim().is_empty() {
        assert_eq!(new, text, "{name}: nothing was to change");
    }
    assert_eq!(kinds(before, name), kinds(&after, name), "{name}: {text:?} -> {new:?}");
    if !text.trim().is_empty() {
        others::stay(format, text, new, &before.credentials, wanted);
        // In the others all may be on one line, and another parser has compared them.
        if !matches!(name, FormatName::Airbyte | FormatName::Airflow | FormatName::Mureo | FormatName::Singer) {
            lines::stay(format, text, new);
        }
    }
}

/// Whether `all` has every value that `some` has.
fn holds(all: &Credentials, some: &Credentials) -> bool {
    FIELDS.into_iter().all(|field| field.get(some).is_none() || field.get(all) == field.get(some))
}

/// The conflicts without their line numbers. Which kind Python or a connector uses may depend on whether the other one is
/// complete.
fn kinds(contents: &Contents, format: FormatName) -> Vec<String> {
    use FormatName::{Airbyte, Airflow, Dlt, Meltano, Mureo, Python, Singer};
    let depends = matches!(format, Airbyte | Airflow | Dlt | Meltano | Mureo | Python | Singer);
    let outcome = |found: &Conflict| if depends { String::new() } else { format!("{:?}", found.outcome) };
    contents.conflicts.iter().map(|found| format!("{:?} {:?} {}", found.kind, found.key, outcome(found))).collect()
}

fn quotes_nothing(error: &FormatError, orders: &Orders) {
    let shown = format!("{} {}", error.reason, error.hint.as_deref().unwrap_or_default());
    assert_harmless(&shown);
    for order in orders {
        if let Order::Set(value) = order {
            assert!(value.len() < 20 || !shown.contains(value.as_str()), "{shown}");
        }
    }
}

fn made_loadable(format: &dyn Format, text: &str, before: &Contents) {
    let Ok(edit) = format.make_loadable(text) else { return };
    let name = format.name();
    let after = format.read(&edit.text).unwrap_or_else(|error| panic!("{name}: {:?}: {error:?}", edit.text));
    // Without a placeholder further down, an earlier line of the same key counts.
    assert!(holds(&after.credentials, &before.credentials), "{name}: {text:?} -> {:?}", edit.text);
    let left = after.diagnostics.iter().find(|diagnostic| diagnostic.is_placeholder());
    assert_eq!(left, None, "{name}: {text:?} -> {:?}", edit.text);
    assert_eq!(edit.notes.is_empty(), edit.text == text, "{name}: {text:?} -> {:?}", edit.text);
    edit.notes.iter().for_each(|note| assert_harmless(note));
    let again = format.make_loadable(&edit.text).map(|edit| edit.text);
    assert_eq!(again.as_ref(), Ok(&edit.text), "{name}: the second edit changes something");
}

/// The other kinds of credential, commented out.
fn switched(format: &dyn Format, text: &str, before: &Contents) {
    let name = format.name();
    for kind in [IdentityKind::User, IdentityKind::ServiceAccount] {
        let Ok(edit) = format.comment_out_others(text, kind) else { continue };
        let after = format.read(&edit.text).unwrap_or_else(|error| panic!("{name}: {:?}: {error:?}", edit.text));
        assert_eq!(after.conflict_with(kind), None, "{name}, {kind:?}: {text:?} -> {:?}", edit.text);
        let is_alone = before.conflict_with(kind).is_none();
        assert_eq!(edit.text == text, is_alone, "{name}, {kind:?}: {text:?} -> {:?}", edit.text);
        assert_eq!(edit.notes.is_empty(), is_alone, "{name}, {kind:?}: {text:?}");
        edit.notes.iter().for_each(|note| assert_harmless(note));
    }
}
