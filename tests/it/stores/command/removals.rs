//! Secret managers that keep what was to be removed, or may not be written: nothing is claimed that is not so.

use super::{GOOD, Manager, PROFILES};
use crate::google::Endpoint;

/// `set` without an effect, and one that adds the members to those that are there, as `vault kv patch` does.
const KEEPING: [(&str, &str); 2] = [
    ("does nothing", "cat > /dev/null"),
    (
        "merges",
        r#"new=$(cat); for name in refresh_token login_customer_id; do case "$new" in *"\"$name\""*) ;; *)
            old=$(sed -n "s/.*\(\"$name\":\"[^\"]*\"\).*/\1/p" "$entry"); [ -z "$old" ] || new="${new%?},$old}" ;; esac; done
            printf %s "$new" > "$entry""#,
    ),
];

/// A manager with that `set`, whose entry cannot be erased.
fn keeping(set: &str) -> Manager {
    let manager = Manager::new(&format!("case \"$1\" in set) {set}; exit 0 ;; esac\n{GOOD}"));
    let mut document = manager.plain_document();
    document["login_customer_id"] = "1234567890".into();
    manager.keep(document.to_string());
    let text = manager.sandbox.read(PROFILES);
    let lines = text.lines().filter(|line| !line.starts_with("erase")).map(|line| format!("{line}\n"));
    manager.sandbox.write(PROFILES, lines.collect::<String>());
    manager
}

#[test]
fn a_token_that_a_manager_keeps_is_not_called_removed() {
    let kept = "still returns the `refresh_token` that was to be removed";
    for (name, set) in KEEPING {
        for args in [
            &["revoke", "--yes", "--local-only"][..],
            &["revoke", "--yes", "--local-only", "--forget"],
            &["revoke", "--yes"],
            &["revoke", "--yes", "--forget"],
            &["move", "--store", "file", "--config", "../home/moved.yaml"],
        ] {
            let manager = keeping(set);
            let run = manager.command(args).observe();
            let case = format!("{name} {args:?}: {run:#?}");
            assert!(run.code == 7 && run.stderr.contains(kept) && run.stderr.contains("`kv patch`"), "{case}");
            for claim in ["removed the refresh token", "and removed it", "keeps no secret", "forgot"] {
                assert!(!run.stderr.contains(claim), "{claim}: {case}");
            }
            assert_eq!(manager.kept_json()["refresh_token"], manager.token.as_str(), "{case}");
            assert!(manager.sandbox.read(PROFILES).contains("[profiles.work]"), "{case}");
            let is_revoked = args[0] == "revoke" && !args.contains(&"--local-only");
            assert_eq!(manager.sandbox.google.requests(Endpoint::Revoke).len(), usize::from(is_revoked), "{case}");
            assert_eq!(
                run.stderr.contains("revoked the refresh token at Google; it is still in"),
                is_revoked,
                "{case}"
            );
        }
    }
}

#[test]
fn a_customer_id_that_a_manager_keeps_is_not_called_removed() {
    for (name, set) in KEEPING {
        let manager = keeping(set);
        let run = manager.command(&["set", "--login-customer-id", "none", "--no-verify"]).code(7);
        run.stderr_has("still returns the `login_customer_id` that was to be removed").run();
        assert_eq!(manager.kept_json()["login_customer_id"], "1234567890", "{name}");
    }
}

/// An empty text or `null` is how some managers remove a member.
#[test]
fn a_member_without_a_value_counts_as_removed() {
    for nothing in ["null", "\\\"\\\""] {
        let manager = keeping(&format!(
            r#"new=$(cat); case "$new" in *refresh_token*) ;; *) new="${{new%?}},\"refresh_token\":{nothing}}}" ;; esac
            printf %s "$new" > "$entry""#
        ));
        manager.command(&["revoke", "--yes", "--local-only"]).stderr_has("removed the refresh token").run();
    }
}

/// Where reading works, the step is about writing.
#[test]
fn a_write_that_is_denied_names_the_command_and_the_right_to_write() {
    for (verb, args) in [
        ("set", &["revoke", "--yes", "--local-only"][..]),
        ("set", &["set", "--login-customer-id", "1234567890", "--no-verify"]),
        ("erase", &["revoke", "--yes", "--local-only", "--forget"]),
        ("erase", &["move", "--store", "file", "--config", "../home/moved.yaml"]),
    ] {
        let script = format!("case \"$1\" in {verb}) echo permission denied by policy >&2; exit 3 ;; esac\n{GOOD}");
        let manager = Manager::with_plain_document(&script);
        let run = manager.command(args).code(7).stderr_has("failed: permission denied by policy");
        let run = run.stderr_has("that you may also write there").run();
        assert!(run.stderr.contains(&format!("manager {verb}` failed")), "{run:#?}");
        assert!(!run.stderr.contains("manager get >"), "{run:#?}");
        assert!(verb == "set" || !run.stderr.contains("cannot save to"), "{verb} {args:?}: {run:#?}");
    }
}
