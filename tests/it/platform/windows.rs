//! Windows: scripts of cmd, paths with drive letters and backslashes, and names whose case does not count.
#![cfg(windows)]

use std::path::Path;

use crate::google::browser::Decision;
use crate::sandbox::Sandbox;

/// Prints its arguments and a variable that it got.
const SCRIPT: &str = "@echo off\r\necho [%1] [%2]\r\necho %GOOGLE_ADS_LOGIN_CUSTOMER_ID%\r\nexit /b 7\r\n";

fn text(path: &Path) -> &str {
    path.to_str().expect("the directory for temporary files has a plain name")
}

#[test]
fn exec_runs_a_script_of_cmd_by_its_path_or_from_path() {
    let sandbox = Sandbox::logged_in();
    let script = sandbox.write(r"my scripts\job.cmd", SCRIPT);
    for program in [text(&script), "job.cmd", "job", r"my scripts\JOB.CMD", r".\my scripts\job"] {
        let run = sandbox.command(&["exec", "--", program, "a b", r"C:\x\"]).directory("");
        let run = run.env("PATH", script.parent().expect("it has a directory")).observe();
        assert_eq!((run.code, run.stderr.as_str()), (7, ""), "{program}: {run:?}");
        assert_eq!(run.stdout.replace('\r', ""), "[\"a b\"] [\"C:\\x\\\\\"]\n1234567890\n", "{program}");
    }
}

/// A secret manager that is a script: it prints and keeps what is in its own file.
#[test]
fn a_secret_manager_may_be_a_script_of_cmd() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    sandbox.write(
        r"bin\manager.cmd",
        "@echo off\r\nif \"%~1\"==\"get\" (type \"%~2\") else (%SystemRoot%\\System32\\sort.exe >\"%~2\")\r\n",
    );
    let kept = sandbox.write(r"my vault\kept.json", "{}");
    let run = |verb: &str| format!("[\"manager\", \"{verb}\", '{}']", kept.display());
    let entry = format!("[profiles.work]\nstore = \"command\"\nget = {}\nset = {}\n", run("get"), run("set"));
    sandbox.write_profiles(&entry);
    let path = sandbox.path("bin");
    let login = sandbox.login(&["-p", "work", "-c", "client_secret.json"]).directory("").env("PATH", &path).start();
    login.visit(&Decision::allow());
    login.finish();
    let refresh = sandbox.command(&["refresh", "-p", "work"]).directory("").env("PATH", &path).observe();
    assert_eq!(refresh.code, 0, "{refresh:?}");
    assert!(sandbox.read(&kept).contains("\"refresh_token\""));
}

#[test]
fn a_secret_manager_that_hangs_is_ended_with_what_it_has_started() {
    let sandbox = Sandbox::new();
    let root = std::env::var("SystemRoot").expect("Windows sets it");
    let ping = format!(r"{root}\System32\ping.exe");
    sandbox.write(r"bin\manager.cmd", format!("@echo off\r\n{ping} -n 60 127.0.0.1\r\n"));
    sandbox.write_profiles("[profiles.work]\nstore = \"command\"\nget = [\"manager\"]\ntimeout = 2\n");
    let start = std::time::Instant::now();
    let run = sandbox.command(&["refresh", "-p", "work"]).env("PATH", sandbox.path("bin")).observe();
    run.fails(7, &["did not end within"]);
    assert!(start.elapsed() < std::time::Duration::from_secs(20));
}

/// Its entries are those of the whole machine, so the profile has a name of its own.
#[test]
fn the_credential_manager_keeps_a_profile_and_gives_it_back() {
    let sandbox = Sandbox::new();
    let client = sandbox.desktop();
    let name = format!("test-{}", std::process::id());
    let login = sandbox.login(&["-p", &name, "--store", "keychain", "-c", "client_secret.json"]).directory("").start();
    login.visit(&Decision::allow());
    login.finish();
    let of = |args: &[&str]| sandbox.run(&[args, &["-p", &name]].concat());
    let store = || of(&["show", "--json"]).fine_json()["store"].clone();
    assert_eq!(store(), "keychain");
    assert_eq!(of(&["refresh"]).code, 0);
    let script = sandbox.write("job.cmd", "@echo [%GOOGLE_ADS_CLIENT_SECRET%]\r\n");
    let exec = sandbox.command(&["exec", "-p", &name, "--", text(&script)]).reveals(&client.secret).observe();
    assert_eq!(exec.stdout.trim(), format!("[{}]", client.secret));
    assert_eq!(of(&["move", "--store", "file", "--config", "my.yaml"]).code, 0);
    assert_eq!(store(), "file");
    assert!(sandbox.read("my.yaml").contains(&client.secret));
    assert_eq!(of(&["move", "--store", "keychain"]).code, 0);
    assert!(!sandbox.read("my.yaml").contains(&client.secret));
    let other_case = sandbox.run(&["login", "-p", &name.to_uppercase(), "--store", "keychain", "--start"]);
    other_case.fails(2, &["differs from"]);
    assert_eq!(of(&["revoke", "--yes", "--forget"]).code, 0);
    sandbox.write_profiles(&format!("[profiles.{name}]\nstore = \"keychain\"\n"));
    of(&["refresh"]).fails(3, &["gads-creds login"]);
}

#[test]
fn a_command_that_cannot_run_says_what_would_help() {
    let sandbox = Sandbox::logged_in();
    sandbox.write("job.cmd", SCRIPT);
    sandbox.write("report.py", "print()\n");
    sandbox.write(r"adir\x", "");
    sandbox.write(r"a dir\x", "");
    let home = sandbox.path("");
    for (command, code, step) in [
        (&["jobs"][..], 127, "name a program that is on your `PATH`, or its path"),
        (&[r"a dir\jobs"], 127, "name a program that is on your `PATH`, or its path"),
        (&["job.cmd x"], 127, "give the command and its arguments as separate words"),
        (&[r".\adir"], 126, "name a program in that directory"),
        (&[r".\report.py"], 126, "for a script name its interpreter too"),
        (&["job.cmd", "a\nb"], 126, "leave line breaks out of the arguments"),
    ] {
        let run = sandbox.command(&[&["exec", "--"], command].concat()).directory("").env("PATH", &home).observe();
        run.fails(code, &["error: ", step]);
    }
    let step = r"to run the one in this directory, name it as `.\job.cmd`";
    sandbox.command(&["exec", "--", "job.cmd"]).directory("").observe().fails(127, &[step]);
    let step = r"to run the one in this directory, name it as `.\job`";
    sandbox.command(&["exec", "--", "job"]).directory("").observe().fails(127, &[step]);
}

#[test]
fn a_path_with_spaces_and_backslashes_is_one_file_in_every_spelling() {
    let sandbox = Sandbox::new();
    sandbox.desktop();
    let file = sandbox.path(r"my ads\google-ads.yaml");
    std::fs::create_dir(sandbox.path("my ads")).expect("a new directory");
    let login = sandbox.login(&["-c", r"~\client_secret.json", "--config", text(&file), "-p", "Work"]).start();
    login.visit(&Decision::allow());
    login.finish();
    let capital = text(&file).to_uppercase();
    let slashes = text(&file).replace('\\', "/");
    for path in [
        text(&file),
        &capital,
        &slashes,
        r"~\my ads\google-ads.yaml",
        "~/my ads/google-ads.yaml",
        r"my ads\google-ads.yaml",
    ] {
        let shown = sandbox.run(&["show", "--json", "--config", path]).fine_json();
        assert_eq!(shown["profile"], "Work", "{path}");
        assert_eq!(sandbox.run(&["refresh", "--config", path]).code, 0, "{path}");
    }
    // What a hint names can be pasted into cmd and PowerShell.
    let missing = sandbox.path(r"my ads\no.yaml");
    let step = format!("hint: run `gads-creds login --config \"{}\"`", missing.display());
    sandbox.run(&["show", "--config", text(&missing)]).fails(3, &[&step]);
    let near = sandbox.path(r"my ads\google_ads.yaml");
    let step = format!("`move \"{}\" \"{}\"`", file.display(), near.display());
    sandbox.run(&["show", "--config", text(&near)]).fails(3, &[&step]);
}

#[test]
fn a_drive_that_is_not_there_is_named() {
    let sandbox = Sandbox::logged_in();
    let mut drives = ('D'..='Z').map(|letter| format!(r"{letter}:\"));
    let drive = drives.find(|drive| !Path::new(drive).exists()).expect("one letter is free");
    for command in [&["show"][..], &["refresh"], &["login", "--start", "-c", "client_secret.json"]] {
        let run = sandbox.run(&[command, &["--config", &format!("{drive}x.yaml")]].concat());
        run.fails(1, &[&format!("there is no drive or share `{drive}`")]);
    }
}

#[test]
fn what_windows_keeps_for_itself_is_not_the_name_of_a_file() {
    let sandbox = Sandbox::logged_in();
    for (name, cause) in [
        ("CON", "is the name of a device of Windows"),
        ("aux.yaml", "is the name of a device of Windows"),
        (r"sub\COM1.yaml", "is the name of a device of Windows"),
        ("client_secret*.json", "has a `*` or `?` in it, which no shell expands here"),
        ("C:\\my dir\" --json", "has a `\"` in it"),
    ] {
        sandbox.run(&["show", "--config", name]).fails(2, &[cause, "hint: "]);
    }
}

#[test]
fn the_home_directory_is_that_of_the_libraries() {
    let sandbox = Sandbox::logged_in();
    let other = sandbox.path("other");
    sandbox.write(r"other\google-ads.yaml", sandbox.read("google-ads.yaml"));
    let shown =
        sandbox.run_with(&["show", "--json"], &[("USERPROFILE", text(&other)), ("HOME", text(&sandbox.home()))]);
    let place = shown.fine_json()["location"].to_string();
    assert!(place.contains(r"other\\google-ads.yaml"), "{place}");
    sandbox
        .run(&["show", "--config", r"%USERPROFILE%\google-ads.yaml"])
        .fails(2, &["begins with a variable of Windows that is not expanded", "hint: write the path in full"]);
}

#[test]
fn the_case_of_a_variable_does_not_count() {
    let sandbox = Sandbox::logged_in();
    for (option, reason) in [
        ("java=Path", "`Path` cannot name a file"),
        ("java=google_ads_client_id", "cannot name a file"),
        ("java=Gads_Creds_Profile", "cannot name a file"),
    ] {
        sandbox.run(&["exec", "--as-file", option, "--", "x"]).fails(2, &[reason]);
    }
    sandbox
        .run(&["exec", "--as-file", "java=ADS_FILE", "--as-file", "python=Ads_File", "--", "x"])
        .fails(2, &["two files cannot both be named by `Ads_File`"]);
    let script = sandbox.write("job.cmd", "@echo off\r\necho [%GOOGLE_ADS_REFRESH_TOKEN%]\r\n");
    let run = sandbox
        .command(&["exec", "--", text(&script)])
        .env("Google_Ads_Refresh_Token", "inherited")
        .reveals(crate::stored::TOKEN);
    assert_eq!(run.observe().stdout.trim(), format!("[{}]", crate::stored::TOKEN));
}

#[test]
fn the_file_of_exec_is_gone_with_the_command() {
    let sandbox = Sandbox::logged_in();
    std::fs::create_dir_all(sandbox.path(r".local\state\Temp")).expect("a new directory");
    let script =
        sandbox.write("job.cmd", "@echo off\r\ntype \"%ADS_FILE%\" >seen\r\necho %ADS_FILE%\r\nexit /b 300\r\n");
    let run = sandbox.command(&["exec", "--as-file", "python=ADS_FILE", "--", text(&script)]).directory("").observe();
    assert_eq!(run.code, 255, "codes above 255 do not fit: {run:?}");
    assert!(run.stdout.contains(r"state\Temp\gads-creds-"), "{run:?}");
    assert!(sandbox.read("seen").contains(crate::stored::TOKEN));
    assert_eq!(sandbox.names(r".local\state\Temp"), Vec::<String>::new());
}

#[test]
fn a_file_that_another_program_has_open_is_left_as_it_is() {
    use std::os::windows::fs::OpenOptionsExt;
    /// FILE_SHARE_READ.
    const READERS: u32 = 1;
    let sandbox = Sandbox::logged_in();
    let before = sandbox.read("google-ads.yaml");
    let open = std::fs::OpenOptions::new().read(true).share_mode(READERS).open(sandbox.path("google-ads.yaml"));
    let forget = &["revoke", "--local-only", "--yes"];
    sandbox.run(forget).fails(1, &["google-ads.yaml", "hint: close the program that has the file open"]);
    assert_eq!(sandbox.read("google-ads.yaml"), before);
    drop(open.expect("it is there"));
    assert_eq!(sandbox.run(forget).code, 0);
    assert!(!sandbox.read("google-ads.yaml").contains(crate::stored::TOKEN));
}
