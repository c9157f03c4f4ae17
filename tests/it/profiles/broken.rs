//! A profiles.toml that is not TOML as a whole: what is wrong in one table takes no other profile along, and nothing is written.

use crate::google::{ADWORDS, Client, Endpoint};
use crate::sandbox::Sandbox;
use crate::stored;

const PROFILES: &str = ".config/gads-creds/profiles.toml";

/// Profiles `one` and `two`, whose credentials work, with these lines after them.
fn two(more: &str) -> (Sandbox, Client, String) {
    let sandbox = Sandbox::new();
    let client = sandbox.google.desktop();
    let mut text = String::new();
    for name in ["one", "two"] {
        let token = sandbox.google.grant(&client, &[ADWORDS]);
        sandbox.write(format!("{name}.yaml"), stored::yaml(&client, &token));
        text += &format!("[profiles.{name}]\nstore = \"file\"\nfile = \"~/{name}.yaml\"\n");
    }
    text += more;
    sandbox.write(PROFILES, &text);
    (sandbox, client, text)
}

/// The lines from the seventh on, the profile that they break, the number of the line at fault, and what is said of it.
const MISTAKES: [(&str, &str, usize, &str); 12] = [
    ("[profiles.bad]\nissued_at = 2026-13-45\n", "bad", 8, "it has a date that does not exist"),
    ("[profiles.bad]\nexpires_at = 2026-11-28T25:00:00Z\n", "bad", 8, "it has a time that does not exist"),
    ("[profiles.bad]\nissued_at = yesterday\n", "bad", 8, "it has a value without quotes"),
    ("[profiles.bad]\nfile = ~/google-ads.yaml\n", "bad", 8, "is not valid TOML"),
    ("[profiles.bad]\nfile = \"C:\\work\\a.yaml\"\n", "bad", 8, "it has a `\\` in double quotes"),
    ("[profiles.bad]\nfile = \"C:\\Users\\jo\\a.yaml\"\n", "bad", 8, "write `\\\\`, or `/` in a path"),
    ("[profiles.my shop]\nstore = \"keychain\"\n", "my shop", 7, "it has a name that would have to be in quotes"),
    ("[profiles.me@shop]\nstore = \"keychain\"\n", "me@shop", 7, "write `[profiles.\"me@shop\"]`"),
    ("[profiles.bad]\n[profiles.bad]\nfile = \"~/two.yaml\"\n", "bad", 8, "begins the same table as line 7"),
    ("[profiles.bad]\nfile = \"~/a.yaml\"\nfile = \"~/b.yaml\"\n", "bad", 9, "it sets the same key as line 8"),
    ("[profiles.bad\nfile = \"~/a.yaml\"\n", "bad", 7, "opens the name of a section and does not close it"),
    ("[profiles.bad]\nget = [\n  \"a\",\n", "bad", 0, "is not valid TOML"),
];

#[test]
fn the_other_profiles_are_used_and_the_line_at_fault_is_named_with_its_reason() {
    for (more, bad, line, reason) in MISTAKES {
        let (sandbox, ..) = two(more);
        let line = if line == 0 { "line ".to_owned() } else { format!("line {line} of ") };
        let all = sandbox.command(&["show", "--all"]).stdout_has("cannot be read").stderr_has(&line).stderr_has(reason);
        let all = all.run();
        assert!(all.stdout.contains(bad) && all.stdout.matches("token saved").count() == 2, "{more}: {all:#?}");
        assert!(all.stderr.contains(&format!("warning: `{bad}`: line ")), "{more}: {all:#?}");
        let all = sandbox.command(&["refresh", "--all"]).code(1).stderr_has(reason).stderr_has(&line).run();
        assert!(all.stderr.contains("one  ") && all.stderr.matches("ok, valid").count() == 2, "{more}: {all:#?}");
        sandbox.command(&["refresh", "-p", "two"]).stderr_has("works").run();
        #[cfg(unix)]
        sandbox.command(&["exec", "-p", "two", "--", "/usr/bin/true"]).run();
        sandbox.command(&["doctor", "-p", "one"]).stdout_has("ok").run();
        let names = sandbox.command(&["completions", "profiles"]).stdout_has("two").run();
        assert!(names.stdout.contains("one") && !names.stdout.contains(bad), "{more}: {names:#?}");
        if !bad.contains(' ') {
            sandbox.command(&["show", "-p", bad]).code(1).stderr_has(&line).stderr_has(reason).run();
        }
        assert!(!all.stderr.contains("~/b.yaml"), "{more}: quoted: {all:#?}");
    }
}

/// It is valid TOML: `\t` is a tab.
#[test]
fn a_backslash_of_a_path_that_makes_an_escape_is_named() {
    for path in [r"C:\temp\foo.yaml", r"c:/new\foo.yaml"] {
        let (sandbox, ..) = two(&format!("[profiles.bad]\nfile = \"{path}\"\n"));
        let run = sandbox.command(&["refresh", "-p", "bad"]).code(1).stderr_has("profiles.bad.file");
        run.stderr_has("as a `\\` in double quotes makes one").stderr_has("hint: write `/` in place of `\\`").run();
    }
}

/// Of a table with a mistake in it, beside the credentials of `one` and `two`.
#[test]
fn a_header_is_one_whatever_its_comment_says_and_a_line_of_a_string_is_none() {
    for header in
        ["[profiles.bad] # work, private", "[profiles.\"bad\"] # it's \"mine\", # [a]", " [ profiles . bad ]# a,b"]
    {
        let (sandbox, ..) = two(&format!("{header}\nissued_at = yesterday\n"));
        sandbox.command(&["refresh", "-p", "two"]).stderr_has("works").run();
        let run = sandbox.command(&["refresh", "-p", "bad"]).code(1).stderr_has("line 8 of");
        run.stderr_has("it has a value without quotes").run();
    }
    for quote in ["\"\"\"", "'''"] {
        let old = format!("note = {quote}\n[profiles.old]\nfile = 'a.yaml' # \\\\\n{quote} # {quote}\n");
        let (sandbox, ..) = two(&format!("{old}[profiles.bad]\nissued_at = yesterday\n"));
        let all = sandbox.command(&["show", "--all"]).stdout_has("bad").stderr_has("line 12 of").run();
        assert!(!all.stdout.contains("old") && all.stdout.matches("token saved").count() == 2, "{all:#?}");
        sandbox.command(&["exec", "-p", "old", "--", "/usr/bin/true"]).code(3).stderr_has("no profile `old`").run();
        // A string that is not closed takes no other table along.
        let (sandbox, ..) = two(&format!("[profiles.bad]\nnote = {quote}a\n[profiles.three]\nfile = \"~/two.yaml\"\n"));
        sandbox.command(&["refresh", "-p", "three"]).stderr_has("works").run();
    }
}

#[test]
fn a_profile_that_is_there_twice_is_used_in_neither_form() {
    let (sandbox, ..) = two("[profiles.one]\nstore = \"file\"\nfile = \"~/two.yaml\"\n");
    sandbox.command(&["refresh", "-p", "one"]).code(1).stderr_has("line 7 of").stderr_has("as line 1").run();
    sandbox.command(&["refresh", "-p", "two"]).stderr_has("works").run();
    assert_eq!(sandbox.google.requests(Endpoint::Token).len(), 1);
}

#[test]
fn nothing_is_written_into_it_and_that_is_known_before_anything_is_done() {
    for (more, _, _, reason) in MISTAKES {
        let (sandbox, client, text) = two(more);
        sandbox.client_secrets(&client);
        for args in [
            &["set", "--default", "-p", "two"][..],
            &["revoke", "--forget", "--yes", "-p", "two"],
            &["move", "-p", "two", "--store", "file", "--config", "../home/new.yaml"],
            &["login", "-p", "two", "-c", "../home/client_secret.json", "--no-browser", "--timeout", "2"],
            &["login", "-p", "new", "-c", "../home/client_secret.json", "--no-browser", "--timeout", "2"],
        ] {
            let run = sandbox.command(args).code(1).stderr_has(reason).run();
            assert!(!run.stderr.contains("/o/oauth2/"), "{more} {args:?}: {run:#?}");
        }
        assert_eq!(sandbox.read(PROFILES), text);
        assert!(sandbox.google.world().requests.is_empty() && !sandbox.home().join("new.yaml").exists());
        sandbox.command(&["refresh", "-p", "two"]).stderr_has("works").run();
    }
}

#[test]
fn a_default_that_cannot_be_read_is_an_error_only_where_it_is_needed() {
    for (first, reason) in [("default = 5", "`default` in"), ("default = two", "line 1 of")] {
        let (sandbox, _, text) = two("");
        sandbox.write(PROFILES, format!("{first}\n{text}"));
        let all = sandbox.command(&["show", "--all"]).stdout_has("two").stderr_has(reason).run();
        assert_eq!(all.stdout.matches("token saved").count(), 2, "{all:#?}");
        sandbox.command(&["refresh", "--all"]).stderr_has("ok, valid").run();
        sandbox.command(&["refresh", "-p", "two"]).stderr_has("works").run();
        sandbox.command(&["refresh"]).code(1).stderr_has(reason).run();
    }
}

/// Each hint is one that can be followed.
#[test]
fn what_is_in_the_place_of_profiles_is_named() {
    let (sandbox, _, text) = two("");
    sandbox.write(PROFILES, format!("default = \"nope\"\n{text}"));
    sandbox.command(&["refresh"]).code(3).stderr_has("hint: run `gads-creds set -p NAME --default`").run();
    sandbox.write(PROFILES, "[profile.one]\nfile = \"~/one.yaml\"\n");
    for args in [&["refresh", "-p", "one"][..], &["show", "--all"]] {
        sandbox.command(args).code(1).stderr_has("`profile` in ").stderr_has("`profiles`").run();
    }
    #[cfg(unix)]
    {
        std::fs::remove_file(sandbox.home().join(PROFILES)).unwrap();
        let made = std::process::Command::new("mkfifo").arg(sandbox.home().join(PROFILES)).status();
        if made.is_ok_and(|made| made.success()) {
            sandbox.command(&["show", "-p", "one"]).code(1).stderr_has("hint: put a regular file in place of").run();
        }
    }
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_are_named_by_every_command() {
    let (sandbox, ..) = two("");
    let path = sandbox.home().join(PROFILES);
    std::fs::remove_file(&path).expect("it is ours");
    std::os::unix::fs::symlink("profiles.toml", &path).expect("a link");
    sandbox.desktop();
    let login = ["login", "--no-browser", "--timeout", "1", "-c", "../home/client_secret.json"];
    let in_a_file = [&login[..], &["-p", "one", "--config", "../home/one.yaml"]].concat();
    for args in [
        &["show", "-p", "one"][..],
        &["show", "--all"],
        &["refresh"],
        &["refresh", "--all"],
        &["doctor", "--offline"],
        &["exec", "--", "true"],
        &["export", "java", "x.properties"],
        &["set", "-p", "one", "--default"],
        &["revoke", "-p", "one", "--yes"],
        &["move", "-p", "one", "--store", "keychain"],
        &login,
        &in_a_file,
    ] {
        let run = sandbox.command(args).code(1).stdout_has("").stderr_has("profiles.toml`").stderr_has("circle").run();
        assert!(run.stderr.contains("hint: fix or remove the link\n"), "{args:?}: {run:#?}");
    }
    sandbox.command(&["refresh", "--config", "../home/one.yaml"]).stderr_has("works").run();
    std::fs::remove_file(&path).expect("the step");
    sandbox.command(&["show", "--all"]).stderr_has("no profiles").run();
}

#[test]
fn line_ends_of_an_old_editor_and_what_a_crash_leaves_are_named_as_such() {
    let (sandbox, _, text) = two("");
    sandbox.write(PROFILES, text.replace('\n', "\r"));
    let run = sandbox.command(&["refresh", "-p", "one"]).code(1).stderr_has("end with CR only");
    run.stderr_has("hint: convert its line ends to LF").run();
    sandbox.write(PROFILES, text + "\0\0\0\0");
    let run = sandbox.command(&["refresh", "-p", "one"]).code(1).stderr_has("holds a NUL character: line 7, byte ");
    run.stderr_has("hint: remove such characters in an editor: a crash may have left them").run();
}
