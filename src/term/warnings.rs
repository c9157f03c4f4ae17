//! The warnings that were printed, for the JSON object of the result.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

/// The warnings, each with its next step.
#[derive(Debug, Default)]
pub struct Warnings(Mutex<Printed>);

#[derive(Debug, Default)]
struct Printed {
    warnings: Vec<(String, Option<String>)>,
    /// A next step that is printed now belongs to the last of them.
    is_last: bool,
}

impl Warnings {
    pub fn add(&self, line: &str) {
        let mut printed = self.printed();
        printed.warnings.push((line.to_owned(), None));
        printed.is_last = true;
    }

    /// Adds a next step to the last warning, unless something else was printed since.
    pub fn add_step(&self, text: &str) {
        let mut printed = self.printed();
        let is_last = printed.is_last;
        if let Some((_, step)) = printed.warnings.last_mut().filter(|_| is_last) {
            *step = Some(step.as_ref().map_or_else(|| text.to_owned(), |first| format!("{first}; {text}")));
        }
    }

    /// Something else was printed.
    pub fn end(&self) {
        self.printed().is_last = false;
    }

    /// Returns those that were printed since this was last called.
    pub fn take(&self) -> Value {
        let printed = std::mem::take(&mut *self.printed());
        let object = |(message, hint)| json!({ "message": message, "hint": hint });
        printed.warnings.into_iter().map(object).collect()
    }

    fn printed(&self) -> MutexGuard<'_, Printed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
