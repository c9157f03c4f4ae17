//! Renders a table that fits the terminal: columns as wide as needed, on a narrow terminal the least important left out and the
//! last one below the others.

use crate::term::layout::{self, cut, cut_middle, padded, width};

/// The gap between two columns.
const GAP: usize = 2;
/// The least width of the last column, a path or a location, which is useless when shorter.
const LEAST: usize = 16;
/// The cell of what is not known.
pub const NOTHING: &str = "-";

/// Returns the rows below their headings. The last column takes the remaining width; if that is too narrow, columns
/// before it are left out, from the right.
pub fn text(headings: &[&str], rows: Vec<Vec<String>>, most_important: usize, columns: Option<usize>) -> String {
    let heading = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let mut lines = vec![heading];
    lines.extend(rows);
    let mut shown: Vec<usize> = (0..headings.len()).collect();
    let last = headings.len() - 1;
    let natural = |column: usize| lines.iter().map(|line| width(&line[column])).max().unwrap_or_default();
    // One long name must not cost every row its other columns: it is shortened before they are left out, where they do not all
    // fit.
    let widest = |shown: &[usize], column: usize| {
        let all: usize = shown.iter().map(|column| natural(*column) + GAP).sum();
        match columns.filter(|columns| column == 0 && most_important > 1 && all - GAP > *columns) {
            Some(columns) => natural(0).min((columns / 3).max(LEAST)),
            None => natural(column),
        }
    };
    let taken = |shown: &[usize]| {
        shown.iter().filter(|column| **column != last).map(|column| widest(shown, *column) + GAP).sum()
    };
    let room = |shown: &[usize]| columns.map(|columns| columns.saturating_sub(taken(shown)));
    let is_empty = |column: usize| lines[1..].iter().all(|line| line[column] == NOTHING);
    if room(&shown).is_some_and(|room| room < natural(last)) {
        shown.retain(|column| *column < most_important || *column == last || !is_empty(*column));
    }
    while room(&shown).is_some_and(|room| room < LEAST.min(natural(last))) && shown.len() > most_important + 1 {
        shown.remove(shown.len() - 2);
    }
    // Where it has no room beside the others, the last one is below them; where they do not fit either, each has lines of its own.
    let narrow = columns.filter(|_| room(&shown).is_some_and(|room| room < LEAST / 2));
    if narrow.is_some() {
        shown.pop();
    }
    let stacked = narrow.filter(|columns| taken(&shown) > columns + GAP);
    let below = |cell: &str, columns: usize| -> String {
        layout::broken(cell, columns.saturating_sub(GAP)).iter().map(|part| format!("{:GAP$}{part}\n", "")).collect()
    };
    let last_room = room(&shown).map(|room| room.max(1));
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        if let Some(columns) = stacked.filter(|_| number > 0) {
            let (first, others) = shown.split_first().map_or((last, &[][..]), |(first, others)| (*first, others));
            layout::broken(&line[first], columns).iter().for_each(|part| text.push_str(&format!("{part}\n")));
            others.iter().for_each(|column| text.push_str(&below(&line[*column], columns)));
            text.push_str(&below(&line[last], columns));
            continue;
        }
        let mut out = String::new();
        for column in &shown {
            let cell = &line[*column];
            match last_room {
                _ if *column != last => {
                    let width = widest(&shown, *column);
                    out.push_str(&padded(&cut_middle(cell, width), width + GAP));
                }
                Some(room) => out.push_str(&cut_middle(cell, room)),
                None => out.push_str(cell),
            }
        }
        let out = out.trim_end();
        let out = columns.map_or_else(|| out.to_owned(), |columns| cut(out, columns));
        text.push_str(&out);
        text.push('\n');
        if let Some(columns) = narrow.filter(|_| number > 0) {
            text.push_str(&below(&line[last], columns));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::text;

    fn shown(columns: Option<usize>) -> String {
        let row = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
        let rows = vec![
            row(["alpha (default)", "in 5 days", "1234567890", "ada@example.com", "/home/ada/google-ads-alpha.yaml"]),
            row(["b", "-", "-", "-", "keychain"]),
        ];
        text(&["PROFILE", "STATE", "LOGIN CUSTOMER", "ACCOUNT", "LOCATION"], rows, 2, columns)
    }

    #[test]
    fn it_is_as_wide_as_it_needs_to_be_where_nothing_limits_it() {
        assert_eq!(
            shown(None),
            "PROFILE          STATE      LOGIN CUSTOMER  ACCOUNT          LOCATION\n\
             alpha (default)  in 5 days  1234567890      ada@example.com  /home/ada/google-ads-alpha.yaml\n\
             b                -          -               -                keychain\n"
        );
    }

    #[test]
    fn one_long_name_leaves_the_other_columns() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = vec![
            row([&"long-".repeat(12), "expires in 5 days", "/home/ada/long.yaml"]),
            row(["b", "file not found", "keychain"]),
        ];
        for columns in [40, 60, 80] {
            let table = text(&["PROFILE", "STATE", "LOCATION"], rows.clone(), 2, Some(columns));
            assert!(table.contains("expires in 5 days") && table.contains("file not found"), "{columns}:\n{table}");
            assert!(
                table.lines().all(|line| line.chars().filter(|char| *char == '…').count() <= 2),
                "{columns}:\n{table}"
            );
            assert_eq!(table.contains("LOCATION"), columns > 40, "{columns}:\n{table}");
        }
    }

    #[test]
    fn a_state_without_a_name_is_never_cut() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let rows = vec![row(["expires in 2 days", "/home/ada/a-rather-long-name.yaml"])];
        for columns in [36, 40, 50] {
            let table = text(&["STATE", "LOCATION"], rows.clone(), 1, Some(columns));
            assert!(table.contains("expires in 2 days  "), "{columns}:\n{table}");
        }
    }

    #[test]
    fn it_fits_every_terminal_and_keeps_names_and_expiry() {
        for columns in [20, 40, 60, 80, 120] {
            let table = shown(Some(columns));
            assert!(table.lines().all(|line| line.chars().count() <= columns), "{columns}:\n{table}");
            assert!(table.starts_with("PROFILE") && table.contains("alpha (default)"), "{columns}:\n{table}");
        }
        let narrow = shown(Some(20));
        for whole in
            ["alpha (default)\n", "  in 5 days\n", "  /home/ada/google-a\n  ds-alpha.yaml\n", "b\n", "  keychain\n"]
        {
            assert!(narrow.contains(whole), "{whole:?}:\n{narrow}");
        }
        assert!(shown(Some(40)).contains("in 5 days") && !shown(Some(40)).contains("ada@"), "{}", shown(Some(40)));
        assert!(shown(Some(80)).contains("…s-alpha.yaml"), "{}", shown(Some(80)));
    }
}
