//! Dates in profiles.toml that were written by hand.

use chrono::{TimeDelta, Utc};

use crate::sandbox::Sandbox;
use crate::stored;

/// A profile `work` whose token was issued yesterday, with this value of `expires_at`.
fn expiring(at: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let (_, token) = stored::works(&sandbox);
    let metadata = stored::metadata(&sandbox, &token, stored::DAY, None);
    stored::profile(&sandbox, "work", &format!("{metadata}expires_at = {at}\n"));
    sandbox
}

#[test]
fn a_date_counts_in_every_form_of_toml_with_or_without_quotes() {
    let soon = Utc::now() + TimeDelta::hours(60);
    for form in ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]
    {
        let plain = soon.format(form).to_string();
        for at in [plain.clone(), format!("\"{plain}\"")] {
            let sandbox = expiring(&at);
            sandbox.command(&["show", "-p", "work"]).stdout_has("expires").stderr_has("").run();
            let within = ["refresh", "-p", "work", "--expires-within", "3d"];
            sandbox.command(&within).code(9).stderr_has("the refresh token expires in").run();
        }
    }
}

#[test]
fn what_is_not_a_date_is_named_and_never_called_no_expiry() {
    for at in ["\"soon\"", "5", "12:00:00", "\"2026-13-45\"", "[]"] {
        let sandbox = expiring(at);
        let named = "the `expires_at` that profiles.toml has for";
        let run = sandbox.command(&["refresh", "-p", "work", "--expires-within", "3d"]).stderr_has(named);
        let run = run.stderr_has("the expiry date that profiles.toml has for this refresh token cannot be read").run();
        assert!(!run.stderr.contains("Google set no"), "{at}: {run:#?}");
        sandbox.command(&["show", "-p", "work"]).stdout_has("issued").stderr_has(named).run();
        sandbox.command(&["doctor", "-p", "work", "--offline"]).stdout_has(named).run();
        // It is the user's to fix.
        sandbox.google.world().rotate = true;
        sandbox.command(&["refresh", "-p", "work"]).stderr_has("replaced the refresh token").run();
        let text = sandbox.read(".config/gads-creds/profiles.toml");
        assert!(text.contains(&format!("expires_at = {at}\n")), "{at}: {text}");
        sandbox.command(&["show", "-p", "work"]).stdout_has("issued").stderr_has(named).run();
    }
}
