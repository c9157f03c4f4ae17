//! Changes one key of an entry in place.

use toml_edit::{Item, TableLike, Value};

/// Sets or removes one key; the comment on its line stays.
pub fn set(table: &mut dyn TableLike, key: &str, value: Option<Value>) {
    let Some(mut value) = value.map(on_one_line) else {
        table.remove(key);
        return;
    };
    if let Some(old) = table.get_mut(key).and_then(Item::as_value_mut) {
        *value.decor_mut() = old.decor().clone();
        *old = value;
    } else {
        table.insert(key, Item::Value(value));
    }
}

/// A text of several lines would be written as such, and its line ends would become those of the file.
fn on_one_line(value: Value) -> Value {
    let Some(text) = value.as_str().filter(|text| text.contains('\n')) else { return value };
    let escaped = |char: char| match char {
        '"' | '\\' | '\0'..='\x1f' | '\x7f' => format!("\\u{:04x}", u32::from(char)),
        char => char.to_string(),
    };
    let quoted: String = text.chars().map(escaped).collect();
    format!("\"{quoted}\"").parse().unwrap_or(value)
}
