//! Parses the Markdown that the man pages take from the documents: the first paragraph of a section, and the rows of
//! its first table.

use std::io;

use clap_mangen::roff::{Inline, bold, roman};

/// Returns the section below this heading, without the heading.
fn section<'a>(document: &'a str, heading: &str) -> io::Result<&'a str> {
    let level = heading.split(' ').next().unwrap_or_default();
    let after = document.split_once(&format!("{heading}\n")).map(|(_, after)| after);
    let after = after.ok_or_else(|| io::Error::other(format!("the document has no section `{heading}`")))?;
    let end = (1..=level.len()).filter_map(|depth| after.find(&format!("\n{} ", "#".repeat(depth)))).min();
    Ok(&after[..end.unwrap_or(after.len())])
}

/// Returns the paragraph below a heading; nothing if a help block, a table or a code block comes first.
pub fn first_paragraph(document: &str, heading: &str) -> io::Result<Vec<Inline>> {
    let section = section(document, heading)?.trim_start();
    let paragraph = section.split("\n\n").next().unwrap_or_default();
    let is_prose = !paragraph.starts_with(['<', '|', '`', '!']);
    Ok(if is_prose { inlines(&paragraph.replace('\n', " ")) } else { Vec::new() })
}

/// Returns the rows of a section's first table: the first cell, and the others as one text.
pub fn table(document: &str, heading: &str) -> io::Result<Vec<(Vec<Inline>, Vec<Inline>)>> {
    let rows: Vec<_> = section(document, heading)?
        .lines()
        .skip_while(|line| !line.starts_with("| "))
        .map_while(|line| line.strip_prefix("| ")?.strip_suffix('|'))
        .skip(1)
        .filter(|line| !line.starts_with("---"))
        .filter_map(|line| line.split_once(" | "))
        .map(|(term, rest)| {
            let cells: Vec<&str> = rest.split(" | ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
            (inlines(term), inlines(&cells.join("; ")))
        })
        .collect();
    match rows.is_empty() {
        true => Err(io::Error::other(format!("the document has no table below `{heading}`"))),
        false => Ok(rows),
    }
}

/// Converts code to bold, and an emphasis or a link to its text.
fn inlines(text: &str) -> Vec<Inline> {
    let parts = text.trim().split('`').enumerate();
    parts
        .filter(|(_, part)| !part.is_empty())
        .map(|(index, part)| if index % 2 == 1 { bold(part) } else { roman(plain(part)) })
        .collect()
}

fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, words, after)) = link(rest) {
        out.push_str(before);
        out.push_str(words);
        rest = after;
    }
    out.push_str(rest);
    out.replace('*', "")
}

/// Returns the text before `[words](address)`, the words, and what follows.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.split_once("](")?;
    let (before, words) = words.rsplit_once('[')?;
    Some((before, words, rest.split_once(')')?.1))
}
