//! What to do after a login: the lines that create a client in the library's language, or the command that tests the
//! token.

use crate::format::{DefaultLocation, Format, FormatName};
use crate::hint::Hint;
use crate::paths;
use crate::profile::{Location, Profile};
use crate::store::Store;
use crate::term::Term;

/// Prints it for a person; a script needs none.
pub fn say(term: Term, profile: &Profile, store: &dyn Store) {
    if term.stderr.columns.is_none() || term.json {
        return;
    }
    let lines = match (&profile.location, store.format()) {
        (Location::File { path, .. }, Some(format)) => {
            let path = (!is_default(path, format)).then(|| path.display().to_string());
            snippet(format.name(), path.as_deref())
        }
        _ => None,
    };
    let Some(lines) = lines else {
        let step = Hint::from("Next: `gads-creds refresh` proves that the token works.");
        return term.say(&step.text(&profile.target()));
    };
    term.say("Next, in your program:");
    term.say("");
    if !term.quiet {
        // Code that is copied must not have a line break in it.
        lines.iter().for_each(|line| term.row(&format!("  {line}")));
    }
}

/// Whether the library looks there by default.
fn is_default(path: &std::path::Path, format: &dyn Format) -> bool {
    match format.default_location() {
        DefaultLocation::Home(name) => paths::home().is_ok_and(|home| home.join(name) == path),
        _ => false,
    }
}

/// Returns the lines for a language with a loader for the file; `path` unless the library finds it by itself.
fn snippet(format: FormatName, path: Option<&str>) -> Option<Vec<String>> {
    // A path that would have to be escaped in the language is left to the reader.
    let plain = |text: &str| !text.contains(['"', '\'', '\\', '$', '\n']);
    if path.is_some_and(|path| !plain(path)) {
        return None;
    }
    let quoted = path.map(|path| format!("\"{path}\"")).unwrap_or_default();
    let lines: Vec<String> = match format {
        FormatName::Python => vec![
            "from google.ads.googleads.client import GoogleAdsClient".to_owned(),
            format!("client = GoogleAdsClient.load_from_storage({quoted})"),
        ],
        FormatName::Java => {
            let from = path.map(|path| format!("new java.io.File(\"{path}\")")).unwrap_or_default();
            vec![
                "import com.google.ads.googleads.lib.GoogleAdsClient;".to_owned(),
                format!("GoogleAdsClient client = GoogleAdsClient.newBuilder().fromPropertiesFile({from}).build();"),
            ]
        }
        FormatName::Ruby => vec![
            "require 'google/ads/google_ads'".to_owned(),
            format!(
                "client = Google::Ads::GoogleAds::GoogleAdsClient.new{}",
                path.map(|path| format!("('{path}')")).unwrap_or_default()
            ),
        ],
        _ => return None,
    };
    Some(lines)
}
