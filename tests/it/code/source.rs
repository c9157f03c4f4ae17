//! Parses as much of Rust as the rules need: comments, strings and test modules are removed, line numbers stay.

/// Returns the code with comments, the content of strings, and `#[cfg(test)]` modules replaced by spaces.
pub fn without_text(text: &str) -> String {
    let code = blanked(text);
    match code.find("#[cfg(test)]\nmod ") {
        // By convention a file's own tests come last; a `mod x;` line does not end the code.
        Some(at) if code[at..].lines().nth(1).is_some_and(|line| line.ends_with('{')) => code[..at].to_owned(),
        _ => code,
    }
}

/// Returns the modules of ours that the code names, by `crate::x` or `use crate::{x, y::z}`, each with its line.
pub fn names_of_ours(code: &str) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        if code[..at].ends_with(|char: char| char.is_alphanumeric() || char == '_' || char == '$') {
            continue;
        }
        let start = at + path.len();
        if !code[start..].starts_with('{') {
            names.push((start, name(&code[start..])));
            continue;
        }
        let mut depth = 0;
        let mut first = false;
        for (offset, char) in code[start..].char_indices() {
            match char {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            match char {
                '{' | ',' if depth == 1 => first = true,
                _ if depth == 0 => break,
                _ if first && !char.is_whitespace() => {
                    names.push((start + offset, name(&code[start + offset..])));
                    first = false;
                }
                _ => {}
            }
        }
    }
    let line = |at: usize| code[..at].matches('\n').count() + 1;
    names.retain(|(_, name)| name.starts_with(|char: char| char.is_ascii_lowercase()) && name != "self");
    names.into_iter().map(|(at, name)| (line(at), name)).collect()
}

fn name(code: &str) -> String {
    code.chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect()
}

fn blanked(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let dark = comment(rest).or_else(|| string(&code, rest)).or_else(|| character(rest));
        match dark {
            Some(length) => {
                code.extend(rest[..length].chars().map(|char| if char == '\n' { '\n' } else { ' ' }));
                rest = &rest[length..];
            }
            None => {
                code.push(char);
                rest = &rest[char.len_utf8()..];
            }
        }
    }
    code
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let step = match &rest[at..] {
            here if here.starts_with("/*") => {
                depth += 1;
                2
            }
            here if here.starts_with("*/") => {
                depth -= 1;
                2
            }
            here => here.chars().next().map_or(1, char::len_utf8),
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    Some(at)
}

/// Returns the length of a string with its quotes; of a raw one including its marks, but without what precedes the `r`.
fn string(before: &str, rest: &str) -> Option<usize> {
    let in_name = before.ends_with(|char: char| char.is_alphanumeric() || char == '_') && !before.ends_with('b');
    if rest.starts_with('r') && !in_name {
        let marks = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
        let open = 1 + marks;
        if rest[open..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(marks));
            let end = rest[open + 1..].find(&close).map_or(rest.len(), |end| open + 1 + end + close.len());
            return Some(end);
        }
    }
    if !rest.starts_with('"') {
        return None;
    }
    let mut escaped = false;
    for (at, char) in rest.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    Some(rest.len())
}

/// Returns the length of a character literal, as opposed to a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    let length = if first == '\\' { inside[1..].chars().next()?.len_utf8() + 1 } else { first.len_utf8() };
    let end = inside[length..].find('\'')?;
    // `'a, b: 'c` is two lifetimes; `'\u{1b}'` is one character.
    (end == 0 || first == '\\').then_some(1 + length + end + 1)
}
