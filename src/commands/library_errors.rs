//! What a file's reader will fail on although the credentials in it are right: lines that were not there to be changed, and
//! what this program does not have.

use crate::diagnosis;
use crate::format::{DiagnosticCode, Severity};
use crate::profile::Location;
use crate::store::Store;
use crate::term::Term;

/// Warns of each, with the step that fixes it.
pub fn warn(location: &Location, store: &dyn Store, term: Term) {
    let (Some(format), Ok(contents)) = (store.format(), store.load()) else { return };
    for diagnostic in contents.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error) {
        term.warn(&format!("{}: {diagnostic}", store.location()));
        match diagnostic.code {
            DiagnosticCode::Missing if diagnostic.field.is_some() => term.hint(diagnosis::step(diagnostic, location)),
            _ => term.hint(format!("fix that line, or the {} fails on it", format.reader())),
        }
    }
}
