//! The real readers of the formats: Ruby, Python's XML and JSON, google-auth. Each reads many texts in one run.

use std::io::Write;
use std::process::{Command, Stdio};

use gads_creds::credentials::{Credentials, CustomerId};
use gads_creds::format::{Format, FormatName};
use gads_creds::secret::Secret;
use serde_json::{Value, json};

use super::skip::skip;

/// Runs a script with texts as JSON on its standard input, and returns one result per text; `None` if it cannot run.
fn real_reader(program: &[&str], texts: &[String]) -> Option<Vec<Value>> {
    let mut child = match Command::new(program[0])
        .args(&program[1..])
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
    {
        Ok(child) => child,
        Err(error) => {
            skip(&format!("`{}` does not start: {}", program[0], error.kind()));
            return None;
        }
    };
    let mut stdin = child.stdin.take().unwrap();
    let input = json!(texts).to_string();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let written = writer.join().unwrap();
    if output.status.code() == Some(77) {
        skip(String::from_utf8_lossy(&output.stderr).trim());
        return None;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    written.unwrap();
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Evaluates like the Ruby library; the class has the attributes of that library's.
const RUBY: &str = r#"
require 'json'
module Google
  module Ads
    module GoogleAds
      class Config
        ATTRIBUTES = %i[
          refresh_token client_id client_secret keyfile impersonate use_application_default_credentials authentication
          developer_token login_customer_id linked_customer_id use_cloud_org_for_api_access ads_assistant log_level
          log_target logger treat_deprecation_warnings_as_errors warn_on_all_deprecations use_insecure_channel
          api_endpoint http_proxy
        ]
        attr_accessor(*ATTRIBUTES)
        def initialize
          yield self
        end
      end
    end
  end
end
results = JSON.parse($stdin.read).map do |text|
  config = eval(text, TOPLEVEL_BINDING.dup)
  raise "not a configuration: #{config.class}" unless config.instance_of?(Google::Ads::GoogleAds::Config)
  names = Google::Ads::GoogleAds::Config::ATTRIBUTES
  names.map { |name| [name, config.public_send(name)] }.reject { |_, value| value.nil? }
    .to_h { |name, value| [name, value.is_a?(IO) ? 'IO' : value] }
end
puts JSON.generate(results)
"#;

fn read_by_ruby(texts: &[String]) -> Option<Vec<Value>> {
    real_reader(&["ruby", "-W0", "-e", RUBY], texts)
}

/// Says of each text whether it gives a configuration whose values are texts.
const RUBY_LOADS: &str = r#"
$stdout_of_texts = $stdout
$stdout = StringIO.new
results = JSON.parse($stdin.read).map do |text|
  begin
    config = eval(text, TOPLEVEL_BINDING.dup)
    config.instance_of?(Google::Ads::GoogleAds::Config) && !config.refresh_token.is_a?(Array)
  rescue Exception
    false
  end
end
$stdout = $stdout_of_texts
puts JSON.generate(results)
"#;

/// Whether the library takes each text as its configuration; `None` without Ruby.
pub fn ruby_loads(texts: &[String]) -> Option<Vec<Value>> {
    let library = RUBY.split("results =").next().unwrap_or_default();
    let script = format!("require 'stringio'\n{library}{RUBY_LOADS}");
    real_reader(&["ruby", "-W0", "-e", &script], texts)
}

/// Reads like .NET's XmlDocument and the library's section reader.
const XML: &str = r"
import json, sys
import xml.etree.ElementTree as tree
results = []
for text in json.load(sys.stdin):
    root = tree.fromstring(text.encode())
    assert root.tag == 'configuration'
    section = {}
    for found in root.findall('GoogleAdsApi'):
        for node in found:
            section[node.attrib['key']] = node.attrib['value']
    declared = root.findall('configSections/section[@name=\'GoogleAdsApi\']')
    assert not declared or root[0].tag == 'configSections'
    results.append({'section': section, 'declared': len(declared)})
print(json.dumps(results))
";

/// Reads like Microsoft's reader: without comments and with trailing commas, and no duplicate key in any case.
const JSON: &str = r#"
import json, re, sys
def once(pairs):
    names = [name.lower() for name, _ in pairs]
    assert len(names) == len(set(names)), names
    return dict(pairs)
def plain(text):
    text = re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', lambda found: found.group(1) or ' ', text, flags=re.S)
    return re.sub(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', lambda found: found.group(1) or '', text)
texts = json.load(sys.stdin)
print(json.dumps([json.loads(plain(text), object_pairs_hook=once) for text in texts]))
"#;

const GOOGLE_AUTH: &str = r"
import json, os, sys, tempfile
try:
    import google.auth
except ImportError:
    print('google-auth is not installed', file=sys.stderr)
    sys.exit(77)
results = []
for text in json.load(sys.stdin):
    with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
        file.write(text)
        file.flush()
        found, _ = google.auth.load_credentials_from_file(file.name)
        results.append({'client_id': found.client_id, 'client_secret': found.client_secret,
                        'refresh_token': found.refresh_token, 'quota_project_id': found.quota_project_id})
print(json.dumps(results))
";

fn python() -> String {
    std::env::var("GADS_CREDS_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// What this Python script answers to each text; `None` if it cannot run.
pub fn read_by_python(script: &str, texts: &[String]) -> Option<Vec<Value>> {
    real_reader(&[&python(), "-c", script], texts)
}

/// What the library of this format reads, by the names of its own keys.
pub fn read_by_library(format: &dyn Format, texts: &[String]) -> Option<Vec<Value>> {
    match (format.name(), format.fits("appsettings.json", "")) {
        (FormatName::Ruby, _) => read_by_ruby(texts),
        (FormatName::Adc, _) => read_by_python(GOOGLE_AUTH, texts),
        (_, true) => {
            let sections = read_by_python(JSON, texts)?;
            Some(sections.into_iter().map(|section| section["GoogleAdsApi"].clone()).collect())
        }
        _ => {
            let sections = read_by_python(XML, texts)?;
            Some(sections.into_iter().map(|section| section["section"].clone()).collect())
        }
    }
}

/// Returns the key of a field, given as Ruby spells it, in this format.
pub fn key(format: &dyn Format, name: &str) -> String {
    if format.name() != FormatName::Dotnet {
        return name.to_owned();
    }
    let pascal = name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>();
    if matches!(name, "client_id" | "client_secret" | "refresh_token") { format!("OAuth2{pascal}") } else { pascal }
}

pub fn assert_reads(format: &dyn Format, read: &Value, credentials: &Credentials) {
    let fields = [
        ("client_id", credentials.client_id()),
        ("client_secret", credentials.client_secret().map(Secret::expose)),
        ("refresh_token", credentials.refresh_token().map(Secret::expose)),
        ("developer_token", credentials.developer_token.as_ref().map(Secret::expose)),
        ("login_customer_id", credentials.login_customer_id.as_ref().map(CustomerId::as_str)),
        ("linked_customer_id", credentials.linked_customer_id.as_ref().map(CustomerId::as_str)),
    ];
    for (name, value) in fields {
        // A number is its text to Ruby's `Integer()` and to .NET.
        let found = read.get(key(format, name)).map(|value| value.as_str().map_or(value.to_string(), str::to_owned));
        assert_eq!(found.as_deref(), value, "{name} in {}", format.name());
    }
}
