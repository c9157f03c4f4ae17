//! `exec --as-file FORMAT=VARIABLE`: the file of each format under a variable of the program's own.

use std::process::Output;

use super::{World, stderr, stdout};

/// What the program prints that gets these files.
fn inside(world: &World, options: &[&str], script: &str) -> Output {
    world.exec(options).args(["--", "sh", "-c", script]).output().unwrap()
}

#[test]
fn the_file_of_every_format_is_named_by_the_variable_that_is_given() {
    let world = World::new();
    for format in gads_creds::format::names() {
        let usual =
            if format == "adc" { "GOOGLE_APPLICATION_CREDENTIALS" } else { "GOOGLE_ADS_CONFIGURATION_FILE_PATH" };
        let plain = inside(&world, &["--as-file", format], &format!("cat \"${usual}\""));
        let option = format!("{format}=My_FILE_2");
        let named =
            inside(&world, &["--as-file", &option], &format!("cat \"$My_FILE_2\"; echo \"[${{{usual}-none}}]\""));
        assert_eq!(stdout(&named), format!("{}[none]\n", stdout(&plain)), "{format}: {named:?}");
        assert!(stdout(&plain).contains("1//canary"), "{plain:?}");
    }
}

#[test]
fn several_files_are_handed_over_and_the_usual_variables_may_be_named() {
    let world = World::new();
    let options =
        ["--as-file", "python", "--as-file", "adc=KEY", "--as-file", "php=INI", "--as-file", "java=JAVA_FILE"];
    let script = "grep -c use_proto_plus \"$GOOGLE_ADS_CONFIGURATION_FILE_PATH\"; grep -c authorized_user \"$KEY\"; \
                  grep -c OAUTH2 \"$INI\"; grep -c api.googleads \"$JAVA_FILE\"";
    let output = inside(&world, &options, script);
    let printed = stdout(&output);
    assert!(printed.starts_with("1\n1\n1\n"), "{output:?}");
    // The one that had a name on the disk is gone with the program.
    assert_eq!(std::fs::read_dir(world.path().join("run")).unwrap().count(), 0);
    let option = ["--as-file", "java=GOOGLE_ADS_CONFIGURATION_FILE_PATH"];
    let swapped = inside(&world, &option, "grep -c api.googleads \"$GOOGLE_ADS_CONFIGURATION_FILE_PATH\"");
    assert_ne!(stdout(&swapped), "", "{swapped:?}");
}

#[test]
fn what_is_not_a_format_or_not_a_variable_is_refused_before_the_program_starts() {
    let world = World::new();
    for (options, says) in [
        (&["--as-file", "cobol=X"][..], "is not one of `python`"),
        (&["--as-file", "cobol"], "is not one of `python`"),
        (&["--as-file", "adc="], "letters, digits and `_`"),
        (&["--as-file", "adc=1X"], "letters, digits and `_`"),
        (&["--as-file", "adc=A B"], "letters, digits and `_`"),
        (&["--as-file", "adc=A=B"], "letters, digits and `_`"),
        (&["--as-file", "=X"], "is not one of `python`"),
        (&["--as-file", "python", "--as-file", "java"], "cannot both be named by `GOOGLE_ADS_CONFIGURATION_FILE_PATH`"),
        (&["--as-file", "adc=X", "--as-file", "env=X"], "cannot both be named by `X`"),
        (&["--as-file", "adc=GOOGLE_ADS_REFRESH_TOKEN"], "`GOOGLE_ADS_REFRESH_TOKEN` cannot name a file"),
        (&["--as-file", "adc=GADS_CREDS_CONFIG"], "`GADS_CREDS_CONFIG` cannot name a file"),
        (&["--as-file", "adc=USE_APPLICATION_DEFAULT_CREDENTIALS"], "cannot name a file"),
        (&["--as-file", "python=LD_PRELOAD"], "`LD_PRELOAD` cannot name a file"),
        (&["--as-file", "python=DYLD_INSERT_LIBRARIES"], "cannot name a file"),
        (&["--as-file", "python=PATH"], "cannot name a file"),
        (&["--as-file", "python=HOME"], "cannot name a file"),
        (&["--as-file", "python=HTTPS_PROXY"], "cannot name a file"),
        (&["--as-file", "python=https_proxy"], "cannot name a file"),
        (&["--as-file", "python=SSL_CERT_FILE"], "cannot name a file"),
        (&["--as-file", "python=REQUESTS_CA_BUNDLE"], "cannot name a file"),
        (&["--as-file", "env=BASH_ENV"], "cannot name a file"),
        (&["--as-file", "env=PROMPT_COMMAND"], "cannot name a file"),
        (&["--as-file", "env=PERL5LIB"], "cannot name a file"),
        (&["--as-file", "env=CLASSPATH"], "cannot name a file"),
        (&["--as-file", "env=NODE_PATH"], "cannot name a file"),
        (&["--as-file", "env=DOTNET_STARTUP_HOOKS"], "cannot name a file"),
        (&["--as-file", "env=OPENSSL_CONF"], "cannot name a file"),
        (&["--as-file", "env=PHP_INI_SCAN_DIR"], "cannot name a file"),
        (&["--as-file", "env=GCONV_PATH"], "cannot name a file"),
        (&["--as-file", "env=SSLKEYLOGFILE"], "cannot name a file"),
    ] {
        let output = inside(&world, options, "echo started");
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{output:?}");
        assert!(stderr(&output).contains(says), "{says}: {output:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_run_left_is_cleared_once_its_program_has_ended() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, Instant};
    let world = World::new();
    let run = world.path().join("run");
    let names = || fs::read_dir(&run).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let wait = |what: &dyn Fn() -> bool| {
        let end = Instant::now() + Duration::from_secs(20);
        while !what() {
            assert!(Instant::now() < end, "{:?}", names());
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    for fix in [&["exec", "--", "true"][..], &["doctor", "--offline", "--fix"]] {
        let script = "touch started; while [ ! -e stop ]; do sleep 0.05; done; cat \"$A\" > end; touch ended";
        let mut killed = world
            .exec(&["--as-file", "php=A"])
            .args(["--", "sh", "-c", script])
            .current_dir(world.home())
            .spawn()
            .unwrap();
        // Before that the file is nobody's but the run's.
        wait(&|| world.home().join("started").exists());
        killed.kill().unwrap();
        killed.wait().unwrap();
        // The program still reads the file: it stays.
        assert!(world.program().args(fix).output().unwrap().status.code().is_some());
        assert_eq!(names().len(), 1, "{fix:?}");
        fs::write(world.home().join("stop"), "").unwrap();
        wait(&|| world.home().join("ended").exists());
        assert!(fs::read_to_string(world.home().join("end")).unwrap().contains("1//canary"));
        // What is not ours stays as well.
        let mut others = Vec::new();
        let mut other = |name: &str, directory: u32, file: u32, files: &[&str]| {
            let path = run.join(name);
            fs::create_dir(&path).unwrap();
            for name in files {
                fs::write(path.join(name), "x").unwrap();
                fs::set_permissions(path.join(name), fs::Permissions::from_mode(file)).unwrap();
            }
            fs::set_permissions(&path, fs::Permissions::from_mode(directory)).unwrap();
            others.push(path);
        };
        for name in
            ["310123", "backup", "exec-abcdefghijk", "exec-abcdefghijklm", "exec-abcdefghijk.", "Exec-abcdefghijkl"]
        {
            other(&format!("gads-creds-{name}"), 0o700, 0o600, &["one"]);
        }
        other("other-exec-abcdefghijkl", 0o700, 0o600, &["one"]);
        other("gads-creds-exec-twotwotwotwo", 0o700, 0o600, &["one", "two"]);
        other("gads-creds-exec-openopenopen", 0o755, 0o600, &["one"]);
        other("gads-creds-exec-filefilefile", 0o700, 0o644, &["one"]);
        if rustix::process::geteuid().is_root() {
            other("gads-creds-exec-foreignforei", 0o700, 0o600, &[]);
            let foreign = others.last().unwrap();
            fs::File::open(foreign).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
            std::os::unix::fs::chown(foreign, Some(12345), None).unwrap();
        }
        wait(&|| {
            world.program().args(fix).output().unwrap();
            names().len() == others.len()
        });
        others.iter().for_each(|other| fs::remove_dir_all(other).unwrap());
        ["started", "stop", "ended", "end"].iter().for_each(|name| fs::remove_file(world.home().join(name)).unwrap());
    }
}

/// Whoever has the descriptor may not change what others read, and nobody can take that back.
#[cfg(target_os = "linux")]
#[test]
fn a_file_in_memory_is_sealed() {
    if crate::harness::skip::without("python3") {
        return;
    }
    const GET_SEALS: u32 = 1034;
    const SEAL_SHRINK_GROW_AND_WRITE: u32 = 15;
    let script = format!("python3 -c \"import fcntl; print(fcntl.fcntl(${{A##*/}}, {GET_SEALS}))\"");
    let output = inside(&World::new(), &["--as-file", "python=A"], &script);
    let seals: u32 = stdout(&output).trim().parse().unwrap_or_else(|_| panic!("no number: {output:?}"));
    assert_eq!(seals & SEAL_SHRINK_GROW_AND_WRITE, SEAL_SHRINK_GROW_AND_WRITE, "{seals}");
}
