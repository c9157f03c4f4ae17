//! `.env`: the `GOOGLE_ADS_*` variables, for shells, dotenv libraries and `docker run --env-file`.
//!
//! The three agree only on `KEY=value` of plain characters: docker keeps quotes and trailing comments, a shell needs quotes
//! around spaces and expands `$`, dotenv libraries end a value at `#`. So a value is written only if all three read it alike,
//! which is true for everything that Google issues.

mod value;

use crate::format::diagnostic::{Broken, Extra, IfEmpty, Reader, Refusal};
use crate::format::field::Field;
use crate::format::lines::{Dialect, Document, Needed, Setting};
use crate::format::text_edit;
use crate::format::yaml;
use crate::format::{
    ByteOrderMark, ConflictKind, DefaultLocation, DiagnosticCode, Encodings, FormatError, FormatName, Latin1, Outcome,
};
use crate::value_kind::{self, ValueKind};

const PROTO_PLUS: &str = "GOOGLE_ADS_USE_PROTO_PLUS";

/// Whether Python takes the text for a boolean.
fn is_boolean(value: &str) -> bool {
    is_yes(value) || ["n", "no", "f", "false", "off", "0"].iter().any(|no| value.eq_ignore_ascii_case(no))
}

const LOG_SETTINGS: &str = "GOOGLE_ADS_LOGGING";

const SPACES: [char; 2] = [' ', '\t'];

pub const ENV: Dialect = Dialect {
    name: FormatName::Env,
    reader: "reader of the environment",
    place: DefaultLocation::Here(".env"),
    encodings: Encodings { byte_order_mark: ByteOrderMark::SpoilsFirstLine, utf16: false, latin1: Latin1::Never },
    fits,
    keys: &[
        (Field::DeveloperToken, "", "GOOGLE_ADS_DEVELOPER_TOKEN"),
        (Field::ClientId, "", "GOOGLE_ADS_CLIENT_ID"),
        (Field::ClientSecret, "", "GOOGLE_ADS_CLIENT_SECRET"),
        (Field::RefreshToken, "", "GOOGLE_ADS_REFRESH_TOKEN"),
        (Field::KeyFile, "", "GOOGLE_ADS_JSON_KEY_FILE_PATH"),
        (Field::ImpersonatedEmail, "", "GOOGLE_ADS_IMPERSONATED_EMAIL"),
        (Field::LoginCustomerId, "", "GOOGLE_ADS_LOGIN_CUSTOMER_ID"),
        (Field::LinkedCustomerId, "", "GOOGLE_ADS_LINKED_CUSTOMER_ID"),
    ],
    assign: "=",
    marks: &['#'],
    comment: "# ",
    prefix: "export ",
    lf_only: false,
    carriage_return: Some(Reader::Shell),
    required: &[],
    // Python's `load_from_env` fails without it; the other libraries ignore it.
    needed: &[Needed { for_service_account: false, section: "", key: PROTO_PLUS, value: "True" }],
    flag: Some((PROTO_PLUS, is_boolean)),
    // .NET's library uses no key without it; the other libraries ignore it.
    mode: Some(("GOOGLE_ADS_OAUTH2_MODE", ["APPLICATION", "SERVICE_ACCOUNT"])),
    document,
    encode,
    empty,
    conflict,
};

/// A `.env` file, unless it has the variables of a connector and none of the libraries.
fn fits(file_name: &str, text: &str) -> bool {
    let is_of_airflow = |key: &str| key.starts_with("AIRFLOW_CONN_GOOGLE_ADS");
    file_name.ends_with(".env") && (!has_key(text, is_of_airflow) || has_key(text, is_of_libraries))
}

/// Whether the variable is one of the client libraries.
pub fn is_of_libraries(key: &str) -> bool {
    key.starts_with("GOOGLE_ADS_")
}

/// Whether a line sets such a variable; of a file that sets nothing, whether a commented line would.
pub fn has_key(text: &str, is_meant: impl Fn(&str) -> bool) -> bool {
    let key = |line: &str| {
        let body = line.trim_start_matches(SPACES);
        let body = body.strip_prefix("export").filter(|rest| rest.starts_with(SPACES)).unwrap_or(body);
        let (key, _) = body.split_once('=')?;
        let key = key.trim_matches(SPACES);
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        (!key.is_empty() && key.bytes().all(is_name)).then(|| key.to_owned())
    };
    let active: Vec<String> = text.lines().filter_map(key).collect();
    let commented = || text.lines().filter_map(|line| key(line.trim_start().trim_start_matches('#')));
    match active.is_empty() {
        true => commented().any(|key| is_meant(&key)),
        false => active.iter().any(|key| is_meant(key)),
    }
}

fn document<'t>(dialect: &Dialect, lines: Vec<&'t str>) -> Result<Document<'t>, FormatError> {
    let mut settings: Vec<Setting> = Vec::new();
    for start in 0..lines.len() {
        let inside = settings.last().is_some_and(|setting| setting.lines.contains(&start));
        settings.extend(if inside { None } else { setting(dialect, &lines, start) });
    }
    Ok(Document { lines, settings, sections: Vec::new() })
}

fn encode(value: &str) -> Result<String, &'static str> {
    match value.contains(' ') {
        true => Err("contains a space, which shells, dotenv libraries and docker read differently"),
        false if is_plain(value) => Ok(value.to_owned()),
        false => Err("contains a character that shells, dotenv libraries and docker read differently"),
    }
}

/// Python and Java fail on an empty ID.
fn empty(field: Field) -> Option<IfEmpty> {
    matches!(field, Field::LoginCustomerId | Field::LinkedCustomerId).then_some(IfEmpty::PythonAndJavaFail)
}

/// The worst that one of the libraries does: with a key file Java and PHP fail, Python and Ruby prefer ADC.
fn conflict(setting: &Setting) -> Option<(ConflictKind, Outcome)> {
    match setting.key.as_str() {
        "GOOGLE_ADS_JSON_KEY_FILE_PATH" | "GOOGLE_ADS_IMPERSONATED_EMAIL" => {
            Some((ConflictKind::ServiceAccount, Outcome::LibraryFails))
        }
        ADC | "USE_APPLICATION_DEFAULT_CREDENTIALS" if setting.value.as_deref().is_none_or(is_yes) => {
            Some((ConflictKind::ApplicationDefault, Outcome::ConflictWins))
        }
        _ => None,
    }
}

const ADC: &str = "GOOGLE_ADS_USE_APPLICATION_DEFAULT_CREDENTIALS";

/// Whether Python reads this as true; the other libraries accept fewer words.
fn is_yes(value: &str) -> bool {
    ["y", "yes", "t", "true", "on", "1"].iter().any(|yes| value.eq_ignore_ascii_case(yes))
}

/// Whether shells, dotenv libraries and docker all read these characters as themselves, without quotes.
fn is_plain(value: &str) -> bool {
    let before = |index: usize| value[..index].chars().next_back();
    value.char_indices().all(|(index, character)| match character {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '-' | '.' | '/' | ':' | '@' | '%' | '+' | ',' | '*' => true,
        // At these places some shell expands it to a home directory or the path of a program.
        '~' => !matches!(before(index), None | Some(':' | '=')),
        '=' => !matches!(before(index), None | Some(':')),
        // A letter of any language, as in the name of a directory.
        _ => !character.is_ascii() && character.is_alphanumeric(),
    })
}

/// The assignment that starts on this line, with all the lines of a quoted value.
fn setting(dialect: &Dialect, lines: &[&str], start: usize) -> Option<Setting> {
    let line = text_edit::content(lines[start]);
    let body = line.trim_start_matches(SPACES);
    let named = match body.strip_prefix("export") {
        Some(rest) if rest.starts_with(SPACES) => rest.trim_start_matches(SPACES),
        _ => body,
    };
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let (key, rest) = named.split_at(named.find(|character| !is_name(character)).unwrap_or(named.len()));
    let raw = rest.trim_start_matches(SPACES).strip_prefix('=')?;
    if key.is_empty() || key.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let is_ours = dialect.has_key(key) || dialect.needed.iter().any(|needed| needed.key == key);
    let padded = !rest.starts_with('=') || raw.starts_with(SPACES) && !raw.trim_matches(SPACES).is_empty();
    let further = value::further_lines(raw, &lines[start + 1..]);
    let mut found = value::scan(raw);
    if further > 0 {
        found.flaw = Some(DiagnosticCode::Broken(Broken::Joined));
    }
    // What only stands for a value: how shells and others read it does not matter.
    let bare = raw.trim().trim_matches(['"', '\'']);
    let is_path = dialect.keys.iter().any(|(field, _, ours)| *field == Field::KeyFile && *ours == key);
    let stands_for_it = |kind: &ValueKind| kind.is_stand_in() && !(is_path && *kind == ValueKind::FilePath);
    let stand_in = value_kind::of(bare).filter(|kind| is_ours && found.value.is_none() && stands_for_it(kind));
    let mut flaws = Vec::new();
    if is_ours {
        let exported = named.len() != body.len();
        let oddities = [(exported, DiagnosticCode::Exported), (padded, DiagnosticCode::SpacesAroundEquals)];
        flaws.extend(oddities.into_iter().filter(|(is_so, _)| *is_so).map(|(_, code)| code));
        let carriage_return = dialect.carriage_return.filter(|_| lines[start].ends_with("\r\n"));
        flaws.extend(carriage_return.map(|reader| DiagnosticCode::PartOfValue(Extra::CarriageReturn, reader)));
        flaws.extend(match stand_in {
            Some(ValueKind::Placeholder) => None,
            Some(kind) => Some(DiagnosticCode::OtherKind(kind)),
            None => found.flaw.filter(|_| !padded),
        });
    } else if dialect.name == FormatName::Env && key == LOG_SETTINGS {
        // The Python library reads it as JSON; no other one reads it.
        let is_wrong = !found.value.as_deref().is_none_or(yaml::is_log_settings);
        flaws.extend(is_wrong.then_some(DiagnosticCode::Refused(Refusal::LogSettings)));
    } else if dialect.name == FormatName::Env && key == "GOOGLE_ADS_CONFIGURATION_FILE_PATH" {
        flaws.push(DiagnosticCode::OverridesVariables);
    } else if dialect.name == FormatName::Env && key == ADC && !found.value.as_deref().is_none_or(is_yes) {
        flaws.push(DiagnosticCode::AlwaysTrueToRuby);
    }
    let name_end = line.len() - rest.len();
    Some(Setting {
        section: String::new(),
        key: key.to_owned(),
        value: match stand_in {
            Some(ValueKind::Placeholder) => Some(bare.to_owned()),
            _ => found.value.filter(|_| !padded),
        },
        flaws,
        lines: start..start + 1 + further,
        before: format!("{}=", &line[..name_end]),
        after: found.comment.to_owned(),
    })
}
