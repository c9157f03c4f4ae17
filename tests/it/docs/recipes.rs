//! What the tests of the pages have in common: the blocks of a page, and a machine on which they are run.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::Value;

use crate::sandbox::{Outcome, Sandbox, Spec};
use crate::stored;

/// Stands for a program that needs the credentials: prints whether it has them, and how.
const WANTS: &str = "#!/bin/sh
[ -n \"$GOOGLE_ADS_REFRESH_TOKEN\" ] && echo variables
grep -q refresh_token \"$GOOGLE_ADS_CONFIGURATION_FILE_PATH\" 2>/dev/null && echo file
grep -q authorized_user \"$GOOGLE_APPLICATION_CREDENTIALS\" 2>/dev/null && echo adc
echo \"$GOOGLE_ADS_LOGIN_CUSTOMER_ID $*\"
";

/// Returns the page's blocks of this language, in order; with `mark`, only those below that line.
pub fn blocks(page: &str, language: &str, mark: Option<&str>) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let page = fs::read_to_string(path).expect("the page");
    let fence = format!("{}```{language}\n", mark.map(|mark| format!("{mark}\n")).unwrap_or_default());
    let found: Vec<String> =
        page.split(&fence).skip(1).map(|rest| rest.split("\n```").next().expect("an end").to_owned()).collect();
    assert!(!found.is_empty(), "no block of {language}");
    found
}

/// Creates a home with a credential that works, and with the programs that the page starts.
pub fn machine() -> Sandbox {
    let sandbox = Sandbox::new();
    let (client, token) = stored::works(&sandbox);
    sandbox.write("google-ads.yaml", stored::yaml(&client, &token) + "login_customer_id: \"1234567890\"\n");
    for program in ["python", "pipx"] {
        let path = sandbox.write(format!("../bin/{program}"), WANTS);
        sandbox.chmod(path, 0o755);
    }
    symlink(crate::PROGRAM, sandbox.home().join("../bin/gads-creds")).expect("a new link");
    std::fs::create_dir_all(sandbox.home().join(".config")).expect("a directory that every machine has");
    sandbox
}

/// Starts a program of the machine in the home directory.
pub fn start<'a>(sandbox: &'a Sandbox, program: &str, args: &[&str]) -> Spec<'a> {
    let path = format!("{}:/usr/bin:/bin", sandbox.home().join("../bin").display());
    // The program is looked for in the PATH that it gets.
    let args = [&["-c", "exec \"$0\" \"$@\"", program], args].concat();
    sandbox.other_program("/bin/sh", &args).env("PATH", path).directory("")
}

pub fn script<'a>(sandbox: &'a Sandbox, text: &str) -> Spec<'a> {
    start(sandbox, "sh", &["-e", "-c", text])
}

#[track_caller]
pub fn fine(run: Spec) -> Outcome {
    run.stdout_has("").stderr_has("").run()
}

pub fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML")
}
