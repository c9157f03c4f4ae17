//! What is written for a service account, and the key that `exec` passes in memory, read by the programs that use them.

use std::process::{Command, Stdio};

use super::invited;
use crate::google::ADWORDS;
use crate::harness::skip::{skip, without};
use crate::sandbox::Sandbox;
use crate::stores::command::{GOOD, Manager};

/// Returns an interpreter that has the module; skips the test if there is none.
fn python(module: &str) -> Option<String> {
    let python = std::env::var("GADS_CREDS_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut import = Command::new(&python);
    import.args(["-c", &format!("import {module}")]).stdout(Stdio::null()).stderr(Stdio::null());
    if import.status().is_ok_and(|status| status.success()) {
        return Some(python);
    }
    skip(&format!("{module} is not installed for python3 (or GADS_CREDS_TEST_PYTHON)"));
    None
}

fn path() -> std::ffi::OsString {
    std::env::var_os("PATH").unwrap_or_default()
}

/// Checks header, signature and claims as google-auth does for a server of Google's.
const VERIFY: &str = "
import sys
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from google.auth import jwt
pem, token, audience = sys.argv[1:]
public = load_pem_private_key(open(pem, 'rb').read(), None).public_key()
claims = jwt.decode(token, certs=public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), audience=audience)
header = jwt.decode_header(token)
assert sorted(header) == ['alg', 'kid', 'typ'] and header['alg'] == 'RS256', header
assert sorted(claims) == ['aud', 'exp', 'iat', 'iss', 'scope'], claims
assert claims['exp'] - claims['iat'] <= 3600, claims
print(header['kid'], claims['iss'], claims['scope'])
";

#[test]
fn google_auth_verifies_the_signed_request() {
    let Some(python) = python("google.auth.jwt") else { return };
    let sandbox = Sandbox::new();
    let (account, _) = invited(&sandbox);
    sandbox.command(&["login", "-q", "--key-file", "../home/key.json"]).stderr_has("").run();
    let form = sandbox.google.requests(crate::google::Endpoint::Token).last().expect("a request").form();
    let assertion = form.get("assertion").expect("an assertion").to_owned();
    let pem = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/service_account/key.pem");
    let audience = format!("{}/token", sandbox.google.url());
    let verify = sandbox.other_program(&python, &["-W", "ignore", "-c", VERIFY, pem, &assertion, &audience]);
    let expected = format!("{} {} {ADWORDS}\n", account.key_id, account.email);
    verify.env("PATH", path()).stdout(expected).run();
}

/// Loads the library's file, or its variables, and gets an access token with the key that they name.
const LIBRARY: &str = "
import sys
from google.ads.googleads.client import GoogleAdsClient
from google.auth.transport.requests import Request
client = GoogleAdsClient.load_from_storage(sys.argv[1]) if sys.argv[1:] else GoogleAdsClient.load_from_env()
client.credentials.refresh(Request())
print(client.credentials.service_account_email, client.login_customer_id, client.credentials.token[:5])
";

#[test]
fn pythons_library_gets_a_token_with_the_file_that_is_written() {
    let Some(python) = python("google.ads.googleads.client") else { return };
    let sandbox = Sandbox::new();
    let account = sandbox.google.service_account();
    sandbox.write("key.json", account.key_file_for(sandbox.google.url()));
    let login =
        sandbox.command(&["login", "-q", "--key-file", "../home/key.json", "--login-customer-id", "4445556666"]);
    login.stderr_has("").run();
    let file = sandbox.home().join("google-ads.yaml").display().to_string();
    let load = sandbox.other_program(&python, &["-W", "ignore", "-c", LIBRARY, &file]).env("PATH", path());
    load.stdout(format!("{} 4445556666 ya29.\n", account.email)).stderr_has("").run();
    let exec = sandbox.command(&["exec", "--", &python, "-W", "ignore", "-c", LIBRARY]).env("PATH", path());
    exec.stdout(format!("{} 4445556666 ya29.\n", account.email)).stderr_has("").run();
}

#[test]
fn pythons_library_gets_a_token_with_a_key_that_only_a_secret_manager_holds() {
    let Some(python) = python("google.ads.googleads.client") else { return };
    let manager = Manager::new(GOOD);
    let account = manager.sandbox.google.service_account();
    let key = account.key_file_for(manager.sandbox.google.url());
    let login = manager.command(&["login", "-q", "--key-file", "-", "--login-customer-id", "4445556666"]);
    login.stdin(key).stderr_has("").run();
    let exec = manager.command(&["exec", "--", &python, "-W", "ignore", "-c", LIBRARY]).env("PATH", path());
    exec.stdout(format!("{} 4445556666 ya29.\n", account.email)).stderr_has("").run();
}

/// How each language reads a key file, and the address in it.
const KEY_READERS: [(&str, &[&str]); 5] = [
    (
        "php",
        &[
            "-n",
            "-r",
            "$f = getenv('GOOGLE_ADS_JSON_KEY_FILE_PATH'); if (!file_exists($f)) exit(1); echo json_decode(file_get_contents($f), true)['client_email'];",
        ],
    ),
    (
        "ruby",
        &[
            "-rjson",
            "-e",
            "print JSON.parse(File.open(ENV['GOOGLE_ADS_JSON_KEY_FILE_PATH'], 'r').read)['client_email']",
        ],
    ),
    (
        "perl",
        &[
            "-MJSON::PP",
            "-e",
            "open(my $f, '<', $ENV{GOOGLE_ADS_JSON_KEY_FILE_PATH}) or die; local $/; print decode_json(<$f>)->{client_email}",
        ],
    ),
    (
        "node",
        &[
            "-e",
            "const fs = require('fs'); process.stdout.write(JSON.parse(fs.readFileSync(process.env.GOOGLE_ADS_JSON_KEY_FILE_PATH, 'utf8')).client_email)",
        ],
    ),
    (
        "sh",
        &[
            "-c",
            "sed -n 's/.*\"client_email\": *\"\\([^\"]*\\)\".*/\\1/p' \"$GOOGLE_ADS_JSON_KEY_FILE_PATH\" | tr -d '\\n'",
        ],
    ),
];

#[test]
fn every_language_reads_the_key_that_is_handed_over_in_memory() {
    let manager = Manager::new(GOOD);
    let account = manager.sandbox.google.service_account();
    manager.command(&["login", "-q", "--key-file", "-"]).stdin(account.key_file()).stderr_has("").run();
    for (program, args) in KEY_READERS {
        if without(program) {
            continue;
        }
        let exec = manager.command(&[&["exec", "--", program], args].concat()).env("PATH", path());
        let run = exec.observe();
        assert_eq!((run.code, run.stdout.as_str()), (0, account.email.as_str()), "{program}: {run:#?}");
    }
    let left = std::fs::read_dir(manager.sandbox.home().with_file_name("tmp")).expect("a directory").count();
    assert_eq!(left, 0, "the file for PHP is gone with it");
}

/// Each library's file as its reader sees it: the path of the key and the impersonated user.
const FILE_READERS: [(&str, &str, &[&str]); 8] = [
    ("ads.properties", "java", &["Read.java"]),
    (
        "App.config",
        "python3",
        &[
            "-c",
            "import sys, xml.etree.ElementTree as tree; c = {add.get('key'): add.get('value') for add in tree.parse(sys.argv[1]).getroot().find('GoogleAdsApi')}; assert c['OAuth2Mode'] == 'SERVICE_ACCOUNT', c; print(c['OAuth2SecretsJsonPath'], c['OAuth2PrnEmail'], 'both' if 'OAuth2RefreshToken' in c else 'one', 'https://www.googleapis.com/auth/adwords', end='')",
        ],
    ),
    (
        "appsettings.json",
        "python3",
        &[
            "-c",
            "import json, re, sys; text = ''.join(line for line in open(sys.argv[1]) if not line.lstrip().startswith('//')); c = json.loads(re.sub(r',(?=\\s*})', '', text))['GoogleAdsApi']; assert c['OAuth2Mode'] == 'SERVICE_ACCOUNT', c; print(c['OAuth2SecretsJsonPath'], c['OAuth2PrnEmail'], 'both' if 'OAuth2RefreshToken' in c else 'one', 'https://www.googleapis.com/auth/adwords', end='')",
        ],
    ),
    (
        "google_ads_php.ini",
        "php",
        &[
            "-n",
            "-r",
            "$c = parse_ini_file($argv[1], true, INI_SCANNER_TYPED)['OAUTH2']; echo $c['jsonKeyFilePath'], ' ', $c['impersonatedEmail'], ' ', isset($c['refreshToken']) ? 'both' : 'one', ' ', $c['scopes'];",
        ],
    ),
    (
        "google_ads_config.rb",
        "ruby",
        &[
            "-W0",
            "-e",
            "module Google; module Ads; module GoogleAds; class Config; attr_accessor :keyfile, :impersonate, :refresh_token, :client_id, :client_secret, :log_level, :log_target, :login_customer_id; def initialize; yield self; end; end; end; end; end; c = eval(File.read(ARGV[0])); print \"#{c.keyfile} #{c.impersonate} #{c.refresh_token ? 'both' : 'one'} https://www.googleapis.com/auth/adwords\"",
        ],
    ),
    (
        "googleads.properties",
        "perl",
        &[
            "-e",
            "open(my $f, '<', $ARGV[0]) or die; my %c; while (<$f>) { chomp; next if /^#/ || /^\\s*$/; my ($k, $v) = split(/=/, $_, 2); $c{$k} = $v } print \"$c{jsonKeyFilePath} $c{impersonatedEmail} \", defined $c{refreshToken} ? 'both' : 'one', ' https://www.googleapis.com/auth/adwords'",
        ],
    ),
    (
        "work.env",
        "sh",
        &[
            "-c",
            ". \"$0\"; test \"$GOOGLE_ADS_OAUTH2_MODE\" = SERVICE_ACCOUNT || exit 1; printf '%s %s %s https://www.googleapis.com/auth/adwords' \"$GOOGLE_ADS_JSON_KEY_FILE_PATH\" \"$GOOGLE_ADS_IMPERSONATED_EMAIL\" \"${GOOGLE_ADS_REFRESH_TOKEN:+both}${GOOGLE_ADS_REFRESH_TOKEN:-one}\"",
        ],
    ),
    (
        "google-ads.yaml",
        "python3",
        &[
            "-c",
            "import sys, yaml; c = yaml.safe_load(open(sys.argv[1])); print(c['json_key_file_path'], c['impersonated_email'], 'both' if 'refresh_token' in c else 'one', 'https://www.googleapis.com/auth/adwords', end='')",
        ],
    ),
];

/// Reads the file and the key as Java's library does, with what Java itself has for both.
const JAVA: &str = r#"
import java.io.*; import java.nio.file.*; import java.security.*; import java.security.spec.*; import java.util.*; import java.util.regex.*;
class Read {
    public static void main(String[] args) throws Exception {
        Properties read = new Properties();
        try (InputStream in = new FileInputStream(args[0])) { read.load(in); }
        String path = read.getProperty("api.googleads.serviceAccountSecretsPath");
        Matcher pem = Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END").matcher(Files.readString(Path.of(path)));
        pem.find();
        byte[] der = Base64.getDecoder().decode(pem.group(1).replace("\\n", ""));
        KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        String kinds = read.getProperty("api.googleads.refreshToken") == null ? "one" : "both";
        System.out.print(path + " " + read.getProperty("api.googleads.serviceAccountUser") + " " + kinds + " https://www.googleapis.com/auth/adwords");
    }
}
"#;

#[test]
fn each_librarys_reader_finds_one_kind_of_credential_after_every_switch() {
    let sandbox = Sandbox::new();
    let (account, key) = invited(&sandbox);
    sandbox.google.edit_service_account(&account, |account| account.delegated.push(ADWORDS.to_owned()));
    sandbox.desktop();
    let ada = crate::google::ADA;
    sandbox.write("Read.java", JAVA);
    for (name, program, args) in FILE_READERS {
        if without(program) || (program == "python3" && python("yaml").is_none()) {
            continue;
        }
        let config = sandbox.home().join(name).display().to_string();
        let key = key.display().to_string();
        // A user first, then the service account, the user again, and the service account at the end.
        for turn in 0..2 {
            let replace: &[&str] = if turn > 0 { &["--replace-kind"] } else { &[] };
            let user = [&["-c", "../home/client_secret.json", "--config", &config, "--no-verify"], replace].concat();
            let running = sandbox.login(&user).start();
            running.visit(&crate::google::browser::Decision::allow());
            running.finish();
            sandbox.command(&["refresh", "--config", &config]).stderr_has("works").run();
            let account = ["login", "-q", "--key-file", &key, "--impersonate", ada, "--config", &config];
            sandbox.command(&account).code(2).stderr_has("--replace-kind").run();
            sandbox.command(&account).arg("--replace-kind").stderr_has("").run();
            sandbox.command(&["refresh", "--config", &config]).stderr_has("works").run();
            let read = sandbox
                .other_program(program, args)
                .arg(&config)
                .env("PATH", path())
                .directory(sandbox.home())
                .observe();
            assert_eq!(read.stdout, format!("{key} {ada} one {ADWORDS}"), "{name}: {read:#?}");
        }
    }
}

#[test]
fn google_auth_loads_neither_a_key_with_a_byte_order_mark_nor_a_path_with_a_tilde() {
    let Some(python) = python("google.oauth2.service_account") else { return };
    let sandbox = Sandbox::new();
    invited(&sandbox);
    sandbox.write("marked.json", format!("\u{feff}{}", sandbox.read("key.json")));
    let load = "import sys; from google.oauth2 import service_account as s
try: s.Credentials.from_service_account_file(sys.argv[1]); print('loaded')
except Exception as error: print(type(error).__name__)";
    for (file, result) in
        [("key.json", "loaded"), ("marked.json", "JSONDecodeError"), ("~/key.json", "FileNotFoundError")]
    {
        let read = sandbox.other_program(&python, &["-W", "ignore", "-c", load, file]).env("PATH", path());
        read.directory(sandbox.home()).stdout(format!("{result}\n")).stderr_has("").run();
    }
}

/// Gets a token with the key that a file names or holds: the last word that ends in `key.json`, the file itself, or dlt's text.
const MINT: &str = "
import json, re, sys, tomllib
from google.auth.transport.requests import Request
from google.oauth2 import service_account
path, scopes = sys.argv[1], ['https://www.googleapis.com/auth/adwords']
text = open(path).read()
named = re.findall(r'[^\\s\"\\'=]*/key\\.json', text)
if named:
    found = service_account.Credentials.from_service_account_file(named[-1], scopes=scopes)
else:
    key = tomllib.loads(text)['sources']['google_ads']['credentials'] if path.endswith('.toml') else text
    found = service_account.Credentials.from_service_account_info(json.loads(key), scopes=scopes)
found.refresh(Request())
print(found.service_account_email, found.token[:5])
";

#[test]
fn google_auth_gets_a_token_with_the_key_of_every_format() {
    let Some(python) = python("google.oauth2.service_account") else { return };
    for (format, file) in super::FORMATS {
        let sandbox = Sandbox::new();
        let account = sandbox.google.service_account();
        sandbox.write("key.json", account.key_file_for(sandbox.google.url()));
        let login = ["login", "-q", "--key-file", "key.json", "--format", format, "--config", file];
        sandbox.command(&login).directory(sandbox.home()).run();
        let mint = sandbox.other_program(&python, &["-W", "ignore", "-c", MINT, file]).env("PATH", path());
        mint.directory(sandbox.home()).stdout(format!("{} ya29.\n", account.email)).stderr_has("").run();
    }
}

#[test]
fn a_script_of_php_reads_a_key_that_is_handed_over() {
    if without("php") {
        return;
    }
    let manager = Manager::new(GOOD);
    let account = manager.sandbox.google.service_account();
    manager.command(&["login", "-q", "--key-file", "-"]).stdin(account.key_file()).stderr_has("").run();
    let read = "$f = getenv('GOOGLE_ADS_JSON_KEY_FILE_PATH'); if (!file_exists($f)) exit(1); echo json_decode(file_get_contents($f), true)['client_email'];";
    let script = manager.sandbox.write("report", format!("#!/usr/bin/env php\n<?php {read}\n"));
    manager.sandbox.chmod("report", 0o700);
    let script = script.display().to_string();
    for command in
        [&[script.as_str()][..], &["env", "php", "-n", "-r", read], &["sh", "-c", "exec php \"$0\"", &script, "php"]]
    {
        let run = manager.command(&[&["exec", "--"], command].concat()).env("PATH", path()).observe();
        assert_eq!((run.code, run.stdout.trim()), (0, account.email.as_str()), "{command:?}: {run:#?}");
    }
    let left = std::fs::read_dir(manager.sandbox.home().with_file_name("tmp")).expect("a directory").count();
    assert_eq!(left, 0, "the file is gone with the script");
}
