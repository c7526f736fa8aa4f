//! Whether a run did what it must.

use std::fmt::Write as _;

use super::error::{CliError, Exit};
use crate::language::repro::{Expect, Verdict};
use crate::report::evidence::evidence;
use crate::report::look::Look;
use crate::report::replayed::{ReplayedRun, SeenReport};
use crate::report::words::wrapped;
use crate::run::{Failure, Run};

/// A run and whether it did what it must.
pub(super) struct Outcome {
    pub(super) exit: Exit,
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

impl Outcome {
    /// Compares a run with what was expected. A violation counts if it is among those that came: a
    /// judge that joins later and speaks earlier does not make a file wrong.
    pub(super) fn of(run: &Run, expect: Option<&Expect>, strict: bool) -> Outcome {
        let Some(expect) = expect else {
            return Outcome { exit: exit_of(run), text: seen(run), notes: Vec::new() };
        };
        let mut notes = Vec::new();
        let (mut exit, mut text) = match expect.outcome {
            Verdict::Pass if exit_of(run) == Exit::Passed => {
                (Exit::Passed, format!("{}, as expected", seen(run)))
            }
            Verdict::Pass => (Exit::Violation, format!("{}, expected to pass", seen(run))),
            Verdict::Violation => Outcome::named(run, expect, &mut notes),
        };
        if let Some(hash) = expect.hash.filter(|&hash| hash != run.hash) {
            let note = format!("hash {:016x}, the file says {hash:016x}", run.hash);
            if strict && exit == Exit::Passed {
                exit = Exit::Differs;
                text = format!("another run than before: {note}");
            } else {
                notes.push(format!(
                    "another path: {note}; the target or raft-sim has changed since"
                ));
            }
        }
        Outcome { exit, text, notes }
    }

    fn named(run: &Run, expect: &Expect, notes: &mut Vec<String>) -> (Exit, String) {
        let name = expect.invariant.as_deref().unwrap_or_default();
        let is_it = |failure: &&Failure| {
            let violation = &failure.violation;
            violation.invariant.name == name
                && (expect.place.is_none() || expect.place == violation.place)
        };
        let Some(failure) = run.failures.iter().find(is_it) else {
            let now = match run.failure() {
                None => "now passes: fixed?".to_owned(),
                Some(_) => format!("now {}", seen(run)),
            };
            let place = expect.place.as_ref().map_or_else(String::new, |it| format!(" at {it}"));
            return (Exit::Differs, format!("expected {name}{place}, {now}"));
        };
        if expect.actions.is_some_and(|actions| actions as usize != failure.actions) {
            notes.push(format!("at action {}, not as before", failure.actions));
        }
        (Exit::Passed, format!("{name} at action {}, as expected", failure.actions))
    }

    pub(super) fn not_deterministic() -> Outcome {
        let text = "not deterministic: two runs of it differ".to_owned();
        Outcome { exit: Exit::NotDeterministic, text, notes: Vec::new() }
    }

    /// Why it could not be run.
    pub(super) fn of_error(error: &CliError) -> Outcome {
        Outcome { exit: error.kind, text: error.message.clone(), notes: error.hints.clone() }
    }

    /// As it is reported to programs.
    pub(super) fn report(self, what: &str, seen: Option<SeenReport>) -> ReplayedRun {
        let Outcome { exit, text, notes } = self;
        ReplayedRun { what: what.to_owned(), exit: exit as u8, outcome: text, notes, seen }
    }

    /// In one line.
    pub(super) fn with_notes(&self) -> String {
        let mut text = self.text.clone();
        for note in &self.notes {
            let _ = write!(text, " ({note})");
        }
        text
    }

    pub(super) fn text(&self, look: Look) -> String {
        match self.exit {
            Exit::Passed => look.green(&self.text),
            _ => look.red(&self.text),
        }
    }
}

/// Violations that a fault outside the model excuses are none.
pub(super) fn exit_of(run: &Run) -> Exit {
    if run.alarms().is_empty() { Exit::Passed } else { Exit::Violation }
}

fn seen(run: &Run) -> String {
    match run.failure() {
        None => "no violation".to_owned(),
        Some(failure) => {
            let excused = match failure.violation.expected {
                Some(_) => " (expected: a fault came before it that no Raft survives)",
                None => "",
            };
            format!("{} at action {}{excused}", failure.violation.invariant.name, failure.actions)
        }
    }
}

pub(super) fn violated(failure: &Failure, look: Look) -> String {
    let violation = &failure.violation;
    let place = violation.place.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
    let name = look.red(&format!("✗ {}", violation.invariant.name));
    let evidence = wrapped(&evidence(violation), look.width - 4).join("\n    ");
    format!("{name}{place}  action {}\n    {evidence}\n", failure.actions)
}

/// The gravest: what is not deterministic says nothing, then violations, differences, errors.
pub(super) fn gravest(exits: &[Exit]) -> Exit {
    let order = [Exit::NotDeterministic, Exit::Violation, Exit::Differs];
    let grave = order.into_iter().find(|exit| exits.contains(exit));
    grave.or_else(|| exits.iter().max().copied()).unwrap_or(Exit::Passed)
}
