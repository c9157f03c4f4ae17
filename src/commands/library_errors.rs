//! Lines that make a file's reader fail although the credentials are right: those that could not be changed, and those
//! that this program does not set.

use crate::diagnosis;
use crate::format::{DiagnosticCode, Severity};
use crate::profile::Location;
use crate::store::Store;
use crate::term::Term;

/// Warns about each, with the step that fixes it.
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
