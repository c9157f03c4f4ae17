//! The binary: hands the arguments to [`gads_creds::run`] and returns its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    gads_creds::end_on_panic();
    ExitCode::from(gads_creds::run(std::env::args_os()))
}
