//! The lines that an edit may change: those with a known key, and their continuation lines.

use gads_creds::format::Format;

use super::error_response::is_part;

/// Comparing more lines than this would take too long.
const MOST: usize = 300;

/// Checks that every other line of the text is in the new one, byte for byte and in order.
#[track_caller]
pub fn stay(format: &dyn Format, text: &str, new: &str) {
    let name = format.name().as_str();
    // What these programs call the developer token and the customer.
    let also = |line: &str| {
        matches!(name, "dlt" | "singer") && ["dev_token", "customer_id"].iter().any(|key| line.contains(key))
    };
    let names_ours = |line: &str| names_ours(line) || also(line);
    for hunk in hunks(&split(name, text), &split(name, new)) {
        // The line above may be one with a known key that stays, while its value below is removed.
        let mut own = hunk.above.filter(|above| names_ours(above)).unwrap_or_default().to_owned();
        let added = hunk.added.concat();
        for removed in &hunk.removed {
            // One more comma, a line end for a last line without one, or another JSON member on the same line.
            let bare = removed.trim_end_matches(['\r', '\n', ',']).trim_end();
            let touched_up = is_part(bare, &added);
            let goes_on = !own.is_empty() && (is_open(name, &own) || !is_of_its_own(name, removed));
            // An XML element can have its key on a later line.
            let begins = name == "dotnet" && removed.trim_start().starts_with("<add");
            if names_ours(removed) || begins || goes_on {
                own.push_str(removed);
            } else {
                assert!(touched_up, "{name}: lost {removed:?}: {text:?} -> {new:?}");
            }
        }
        if let ([removed], [added]) = (&hunk.removed[..], &hunk.added[..]) {
            let kept = note(name, removed).filter(|_| names_ours(removed));
            assert!(
                kept.is_none_or(|note| added.trim_end_matches(['\r', '\n']).ends_with(note)),
                "{name}: {removed:?} -> {added:?}"
            );
        }
    }
}

/// Whether the line has a known key in it, in any spelling.
pub fn names_ours(line: &str) -> bool {
    let letters: String = line.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let ours = ["clientid", "clientsecret", "refreshtoken", "developertoken", "logincustomerid", "linkedcustomerid"];
    // Escapes can hide a key.
    line.contains(['\\', '&']) || ours.iter().any(|key| letters.contains(key))
}

/// Whether these lines continue: an escaped line end, an open quote, a block of text.
fn is_open(format: &str, lines: &str) -> bool {
    let quotes = |mark| lines.matches(mark).count() % 2 == 1;
    lines.trim_end_matches(['\r', '\n']).ends_with('\\')
        || quotes('"')
        || quotes('\'')
        || format == "python" && lines.contains(['|', '>', '{', '[', '?'])
}

/// Whether the line by itself would be a setting or a comment.
fn is_of_its_own(format: &str, line: &str) -> bool {
    let line = line.trim();
    match format {
        "python" => line.starts_with('#'),
        // `others` compares these with another parser.
        "dotnet" | "adc" => false,
        _ => line.starts_with(['#', ';']) || line.contains('='),
    }
}

/// The comment after a value, with the space before it.
fn note<'l>(format: &str, line: &'l str) -> Option<&'l str> {
    let mark = match format {
        "python" | "ruby" => " #",
        "php" => " ;",
        _ => return None,
    };
    let line = line.trim_end_matches(['\r', '\n']);
    let commented = line.trim_start().starts_with(['#', ';']);
    let note = &line[line.rfind(mark).filter(|_| !commented)?..];
    // With quotes in the line it is not clear where the comment begins.
    (!line.contains(['"', '\'']) && line.matches(mark).count() == 1).then_some(note)
}

struct Hunk<'l> {
    above: Option<&'l str>,
    removed: Vec<&'l str>,
    added: Vec<&'l str>,
}

/// Returns the differences between the lines.
fn hunks<'l>(all: &[&'l str], new: &[&'l str]) -> Vec<Hunk<'l>> {
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = all.iter().zip(new).take_while(same).count();
    let (old, new) = (&all[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    if old.len() > MOST || new.len() > MOST {
        return Vec::new();
    }
    // The longest common subsequence.
    let mut lengths = vec![vec![0; new.len() + 1]; old.len() + 1];
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            lengths[i][j] = if a == b { lengths[i + 1][j + 1] + 1 } else { lengths[i + 1][j].max(lengths[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut hunks, mut is_same) = (0, 0, Vec::new(), true);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j, is_same) = (i + 1, j + 1, true);
            continue;
        }
        if std::mem::take(&mut is_same) {
            let above = (head + i).checked_sub(1).map(|above| all[above]);
            hunks.push(Hunk { above, removed: Vec::new(), added: Vec::new() });
        }
        let hunk = hunks.last_mut().expect("one was pushed above");
        if j == new.len() || i < old.len() && lengths[i + 1][j] >= lengths[i][j + 1] {
            hunk.removed.push(old[i]);
            i += 1;
        } else {
            hunk.added.push(new[j]);
            j += 1;
        }
    }
    hunks
}

/// Returns the lines with their line ends; in YAML and Java a single carriage return is one.
fn split<'t>(format: &str, text: &'t str) -> Vec<&'t str> {
    if !matches!(format, "python" | "java") {
        return text.split_inclusive('\n').collect();
    }
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\r', '\n']) {
        let length = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        let (line, behind) = rest.split_at(at + length);
        lines.push(line);
        rest = behind;
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}
