//! What a story tells of the calm that a run ended in.

use std::fmt::Write as _;

use super::words::{counted, tenths};
use crate::run::calm::{Aftermath, Outcome};
use crate::run::rounds::Round;
use crate::schedule::calm::Excuse;

/// Actions of a round that are told one by one.
const ACTIONS_MAX: usize = 12;

/// What came of it, in sentences.
pub fn outcome(calm: &Aftermath) -> Vec<String> {
    let taken = counted(calm.actions.len() as u64, "action");
    let outcome = match calm.outcome {
        Outcome::Achieved(after) => format!(
            "the faults end; {} election timeouts and {taken} later all that must come about has",
            tenths(after / 100)
        ),
        Outcome::Lost => format!("the faults end; {taken} follow"),
        Outcome::Excused(Excuse::HalfLinked(node)) => format!(
            "excused: {node} is heard and is not linked to all others both ways, so that it may \
             depose every leader"
        ),
        Outcome::Excused(Excuse::Slow(node)) => format!(
            "excused: {node} is heard, and its disk is stalled or its clock is wrong, so that it \
             may lead and be too slow"
        ),
    };
    std::iter::once(outcome).chain(calm.round.as_ref().map(round)).collect()
}

/// What goes round, equal things together: `deliver n1->n2 RequestVote` once, however often.
fn round(round: &Round) -> String {
    let mut told: Vec<(String, u32)> = Vec::new();
    for action in &round.actions {
        let action = action.unsigned().to_string();
        match told.iter_mut().find(|(other, _)| *other == action) {
            Some((_, times)) => *times += 1,
            None => told.push((action, 1)),
        }
    }
    let rest = told.len().saturating_sub(ACTIONS_MAX);
    told.truncate(ACTIONS_MAX);
    let told = told.into_iter().map(|(action, times)| match times {
        1 => action,
        times => format!("{action} ({times} times)"),
    });
    let mut text = told.collect::<Vec<_>>().join("; ");
    if 0 < rest {
        let _ = write!(text, "; and {rest} more");
    }
    let every = tenths(round.every / 100);
    format!("it goes round, once in {every} election timeouts, for ever: {text}")
}
