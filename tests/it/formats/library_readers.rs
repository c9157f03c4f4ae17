//! What we write, read by the libraries' own readers; what they read, compared with what we say they read.
//!
//! One process per reader reads all cases. A reader that is not installed is skipped with a printed reason, and is a
//! failure with `GADS_CREDS_TEST_ALL=1`. Perl's reader is not a separate module, so its splitting rule is repeated
//! here.

use std::path::Path;
use std::process::Command;

use crate::harness::skip::{skip, without};
use gads_creds::credentials::{Credentials, CustomerId, Field};
use gads_creds::format::{Format, Severity, named};
use gads_creds::secret::Secret;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// Developer token, client id, client secret, refresh token, login customer, linked customer.
type Values = [Option<String>; 6];

fn values(credentials: &Credentials) -> Values {
    let text = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
    let digits = |id: &Option<CustomerId>| id.as_ref().map(|id| id.as_str().to_owned());
    [
        text(&credentials.developer_token),
        credentials.client_id().map(str::to_owned),
        Field::ClientSecret.get(credentials).map(str::to_owned),
        Field::RefreshToken.get(credentials).map(str::to_owned),
        digits(&credentials.login_customer_id),
        digits(&credentials.linked_customer_id),
    ]
}

fn record(texts: [String; 4], digits: [String; 2]) -> Credentials {
    let [developer_token, client_id, client_secret, refresh_token] = texts;
    let [login, linked] = digits;
    Credentials {
        developer_token: Some(Secret::new(developer_token)),
        login_customer_id: CustomerId::exact(&login),
        linked_customer_id: CustomerId::exact(&linked),
        ..Credentials::of_user(client_id, Secret::new(client_secret), Some(Secret::new(refresh_token)))
    }
}

/// Random texts of a pattern, the same in every run.
fn random(pattern: &'static str, count: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let mut next = || Strategy::new_tree(&pattern, &mut runner).unwrap().current();
    (0..count).map(|_| next()).collect()
}

fn fixture(name: &str, file_name: &str) -> String {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    std::fs::read_to_string(directory.join(name).join(file_name)).unwrap()
}

fn format(name: &str) -> &'static dyn Format {
    named(name.parse().unwrap(), "", "")
}

/// Returns files as `login` writes them, each written twice, with their expected values; and how many values were
/// rejected.
fn written(name: &str, extension: &str, pattern: &'static str) -> (Vec<String>, Vec<Values>, usize) {
    let format = format(name);
    let texts = random(pattern, 4 * 150);
    let bases =
        [String::new(), fixture(name, &format!("sample.{extension}")), fixture(name, &format!("filled.{extension}"))];
    let (mut files, mut wanted, mut refused) = (Vec::new(), Vec::new(), 0);
    for (index, chunk) in texts.chunks_exact(4).enumerate() {
        let digits = [format!("{:010}", index * 7_654_321), format!("{}", 9_876_543_210_u64 - index as u64)];
        let credentials = record(chunk.to_vec().try_into().unwrap(), digits);
        for base in &bases {
            let Ok(once) = format.write(base, &credentials) else {
                refused += 1;
                continue;
            };
            let once = format.make_loadable(&once).unwrap().text;
            let twice = format.make_loadable(&format.write(&once, &credentials).unwrap()).unwrap().text;
            assert_eq!(once, twice);
            files.push(twice);
            wanted.push(values(&credentials));
        }
    }
    (files, wanted, refused)
}

/// Returns what the reader prints for the files `0`, `1`, …: for each a line of six values in hexadecimal, `-` for
/// none, or `!` if it fails; `None` if there is no such reader here.
fn run(files: &[String], program: &str, args: &[&str], script: Option<(&str, &str)>) -> Option<Vec<Option<Values>>> {
    let directory = tempfile::tempdir().unwrap();
    for (index, text) in files.iter().enumerate() {
        std::fs::write(directory.path().join(index.to_string()), text).unwrap();
    }
    if let Some((file_name, text)) = script {
        std::fs::write(directory.path().join(file_name), text).unwrap();
    }
    let count = files.len().to_string();
    let output = match Command::new(program).args(args).arg(&count).current_dir(directory.path()).output() {
        Ok(output) => output,
        Err(error) => {
            skip(&format!("`{program}` does not start: {}", error.kind()));
            return None;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = printed.lines().map(parsed).collect();
    assert_eq!(lines.len(), files.len());
    Some(lines)
}

fn parsed(line: &str) -> Option<Values> {
    let decode = |hex: &str| -> String {
        let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
        String::from_utf8(bytes.collect()).unwrap()
    };
    if line == "!" {
        return None;
    }
    let values: Vec<_> = line.split(' ').map(|value| value.strip_prefix('=').map(decode)).collect();
    Some(values.try_into().unwrap())
}

const JAVA: &str = r#"
import java.io.*; import java.nio.charset.StandardCharsets; import java.util.*;
public class Reader {
    public static void main(String[] args) throws Exception {
        String[] keys = {"developerToken", "clientId", "clientSecret", "refreshToken", "loginCustomerId", "linkedCustomerId"};
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            Properties properties = new Properties();
            try (InputStream in = new FileInputStream("" + i)) { properties.load(in); }
            catch (IllegalArgumentException e) { out.append("!\n"); continue; }
            for (int k = 0; k < keys.length; k++) {
                String value = properties.getProperty("api.googleads." + keys[k]);
                out.append(k == 0 ? "" : " ").append(value == null ? "-" : "=");
                if (value != null) for (byte b : value.getBytes(StandardCharsets.UTF_8)) out.append(String.format("%02x", b));
            }
            out.append("\n");
        }
        System.out.print(out);
    }
}"#;

fn java(files: &[String]) -> Option<Vec<Option<Values>>> {
    run(files, "java", &["Reader.java"], Some(("Reader.java", JAVA)))
}

/// A value other than text or an integer is printed as one that cannot be written.
const PHP: &str = r#"
for ($i = 0; $i < $argv[1]; $i++) {
    $read = @parse_ini_file("$i", true, INI_SCANNER_TYPED);
    if ($read === false) { echo "!\n"; continue; }
    $line = [];
    foreach (["GOOGLE_ADS/developerToken", "OAUTH2/clientId", "OAUTH2/clientSecret", "OAUTH2/refreshToken",
            "GOOGLE_ADS/loginCustomerId", "GOOGLE_ADS/linkedCustomerId"] as $path) {
        [$section, $key] = explode("/", $path);
        $value = is_array($read[$section] ?? null) ? ($read[$section][$key] ?? null) : null;
        $line[] = $value === null ? "-" : "=" . bin2hex(is_string($value) || is_int($value) ? "$value" : "\0no text");
    }
    echo implode(" ", $line), "\n";
}"#;

fn php(files: &[String]) -> Option<Vec<Option<Values>>> {
    run(files, "php", &["-n", "-r", PHP], None)
}

const PERL: &str = r#"
for my $i (0 .. $ARGV[0] - 1) {
    my %read;
    open(my $file, "<", $i) or die;
    while (my $line = <$file>) {
        chomp($line);
        next if $line =~ /^#/ || $line =~ /^\s*$/;
        my ($key, $value) = split(/=/, $line, 2);
        $read{$key // ""} = $value;
    }
    print join(" ", map { defined $read{$_} ? "=" . unpack("H*", $read{$_}) : "-" }
        qw(developerToken clientId clientSecret refreshToken loginCustomerId linkedCustomerId)), "\n";
}"#;

fn perl(files: &[String]) -> Option<Vec<Option<Values>>> {
    run(files, "perl", &["-e", PERL], None)
}

const SHELL: &str = r#"
i=0
while [ "$i" -lt "$1" ]; do
    (
        set -a; . "./$i"
        for value in "${GOOGLE_ADS_DEVELOPER_TOKEN--}" "${GOOGLE_ADS_CLIENT_ID--}" "${GOOGLE_ADS_CLIENT_SECRET--}" \
            "${GOOGLE_ADS_REFRESH_TOKEN--}" "${GOOGLE_ADS_LOGIN_CUSTOMER_ID--}" "${GOOGLE_ADS_LINKED_CUSTOMER_ID--}"; do
            printf '%s\n' "$value"
        done
    )
    i=$((i + 1))
done | od -An -v -tx1 | tr -d ' \n' | sed 's/0a/ /g'
"#;

/// `od` cannot print lines: its bytes are split here, six values per file.
fn shell(files: &[String], program: &str) -> Option<Vec<Option<Values>>> {
    let script = format!("{}\n", SHELL.trim_end());
    let script =
        script.replace("| sed 's/0a/ /g'", r"| sed 's/\(..\)/\1 /g' | tr ' ' '\n' | awk -v RS='\n' -f cut.awk");
    let cut = r#"/^0a$/ { printf "=%s%s", value, ++count % 6 ? " " : "\n"; value = ""; next } { value = value $0 }"#;
    run(files, program, &["-c", &script, program], Some(("cut.awk", cut)))
}

fn agrees(read: Option<Vec<Option<Values>>>, wanted: &[Values], files: &[String]) {
    for (index, read) in read.into_iter().flatten().enumerate() {
        assert_eq!(read.as_ref(), Some(&wanted[index]), "{}", files[index]);
    }
}

#[test]
fn java_reads_what_is_written() {
    let (files, wanted, refused) = written("java", "properties", "[!-~]{1,40}|[!-~][ -~éß€😀]{0,8}");
    assert_eq!(refused, 0);
    agrees(java(&files), &wanted, &files);
}

#[test]
fn php_reads_what_is_written() {
    let (files, wanted, refused) = written("php", "ini", "[!-~]{1,40}|[\"'\\\\$\\{;]{1,6}|[ -~é]{1,9}");
    assert!(refused < files.len() / 5, "only `${{` beside `'` is rejected, not {refused}");
    agrees(php(&files), &wanted, &files);
}

#[test]
fn perl_reads_what_is_written() {
    let (files, wanted, refused) = written("perl", "properties", "[!-~]{1,40}|[ -~é]{1,9}");
    assert_eq!(refused, 0);
    agrees(perl(&files), &wanted, &files);
}

#[test]
fn shells_read_what_is_written() {
    // All that is ever written: a value with other characters is rejected. One character or two, so that most are not.
    let (files, wanted, refused) = written("env", "env", "[!-~]|[A-Za-z0-9][!-~]|[A-Za-z0-9é/_.:=~*@%+,-]{1,30}");
    assert!(refused > 0 && files.len() > 50, "{refused} rejected, {} written", files.len());
    agrees(shell(&files, "sh"), &wanted, &files);
    agrees(shell(&files, "bash"), &wanted, &files);
}

#[test]
fn python_loads_its_configuration_from_an_env_file() {
    if without("sh") {
        return;
    }
    let text = format("env").write(
        &fixture("env", "sample.env"),
        &record(
            ["dev-token_0", "1-a.apps.googleusercontent.com", "GOCSPX-s", "1//0r"].map(str::to_owned),
            ["1234567890", "0123456789"].map(str::to_owned),
        ),
    );
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join(".env");
    std::fs::write(&file, format("env").make_loadable(&text.unwrap()).unwrap().text).unwrap();
    let script = "set -a; . ./.env; exec python3 -c '
try:
    from google.ads.googleads import config
except ImportError:
    raise SystemExit(77)
read = config.load_from_env()
print(*(read[key] for key in (\"client_id\", \"client_secret\", \"refresh_token\", \"login_customer_id\", \"use_proto_plus\")))'";
    let output = Command::new("sh").args(["-c", script]).current_dir(directory.path()).output().unwrap();
    if matches!(output.status.code(), Some(77 | 127)) {
        return skip("google-ads is not installed for python3");
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(printed, "1-a.apps.googleusercontent.com GOCSPX-s 1//0r 1234567890 True\n");
}

/// Checks that what we say the library reads is what it reads, or that we report a problem in that line.
fn compare(name: &str, files: &[String], read: Option<Vec<Option<Values>>>) {
    for (index, theirs) in read.into_iter().flatten().enumerate() {
        let text = &files[index];
        let Ok(ours) = format(name).read(text) else { continue };
        let is_reported = ours.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
        match theirs {
            None => assert!(is_reported, "{name} gives up on {text:?}"),
            Some(theirs) => {
                for (ours, theirs) in values(&ours.credentials).into_iter().zip(theirs) {
                    let is_same = ours == theirs || ours.is_none() && theirs.as_deref() == Some("");
                    assert!(
                        is_same || ours.is_none() && is_reported,
                        "{name} reads {theirs:?}, not {ours:?}, in {text:?}"
                    );
                }
            }
        }
    }
}

/// The text with `?` replaced by each of the random texts.
fn filled_in(frame: &str, pattern: &'static str) -> Vec<String> {
    random(pattern, 600).iter().map(|text| frame.replacen('?', text, 1)).collect()
}

#[test]
fn java_reads_a_file_of_others_as_we_do() {
    let pattern = "[ \t=:\\\\a#!\n\u{c}]{0,12}|\\\\u[0-9a-g]{0,5}|[ -~é]{0,12}|(\\\\u00[0-7e][0-9a-f]|[ \\\\x]){1,4}";
    let frames = ["api.googleads.refreshToken?\nx=y\n", "?api.googleads.clientId=a\n", "api.googleads.client?Id=a"];
    let files: Vec<String> = frames.iter().flat_map(|frame| filled_in(frame, pattern)).collect();
    compare("java", &files, java(&files));
}

#[test]
fn php_reads_a_file_of_others_as_we_do() {
    let pattern = "[ \t=;\\\\a\"'$\\{\\}]{0,8}|[ -~é]{0,10}|[0-9.x-]{1,6}|(on|none|NULL|E_ALL|a|1|;|\"| |&){1,4}";
    let frames = [
        "[OAUTH2]\nrefreshToken=?\nclientId=\"b\"",
        "[OAUTH2]\nx=?\nclientId=b\n",
        "[OAUTH2]\n?\nclientId=b",
        "[GOOGLE_ADS?\ndeveloperToken=a",
    ];
    let mut files: Vec<String> = frames.iter().flat_map(|frame| filled_in(frame, pattern)).collect();
    // A value of another program on several lines.
    let several = "[a-z=;\\[\\]\n\\\\ ]{0,10}";
    for frame in ["[A]\nx=\"?\n?\"\n[OAUTH2]\nrefreshToken=\"b\"", "[OAUTH2]\nx='?\n?' ; y\nrefreshToken=b\n"] {
        files.extend(filled_in(frame, several));
    }
    compare("php", &files, php(&files));
}

#[test]
fn perl_reads_a_file_of_others_as_we_do() {
    let files: Vec<String> = ["refreshToken?\nclientId=a", "?refreshToken=a\n", "?\nrefreshToken=a\r\n"]
        .iter()
        .flat_map(|frame| filled_in(frame, "[ \t=#a\"\r\n]{0,8}|[ -~é]{0,10}"))
        .collect();
    compare("perl", &files, perl(&files));
}
