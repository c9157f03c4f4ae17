//! `docs/automation.md`: the credentials on their way to where they are used, by the programs that bring them there.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::recipes::{self, machine, script, yaml};
use crate::commands::login::two_steps::ended_on;
use crate::google::browser::Decision;
use crate::harness::skip::{not_root, skip, without};

const PAGE: &str = "docs/automation.md";

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)
}

/// GitHub's interface for secrets, as far as `gh secret set` asks it: a public key goes out, an encrypted secret comes in.
const GITHUB: &str = r"
import base64, http.server, json, ssl, sys
try:
    from nacl.public import PrivateKey, SealedBox
except ImportError:
    print('PyNaCl is not installed', file=sys.stderr)
    sys.exit(77)
certificate, key, decrypted = sys.argv[1:]
private = PrivateKey.generate()
class Handler(http.server.BaseHTTPRequestHandler):
    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        assert self.path == '/api/v3/repos/o/r/actions/secrets/public-key', self.path
        self.reply(200, {'key_id': '1', 'key': base64.b64encode(bytes(private.public_key)).decode()})
    def do_PUT(self):
        assert self.path == '/api/v3/repos/o/r/actions/secrets/GOOGLE_ADS_YAML', self.path
        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        with open(decrypted, 'wb') as file:
            file.write(SealedBox(private).decrypt(base64.b64decode(body['encrypted_value'])))
        self.reply(201, {})
    def log_message(self, *words):
        pass
server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
";

struct GitHub {
    process: Child,
    host: String,
}

impl GitHub {
    fn start(decrypted: &Path) -> Option<GitHub> {
        let python = std::env::var("GADS_CREDS_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let mut process = Command::new(python)
            .args(["-c", GITHUB])
            .args([fixture("tls/good.pem"), fixture("tls/server.key")])
            .arg(decrypted)
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        if port.is_empty() {
            process.wait().unwrap();
            skip("PyNaCl is not installed for python3 (or GADS_CREDS_TEST_PYTHON)");
            return None;
        }
        Some(GitHub { process, host: format!("127.0.0.1:{}", port.trim()) })
    }
}

impl Drop for GitHub {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn gh_stores_the_file_as_a_secret() {
    if without("gh") {
        return;
    }
    let sandbox = machine();
    let decrypted = tempfile::tempdir().unwrap();
    let decrypted = decrypted.path().join("secret");
    let Some(github) = GitHub::start(&decrypted) else { return };
    let [of_file, of_store] = &recipes::blocks(PAGE, "sh", Some("<!-- run: gh -->"))[..] else { panic!("two blocks") };
    for (block, is_file) in [(of_file, true), (of_store, false)] {
        script(&sandbox, block)
            .env("GH_HOST", &github.host)
            .env("GH_REPO", format!("{}/o/r", github.host))
            .env("GH_ENTERPRISE_TOKEN", "not-a-token")
            .env("SSL_CERT_FILE", fixture("tls/authority.pem"))
            .stderr_has("")
            .run();
        let arrived = fs::read_to_string(&decrypted).expect("a secret");
        if is_file {
            // gh takes the last line end away, which the workflow puts back.
            assert_eq!(arrived.trim_end(), sandbox.read("google-ads.yaml").trim_end());
        }
        let file = sandbox.write("arrived.yaml", arrived.clone() + "\n");
        script(&sandbox, &format!("gads-creds refresh --config '{}'", file.display())).stderr_has("works: ").run();
        if !is_file {
            // Without credentials there is no secret that could be stored, and the one before stays.
            fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap();
            script(&sandbox, block).code(3).stderr_has("").env("GH_HOST", &github.host).run();
            assert_eq!(fs::read_to_string(&decrypted).unwrap(), arrived);
        }
    }
}

#[test]
fn systemd_hands_the_file_to_a_service() {
    if without("systemd-creds") || without("systemd-analyze") || not_root() {
        return;
    }
    let sandbox = machine();
    let store = sandbox.home().join("credstore");
    fs::create_dir(&store).unwrap();
    let secret = sandbox.home().join("host-secret");
    let at_home = |text: &str| text.replace("/etc/credstore.encrypted", &store.display().to_string());
    let encrypt = at_home(&recipes::blocks(PAGE, "sh", Some("<!-- run: systemd-creds -->"))[0]);
    // A key of this machine that is made for the test, and not the one of the system.
    let encrypt = encrypt.replace(" encrypt ", " encrypt --with-key=host ");
    let encrypt = encrypt.strip_prefix("sudo ").expect("root writes there");
    script(&sandbox, encrypt).env("SYSTEMD_CREDENTIAL_SECRET", &secret).stderr_has("").run();
    let stored = fs::read(store.join("google-ads.yaml")).expect("an encrypted file");
    assert!(!String::from_utf8_lossy(&stored).contains("refresh_token"));
    let unit = at_home(&recipes::blocks(PAGE, "ini", None)[0]);
    let report =
        sandbox.write("../bin/report.py", "#!/bin/sh\ngrep -c refresh_token \"$GOOGLE_ADS_CONFIGURATION_FILE_PATH\"\n");
    sandbox.chmod(&report, 0o755);
    let unit =
        unit.replace("/usr/bin/gads-creds", crate::PROGRAM).replace("/opt/report/report.py", report.to_str().unwrap());
    let file = sandbox.write("report.service", format!("{unit}\n"));
    let verified = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&file).output().unwrap();
    assert!(verified.status.success() && verified.stderr.is_empty(), "{verified:?}");
    // What systemd does then: the directory of the credentials, with the decrypted file of that name.
    let setting = |name: &str| unit.lines().find_map(|line| line.strip_prefix(&format!("{name}="))).unwrap().to_owned();
    let (name, path) =
        setting("LoadCredentialEncrypted").split_once(':').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let directory = sandbox.home().join("credentials");
    fs::create_dir(&directory).unwrap();
    let decrypt = format!("umask 077; systemd-creds decrypt --name={name} '{path}' '{}/{name}'", directory.display());
    script(&sandbox, &decrypt).env("SYSTEMD_CREDENTIAL_SECRET", &secret).stderr_has("").observe();
    sandbox.chmod(directory.join(&name), 0o400);
    let environment = setting("Environment").replace("%d", &directory.display().to_string());
    let (variable, value) = environment.split_once('=').unwrap();
    fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap();
    script(&sandbox, &setting("ExecStart")).env(variable, value).stdout("1\n").run();
}

/// Does what Go's templates do with the few words that the page uses.
fn filled(template: &str, document: &Value) -> String {
    let mut text = template.to_owned();
    while let Some((before, rest)) = text.split_once("{{- with index . \"") {
        let (member, rest) = rest.split_once("\" }}").expect("a member");
        let (body, behind) = rest.split_once("{{- end }}").expect("an end");
        let value = document.get(member).map(Value::to_string);
        let body = value.map(|value| body.trim_end().replace("{{ . | toJson }}", &value)).unwrap_or_default();
        text = format!("{}{body}{behind}", before.trim_end());
    }
    for (member, value) in document.as_object().unwrap() {
        text = text.replace(&format!("{{{{ .{member} | toJson }}}}"), &value.to_string());
    }
    text
}

#[test]
fn the_template_for_external_secrets_fits_what_is_in_a_secret_manager() {
    let sandbox = machine();
    sandbox.desktop();
    fs::remove_file(sandbox.home().join("google-ads.yaml")).unwrap();
    let entry = sandbox.write("entry", "");
    let profile = format!(
        "[profiles.team]\nstore = \"command\"\nget = [\"cat\", {entry:?}]\nset = [\"tee\", {entry:?}]\nabsent = \"No such file\"\n"
    );
    sandbox.write(".config/gads-creds/profiles.toml", profile);
    sandbox.write("developer", "a-developer-token-of-a-test");
    let start = "gads-creds login --start --json --no-verify -p team -c client_secret.json \
                 --login-customer-id 123-456-7890 --developer-token-file developer";
    let started = script(&sandbox, start).stdout_has("{").stderr_has("").run().json();
    let address = ended_on(&started, &Decision::allow());
    script(&sandbox, "gads-creds login --finish -p team").stdin(address).stderr_has("").run();
    let document: Value = serde_json::from_str(&fs::read_to_string(&entry).unwrap()).expect("one JSON object");
    let block = &recipes::blocks(PAGE, "yaml", None)[3];
    let secret = yaml(block);
    assert_eq!(secret["kind"], "ExternalSecret");
    let template = &secret["spec"]["target"]["template"]["data"];
    let (name, text) = template.as_object().unwrap().iter().next().expect("a file");
    let mut without = document.clone();
    for member in ["login_customer_id", "developer_token"] {
        without.as_object_mut().unwrap().remove(member).expect("it was given");
    }
    for (document, lines) in [(&document, 2), (&without, 0)] {
        let text = filled(text.as_str().unwrap(), document);
        assert!(!text.contains("{{"), "the entry has no such member: {text}");
        let given = ["login_customer_id: \"1234567890\"", "developer_token: \"a-developer-token-of-a-test\""];
        let found = given.iter().filter(|line| text.lines().any(|other| other == **line)).count();
        assert_eq!((found, text.contains("_customer_id")), (lines, lines > 0), "{text}");
        let file = sandbox.write(name, text);
        let refresh = format!("gads-creds refresh --config '{}'", file.display());
        script(&sandbox, &refresh).stderr_has("works: ").run();
    }
    // The CronJob of the page mounts that file.
    let job = yaml(&recipes::blocks(PAGE, "yaml", None)[2]);
    let pod = &job["spec"]["jobTemplate"]["spec"]["template"]["spec"];
    assert_eq!(pod["volumes"][0]["secret"]["secretName"], secret["spec"]["target"]["name"]);
    let path = pod["containers"][0]["env"][0]["value"].as_str().unwrap();
    assert!(path.ends_with(&format!("/{name}")), "{path}");
}
