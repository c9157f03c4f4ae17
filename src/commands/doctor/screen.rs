//! Shows findings: a line as each check ends; checks skipped for the same reason share one line.

use crate::error::Result;
use crate::term::{Term, layout};

use super::fix::Fixes;
use super::{Checked, Finding, Status};

/// The width of the status and the spaces after it.
const INDENT: usize = 6;

/// The findings shown so far.
pub struct Screen {
    term: Term,
    /// Show only what is wrong: nothing is stored, so the other findings would be of little use.
    brief: bool,
    /// Skipped checks with the same next step, which are shown together.
    skipped: Vec<Skipped>,
}

struct Skipped {
    name: &'static str,
    text: String,
    next: Option<String>,
}

impl Screen {
    pub fn new(term: Term, brief: bool) -> Screen {
        Screen { term, brief, skipped: Vec::new() }
    }

    /// Shows what was fixed and what could not be.
    pub fn show_fixes(&self, fixes: &Fixes) -> Result<()> {
        if self.term.json {
            return Ok(());
        }
        if fixes.done.is_empty() && fixes.failed.is_empty() {
            self.line(Status::Ok.name(), Status::Ok.color(), "nothing that `--fix` changes", None)?;
        }
        for (_, text) in &fixes.done {
            self.line("done", Status::Ok.color(), text, None)?;
        }
        for (_, error) in &fixes.failed {
            let next = error.next_step().map(|next| next.text(self.term.target()));
            let text = format!("not fixed: {}", error.message());
            self.line(Status::Warn.name(), Status::Warn.color(), &text, next.as_deref())?;
        }
        Ok(())
    }

    /// Whether the finding is shown although nothing is stored: it is wrong, or there is something to do.
    fn is_shown(&self, finding: &Finding) -> bool {
        match finding.status {
            Status::Ok => !self.brief || finding.next.is_some(),
            Status::Skip => !self.brief,
            Status::Warn | Status::Fail => true,
        }
    }

    /// Shows a finding; skipped checks are collected and shown together.
    pub fn show(&mut self, checked: &Checked) -> Result<()> {
        let finding = &checked.finding;
        let next = finding.hint(self.term);
        if self.term.json || !self.is_shown(finding) {
            return Ok(());
        }
        if finding.status == Status::Skip {
            let skipped = Skipped { name: checked.name, text: finding.text.clone(), next };
            let is_apart =
                |last: &Skipped| last.next != skipped.next || (last.next.is_none() && last.text != skipped.text);
            if self.skipped.last().is_some_and(is_apart) {
                self.finish()?;
            }
            self.skipped.push(skipped);
            return Ok(());
        }
        self.finish()?;
        self.status(finding.status, &format!("{}: {}", checked.name, finding.text), next.as_deref())
    }

    /// Shows the checks that were skipped last.
    pub fn finish(&mut self) -> Result<()> {
        let skipped = std::mem::take(&mut self.skipped);
        let Some(first) = skipped.first() else { return Ok(()) };
        let names: Vec<&str> = skipped.iter().map(|skipped| skipped.name).collect();
        let names = names.join(", ");
        match &first.next {
            // The reasons differ, but the step that makes the checks possible is the same.
            Some(next) if skipped.iter().any(|other| other.text != first.text) => {
                self.status(Status::Skip, &format!("{names}: {next}"), None)
            }
            next => self.status(Status::Skip, &format!("{names}: {}", first.text), next.as_deref()),
        }
    }

    fn status(&self, status: Status, text: &str, next: Option<&str>) -> Result<()> {
        self.line(status.name(), status.color(), text, next)
    }

    fn line(&self, label: &str, color: &str, text: &str, next: Option<&str>) -> Result<()> {
        let stdout = self.term.stdout;
        let room = stdout.columns.map(|columns| columns.saturating_sub(INDENT).max(20));
        let space = " ".repeat(INDENT);
        let mut out = String::new();
        for line in
            layout::wrapped(text, room).iter().chain(next.map(|next| layout::wrapped(next, room)).iter().flatten())
        {
            out.push_str(&format!("{space}{line}\n"));
        }
        let colored = stdout.colored(color, label);
        self.term.out(&format!("{colored}{}", &out[label.len()..]))
    }
}
