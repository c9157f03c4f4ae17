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
    let said = stdout(&output);
    assert!(said.starts_with("1\n1\n1\n"), "{output:?}");
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
    ] {
        let output = inside(&world, options, "echo started");
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{output:?}");
        assert!(stderr(&output).contains(says), "{says}: {output:?}");
    }
}
