//! Lines that make a file's reader fail although the credentials are right: those that could not be changed, and those
//! that this program does not set.

use crate::diagnosis;
use crate::error::Error;
use crate::format::Severity;
use crate::hint::Target;
use crate::profile::Location;
use crate::store::Store;
use crate::term::Term;

/// Warns about each, with the step that fixes it in this file, which `target` names.
pub fn warn(location: &Location, store: &dyn Store, target: &Target, term: Term) {
    let Ok(Some(contents)) = store.load_for_faults() else { return };
    for diagnostic in contents.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error) {
        let error = Error::parse(format!("{}: {diagnostic}", store.location()));
        term.warn_of(&error.hint(diagnosis::step(diagnostic, location)).about(target.clone()));
    }
}
