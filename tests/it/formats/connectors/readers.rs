//! The programs that read: one process for each environment of Python, which has loaded its packages and answers all tests.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::skip::without;

const READ: &str = include_str!("../connectors.py");

struct Reader {
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// It ends when its input does, at the end of the tests.
    _process: Child,
    _home: TempDir,
}

static READERS: LazyLock<Mutex<HashMap<&str, Reader>>> = LazyLock::new(Mutex::default);

/// Returns what the program found, or the error that it raised; `None` if it is not installed.
pub fn ask(
    format: &str,
    file: &str,
    directory: &Path,
    environment: Vec<(String, String)>,
) -> Option<Result<Value, String>> {
    let (program, modules) = match format {
        "airflow" => ("python-airflow", &["airflow.sdk.bases.hook"][..]),
        _ => ("python-connectors", &["dlt.sources.credentials", "singer.utils", "dotenv", "mureo.auth"][..]),
    };
    if without(program) {
        return None;
    }
    let environment: HashMap<String, String> = environment.into_iter().collect();
    let request = json!({ "program": format, "file": file, "directory": directory, "environment": environment });
    let mut readers = READERS.lock().unwrap_or_else(PoisonError::into_inner);
    let reader = readers.entry(program).or_insert_with(|| Reader::start(program, modules));
    Some(reader.ask(&request))
}

impl Reader {
    fn start(program: &str, modules: &[&str]) -> Reader {
        let home = TempDir::new().expect("a directory");
        let mut command = Command::new(program);
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path))).env("HOME", home.path());
        command.env("RUNTIME__DLTHUB_TELEMETRY", "false").args(["-B", "-W", "ignore", "-c", READ]).args(modules);
        command.current_dir(home.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the reader starts");
        let (requests, answers) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        Reader { requests, answers: BufReader::new(answers), _process: child, _home: home }
    }

    fn ask(&mut self, request: &Value) -> Result<Value, String> {
        writeln!(self.requests, "{request}").map_err(|error| error.to_string())?;
        let mut answer = Value::Null;
        loop {
            let mut line = String::new();
            if self.answers.read_line(&mut line).map_err(|error| error.to_string())? == 0 {
                return Err("the reader ended".to_owned());
            }
            if line == ".\n" {
                break;
            }
            answer = serde_json::from_str(&line).unwrap_or(answer);
        }
        match answer {
            Value::Object(mut found) if found.contains_key("found") => Ok(found["found"].take()),
            other => Err(other["failed"].as_str().unwrap_or("no answer").to_owned()),
        }
    }
}
