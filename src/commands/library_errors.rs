//! Lines that make a file's reader fail although the credentials are right: those that could not be changed, and those
//! that this program does not set.

use crate::diagnosis;
use crate::format::Severity;
use crate::profile::Location;
use crate::store::Store;
use crate::term::Term;

/// Warns about each, with the step that fixes it.
pub fn warn(location: &Location, store: &dyn Store, term: Term) {
    let Ok(Some(contents)) = store.load_for_faults() else { return };
    for diagnostic in contents.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error) {
        term.warn(&format!("{}: {diagnostic}", store.location()));
        term.hint(diagnosis::step(diagnostic, location));
    }
}
