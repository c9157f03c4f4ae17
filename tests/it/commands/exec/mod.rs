//! `exec`: the command's environment, and how its exit becomes ours.
#![cfg(unix)]

mod as_file;
mod nested;
mod signals;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::PROGRAM;
use crate::harness::skip::{not_root, skip, without};

const FILE: &str = "\
client_id: 1-a.apps.googleusercontent.com
client_secret: GOCSPX-canary
refresh_token: 1//canary
login_customer_id: 1234567890
use_proto_plus: True
";

#[test]
fn the_command_finds_the_variables_of_all_libraries() {
    let world = World::new();
    let found = world.environment_inside(&mut world.exec(&[]));
    let file = world.home().join("google-ads.yaml");
    assert_eq!(
        found,
        [
            &format!("GADS_CREDS_CONFIG={}", file.display()),
            "GOOGLE_ADS_CLIENT_ID=1-a.apps.googleusercontent.com",
            "GOOGLE_ADS_CLIENT_SECRET=GOCSPX-canary",
            "GOOGLE_ADS_LOGIN_CUSTOMER_ID=1234567890",
            "GOOGLE_ADS_OAUTH2_MODE=APPLICATION",
            "GOOGLE_ADS_REFRESH_TOKEN=1//canary",
            "GOOGLE_ADS_USE_PROTO_PLUS=True",
        ]
    );
}

#[test]
fn nothing_inherited_mixes_two_credentials() {
    let world = World::new();
    let mut command = world.exec(&["-v"]);
    let taken_out = [
        "GOOGLE_ADS_DEVELOPER_TOKEN",
        "GOOGLE_ADS_LINKED_CUSTOMER_ID",
        "GOOGLE_ADS_JSON_KEY_FILE_PATH",
        "GOOGLE_ADS_IMPERSONATED_EMAIL",
        "GOOGLE_ADS_PATH_TO_PRIVATE_KEY_FILE",
        "GOOGLE_ADS_DELEGATED_ACCOUNT",
        "GOOGLE_ADS_USE_APPLICATION_DEFAULT_CREDENTIALS",
        "USE_APPLICATION_DEFAULT_CREDENTIALS",
    ];
    command.envs(taken_out.map(|name| (name, "inherited")));
    let replaced = ["CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN", "LOGIN_CUSTOMER_ID", "OAUTH2_MODE"];
    command.envs(replaced.map(|name| (format!("GOOGLE_ADS_{name}"), "inherited")));
    command.env("GOOGLE_ADS_CONFIGURATION_FILE_PATH", world.home().join("google-ads.yaml"));
    let (found, stderr) = world.inside(&mut command);
    assert!(!found.concat().contains("inherited"), "{found:?}");
    assert_eq!(found.len(), 7, "{found:?}");
    for name in taken_out.iter().chain(&["GOOGLE_ADS_CONFIGURATION_FILE_PATH"]) {
        assert!(stderr.contains(&format!("`{name}` is not passed on")), "{name}: {stderr}");
    }
}

#[test]
fn settings_that_are_not_credentials_are_passed_on() {
    let world = World::new();
    let mut command = world.exec(&[]);
    command.env("GOOGLE_ADS_USE_PROTO_PLUS", "False").env("GOOGLE_ADS_ENDPOINT", "example.com");
    let found = world.environment_inside(&mut command);
    assert!(found.contains(&"GOOGLE_ADS_USE_PROTO_PLUS=False".to_owned()), "{found:?}");
    assert!(found.contains(&"GOOGLE_ADS_ENDPOINT=example.com".to_owned()), "{found:?}");
}

#[test]
fn a_run_inside_means_the_same_profile() {
    let world = World::new();
    let toml = "[profiles.work]\nstore = \"file\"\nfile = \"google-ads.yaml\"\nformat = \"python\"\n";
    let toml = toml.replace("google-ads.yaml", &world.home().join("google-ads.yaml").display().to_string());
    world.write(".config/gads-creds/profiles.toml", &toml);
    let inside = ["--", "sh", "-c", "echo \"${GADS_CREDS_PROFILE-none}\""];
    let named = world.exec(&["-p", "work"]).args(inside).output().unwrap();
    assert_eq!(stdout(&named), "work\n");
    let file = world.home().join("google-ads.yaml").display().to_string();
    let mut unnamed = world.exec(&["--config", &file]);
    let unnamed = unnamed.env("GADS_CREDS_PROFILE", "other").args(inside).output().unwrap();
    assert!(["none\n", "work\n"].contains(&stdout(&unnamed).as_str()), "{unnamed:?}");
}

#[test]
fn the_program_becomes_the_command() {
    let world = World::new();
    let child = world.exec(&["--", "sh", "-c", "echo $$"]).stdout(Stdio::piped()).spawn().unwrap();
    let pid = child.id();
    assert_eq!(stdout(&child.wait_with_output().unwrap()), format!("{pid}\n"));
}

#[test]
fn the_exit_code_is_that_of_the_command() {
    let world = World::new();
    assert_eq!(world.exec(&["--", "sh", "-c", "exit 7"]).status().unwrap().code(), Some(7));
    assert_eq!(world.exec(&["--", "sh", "-c", "kill -TERM $$"]).status().unwrap().signal(), Some(15));
}

#[test]
fn all_arguments_after_the_command_belong_to_it() {
    let world = World::new();
    for start in [&["exec", "--"][..], &["exec"]] {
        let mut command = world.program();
        let output = command.args(start).args(["echo", "-q", "--json", "--", "--as-file"]).output().unwrap();
        assert_eq!(stdout(&output), "-q --json -- --as-file\n");
    }
}

#[test]
fn a_command_that_is_not_there_ends_with_127() {
    let world = World::new();
    let output = world.exec(&["--json", "--", "no-such\u{1b}[31m"]).output().unwrap();
    assert_eq!(output.status.code(), Some(127));
    assert!(stdout(&output).contains("\"kind\":\"command_not_found\""), "{output:?}");
    assert!(stderr(&output).contains("error: there is no command `no-such\\u{1b}[31m`"), "{output:?}");
    fs::create_dir(world.path().join("a dir")).unwrap();
    fs::write(world.path().join("job"), "#!/bin/sh\n").unwrap();
    for (program, step) in [
        ("sh -c true", "give the command and its arguments as separate words"),
        ("a dir/job", "name a program that is on your `PATH`, or its path"),
        ("job", "to run the one in this directory, name it as `./job`"),
    ] {
        let output = world.exec(&["--", program]).current_dir(world.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(127), "{output:?}");
        assert!(stderr(&output).contains(&format!("hint: {step}")), "{output:?}");
    }
}

#[test]
fn a_command_that_cannot_run_ends_with_126() {
    let world = World::new();
    world.write("plain", "text");
    world.write("script", "#!/no/such/interpreter\n");
    let script = world.home().join("script");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    for (command, expected) in [
        (world.home().join("plain"), "ermission denied"),
        (world.home(), "ermission denied"),
        (script, "the interpreter that it names is not there"),
    ] {
        let output = world.exec(&["--", command.to_str().unwrap()]).output().unwrap();
        assert_eq!(output.status.code(), Some(126), "{output:?}");
        assert!(stderr(&output).contains(expected), "{output:?}");
        assert!(stderr(&output).contains(command.to_str().unwrap()), "{output:?}");
    }
}

#[test]
fn without_a_token_nothing_is_started() {
    let world = World::new();
    for (line, missing) in
        [("refresh_token", "refresh token"), ("client_id", "client ID"), ("client_secret", "client secret")]
    {
        world.write("google-ads.yaml", &FILE.replace(line, "#"));
        let output = world.exec(&["--", "echo", "started"]).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        assert_eq!(stdout(&output), "");
        assert!(stderr(&output).contains(&format!("error: there is no {missing} in ")), "{output:?}");
        assert!(stderr(&output).contains("hint: run `gads-creds login"), "{output:?}");
    }
}

#[test]
fn no_descriptor_of_ours_reaches_the_command() {
    let world = World::new();
    let list = |command: &mut Command| stdout(&command.args(["-c", LIST]).output().unwrap());
    // What this test itself was started with is passed on, as by a shell.
    let without = list(&mut world.process("sh"));
    assert_eq!(list(&mut world.exec(&["--", "sh"])), without);
    if cfg!(target_os = "linux") {
        let with_file = list(&mut world.exec(&["--as-file", "python", "--", "sh"]));
        assert_eq!(with_file.lines().count(), without.lines().count() + 1, "{with_file}");
    }
}

#[test]
fn signals_and_core_limit_are_as_the_user_had_them() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let world = World::new();
    let inside = "ulimit -Sc; grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status";
    let without = stdout(&world.shell(&format!("ulimit -Sc 4 && sh -c \"{inside}\"")).output().unwrap());
    assert!(without.starts_with("4\nSig"), "{without}");
    let with = world.shell(&format!("ulimit -Sc 4 && exec '{PROGRAM}' exec -- sh -c \"{inside}\"")).output().unwrap();
    assert_eq!(stdout(&with), without);
}

#[test]
fn a_file_in_memory_is_read_twice_and_by_a_grandchild_and_written_by_nobody() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let world = World::new();
    let inside = "f=$GOOGLE_ADS_CONFIGURATION_FILE_PATH; echo $f; cat $f; cat $f; sh -c 'sh -c \"cat $1\"; :' - $f; stat -Lc %a $f; \
                  (printf x 1<>$f) 2>/dev/null && echo written; :";
    let child = world.exec(&["--as-file", "python", "--", "sh", "-c", inside]).stdout(Stdio::piped()).spawn().unwrap();
    let pid = child.id();
    let printed = stdout(&child.wait_with_output().unwrap());
    let (path, rest) = printed.split_once('\n').unwrap();
    assert!(path.starts_with(&format!("/proc/{pid}/fd/")), "{printed}");
    assert_eq!(rest.matches("1//canary").count(), 3, "{printed}");
    assert!(rest.contains("use_proto_plus"), "{printed}");
    assert!(rest.ends_with("\n400\n"), "{printed}");
}

#[test]
fn the_file_is_there_for_a_user_who_is_not_root_and_for_no_other_user() {
    if not_root() || without("setpriv") {
        return;
    }
    let world = World::new();
    let program = world.path().join("gads-creds");
    fs::copy(PROGRAM, &program).unwrap();
    let as_user = |user: &str| format!("setpriv --reuid={user} --regid={user} --clear-groups");
    let nobody = as_user("65534");
    let owned = format!("chown -R 65534:65534 '{}'", world.path().display());
    assert!(world.shell(&owned).status().unwrap().success());
    let inside = "cat $GOOGLE_ADS_CONFIGURATION_FILE_PATH; sh -c 'cat $GOOGLE_ADS_CONFIGURATION_FILE_PATH'";
    let script =
        format!("{nobody} '{}' exec --as-file python -- sh -c \"{}\"", program.display(), inside.replace('$', "\\$"));
    let output = world.shell(&script).output().unwrap();
    assert_eq!(stdout(&output).matches("1//canary").count(), 2, "{output:?}");
    let held = format!(
        "{nobody} '{}' exec --as-file python -- sh -c 'echo $GOOGLE_ADS_CONFIGURATION_FILE_PATH; read line'",
        program.display()
    );
    let mut child = world.shell(&held).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut path = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut path).unwrap();
    let other = world.shell(&format!("{} cat '{}'", as_user("65533"), path.trim())).output().unwrap();
    drop(child.stdin.take());
    child.wait().unwrap();
    assert_eq!(stdout(&other), "");
    assert!(stderr(&other).contains("ermission denied"), "{other:?}");
}

/// Without a file in memory: as on macOS, tried on Linux with a kernel that has no memfd_create.
#[test]
fn without_memfd_the_file_is_private_and_removed_after_the_command() {
    let world = World::new();
    let inside = "f=$GOOGLE_ADS_CONFIGURATION_FILE_PATH; echo $f; cat $f; stat -c %a $f $(dirname $f); exit 7";
    let Some(mut command) = world.without_memory_files(&["sh", "-c", inside]) else { return };
    let output = command.output().unwrap();
    let printed = stdout(&output);
    let (path, rest) = printed.split_once('\n').unwrap();
    assert!(Path::new(path).starts_with(world.path().join("run")), "{output:?}");
    assert!(path.ends_with("/google-ads.yaml"), "{printed}");
    assert!(rest.contains("1//canary") && rest.ends_with("\n600\n700\n"), "{printed}");
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(fs::read_dir(world.path().join("run")).unwrap().count(), 0);
}

#[test]
fn without_memfd_a_signal_reaches_the_command_and_the_file_is_removed() {
    let world = World::new();
    let wait = "for turn in 1 2 3 4 5 6 7 8 9; do sleep 0.2; done";
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let inside = &format!("kill -{signal} $PPID; {wait}");
        let Some(mut command) = world.without_memory_files(&["sh", "-c", inside]) else { return };
        assert_eq!(command.status().unwrap().code(), Some(code), "{inside}");
        assert_eq!(fs::read_dir(world.path().join("run")).unwrap().count(), 0, "{inside}");
    }
}

#[test]
fn without_memfd_the_file_of_a_missing_command_is_removed() {
    let world = World::new();
    let Some(mut command) = world.without_memory_files(&["no-such-program"]) else { return };
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(127), "{output:?}");
    assert!(stderr(&output).contains("there is no command `no-such-program`"), "{output:?}");
    assert_eq!(fs::read_dir(world.path().join("run")).unwrap().count(), 0);
}

/// Google's own library in Python, without its one call to Google.
#[test]
fn the_loaders_of_the_python_library_work() {
    let world = World::new();
    let python = std::env::var("GADS_CREDS_TEST_PYTHON").unwrap_or("python3".to_owned());
    let importable =
        Command::new(&python).args(["-c", "import google.ads.googleads.client"]).stderr(Stdio::null()).status();
    if !importable.is_ok_and(|status| status.success()) {
        return skip("google-ads is not installed for python3 (or GADS_CREDS_TEST_PYTHON)");
    }
    let script = "import subprocess, sys\n\
        from google.oauth2.credentials import Credentials\n\
        Credentials.refresh = lambda self, request: None\n\
        from google.ads.googleads.client import GoogleAdsClient\n\
        for turn in range(2):\n\
        \x20   client = getattr(GoogleAdsClient, sys.argv[1])()\n\
        \x20   seen = client.credentials\n\
        \x20   print(seen.client_id, seen.client_secret, seen.refresh_token, client.login_customer_id, client.use_proto_plus)\n\
        if len(sys.argv) == 2:\n\
        \x20   sys.stdout.flush()\n\
        \x20   subprocess.run([sys.executable, *sys.orig_argv[1:], 'grandchild'], check=True)\n";
    let line = "1-a.apps.googleusercontent.com GOCSPX-canary 1//canary 1234567890 True\n";
    for (options, loader) in [
        (&[][..], "load_from_env"),
        (&["--as-file", "python"], "load_from_storage"),
        (&["--as-file", "python"], "load_from_env"),
    ] {
        // The library itself must find nothing in its default location.
        let mut command = world.exec(&["--config", world.moved_away().to_str().unwrap()]);
        let output = command.args(options).args(["--", &python, "-c", script, loader]).output().unwrap();
        assert_eq!(stdout(&output), line.repeat(4), "{loader}: {output:?}");
    }
}

/// What each format's reader finds in the file: client ID, client secret, refresh token, login customer.
const READERS: [(&str, &[&str]); 14] = [
    (
        "python",
        &[
            "ruby",
            "-ryaml",
            "-e",
            "f = YAML.load_file(ENV['GOOGLE_ADS_CONFIGURATION_FILE_PATH']); \
        puts f.values_at('client_id', 'client_secret', 'refresh_token', 'login_customer_id').join(' ')",
        ],
    ),
    (
        "php",
        &[
            "php",
            "-r",
            "$f = parse_ini_file(getenv('GOOGLE_ADS_CONFIGURATION_FILE_PATH'), true); $o = $f['OAUTH2']; \
        echo \"$o[clientId] $o[clientSecret] $o[refreshToken] {$f['GOOGLE_ADS']['loginCustomerId']}\\n\";",
        ],
    ),
    (
        "ruby",
        &[
            "ruby",
            "-e",
            "module Google; module Ads; module GoogleAds; class Config; \
        attr_accessor :client_id, :client_secret, :refresh_token, :login_customer_id, :log_level, :log_target; \
        def initialize; yield self; end; end; end; end; end; \
        c = eval(File.read(ENV['GOOGLE_ADS_CONFIGURATION_FILE_PATH'])); \
        puts [c.client_id, c.client_secret, c.refresh_token, c.login_customer_id].join(' ')",
        ],
    ),
    (
        "perl",
        &[
            "perl",
            "-e",
            "open(F, '<', $ENV{GOOGLE_ADS_CONFIGURATION_FILE_PATH}) or die; \
        while (<F>) { chomp; /^([^#=]+)=(.*)$/ and $f{$1} = $2 } \
        print join(' ', @f{qw(clientId clientSecret refreshToken loginCustomerId)}), qq(\\n)",
        ],
    ),
    ("java", &["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "Reader.java"]),
    (
        "dotnet",
        &[
            "ruby",
            "-rjson",
            "-e",
            "f = JSON.load_file(ENV['GOOGLE_ADS_CONFIGURATION_FILE_PATH'])['GoogleAdsApi']; \
        puts f.values_at('OAuth2ClientId', 'OAuth2ClientSecret', 'OAuth2RefreshToken', 'LoginCustomerId').join(' ')",
        ],
    ),
    (
        "adc",
        &[
            "python3",
            "-c",
            "import google.auth; c, _ = google.auth.default(); \
        print(c.client_id, c.client_secret, c.refresh_token, 1234567890)",
        ],
    ),
    (
        "env",
        &[
            "sh",
            "-c",
            "unset GOOGLE_ADS_CLIENT_ID GOOGLE_ADS_REFRESH_TOKEN; . $GOOGLE_ADS_CONFIGURATION_FILE_PATH; \
        echo $GOOGLE_ADS_CLIENT_ID $GOOGLE_ADS_CLIENT_SECRET $GOOGLE_ADS_REFRESH_TOKEN $GOOGLE_ADS_LOGIN_CUSTOMER_ID",
        ],
    ),
    (
        "airbyte",
        &[
            "ruby",
            "-rjson",
            "-e",
            "f = JSON.load_file(ENV['GOOGLE_ADS_CONFIGURATION_FILE_PATH']); \
        c = f['credentials']; puts [*c.values_at('client_id', 'client_secret', 'refresh_token'), f['login_customer_id']].join(' ')",
        ],
    ),
    (
        "singer",
        &[
            "ruby",
            "-rjson",
            "-e",
            "f = JSON.load_file(ENV['GOOGLE_ADS_CONFIGURATION_FILE_PATH']); \
        l = f['login_customer_ids']; puts [*f.values_at('oauth_client_id', 'oauth_client_secret', 'refresh_token'), l[0]['loginCustomerId']].join(' ')",
        ],
    ),
    (
        "airflow",
        &[
            "ruby",
            "-rjson",
            "-e",
            "f = JSON.load_file(ENV['GOOGLE_ADS_CONFIGURATION_FILE_PATH']); \
        c = f['google_ads_default']['extra']; puts [c.values_at('client_id', 'client_secret', 'refresh_token', 'login_customer_id')].join(' ')",
        ],
    ),
    (
        "mureo",
        &[
            "ruby",
            "-rjson",
            "-e",
            "f = JSON.load_file(ENV['GOOGLE_ADS_CONFIGURATION_FILE_PATH']); \
        c = f['google_ads']; puts [c.values_at('client_id', 'client_secret', 'refresh_token', 'login_customer_id')].join(' ')",
        ],
    ),
    (
        "dlt",
        &[
            "python3",
            "-c",
            "import os, tomllib; f = tomllib.load(open(os.environ['GOOGLE_ADS_CONFIGURATION_FILE_PATH'], 'rb')); \
        s = f['sources']['google_ads']; c = s['credentials']; \
        print(c['client_id'], c['client_secret'], c['refresh_token'], s['customer_id'])",
        ],
    ),
    (
        "meltano",
        &[
            "sh",
            "-c",
            ". $GOOGLE_ADS_CONFIGURATION_FILE_PATH; p=TAP_GOOGLEADS_OAUTH_CREDENTIALS; \
        eval echo \\$${p}_CLIENT_ID \\$${p}_CLIENT_SECRET \\$${p}_REFRESH_TOKEN \\$TAP_GOOGLEADS_LOGIN_CUSTOMER_ID",
        ],
    ),
];

const JAVA: &str = r#"
public class Reader {
    public static void main(String[] arguments) throws Exception {
        var file = new java.util.Properties();
        try (var in = new java.io.FileInputStream(System.getenv("GOOGLE_ADS_CONFIGURATION_FILE_PATH"))) {
            file.load(in);
        }
        var line = new StringBuilder();
        for (var key : new String[] {"clientId", "clientSecret", "refreshToken", "loginCustomerId"}) {
            line.append(line.length() == 0 ? "" : " ").append(file.getProperty("api.googleads." + key));
        }
        System.out.println(line);
    }
}
"#;

#[test]
fn the_file_of_every_format_is_read_by_its_language() {
    let world = World::new();
    world.write("Reader.java", JAVA);
    let formats = gads_creds::format::names();
    assert!(formats.iter().all(|format| READERS.iter().any(|(known, _)| known == format)), "{formats:?}");
    let python = std::env::var("GADS_CREDS_TEST_PYTHON").unwrap_or("python3".to_owned());
    for (format, reader) in READERS {
        let program = if reader[0] == "python3" { &python } else { reader[0] };
        let works = match format {
            "adc" => Command::new(program).args(["-c", "import google.auth"]).stderr(Stdio::null()).status(),
            "java" => Command::new(program).arg("-version").stderr(Stdio::null()).status(),
            _ => Command::new(program).args(["-e", ""]).stdin(Stdio::null()).stderr(Stdio::null()).status(),
        };
        if works.is_err() || works.is_ok_and(|status| !status.success() && format == "adc") {
            let needed = if format == "adc" { "google-auth" } else { program };
            skip(&format!("`{needed}` is not installed, so nothing reads {format}"));
            continue;
        }
        let mut command = world.exec(&["--as-file", format, "--", program]);
        let output = command.args(&reader[1..]).current_dir(world.home()).output().unwrap();
        let expected = "1-a.apps.googleusercontent.com GOCSPX-canary 1//canary 1234567890\n";
        assert_eq!(stdout(&output), expected, "{format}: {output:?}");
    }
}

#[test]
fn no_secret_is_in_the_arguments_of_the_command() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let world = World::new();
    let inside = "tr '\\0' ' ' < /proc/$$/cmdline";
    let output = world.exec(&["--as-file", "python", "--", "sh", "-c", inside]).output().unwrap();
    assert_eq!(stdout(&output), format!("sh -c {inside} "));
}

#[test]
fn every_rule_of_precedence_applies_to_exec() {
    let world = World::new();
    for name in ["work", "client-a", "other"] {
        world.write(&format!("{name}.yaml"), &FILE.replace("1//canary", name));
    }
    let entries = "[profiles.work]\nfile = \"~/work.yaml\"\n[profiles.client-a]\nfile = \"~/client-a.yaml\"\n";
    let profiles = ".config/gads-creds/profiles.toml";
    world.write(profiles, &format!("default = \"work\"\n{entries}"));
    let other = world.home().join("other.yaml");
    let token = |options: &[&str], variables: &[(&str, &str)]| {
        let mut command = world.exec(options);
        command.envs(variables.iter().copied()).args(["--", "sh", "-c", "echo $GOOGLE_ADS_REFRESH_TOKEN"]);
        stdout(&command.output().unwrap()).trim().to_owned()
    };
    let by_profile = ("GADS_CREDS_PROFILE", "client-a");
    let by_file = ("GOOGLE_ADS_CONFIGURATION_FILE_PATH", other.to_str().unwrap());
    assert_eq!(token(&["--config", by_file.1], &[by_profile]), "other");
    assert_eq!(token(&["-p", "work"], &[by_profile, by_file]), "work");
    assert_eq!(token(&[], &[by_profile, by_file]), "client-a");
    assert_eq!(token(&[], &[by_file]), "other");
    assert_eq!(token(&[], &[]), "work");
    world.write(profiles, entries);
    assert_eq!(token(&[], &[]), "1//canary");
    let unknown = world.exec(&["-p", "wrok", "--", "echo", "started"]).output().unwrap();
    assert_eq!((unknown.status.code(), stdout(&unknown)), (Some(3), String::new()));
    assert!(stderr(&unknown).contains("did you mean `-p work`?"), "{unknown:?}");
}

#[test]
fn a_token_put_in_by_hand_is_bound_to_the_endpoint_of_its_profile() {
    let world = World::new();
    for token in ["1//canary", "1//another"] {
        let fingerprint = gads_creds::secret::Secret::new(token).fingerprint();
        let entry = "[profiles.work]\nfile = \"~/google-ads.yaml\"\nendpoint = \"http://127.0.0.1:1\"\n";
        world.write(".config/gads-creds/profiles.toml", &format!("{entry}fingerprint = \"{fingerprint}\"\n"));
        let refused = world.exec(&["-p", "work", "--", "echo", "started"]).output().unwrap();
        assert_eq!((refused.status.code(), stdout(&refused)), (Some(2), String::new()));
        assert!(stderr(&refused).contains("came from the stand-in at `http://127.0.0.1:1`"), "{refused:?}");
    }
    // A profile without metadata is bound to none.
    world.write(".config/gads-creds/profiles.toml", "[profiles.work]\nfile = \"~/google-ads.yaml\"\n");
    let started = world.exec(&["-p", "work", "--", "echo", "started"]).output().unwrap();
    assert_eq!(stdout(&started), "started\n");
}

/// The open descriptors, where the system shows them.
const LIST: &str = "for fd in /proc/$$/fd/*; do echo ${fd##*/}; done";

/// A home directory with a Python file, and the program in an environment of its own.
struct World(tempfile::TempDir);

impl World {
    fn new() -> World {
        let world = World(tempfile::tempdir().unwrap());
        for directory in ["home", "run"] {
            fs::create_dir(world.path().join(directory)).unwrap();
        }
        crate::sandbox::lead_to_our_directories(&world.home(), &[".config"]);
        world.write("google-ads.yaml", FILE);
        world
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn home(&self) -> PathBuf {
        self.path().join("home")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.home().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Returns the same credentials where no library looks.
    fn moved_away(&self) -> PathBuf {
        let moved = self.home().join("moved.yaml");
        let _ = fs::rename(self.home().join("google-ads.yaml"), &moved);
        moved
    }

    fn process(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home())
            .env("XDG_RUNTIME_DIR", self.path().join("run"))
            // The directory for a session's files on macOS.
            .env("TMPDIR", self.path().join("run"))
            .stdin(Stdio::null());
        command
    }

    fn program(&self) -> Command {
        self.process(PROGRAM)
    }

    fn exec(&self, options: &[&str]) -> Command {
        let mut command = self.program();
        command.arg("exec").args(options);
        command
    }

    fn shell(&self, script: &str) -> Command {
        let mut command = self.process("sh");
        command.args(["-c", script]);
        command
    }

    fn without_memory_files(&self, run: &[&str]) -> Option<Command> {
        if !cfg!(target_os = "linux") {
            let mut command = self.exec(&["--as-file", "python", "--"]);
            command.args(run);
            return Some(command);
        }
        #[cfg(target_os = "linux")]
        if crate::harness::strace::cannot() {
            return None;
        }
        let mut command = self.process("strace");
        command.args(["-o/dev/null", "-einject=memfd_create:error=ENOSYS", PROGRAM]);
        command.args(["exec", "--as-file", "python", "--"]).args(run);
        Some(command)
    }

    /// Returns the variables about Google Ads, and what the program printed.
    fn inside(&self, command: &mut Command) -> (Vec<String>, String) {
        let output = command.args(["--", "env", "-0"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let printed = stdout(&output);
        let about = |line: &&str| line.starts_with("GOOGLE") || line.starts_with("USE_") || line.starts_with("GADS");
        let mut lines: Vec<String> = printed.split('\0').filter(about).map(str::to_owned).collect();
        lines.sort();
        (lines, stderr(&output))
    }

    fn environment_inside(&self, command: &mut Command) -> Vec<String> {
        let (lines, stderr) = self.inside(command);
        assert_eq!(stderr, "");
        lines
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
