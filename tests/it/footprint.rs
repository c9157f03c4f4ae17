//! What the program costs before it does anything: files, system calls, packages. Counted, never timed.
//!
//! The bounds stand a little above what was counted when they were written; speed itself is `benches/compare`'s.

use std::fs;

const LOCK: &str = include_str!("../../Cargo.lock");

fn packages() -> Vec<&'static str> {
    LOCK.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect()
}

#[test]
fn one_http_client_and_one_tls_library_are_built_and_no_c_tls() {
    let packages = packages();
    for once in ["reqwest", "rustls"] {
        assert_eq!(packages.iter().filter(|name| **name == once).count(), 1, "{once}");
    }
    for never in ["openssl-sys", "native-tls", "aws-lc-rs", "aws-lc-sys"] {
        assert!(!packages.contains(&never), "{never} came in");
    }
}

#[test]
fn the_dependencies_stay_bounded() {
    let count = packages().len();
    assert!((1..=315).contains(&count), "{count} packages in Cargo.lock");
}

#[test]
fn the_named_release_binary_is_small() {
    let Some(binary) = std::env::var_os("GADS_CREDS_TEST_RELEASE_BINARY") else {
        println!("skipped: GADS_CREDS_TEST_RELEASE_BINARY names no release binary");
        return;
    };
    let size = fs::metadata(binary).expect("the binary GADS_CREDS_TEST_RELEASE_BINARY names").len();
    assert!(size <= 8_000_000, "{size} bytes");
}

#[cfg(target_os = "linux")]
mod traced {
    use std::fs;
    use std::process::{Command, Stdio};

    use crate::sandbox::Sandbox;
    use crate::stored;

    /// System calls made and files opened, the dynamic linker's among them; nothing where strace cannot run.
    fn count(args: &[&str]) -> Option<(usize, usize)> {
        let sandbox = Sandbox::new();
        stored::works(&sandbox);
        let log = sandbox.work().join("calls");
        let status = Command::new("strace")
            .args(["-f", "-o"])
            .arg(&log)
            .arg(env!("CARGO_BIN_EXE_gads-creds"))
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", sandbox.home())
            .current_dir(sandbox.work())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !status.is_ok_and(|status| status.success()) {
            assert!(std::env::var_os("GADS_CREDS_TEST_ALL").is_none(), "strace did not run `{args:?}` to its end");
            println!("skipped: strace is not installed or may not trace");
            return None;
        }
        let text = fs::read_to_string(log).expect("strace's log");
        let calls = text.lines().filter(|line| line.contains('(')).count();
        let opened = text.lines().filter(|line| line.contains(" openat(") && !line.contains(" = -1 ")).count();
        Some((calls, opened))
    }

    #[test]
    fn version_and_show_open_few_files_and_make_few_calls() {
        for (args, most_calls, most_files) in [(&["--version"][..], 100, 6), (&["show"], 200, 12)] {
            let Some((calls, files)) = count(args) else { return };
            println!("{args:?}: {calls} calls, {files} files");
            assert!((1..=most_calls).contains(&calls), "{args:?}: {calls} system calls");
            assert!((1..=most_files).contains(&files), "{args:?}: {files} files opened");
        }
    }
}
