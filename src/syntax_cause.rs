//! What people write that is not JSON, YAML, TOML or XML, in plain words: a parser reports where it gave up, not why.
//!
//! One table serves every format and client-secrets files. It is only asked about a text that was rejected, so it decides about no
//! value, and it never quotes one.

/// The syntax that a text was meant to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    Json,
    Toml,
    Xml,
    Yaml,
    /// The language of one library: PHP's ini file, Ruby.
    Own,
}

/// What a whole text is in place of a configuration, and the step.
pub fn of_document(text: &str) -> Option<(&'static str, &'static str)> {
    let text = text.trim_start();
    let begins = |beginning: &str| text.get(..beginning.len()).is_some_and(|own| own.eq_ignore_ascii_case(beginning));
    DOCUMENTS.iter().find(|(beginning, ..)| begins(beginning)).map(|(_, what, step)| (*what, *step))
}

const DECRYPT: &str =
    "decrypt it first, or keep the credentials in its manager: `gads-creds login --store ENGINE:WHERE`";

/// The beginning of a text, what it is, and the step.
const DOCUMENTS: [(&str, &str, &str); 9] = [
    ("<!doctype html", "is an HTML page, not a configuration", "download the file again, or name another one"),
    ("<html", "is an HTML page, not a configuration", "download the file again, or name another one"),
    ("$ANSIBLE_VAULT", "is encrypted by Ansible Vault", "decrypt it first: `ansible-vault decrypt FILE`"),
    ("-----BEGIN PGP MESSAGE", "is encrypted by GPG", DECRYPT),
    ("-----BEGIN AGE ENCRYPTED FILE", "is encrypted by age", DECRYPT),
    ("age-encryption.org/", "is encrypted by age", DECRYPT),
    (
        "version https://git-lfs.github.com/spec",
        "is a pointer of Git LFS in place of the file itself",
        "fetch the file: `git lfs pull`",
    ),
    ("-----BEGIN", "is a key or a certificate, not a configuration", "name another file"),
    ("{\\rtf", "is a document of a word processor", "save it as plain text"),
];

/// Where the text is not of the syntax and why: the line of the parser's error, or one near it or before it. The reason follows
/// the number of the line.
pub fn of_line(text: &str, at: usize, syntax: Syntax) -> Option<(usize, &'static str)> {
    let lines: Vec<&str> = text.lines().collect();
    if let Some(found) = lines.iter().zip(1..).find_map(|(line, number)| Some((number, marker(line)?))) {
        return Some(found);
    }
    let line = |number: usize| number.checked_sub(1).and_then(|index| lines.get(index)).copied();
    let before = (1..at).rev().find(|number| line(*number).is_some_and(|line| !line.trim().is_empty()));
    let after = (at + 1..=lines.len()).find(|number| line(*number).is_some_and(|line| !line.trim().is_empty()));
    let pairs = [before.map(|before| (before, at)), after.map(|after| (at, after))];
    let between = |(one, next): (usize, usize)| Some((one, comma(line(one)?.trim_end(), line(next)?.trim_start())?));
    if syntax == Syntax::Json
        && let Some(found) = pairs.into_iter().flatten().find_map(between)
    {
        return Some(found);
    }
    let is_open = |number: &usize| {
        line(*number).is_some_and(|line| line.replace("\\\\", "").replace("\\\"", "").matches('"').count() % 2 == 1)
    };
    if syntax == Syntax::Json
        && let Some(first) = before.filter(is_open)
    {
        return Some((first, "has a text that goes on in the next line, where JSON requires one line"));
    }
    let near = [Some(at), before].into_iter().flatten();
    near.into_iter().find_map(|number| Some((number, of_one(line(number)?, syntax)?)))
}

/// What the first line of a merge conflict begins with.
pub const CONFLICT: &str = "<<<<<<< ";

/// A line that no file has that is meant to be read.
pub fn marker(line: &str) -> Option<&'static str> {
    let is_conflict = line.starts_with(CONFLICT) || line.starts_with(">>>>>>> ") || line.trim_end() == "=======";
    match line {
        _ if is_conflict => {
            Some("is a marker that Git leaves where a merge had a conflict; keep one side, without the markers")
        }
        _ if line.trim_start().starts_with("```") => Some("is a mark around code in Markdown; remove it"),
        _ => None,
    }
}

/// What people write who put a path of Windows in double quotes.
pub const ESCAPE: &str = "has a `\\` in double quotes, which starts an escape there; write `\\\\`, or `/` in a path";

/// Whether a text in double quotes on the line has a `\` before what makes no escape: these characters do, and of `x`, `u` and `U`
/// those with digits.
pub fn has_unknown_escape(line: &str, known: &str) -> bool {
    let mut chars = line.chars();
    let mut open = None;
    while let Some(char) = chars.next() {
        match open {
            None if char == '#' => return false,
            None => open = Some(char).filter(|char| matches!(char, '"' | '\'')),
            Some('"') if char == '\\' => {
                let Some(escape) = chars.next().filter(|next| known.contains(*next)) else { return true };
                let digits = match escape {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    _ => 0,
                };
                let is_digit = |byte: u8| byte.is_ascii_hexdigit();
                if !chars.as_str().get(..digits).is_some_and(|digits| digits.bytes().all(is_digit)) {
                    return true;
                }
            }
            Some(quote) if char == quote => open = None,
            Some(_) => {}
        }
    }
    false
}

/// A comma that is missing, or one too much, between two lines.
fn comma(before: &str, line: &str) -> Option<&'static str> {
    let is_end = line.starts_with(['}', ']']);
    let ends_value = before.ends_with(['"', '}', ']', '\'']) || before.ends_with(|last: char| last.is_alphanumeric());
    match () {
        () if is_end && before.ends_with(',') => Some("has a comma after the last member"),
        () if line.starts_with('"') && ends_value => Some("has no comma at its end, and another member follows"),
        () => None,
    }
}

fn of_one(line: &str, syntax: Syntax) -> Option<&'static str> {
    let is_invisible = |char: char| matches!(char, '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    match line {
        _ if line.chars().any(|char| char.is_control() && char != '\t') => Some("contains a control character"),
        _ if line.contains(['\u{ff1a}', '\u{ff1d}', '\u{ff0c}', '\u{ff02}']) => {
            Some("has a full-width colon, comma or quote; type it again on an English keyboard")
        }
        _ if line.contains(['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}']) => {
            Some("has curly quotes; write straight ones")
        }
        _ if line.contains(is_invisible) => Some("contains a character that is not visible; type the line again"),
        _ => match syntax {
            Syntax::Json => json(line),
            Syntax::Toml => toml(line),
            Syntax::Xml => xml(line),
            Syntax::Yaml | Syntax::Own => None,
        },
    }
}

fn json(line: &str) -> Option<&'static str> {
    let text = line.trim();
    let packed: String = text.chars().filter(|char| !char.is_whitespace()).collect();
    let name = text.trim_start_matches(['{', ',', ' ']);
    let word = name.len() - name.trim_start_matches(|char: char| char.is_alphanumeric() || char == '_').len();
    let has = |words: &[&str]| words.iter().any(|word| packed.contains(word));
    match () {
        () if has_unknown_escape(line, "\"\\/bfnrtu") => Some(ESCAPE),
        () if text.starts_with("//") || text.starts_with('#') => Some("is a comment, which JSON does not have"),
        () if has(&[",}", ",]"]) => Some("has a comma after the last member"),
        () if has(&["{'", "':", ":'", "['"]) || text.starts_with('\'') => {
            Some("has single quotes, where JSON requires double quotes")
        }
        () if word > 0 && name[word..].trim_start().starts_with(':') => {
            Some("has a name without quotes, which JSON requires")
        }
        () if follows_at_once(text) => Some("has no comma between two members"),
        () if has(&["\"=\"", "\"=>"]) => Some("has `=`, where JSON requires `:`"),
        () if has(&[":True", ":False", ":None"]) => {
            Some("has a value as Python spells it; JSON has `true`, `false`, `null`")
        }
        () => None,
    }
}

/// Whether a name follows a text with nothing but spaces between them: `"a" "b":`.
fn follows_at_once(line: &str) -> bool {
    line.match_indices('"').any(|(at, _)| {
        let rest = &line[at + 1..];
        let next = rest.trim_start_matches([' ', '\t']);
        let name = next.strip_prefix('"').and_then(|name| name.split_once('"'));
        next.len() < rest.len()
            && name.is_some_and(|(name, after)| !name.is_empty() && after.trim_start().starts_with(':'))
    })
}

fn toml(line: &str) -> Option<&'static str> {
    let text = line.trim();
    let key = text.trim_start_matches(|char: char| char.is_ascii_alphanumeric() || "_-.\"".contains(char));
    let rest = key.trim_start();
    match rest.strip_prefix('=').map(str::trim_start) {
        _ if has_unknown_escape(line, "\"\\bfnrteuUx") => Some(ESCAPE),
        None if text.starts_with('[') && !text.contains(']') => {
            Some("opens the name of a section and does not close it")
        }
        None if rest.starts_with(':') && !text.starts_with('[') => Some("has `:`, where TOML requires `=`"),
        Some("") => Some("has no value after the `=`"),
        Some(value) if value.starts_with(|first: char| first.is_alphabetic() || "/<$_".contains(first)) => {
            Some("has a value without quotes, which TOML requires")
        }
        Some(value) if value.starts_with('1') && value.contains("//") => {
            Some("has a value without quotes, which TOML requires")
        }
        _ => None,
    }
}

fn xml(line: &str) -> Option<&'static str> {
    let after_equals = line.split('=').skip(1).map(str::trim_start);
    let is_unquoted = |value: &str| value.starts_with(|first: char| first.is_alphanumeric());
    let in_tag = line.contains('<')
        && line
            .split(['"', '\''])
            .step_by(2)
            .any(|outside| outside.split('=').skip(1).any(|value| is_unquoted(value.trim_start())));
    let is_open =
        line.contains("<add ") && line.trim_end().ends_with('>') && !line.contains("/>") && !line.contains("</");
    if is_open {
        return Some("has an element `add` that is not closed; write `/>` at its end");
    }
    (in_tag && after_equals.clone().any(is_unquoted)).then_some("has an attribute without quotes, which XML requires")
}
