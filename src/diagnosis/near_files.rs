//! The file that is there where another of nearly the same name is looked for: `google-ads.yml`, `googleads.yaml`,
//! `google-ads.yaml.txt`.

use std::fs;
use std::path::{Path, PathBuf};

/// The file in the same directory whose name differs only in what people and their programs get wrong; the first, if there are
/// several.
pub fn find(path: &Path) -> Option<PathBuf> {
    let wanted = path.file_name()?.to_str()?;
    let mut names: Vec<String> = fs::read_dir(path.parent()?)
        .ok()?
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name != wanted && plain(name) == plain(wanted))
        .collect();
    names.sort();
    names.into_iter().map(|name| path.with_file_name(name)).find(|near| near.is_file())
}

/// The name without what is easily mistaken: capitals, separators, a second ending, the number of a download.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let name = lower.strip_suffix(".txt").unwrap_or(&lower);
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let numbered = stem.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let stem = match numbered {
        Some((rest, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => stem,
    };
    let letters: String = stem.chars().filter(|char| char.is_alphanumeric()).collect();
    format!("{letters}.{}", if end == "yml" { "yaml" } else { end })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_that_are_easily_mistaken_are_alike() {
        for name in [
            "googleads.yaml",
            "google-ads.yaml.txt",
            "google-ads.yml",
            "Google_Ads.YAML",
            "google-ads (1).yaml",
            ".google-ads.yaml",
        ] {
            assert_eq!(plain(name), plain("google-ads.yaml"), "{name}");
        }
        for name in ["google-ads.yaml.bak", "google-ads.json", "google-ads-work.yaml", "google-ads.yaml.example"] {
            assert_ne!(plain(name), plain("google-ads.yaml"), "{name}");
        }
    }
}
