//! What `set` did, in one line and as JSON.

use serde_json::{Value, json};

use crate::error::Result;
use crate::profile::{Location, Profile};
use crate::term::{Term, layout};

/// A field that was changed.
pub struct Change {
    /// In messages.
    pub name: &'static str,
    /// In JSON.
    pub key: &'static str,
    /// Whether it is gone.
    pub is_removed: bool,
    /// The new value, unless it is a secret.
    pub value: Option<String>,
}

/// What was set where.
pub struct Done {
    pub profile: Option<String>,
    pub location: Location,
    pub changed: Vec<Change>,
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
        if term.json { term.out_json(&term.with_warnings(self.json())) } else { Ok(()) }
    }

    /// Returns the result in one line.
    pub fn line(&self) -> String {
        let name = self.profile.as_ref().map(|name| format!(" of profile `{name}`")).unwrap_or_default();
        let set = self.sentences(&name).join("; ");
        let default = self.profile.as_ref().filter(|_| self.is_default);
        match (self.changed.is_empty(), default) {
            (true, None) => format!("nothing to change: {} holds these values already", self.location),
            (true, Some(name)) => format!("profile `{name}` is the default now"),
            (false, None) => set,
            (false, Some(_)) => format!("{set}; it is the default now"),
        }
    }

    fn sentences(&self, name: &str) -> Vec<String> {
        let (removed, set): (Vec<_>, Vec<_>) = self.changed.iter().partition(|change| change.is_removed);
        let text = |change: &&Change| match &change.value {
            Some(value) => format!("the {} ({value})", change.name),
            None => format!("the {}", change.name),
        };
        let sentence = |verb: &str, changes: Vec<&Change>, at: &str| {
            let list = layout::list(&changes.iter().map(text).collect::<Vec<_>>(), "and");
            (!changes.is_empty()).then(|| format!("{verb} {list}{name} {at} {}", self.location))
        };
        [sentence("set", set, "in"), sentence("removed", removed, "from")].into_iter().flatten().collect()
    }

    pub fn json(&self) -> Value {
        let fields = self.changed.iter().map(|change| change.key);
        let changed: Vec<&str> = fields.chain(self.is_default.then_some("default")).collect();
        json!({ "profile": self.profile, "location": self.location.plain(), "changed": changed })
    }
}
