//! Restores the line ends of profiles.toml, which toml_edit normalizes to LF.
//!
//! A file edited with two editors may contain both kinds. Each unchanged line keeps its line end; a new line takes that
//! of the line it replaces, or of the line before.

/// The size limit of the comparison table: thousands of lines, all of them changed.
const MOST: usize = 1 << 22;

const PLAIN: &str = "\n";
const OF_WINDOWS: &str = "\r\n";

/// Returns the text with LF only, for toml_edit.
pub fn plain(text: &str) -> String {
    text.replace(OF_WINDOWS, PLAIN)
}

/// Returns the edited text with the line ends of the old one; `None` if there is too much to compare.
pub fn restored(old: &str, edited: &str) -> Option<String> {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let mut ends = old.iter().filter_map(|line| end(line));
    let first = ends.next().unwrap_or(PLAIN);
    if ends.all(|end| end == first) {
        return Some(if first == PLAIN { edited.to_owned() } else { edited.replace(PLAIN, OF_WINDOWS) });
    }
    let edited: Vec<&str> = edited.split_inclusive('\n').collect();
    let start = old.iter().zip(&edited).take_while(|(a, b)| content(a) == content(b)).count();
    let alike = old[start..].iter().rev().zip(edited[start..].iter().rev());
    let tail = alike.take_while(|(a, b)| content(a) == content(b)).count();
    let middle = Middle::new(&old[start..old.len() - tail], &edited[start..edited.len() - tail])?;

    let mut text = Ended { text: String::new(), end: first };
    old[..start].iter().zip(&edited).for_each(|(old, line)| text.push_kept(old, line));
    middle.walk(&mut text);
    let rest = edited.len() - tail;
    old[old.len() - tail..].iter().zip(&edited[rest..]).for_each(|(old, line)| text.push_kept(old, line));
    Some(text.text)
}

/// The text so far, and the line end for a new line.
struct Ended {
    text: String,
    end: &'static str,
}

impl Ended {
    fn push_kept(&mut self, old: &str, line: &str) {
        self.passes(old);
        self.push(line);
    }

    fn passes(&mut self, old: &str) {
        self.end = end(old).unwrap_or(self.end);
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(content(line));
        self.text.push_str(end(line).map_or("", |_| self.end));
    }
}

/// The lines between the common head and the common tail.
struct Middle<'t> {
    old: &'t [&'t str],
    edited: &'t [&'t str],
    /// For each pair of lines, the length of the longest common subsequence of the lines after it.
    common: Vec<Vec<usize>>,
}

impl<'t> Middle<'t> {
    fn new(old: &'t [&'t str], edited: &'t [&'t str]) -> Option<Middle<'t>> {
        if old.len().saturating_mul(edited.len()) > MOST {
            return None;
        }
        let mut common = vec![vec![0; edited.len() + 1]; old.len() + 1];
        for i in (0..old.len()).rev() {
            for j in (0..edited.len()).rev() {
                common[i][j] = match content(old[i]) == content(edited[j]) {
                    true => common[i + 1][j + 1] + 1,
                    false => common[i + 1][j].max(common[i][j + 1]),
                };
            }
        }
        Some(Middle { old, edited, common })
    }

    fn walk(&self, text: &mut Ended) {
        let (mut i, mut j) = (0, 0);
        while j < self.edited.len() {
            match self.old.get(i) {
                Some(old) if content(old) == content(self.edited[j]) => {
                    text.push_kept(old, self.edited[j]);
                    (i, j) = (i + 1, j + 1);
                }
                // A removed line comes first, so that its replacement takes its line end.
                Some(old) if self.common[i + 1][j] >= self.common[i][j + 1] => {
                    text.passes(old);
                    i += 1;
                }
                _ => {
                    text.push(self.edited[j]);
                    j += 1;
                }
            }
        }
    }
}

fn end(line: &str) -> Option<&'static str> {
    match line {
        _ if line.ends_with(OF_WINDOWS) => Some(OF_WINDOWS),
        _ if line.ends_with(PLAIN) => Some(PLAIN),
        _ => None,
    }
}

fn content(line: &str) -> &str {
    line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line))
}
