//! What `set` did, in one line and as JSON.

use serde_json::{Value, json};

use crate::error::Result;
use crate::profile::{Location, Profile};
use crate::term::Term;

/// What was set where.
pub struct Done {
    pub profile: Option<String>,
    pub location: Location,
    /// The name in messages and the one in JSON.
    pub changed: Vec<(&'static str, &'static str)>,
    /// The profile became the default one.
    pub is_default: bool,
    pub notes: Vec<String>,
}

impl Done {
    pub fn nothing(profile: &Profile) -> Done {
        Done {
            profile: profile.name.as_ref().map(ToString::to_string),
            location: profile.location.clone(),
            changed: Vec::new(),
            is_default: false,
            notes: Vec::new(),
        }
    }

    pub fn report(&self, term: Term) -> Result<()> {
        self.notes.iter().for_each(|note| term.say(note));
        term.say(&self.line());
        if term.json { term.out_json(&self.json()) } else { Ok(()) }
    }

    /// Returns the result in one line.
    pub fn line(&self) -> String {
        let name = self.profile.as_ref().map(|name| format!(" of profile `{name}`")).unwrap_or_default();
        let fields: Vec<&str> = self.changed.iter().map(|(name, _)| *name).collect();
        let set = format!("set the {}{name} in {}", fields.join(" and the "), self.location);
        let default = self.profile.as_ref().filter(|_| self.is_default);
        match (fields.is_empty(), default) {
            (true, None) => format!("nothing to change: {} holds these values already", self.location),
            (true, Some(name)) => format!("profile `{name}` is the default now"),
            (false, None) => set,
            (false, Some(_)) => format!("{set}; it is the default now"),
        }
    }

    pub fn json(&self) -> Value {
        let fields = self.changed.iter().map(|(_, key)| *key);
        let changed: Vec<&str> = fields.chain(self.is_default.then_some("default")).collect();
        json!({ "profile": self.profile, "location": self.location.plain(), "changed": changed })
    }
}
