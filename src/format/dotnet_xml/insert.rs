//! Inserts lines into an `App.config`, with the indentation and the line ends of the file.

use std::ops::Range;

use crate::format::dotnet_xml::outline::Container;
use crate::format::text_edit;

/// Inserts a line after an element and the comments on its line.
pub fn after(text: &str, element: &Range<usize>, line: &str) -> String {
    let stop = text_edit::line_stop(text, element.end);
    let rest = text[element.end..stop].trim();
    let is_comment = rest.starts_with("<!--") && rest.find("-->") == Some(rest.len() - 3);
    let at = if rest.is_empty() || is_comment { stop } else { element.end };
    let (line_end, indent) = (text_edit::line_end(text), text_edit::indent(text, element.start));
    text_edit::apply(text, vec![(at..at, format!("{line_end}{indent}{line}"))])
}

/// Inserts lines at the end of a container; a tab before a line indents it by one more level.
pub fn last(text: &str, container: &Container, lines: &[&str]) -> String {
    let (line_end, indent) = (text_edit::line_end(text), text_edit::indent(text, container.start_tag.start));
    let added: String = indented(text, container, lines).map(|line| line + line_end).collect();
    if container.is_closed_in_start_tag {
        let tag = text[container.start_tag.clone()].trim_end_matches("/>").trim_end();
        let name = tag.trim_start_matches('<').split_ascii_whitespace().next().unwrap_or_default();
        let spelled = format!("{tag}>{line_end}{added}{indent}</{name}>");
        return text_edit::apply(text, vec![(container.start_tag.clone(), spelled)]);
    }
    let close = container.inside.end;
    if text_edit::begins_line(text, close) && text_edit::line_start(text, close) > container.inside.start {
        let at = text_edit::line_start(text, close);
        return text_edit::apply(text, vec![(at..at, added)]);
    }
    text_edit::apply(text, vec![(close..close, format!("{line_end}{added}{indent}"))])
}

/// Inserts lines at the beginning of a container.
pub fn first(text: &str, container: &Container, lines: &[&str]) -> String {
    let line_end = text_edit::line_end(text);
    let added: String = indented(text, container, lines).map(|line| format!("{line_end}{line}")).collect();
    text_edit::apply(text, vec![(container.inside.start..container.inside.start, added)])
}

/// The lines with the indentation of the container's content, or if it is empty, with one level more than its own.
fn indented(text: &str, container: &Container, lines: &[&str]) -> impl Iterator<Item = String> {
    let own = text_edit::indent(text, container.start_tag.start);
    let child = text[container.inside.clone()].find('<').map(|at| container.inside.start + at);
    let child = child.filter(|at| text_edit::begins_line(text, *at)).map(|at| text_edit::indent(text, at));
    // A container is the root or in the root: it is indented by one level or not at all.
    let level = child.and_then(|child| child.strip_prefix(own)).unwrap_or(own);
    let level = if level.is_empty() { "  " } else { level }.to_owned();
    let indent = format!("{own}{level}");
    lines.iter().map(move |line| format!("{indent}{}", line.replace('\t', &level)))
}
