//! The next line of a script: this is how everything is replayed and minimized.
//!
//! A line names a message symbolically. It means, in order: an undelivered message on the link
//! with the same content; one with the same content that has already arrived (a duplicate); the
//! newest undelivered message of the same kind with the same outcome on the link. While a script
//! is being minimized a line that means nothing is skipped; in a saved script it is an error.

use super::Scheduler;
use super::walk::ACTION_US;
use crate::language::action::{Action, Pattern, Scope};
use crate::world::Event;
use crate::world::stage::{Flight, Stage};

/// How far a line may be from what it names.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Matching {
    /// A signature that is given must match; what means nothing is an error.
    Strict,
    /// The nearest message is meant; what means nothing is skipped.
    Forgiving,
}

/// Chooses the next line of a script, whatever there is to choose from.
pub struct Lines<'a> {
    actions: &'a [Action],
    matching: Matching,
    /// How many lines are read.
    read: usize,
    skipped: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// At the beginning.
    pub const fn new(actions: &'a [Action], matching: Matching) -> Self {
        Lines { actions, matching, read: 0, skipped: Vec::new() }
    }

    /// Positions of the lines that meant nothing when their turn came.
    pub fn skipped(self) -> Vec<usize> {
        self.skipped
    }
}

impl Scheduler for Lines<'_> {
    fn next(&mut self, stage: &Stage) -> Option<(u64, Event)> {
        let action = self.actions.get(self.read)?;
        self.read += 1;
        // A line that means nothing is an event that cannot happen: messages never come plainly.
        let event = resolve(action, stage, self.matching).unwrap_or(Event::Plain(*action));
        Some((stage.now_us + ACTION_US, event))
    }

    fn heard(&mut self, happened: bool) {
        if !happened {
            self.skipped.push(self.read - 1);
        }
    }
}

/// The event that an action means now; `None` if it means nothing.
pub fn resolve(action: &Action, stage: &Stage, matching: Matching) -> Option<Event> {
    match action {
        Action::Deliver(pattern) => arrive(pattern, stage, matching),
        Action::Duplicate(pattern) => again(pattern, stage, matching),
        Action::Drop(pattern) => on_the_way(pattern, stage, matching).map(Event::Drop),
        plain => Some(Event::Plain(*plain)),
    }
}

/// The shortest line that means an event: without the hash of a message's content, where the newest
/// of its name is meant.
pub fn line(event: Event, stage: &Stage) -> Action {
    let exact = match event {
        Event::Deliver(slot) => Action::Deliver(stage.pattern(&stage.flights[slot])),
        Event::Drop(slot) => Action::Drop(stage.pattern(&stage.flights[slot])),
        Event::Duplicate(slot) => Action::Duplicate(stage.pattern(&stage.delivered[slot])),
        Event::Plain(action) => action,
    };
    let short = exact.unsigned();
    if resolve(&short, stage, Matching::Strict) == Some(event) { short } else { exact }
}

fn arrive(pattern: &Pattern, stage: &Stage, matching: Matching) -> Option<Event> {
    let exact = exact_on_the_way(pattern, stage).map(Event::Deliver);
    if exact.is_some() || (pattern.signature.is_some() && matching == Matching::Strict) {
        return exact;
    }
    let duplicate = || match (pattern.signature, matching) {
        (Some(_), Matching::Forgiving) => exact_delivered(pattern, stage).map(Event::Duplicate),
        _ => None,
    };
    duplicate().or_else(|| newest_on_the_way(pattern, stage).map(Event::Deliver))
}

fn again(pattern: &Pattern, stage: &Stage, matching: Matching) -> Option<Event> {
    let exact = exact_delivered(pattern, stage).map(Event::Duplicate);
    if exact.is_some() || (pattern.signature.is_some() && matching == Matching::Strict) {
        return exact;
    }
    let duplicate = newest(pattern, stage, stage.delivered.iter()).map(Event::Duplicate);
    match matching {
        Matching::Strict => duplicate,
        Matching::Forgiving => exact_on_the_way(pattern, stage).map(Event::Deliver).or(duplicate),
    }
}

fn on_the_way(pattern: &Pattern, stage: &Stage, matching: Matching) -> Option<usize> {
    let exact = exact_on_the_way(pattern, stage);
    if exact.is_some() || (pattern.signature.is_some() && matching == Matching::Strict) {
        return exact;
    }
    newest_on_the_way(pattern, stage)
}

fn exact_on_the_way(pattern: &Pattern, stage: &Stage) -> Option<usize> {
    exact(pattern, stage, stage.flights.iter())
}

fn exact_delivered(pattern: &Pattern, stage: &Stage) -> Option<usize> {
    exact(pattern, stage, stage.delivered.iter())
}

fn newest_on_the_way(pattern: &Pattern, stage: &Stage) -> Option<usize> {
    newest(pattern, stage, stage.flights.iter())
}

/// Position of the newest message with the pattern's signature.
fn exact<'a>(
    pattern: &Pattern,
    stage: &Stage,
    flights: impl Iterator<Item = &'a Flight>,
) -> Option<usize> {
    let signature = pattern.signature?;
    let same = flights.enumerate().filter(|(_, flight)| {
        flight.label.signature == signature && is_alike(pattern, flight, stage)
    });
    same.max_by_key(|(_, flight)| flight.number).map(|(slot, _)| slot)
}

/// Position of the newest message like the pattern, whatever its content.
fn newest<'a>(
    pattern: &Pattern,
    stage: &Stage,
    flights: impl Iterator<Item = &'a Flight>,
) -> Option<usize> {
    let alike = flights.enumerate().filter(|(_, flight)| is_alike(pattern, flight, stage));
    alike.max_by_key(|(_, flight)| flight.number).map(|(slot, _)| slot)
}

/// The messages that a line may mean beside the one that it took, oldest first: those with the same
/// name and another content. None if it is about no message, or says exactly which.
pub fn candidates(asked: &Action, took: &Action, stage: &Stage) -> Vec<Flight> {
    let (Scope::Message(pattern), Scope::Message(taken)) = (asked.scope(), took.scope()) else {
        return Vec::new();
    };
    if pattern.signature.is_some() {
        return Vec::new();
    }
    let mut signatures: Vec<_> = taken.signature.into_iter().collect();
    let mut flights: Vec<Flight> = match asked {
        Action::Duplicate(_) => stage.delivered.iter().copied().collect(),
        _ => stage.flights.iter().copied().collect(),
    };
    flights.retain(|flight| is_alike(&pattern, flight, stage));
    flights.sort_by_key(|flight| flight.number);
    flights.retain(|flight| {
        let is_new = !signatures.contains(&flight.label.signature);
        signatures.push(flight.label.signature);
        is_new
    });
    flights
}

/// Same link, same kind, same outcome.
fn is_alike(pattern: &Pattern, flight: &Flight, stage: &Stage) -> bool {
    if pattern.from != flight.from || pattern.to != flight.to {
        return false;
    }
    let kind = stage.kind(flight);
    let same_outcome =
        pattern.outcome.is_none() || pattern.outcome == kind.outcome(flight.label.yes);
    pattern.kind == kind.name && same_outcome
}
