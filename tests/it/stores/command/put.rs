//! Writes an entry with a manager's own program, as a person does.

use serde_json::Value;

use super::managers::Real;

pub fn put(real: &Real, document: &Value) {
    let (name, place) = real.store.split_once(':').unwrap();
    let set = match name {
        "pass" => real.other("pass", &["insert", "-m", "-f", place]),
        "sops" => {
            let args = ["encrypt", "--filename-override", place, "--output", place, "/dev/stdin"];
            real.other("sops", &args).directory("team")
        }
        "age" => real.other("age", &["-e", "-i", ".config/age/keys.txt", "-o", place]).directory(""),
        "bao" | "vault" => real.other(name, &["kv", "put", place, "-"]),
        _ => real.other(
            "aws",
            &["secretsmanager", "put-secret-value", "--secret-id", place, "--secret-string", "file:///dev/stdin"],
        ),
    };
    let outcome = set.stdin(document.to_string()).observe();
    assert_eq!(outcome.code, 0, "{name}: {outcome:#?}");
}
