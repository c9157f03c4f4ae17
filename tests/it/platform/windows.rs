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
    for program in [text(&script), "job.cmd", r"my scripts\JOB.CMD"] {
        let run = sandbox.command(&["exec", "--", program, "a b", r"C:\x\"]).directory("");
        let run = run.env("PATH", script.parent().expect("it has a directory")).observe();
        assert_eq!((run.code, run.stderr.as_str()), (7, ""), "{program}: {run:?}");
        assert_eq!(run.stdout.replace('\r', ""), "[\"a b\"] [\"C:\\x\\\\\"]\n1234567890\n", "{program}");
    }
}

#[test]
fn a_command_that_cannot_run_says_what_would_help() {
    let sandbox = Sandbox::logged_in();
    sandbox.write("job.cmd", SCRIPT);
    sandbox.write("report.py", "print()\n");
    sandbox.write(r"adir\x", "");
    let home = sandbox.path("");
    for (command, code, step) in [
        (&["job"][..], 127, "a script with its ending, like `npm.cmd`"),
        (&["job.cmd x"], 127, "give the command and its arguments as separate words"),
        (&[r".\adir"], 126, "name a program in that directory"),
        (&[r".\report.py"], 126, "for a script name its interpreter too"),
        (&["job.cmd", "a\nb"], 126, "leave line breaks out of the arguments"),
    ] {
        let run = sandbox.command(&[&["exec", "--"], command].concat()).directory("").env("PATH", &home).observe();
        run.fails(code, &["error: ", step]);
    }
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
