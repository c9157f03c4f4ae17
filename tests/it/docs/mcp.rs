//! `docs/automation.md`: the MCP servers of PyPI, started by `exec` as the page says. They find the credentials; no call to Google
//! is made.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::recipes::{self, machine, start};
use crate::harness::skip::{skip, without};
use crate::sandbox::{Sandbox, Spec};

/// A Python with Google's server, and one with those of others, which want another version of the protocol's library: as `.ci/run`
/// makes them.
const GOOGLES: &str = "python-mcp";
const OTHERS: &str = "python-mcp-others";

/// Where the servers of that Python are; none where they are not installed, which skips the test.
fn directory(python: &str) -> Option<String> {
    if without(python) {
        return None;
    }
    let modules =
        if python == GOOGLES { "ads_mcp" } else { "mcp_google_ads, google_ads_mcp, flin_google_ads_mcp, burnr8" };
    let script = format!("import os, sys, {modules}; print(os.path.dirname(sys.executable))");
    let output = Command::new(python).args(["-c", &script]).output().expect("it starts");
    if !output.status.success() {
        skip(&format!("the MCP servers are not installed for `{python}`"));
        return None;
    }
    Some(String::from_utf8(output.stdout).expect("a path").trim().to_owned())
}

/// The machine with a developer token, and these words of `exec` before a Python script. It reads the credentials as the server
/// does and prints what is true of them, never the credentials.
fn exec<'a>(sandbox: &'a Sandbox, directory: &str, options: &str, script: &str) -> Spec<'a> {
    let python = format!("{directory}/python");
    let words: Vec<&str> = options.split(' ').filter(|word| !word.is_empty()).collect();
    let common = "import logging, os, sys; logging.disable(logging.CRITICAL)\n\
                  from google.oauth2.credentials import Credentials as User\n\
                  User.refresh = lambda self, request: setattr(self, 'token', 'a')\n\
                  def is_user(found):\n\
                  \x20   names = ('client_id', 'client_secret', 'refresh_token')\n\
                  \x20   return all(getattr(found, name) == os.environ['GOOGLE_ADS_' + name.upper()] for name in names)\n";
    let script = format!("{common}{script}");
    let args = [&["exec"], &words[..], &[&python, "-c", &script]].concat();
    start(sandbox, "gads-creds", &args)
}

fn machine_with_developer_token() -> Sandbox {
    let sandbox = machine();
    let text = sandbox.read("google-ads.yaml") + "developer_token: a-developer-token-1234\n";
    sandbox.write("google-ads.yaml", text);
    sandbox
}

/// The words between `gads-creds exec` and the server in the row of this server.
fn row(server: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/automation.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let row = page.lines().find(|line| line.starts_with(&format!("| {server}"))).unwrap_or_else(|| panic!("{server}"));
    let words = row.rsplit('`').nth(1).and_then(|words| words.strip_prefix("exec ")).expect("`exec …`");
    words.rsplit_once(' ').expect("the server is the last word").0.to_owned()
}

#[test]
fn googles_server_finds_the_credentials() {
    let Some(directory) = directory(GOOGLES) else { return };
    let sandbox = machine_with_developer_token();
    let script = "from ads_mcp import utils\n\
                  print(is_user(utils._create_credentials()), utils._get_login_customer_id(), utils._get_developer_token() is not None)";
    exec(&sandbox, &directory, &row("`google-ads-mcp` (Google's)"), script)
        .stdout("True 1234567890 True\n")
        .stderr_has("")
        .run();
    // The block of the page has the same words before the server.
    let block: Value = serde_json::from_str(&recipes::blocks("docs/automation.md", "json", None)[0]).unwrap();
    let args: Vec<&str> = block["mcpServers"]["google-ads-mcp"]["args"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    assert!(args.join(" ").starts_with(&format!("exec {}", row("`google-ads-mcp` (Google's)"))), "{args:?}");
}

/// Talks to the server as an MCP client does, on its standard input and output.
const CLIENT: &str = r"
import asyncio, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
import os
async def main():
    server = StdioServerParameters(command=sys.argv[1], args=sys.argv[2:], env=dict(os.environ))
    async with stdio_client(server, errlog=open(os.devnull, 'w')) as (read, write):
        async with ClientSession(read, write) as session:
            await session.initialize()
            tools = await session.list_tools()
            print(len(tools.tools) > 0)
asyncio.run(main())
";

#[test]
fn the_servers_start_and_list_their_tools() {
    let sandbox = machine_with_developer_token();
    for (python, row_of, server) in [
        (GOOGLES, "`google-ads-mcp` (Google's)", "google-ads-mcp"),
        (OTHERS, "`mcp-google-ads`, a user", "mcp-google-ads"),
        (OTHERS, "`google-ads-mcp-rw`", "google-ads-mcp-rw"),
        (OTHERS, "`flin-google-ads-mcp`", "flin-google-ads-mcp"),
    ] {
        let Some(directory) = directory(python) else { return };
        let (python, server, words) = (format!("{directory}/python"), format!("{directory}/{server}"), row(row_of));
        let args = ["-c", CLIENT, crate::PROGRAM, "exec"];
        let args: Vec<&str> = args.into_iter().chain(words.split(' ')).chain([&*server]).collect();
        let run = start(&sandbox, &python, &args).observe();
        assert_eq!((run.code, run.stdout.as_str()), (0, "True\n"), "{server}: {run:#?}");
    }
}

#[test]
fn servers_of_others_find_the_credentials_under_their_variables() {
    let Some(directory) = directory(OTHERS) else { return };
    let sandbox = machine_with_developer_token();
    for (server, script) in [
        (
            "`mcp-google-ads`, a user",
            "import mcp_google_ads.server as server\nprint(is_user(server.get_oauth_credentials()))",
        ),
        (
            "`google-ads-mcp-rw`",
            "from google_ads_mcp.client import GoogleAdsApiClient\n\
             client = GoogleAdsApiClient().client\nprint(is_user(client.credentials) and client.login_customer_id == '1234567890')",
        ),
        (
            "`flin-google-ads-mcp`",
            "from flin_google_ads_mcp.config import load_settings\nprint(is_user(load_settings()))",
        ),
    ] {
        exec(&sandbox, &directory, &row(server), script).stdout("True\n").stderr_has("").run();
    }
    let script = "from burnr8 import client\nimport burnr8.client as module\n\
                  names = [name for name in dir(module) if name.startswith('get_client')]\n\
                  print(is_user(getattr(module, names[0])().credentials))";
    exec(&sandbox, &directory, "--", script).stdout("True\n").stderr_has("").run();
}

#[test]
fn a_server_for_service_accounts_finds_the_key() {
    let Some(directory) = directory(OTHERS) else { return };
    let sandbox = machine();
    let account = sandbox.google.service_account();
    let file = sandbox.write("key.json", account.key_file());
    std::fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap();
    let login = format!("gads-creds login --key-file '{}' --no-verify", file.display());
    recipes::script(&sandbox, &login).stderr_has("").run();
    let script = "import mcp_google_ads.server as server\n\
                  print(server.get_credentials().service_account_email == sys.argv[1])";
    let spec =
        exec(&sandbox, &directory, &row("`mcp-google-ads`, a service account"), script).arg(account.email.clone());
    spec.stdout("True\n").stderr_has("").run();
}
