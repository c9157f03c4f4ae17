//! `fixtures/schemas/`: the JSON Schemas of `--json`, compared with what the program really prints.
//!
//! The schemas are open for readers, since members may be added; each is closed here first, so that a printed member
//! that no schema describes is found.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use gads_creds::error::{Error, Kind};
use gads_creds::format;
use serde_json::{Value, json};

use crate::google::browser::{self, Decision};
use crate::google::{Endpoint, Fault};
use crate::sandbox::Sandbox;
use crate::stored::{self, DAY};

const NAMES: [&str; 17] = [
    "completions",
    "doctor",
    "explain",
    "export",
    "failure",
    "help",
    "login",
    "login-recover",
    "login-start",
    "move",
    "refresh",
    "revoke",
    "set",
    "show",
    "show-all",
    "version",
    "common",
];

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schemas")
}

fn document(name: &str) -> Value {
    let text = fs::read_to_string(directory().join(format!("{name}.json"))).expect("a schema");
    serde_json::from_str(&text).expect("a schema is JSON")
}

/// Removes what allows additional members.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("additionalProperties") == Some(&Value::Bool(true)) {
                members.insert("additionalProperties".to_owned(), false.into());
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// All schemas, closed; each is checked against the meta-schema of its draft first.
struct Closed {
    schemas: Schemas,
    of: Vec<(&'static str, SchemaIndex)>,
}

impl Closed {
    fn new() -> Closed {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.enable_format_assertions();
        let address = |name: &str| format!("https://schemas.invalid/{name}.json");
        for name in NAMES {
            let mut schema = document(name);
            close(&mut schema);
            compiler.add_resource(&address(name), schema).expect("a schema of its own");
        }
        let mut index =
            |name| compiler.compile(&address(name), &mut schemas).unwrap_or_else(|error| panic!("{error:#}"));
        let of = NAMES.map(|name| (name, index(name))).to_vec();
        Closed { schemas, of }
    }

    /// Returns why the value does not match the schema, if so.
    fn against(&self, name: &str, value: &Value) -> Option<String> {
        let (_, index) = self.of.iter().find(|(is, _)| *is == name).expect("a schema");
        self.schemas.validate(value, *index).err().map(|error| format!("{error:#}"))
    }

    #[track_caller]
    fn hold(&self, name: &str, value: &Value) {
        if let Some(reason) = self.against(name, value) {
            panic!("not as {name}.json says: {reason}\n{value:#}");
        }
    }
}

/// Returns what a command prints, parsed as one object; it must end with this code, which a failure contains as well.
#[track_caller]
fn printed(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    let args = [args, &["--json"]].concat();
    let run = sandbox.command(&args).reveals_access_token().observe();
    assert_eq!(run.code, code, "{args:?}: {run:#?}");
    let value = run.json();
    assert_eq!(value.get("error").map_or(0, |error| error["code"].as_i64().unwrap()), i64::from(code), "{value:#}");
    value
}

#[test]
fn the_output_of_every_command_matches_its_schema() {
    let (closed, sandbox) = (Closed::new(), Sandbox::new());
    sandbox.desktop();
    let login = ["--json", "-c", "../home/client_secret.json", "-p", "work"];
    for (more, decision, code) in [
        (&["--timeout", "30"][..], Decision::allow(), 0),
        (&["--no-verify", "--expect-account", "ada@example.com"], Decision::allow(), 0),
        (&[], Decision::deny(), 5),
    ] {
        let running = sandbox.login(&[&login[..], more].concat()).code(code).stdout_has("{").start();
        running.visit(&decision);
        closed.hold("login", &running.finish().json());
    }
    for (name, args) in [
        ("show", &["show"][..]),
        ("show", &["show", "--format", "java"]),
        ("show-all", &["show", "--all"]),
        ("refresh", &["refresh"]),
        ("refresh", &["refresh", "--all"]),
        ("refresh", &["refresh", "--print-access-token"]),
        ("doctor", &["doctor"]),
        ("doctor", &["doctor", "--offline"]),
        ("doctor", &["doctor", "--fix"]),
        ("export", &["export", "java"]),
        ("export", &["export", "adc", "--stdout"]),
        ("set", &["set", "-p", "work", "--login-customer-id", "1234567890"]),
        ("set", &["set", "-p", "work", "--default"]),
        ("set", &["set", "--client-secrets", "../home/client_secret.json", "--all"]),
        ("move", &["move", "-p", "work", "--store", "file", "--config", "../home/moved.yaml"]),
        ("completions", &["completions", "fish"]),
        ("explain", &["explain"]),
        ("explain", &["explain", "invalid_grant"]),
        ("help", &["help"]),
        ("help", &["help", "login"]),
        ("version", &["--version"]),
        ("revoke", &["revoke", "--yes"]),
    ] {
        closed.hold(name, &printed(&sandbox, args, 0));
    }
    let (client, token) = stored::works(&sandbox);
    stored::profile(&sandbox, "old", &stored::metadata(&sandbox, &token, DAY, Some(7 * DAY)));
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token) + "login_customer_id: \"1234567890\"\n");
    for (name, args) in [("show", &["show"][..]), ("show-all", &["show", "--all"]), ("refresh", &["refresh"])] {
        closed.hold(name, &printed(&sandbox, args, 0));
    }
    closed.hold("revoke", &printed(&sandbox, &["revoke", "--local-only", "--forget", "--yes"], 0));
}

#[test]
fn the_output_of_a_failing_command_matches_its_schema() {
    let (closed, sandbox) = (Closed::new(), Sandbox::new());
    sandbox.desktop();
    for (name, args, code) in [
        ("login", &["login", "-c", "missing.json"][..], 2),
        ("login-recover", &["login", "--recover"], 3),
        ("show", &["show"], 3),
        ("show", &["show", "-p", "nobody"], 3),
        ("refresh", &["refresh", "--all", "-p", "nobody"], 2),
        ("revoke", &["revoke"], 3),
        ("export", &["export", "java"], 3),
        ("move", &["move", "--store", "nowhere"], 2),
        ("set", &["set"], 2),
        ("export", &["export", "cobol"], 2),
        ("doctor", &["doctor"], 3),
        ("doctor", &["doctor", "-p", "nobody"], 3),
        ("completions", &["completions", "csh"], 2),
        ("explain", &["explain", "no_such_code"], 2),
        ("help", &["help", "nothing"], 2),
    ] {
        let value = printed(&sandbox, args, code);
        closed.hold(name, &value);
    }
    let (client, _) = stored::works(&sandbox);
    // `exec` only has the schema of every failure: stdout belongs to the command.
    let nowhere = sandbox.command(&["exec", "--json", "--", "no-such-program"]).observe();
    assert_eq!(nowhere.code, 127);
    closed.hold("failure", &nowhere.json());
    sandbox.google.withdraw(&client);
    sandbox.google.fault_always(Endpoint::Revoke, Fault::page(503, "later"));
    for (name, args, code) in [("refresh", &["refresh"][..], 4), ("doctor", &["doctor"], 4), ("revoke", &["revoke"], 2)]
    {
        closed.hold(name, &printed(&sandbox, args, code));
    }
    closed.hold("revoke", &printed(&sandbox, &["revoke", "--yes"], 6));
}

#[test]
fn a_login_that_google_ads_rejects_matches_its_schema() {
    let (closed, sandbox) = (Closed::new(), Sandbox::new());
    stored::works(&sandbox);
    sandbox.desktop();
    let login = ["--json", "-c", "../home/client_secret.json"];
    let running = sandbox.login(&login).code(8).stdout_has("{").start();
    sandbox.google.world().people.iter_mut().for_each(|person| person.accounts = None);
    running.visit(&Decision::allow());
    let value = running.finish().json();
    closed.hold("login", &value);
}

#[test]
fn a_recovered_login_matches_its_schema() {
    let (closed, sandbox) = (Closed::new(), Sandbox::new());
    sandbox.desktop();
    let file = sandbox.home().join("google-ads.yaml");
    let spoil = move |_: &mut Value| fs::write(&file, "- a list\n").expect("a new file");
    sandbox.google.fault(Endpoint::Ads, Fault::edit(spoil));
    let running = sandbox.login(&["--json", "-c", "../home/client_secret.json"]).code(1).stdout_has("{").start();
    running.visit(&Decision::allow());
    closed.hold("login", &running.finish().json());
    closed.hold("login-recover", &printed(&sandbox, &["login", "--recover"], 1));
    fs::remove_file(sandbox.home().join("google-ads.yaml")).expect("it is there");
    let recovered = printed(&sandbox, &["login", "--recover"], 0);
    closed.hold("login-recover", &recovered);
    assert_eq!(recovered["logins"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_login_in_two_steps_matches_its_schemas() {
    let (closed, sandbox) = (Closed::new(), Sandbox::new());
    sandbox.desktop();
    let start = ["login", "--start", "-c", "../home/client_secret.json"];
    closed.hold("login-start", &printed(&sandbox, &start, 0));
    let started = printed(&sandbox, &[&start[..], &["--for", "ada@example.com", "-p", "work"]].concat(), 0);
    closed.hold("login-start", &started);
    closed.hold("login-start", &printed(&sandbox, &["login", "--start", "-c", "none.json"], 2));
    closed.hold("login", &printed(&sandbox, &["login", "--finish", "abcdefghijkl"], 3));
    closed.hold("doctor", &printed(&sandbox, &["doctor", "--offline", "-p", "work"], 3));
    let page = browser::get(started["url"].as_str().expect("a URL")).expect("a page");
    let ended = browser::submit(&page, &Decision::allow()).expect("a response");
    let finish = ["login", "--json", "--finish", started["id"].as_str().expect("an ID")];
    let run = sandbox.command(&finish).stdin(ended.header("location").expect("a redirect")).observe();
    assert_eq!(run.code, 0, "{run:#?}");
    closed.hold("login", &run.json());
}

#[test]
fn each_line_of_refresh_all_matches_its_schema() {
    let (closed, sandbox) = (Closed::new(), Sandbox::new());
    stored::works(&sandbox);
    sandbox.write("empty.yaml", "client_id: x\n");
    let profile = |name: &str, file: &str| format!("[profiles.{name}]\nfile = \"~/{file}\"\n");
    let entries = profile("good", "google-ads.yaml") + &profile("revoked", "empty.yaml") + &profile("bad", "none.yaml");
    sandbox.write(".config/gads-creds/profiles.toml", entries);
    let run = sandbox.command(&["refresh", "--all", "--json"]).observe();
    let lines: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).expect("a line")).collect();
    assert_eq!((run.code, lines.len()), (3, 4), "{run:#?}");
    lines.iter().for_each(|line| closed.hold("refresh", line));
    closed.hold("show-all", &printed(&sandbox, &["show", "--all"], 0));
}

#[test]
fn the_schemas_know_every_kind_of_failure_with_its_code() {
    let closed = Closed::new();
    let mut kinds = BTreeSet::new();
    for kind in Kind::ALL {
        let error = |change: (&str, Value)| {
            let mut error = Error::new(*kind, "something").json(&gads_creds::hint::Target::default());
            error[change.0] = change.1;
            json!({ "error": error })
        };
        closed.hold("failure", &error(("google_code", "invalid_grant".into())));
        assert!(closed.against("failure", &error(("code", 99.into()))).is_some());
        assert!(closed.against("failure", &error(("message", Value::Null))).is_some());
        kinds.insert(kind.name());
    }
    let error = &document("common")["$defs"]["error"]["properties"];
    let described: BTreeSet<&str> =
        error["kind"]["enum"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap()).collect();
    assert_eq!(described, kinds);
    let wrong = json!({ "error": { "kind": "usage", "code": 1, "message": "m", "hint": null, "google_code": null } });
    assert!(closed.against("failure", &wrong).is_some(), "a kind has one code");
}

#[test]
fn the_schemas_know_every_format() {
    assert_eq!(document("common")["$defs"]["format"]["enum"], json!(format::names()));
}

#[test]
fn a_schema_finds_what_is_missing_wrong_or_new() {
    let (closed, sandbox) = (Closed::new(), Sandbox::new());
    stored::works(&sandbox);
    let good = printed(&sandbox, &["show"], 0);
    closed.hold("show", &good);
    let members: Vec<String> = good.as_object().unwrap().keys().cloned().collect();
    for member in &members {
        let mut poorer = good.clone();
        poorer.as_object_mut().unwrap().remove(member);
        assert!(closed.against("show", &poorer).is_some(), "nobody misses `{member}`");
    }
    for (member, value) in
        [("new", json!(1)), ("expires_at", json!("2026-01-01T00:00:00.5Z")), ("store", json!("cloud"))]
    {
        let mut other = good.clone();
        other[member] = value;
        assert!(closed.against("show", &other).is_some(), "`{member}` may be anything");
    }
}

#[test]
fn every_schema_is_described_and_open() {
    let found: BTreeSet<String> = fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, NAMES.map(str::to_owned).into());
    for name in NAMES {
        let schema = document(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        described(name, &schema);
    }
}

/// Checks that every object allows additional members, and that every member has a description, directly or by
/// reference.
fn described(place: &str, schema: &Value) {
    if let Some(members) = schema["properties"].as_object() {
        // A part of `oneOf` distinguishes kinds and needs no description.
        if schema["type"] == "object" {
            assert_eq!(schema["additionalProperties"], true, "{place}");
        }
        for (name, member) in members.iter().filter(|_| schema["type"] == "object") {
            let described = ["description", "$ref", "items"].iter().any(|key| member.get(key).is_some());
            assert!(described || ["profile", "shell"].contains(&name.as_str()), "{place}: `{name}` is not described");
        }
    }
    for (name, part) in schema.as_object().into_iter().flatten() {
        described(&format!("{place}/{name}"), part);
    }
    for part in schema.as_array().into_iter().flatten() {
        described(place, part);
    }
}
