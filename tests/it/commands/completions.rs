//! `completions`: the scripts in the repository are what the program prints, and the shells complete profile names.

use std::fs;
use std::path::Path;

use crate::harness::skip::without;
use crate::sandbox::Sandbox;

const SCRIPTS: [(&str, &str); 5] = [
    ("bash", "gads-creds.bash"),
    ("zsh", "_gads-creds"),
    ("fish", "gads-creds.fish"),
    ("powershell", "_gads-creds.ps1"),
    ("elvish", "gads-creds.elv"),
];

const PROFILES: &str = "\
[profiles.work]
store = \"keychain\"
[profiles.wonder]
store = \"file\"
file = \"~/wonder.yaml\"
[profiles.client-a]
store = \"keychain\"
";

/// The bash of macOS is version 3.2. Before 4.1 such a pattern in `[[ ]]` is a syntax error unless `extglob` is on, and the whole
/// script is not loaded. There is no such bash to run.
#[test]
fn the_bash_script_has_no_extended_patterns() {
    let script = Sandbox::new().run(&["completions", "bash"]).fine();
    let extended = script.lines().find(|line| ["@(", "?(", "+(", "!("].iter().any(|pattern| line.contains(pattern)));
    assert_eq!(extended, None);
}

/// To write them again: `GADS_CREDS_WRITE_COMPLETIONS=1 cargo test --test it completions`.
#[test]
fn the_scripts_in_the_repository_are_what_the_program_prints() {
    let sandbox = Sandbox::new();
    for (shell, file) in SCRIPTS {
        let printed = sandbox.run(&["completions", shell]).fine();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(file);
        if std::env::var_os("GADS_CREDS_WRITE_COMPLETIONS").is_some() {
            fs::write(&path, &printed).expect("the repository can be written");
        }
        let stored = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            stored == printed,
            "completions/{file} is not what `gads-creds completions {shell}` prints; run the tests with GADS_CREDS_WRITE_COMPLETIONS=1"
        );
    }
}

#[test]
fn the_codes_that_can_be_explained_are_offered() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = sandbox.command(&["completions", shell]).stdout_has("").run().stdout;
        let codes = gads_creds::google::explain::codes();
        let missing: Vec<&str> = codes.into_iter().filter(|code| !script.contains(code)).collect();
        assert!(missing.is_empty(), "{shell}: {missing:?}");
    }
    // Any other text is accepted as well, as the page shows it.
    sandbox.command(&["explain", "Error", "400:", "redirect_uri_mismatch"]).stdout_has("redirect_uri_mismatch").run();
}

#[test]
fn no_shell_is_a_usage_error() {
    Sandbox::new().run(&["completions"]).fails(2, &["`SHELL` is missing"]);
}

#[test]
fn profile_names_are_printed_one_per_line() {
    let sandbox = Sandbox::new();
    sandbox.write_profiles(PROFILES);
    assert_eq!(sandbox.run(&["completions", "profiles"]).fine(), "work\nwonder\nclient-a\n");
}

#[test]
fn a_broken_profiles_file_yields_no_names() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["completions", "profiles"]).fine(), "");
    sandbox.write_profiles("[profiles.work\n");
    assert_eq!(sandbox.run(&["completions", "profiles"]).fine(), "");
}

#[test]
fn profile_names_cannot_inject_shell_code() {
    let sandbox = Sandbox::new();
    sandbox
        .write_profiles("[profiles.\"$(touch pwned)\"]\nstore = \"keychain\"\n[profiles.work]\nstore = \"keychain\"\n");
    assert_eq!(sandbox.run(&["completions", "profiles"]).fine(), "work\n");
}

#[test]
fn the_shell_argument_for_scripts_is_hidden_from_help() {
    let sandbox = Sandbox::new();
    for (shell, _) in SCRIPTS {
        let script = sandbox.run(&["completions", shell]).fine();
        let script = script.replace("completions profiles", "").replace("creds_profiles", "");
        assert!(!script.contains("profiles"), "{shell} offers `profiles`");
    }
    assert!(!sandbox.run(&["completions", "--help"]).fine().contains("profiles"));
}

#[test]
fn bash_completes_profile_names() {
    let Some(sandbox) = world("bash") else { return };
    let complete = |words: &[&str]| {
        let line = words.join(" ");
        let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        // What readline does: the command, the word under the cursor without a bare `=`, and the word before it.
        let script = format!(
            "source <(gads-creds completions bash)\n\
             COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}\n\
             cur=${{COMP_WORDS[COMP_CWORD]}}; [[ $cur == = ]] && cur=\n\
             _gads__creds gads-creds \"$cur\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\n\
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        sorted(&ask(&sandbox, "bash", &["--norc", "-c", &script]))
    };
    assert_eq!(complete(&["gads-creds", "show", "-p", "wo"]), ["wonder", "work"]);
    assert_eq!(complete(&["gads-creds", "--profile", ""]), ["client-a", "wonder", "work"]);
    assert_eq!(complete(&["gads-creds", "show", "--profile", "=", "cl"]), ["client-a"]);
    // `@` ends a word for readline, which then replaces only what follows it.
    let more = format!(
        "{PROFILES}[profiles.\"one@example.com-a\"]\nstore = \"keychain\"\n[profiles.\"one@example.com-b\"]\nstore = \"keychain\"\n"
    );
    sandbox.write_profiles(&more);
    assert_eq!(complete(&["gads-creds", "show", "-p", "on"]), ["one@example.com-a", "one@example.com-b"]);
    assert_eq!(
        complete_part(&sandbox, "gads-creds show -p one@ex", &["-p", "one", "@", "ex"]),
        ["example.com-a", "example.com-b"]
    );
    assert_eq!(
        complete_part(&sandbox, "gads-creds show -p one@", &["-p", "one", "@"]),
        ["example.com-a", "example.com-b"]
    );
    assert!(complete(&["gads-creds", "help", "log"]).contains(&"login".to_owned()));
    assert_eq!(complete(&["gads-creds", "move", "--store", "pa"]), ["pass:"]);
    // Another command line follows `exec --`: a command, then its arguments.
    assert!(complete(&["gads-creds", "-p", "work", "exec", "--", "gads-cre"]).contains(&"gads-creds".to_owned()));
    fs::write(sandbox.path("report.py"), "").expect("a new file");
    assert_eq!(complete(&["gads-creds", "exec", "--", "gads-creds", "repo"]), ["report.py"]);
}

#[test]
fn bash_quotes_what_it_completes_of_a_file_name() {
    let Some(sandbox) = world("bash").filter(|_| !without("script")) else { return };
    let names = ["run$(touch ran).json", "do$lar.json", "it's.json", "dl (1).json", "star*.json", "back\\slash.json"];
    names.iter().for_each(|name| fs::write(sandbox.path(name), "").expect("a new file"));
    fs::create_dir(sandbox.path("only_directory")).expect("a new directory");
    let mut typed = "source <(gads-creds completions bash)\ngads-creds() { echo \"${@: -1}\" >> seen; }\n".to_owned();
    for name in names {
        let start: String = name.chars().take(2).collect();
        typed += &format!("gads-creds login -c {start}\t\ngads-creds login --client-secrets={start}\t\n");
        typed += &format!("gads-creds exec -- gads-creds {start}\t\n");
    }
    typed += "gads-creds show --config only\tmore\nexit\n";
    fs::write(sandbox.path("typed"), &typed).expect("a new file");
    ask(&sandbox, "bash", &["--norc", "-c", "script -qec 'bash --norc -i' /dev/null < typed"]);
    let seen = fs::read_to_string(sandbox.path("seen")).expect("the commands ran");
    let mut expected: Vec<String> = Vec::new();
    for name in names {
        expected.extend([name.to_owned(), format!("--client-secrets={name}"), name.to_owned()]);
    }
    expected.push("only_directory/more".to_owned());
    assert_eq!(seen.lines().collect::<Vec<_>>(), expected);
    assert!(!sandbox.path("ran").exists());
}

/// Readline replaces only what follows `:` and `=`, and what begins with `@`.
#[test]
fn bash_completes_a_name_with_a_character_that_ends_words() {
    let Some(sandbox) = world("bash").filter(|_| !without("script")) else { return };
    for name in ["co:lon (1).json", "eq=b.json", "at@home.json", "dir:x/only.json"] {
        sandbox.write(sandbox.home().join(name), "");
    }
    let mut typed = "source <(gads-creds completions bash)\ngads-creds() { echo \"${@: -1}\" >> seen; }\n".to_owned();
    let (mut expected, colon) = (Vec::new(), "co:lon (1).json");
    for (line, last) in [
        ("login -c co:\t", colon),
        ("login --client-secrets co:l\t", colon),
        ("login --client-secrets=co:l\t", "--client-secrets=co:lon (1).json"),
        ("login -c \"co:l\t", colon),
        ("export python co:\t", colon),
        ("exec -- gads-creds co:\t", colon),
        ("login -c eq=\t", "eq=b.json"),
        ("login --client-secrets=eq=\t", "--client-secrets=eq=b.json"),
        ("login -c at@\t", "at@home.json"),
        ("login -c at@h\t", "at@home.json"),
        ("show --config dir:\ton\t", "dir:x/only.json"),
        ("login -c nothing:\t", "nothing:"),
        ("move --store pas\tx", "pass:x"),
        ("move --store pass:\tx", "pass:x"),
    ] {
        typed += &format!("gads-creds {line}\n");
        expected.push(last);
    }
    fs::write(sandbox.path("typed"), typed + "exit\n").expect("a new file");
    ask(&sandbox, "bash", &["--norc", "-c", "script -qec 'bash --norc -i' /dev/null < typed"]);
    let seen = fs::read_to_string(sandbox.path("seen")).expect("the commands ran");
    assert_eq!(seen.lines().collect::<Vec<_>>(), expected);
}

/// Returns what bash offers for a line that readline has cut into these words behind `gads-creds show`.
fn complete_part(sandbox: &Sandbox, line: &str, words: &[&str]) -> Vec<String> {
    let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let script = format!(
        "source <(gads-creds completions bash)\n\
         COMP_WORDS=(gads-creds show {words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}\n\
         cur=${{COMP_WORDS[COMP_CWORD]}}; [[ $cur == @ ]] && cur=\n\
         _gads__creds gads-creds \"$cur\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    sorted(&ask(sandbox, "bash", &["--norc", "-c", &script]))
}

#[test]
fn bash_offers_the_most_important_words_first() {
    let script = Sandbox::new().run(&["completions", "bash"]).fine();
    let mut lines = script.lines().filter_map(|line| line.trim().strip_prefix("opts=\"")).filter(|line| *line != "\"");
    let begins = |line: Option<&str>, words: &str| line.is_some_and(|line| line.starts_with(words));
    assert!(begins(lines.next(), "login show refresh revoke "), "{script}");
    assert!(lines.any(|line| line.starts_with("--client-secrets ") && line.ends_with(" -V\"")), "{script}");
}

#[test]
fn zsh_completes_profile_names() {
    let Some(sandbox) = world("zsh") else { return };
    let seen = zsh(&sandbox, "gads-creds show -p \\t", "*wonder*work*");
    for name in ["client-a", "wonder", "work"] {
        assert!(seen.contains(name), "zsh offers no {name}: {seen:?}");
    }
}

#[test]
fn zsh_completes_the_program_of_exec() {
    let Some(sandbox) = world("zsh") else { return };
    let seen = zsh(&sandbox, "gads-creds -p work exec -- gads-cre\\t", "*-- gads-creds*");
    assert!(seen.contains("-- gads-creds"), "{seen:?}");
}

/// Returns what zsh's line editor shows after this was typed, once it matches `pattern`.
fn zsh(sandbox: &Sandbox, typed: &str, pattern: &str) -> String {
    let driver = "\
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; fpath=(~/functions $fpath); autoload -Uz compinit && compinit -u -D; zstyle \":completion:*\" list-colors; \
           zstyle \":completion:*\" format; LISTMAX=999; unsetopt zle_bracketed_paste; print READY'
zpty -r z out '*READY*READY*' || true
zpty -n -w z $'TYPED'
repeat 100; do zpty -rt z part && all+=$part; [[ $all == PATTERN ]] && break; sleep 0.05; done
print -r -- $all
";
    let pattern = pattern.replace(' ', "\\ ");
    let driver = driver.replace("TYPED", typed).replace("PATTERN", &pattern);
    fs::create_dir(sandbox.path("functions")).expect("a new directory");
    fs::write(sandbox.path("functions/_gads-creds"), sandbox.run(&["completions", "zsh"]).fine()).expect("a new file");
    ask(sandbox, "zsh", &["-f", "-c", &driver])
}

#[test]
fn fish_completes_profile_names() {
    let Some(sandbox) = world("fish") else { return };
    let complete = |line: &str| {
        let script = format!("gads-creds completions fish | source; complete -C '{line}'");
        let seen = ask(&sandbox, "fish", &["--no-config", "-c", &script]);
        sorted(&seen.lines().map(|line| line.split('\t').next().unwrap_or_default()).collect::<Vec<_>>().join("\n"))
    };
    assert_eq!(complete("gads-creds show -p wo"), ["wonder", "work"]);
    assert_eq!(complete("gads-creds show --profile cl"), ["client-a"]);
    assert_eq!(complete("gads-creds --profile=wo"), ["--profile=wonder", "--profile=work"]);
    // Also before the command.
    assert_eq!(complete("gads-creds -p "), ["client-a", "wonder", "work"]);
    assert_eq!(complete("gads-creds --json --profile "), ["client-a", "wonder", "work"]);
    assert_eq!(complete("gads-creds -p work ex"), ["exec", "explain", "export"]);
    assert_eq!(complete("gads-creds --format p"), ["perl", "php", "python"]);
    assert_eq!(complete("gads-creds explain redirect_u"), ["redirect_uri_mismatch"]);
    // Values of positional arguments, once.
    assert_eq!(complete("gads-creds completions "), ["bash", "elvish", "fish", "powershell", "zsh"]);
    assert_eq!(complete("gads-creds -p work export p"), ["perl", "php", "python"]);
    assert_eq!(complete("gads-creds help s"), ["set", "show"]);
    fs::write(sandbox.path("php.txt"), "").expect("a new file");
    assert_eq!(complete("gads-creds export java ph"), ["php.txt"]);
    // Another command line follows `exec --`.
    assert!(complete("gads-creds -p work exec -- gads-cre").contains(&"gads-creds".to_owned()));
    assert_eq!(complete("gads-creds exec -- gads-creds help s"), ["set", "show"]);
}

#[test]
fn elvish_completes_profile_names() {
    let Some(sandbox) = world("elvish") else { return };
    // The line editor's module exists only on a terminal; these are the parts of it that the script uses.
    let complete = |words: &str| {
        let script = format!(
            "var edit: = (ns [&completion:=(ns [&arg-completer=[&]]) &complex-candidate~={{|text &display=''| put $text}} \
             &complete-sudo~={{|@words| put $@words}}])\n\
             eval (gads-creds completions elvish | slurp)\n\
             $edit:completion:arg-completer[gads-creds] {words} | each {{|word| echo $word}}"
        );
        sorted(&ask(&sandbox, "elvish", &["-norc", "-c", &script]))
    };
    let every = ["client-a", "wonder", "work"];
    // The editor itself filters out what does not begin with the word.
    assert_eq!(complete("gads-creds show -p wo"), every);
    assert_eq!(complete("gads-creds --profile ''"), every);
    assert_eq!(complete("gads-creds --profile=wo"), every.map(|name| format!("--profile={name}")));
    let commands = complete("gads-creds ''");
    assert!(commands.contains(&"login".to_owned()) && !commands.contains(&"work".to_owned()), "{commands:?}");
    // Elvish's own completion of a command line in a command line gets what follows `exec --`.
    assert_eq!(complete("gads-creds exec -- git ch"), ["ch", "gads-creds", "git"]);
}

/// Debian has no PowerShell to run it with.
#[test]
fn powershell_completes_profile_names_before_options() {
    let script = Sandbox::new().run(&["completions", "powershell"]).fine();
    let names = script.find("gads-creds completions profiles").expect("it asks");
    assert!(names < script.find("switch ($command)").expect("it looks for options"), "{script}");
}

/// Returns a home directory with profiles, if the shell is installed.
fn world(shell: &str) -> Option<Sandbox> {
    if without(shell) {
        return None;
    }
    let sandbox = Sandbox::new();
    sandbox.write_profiles(PROFILES);
    Some(sandbox)
}

fn ask(sandbox: &Sandbox, shell: &str, args: &[&str]) -> String {
    let program = Path::new(crate::PROGRAM).parent().expect("it stands in a directory");
    let mut directories = vec![program.to_path_buf()];
    directories.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let path = std::env::join_paths(directories).expect("directories of PATH");
    let output =
        sandbox.process_in_home(shell).args(args).env("PATH", path).env("TERM", "dumb").output().expect("it starts");
    String::from_utf8(output.stdout).expect("stdout is UTF-8")
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    lines.sort();
    lines
}
