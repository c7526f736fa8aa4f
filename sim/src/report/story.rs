//! The story of a run: a numbered line for each action, with what came of it.

use serde::{Deserialize, Serialize};

use crate::explain::why::deviation::{Correctly, Deviation};
use crate::explain::why::remarks::Remarks;
use crate::language::action::Action;
use crate::run::{Failure, Run};
use crate::world::trace::{Happening, Note, Step, Weight};

use super::calm::outcome;
use super::evidence::evidence;
use super::sentence::sentences;

/// How much to tell.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Detail {
    /// What matters.
    Story,
    /// Every note.
    Everything,
}

/// What is told of a run, action by action.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Story(pub Vec<StoryLine>);

/// An action and what came of it.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct StoryLine {
    /// The action's number, from 1; 0 is the boot.
    pub number: usize,
    /// What is done; nothing is at the boot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The number of the later action that first comes to something else without this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good_for: Option<usize>,
    /// What came of it: a sentence for each node.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcome: Vec<String>,
    /// If this is the first step that a correct Raft does not take: what that one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correctly: Option<String>,
    /// What is violated by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violated: Vec<Violated>,
}

/// What an action violates.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Violated {
    /// The invariant.
    pub invariant: String,
    /// What was seen.
    pub evidence: String,
}

/// Tells a run that took notes, from action number `from` on (from 0, the boot). If it is known
/// where the run leaves the correct one, that is told there; if it is known what the actions are
/// good for, each says so.
pub fn story(run: &Run, remarks: &Remarks, from: usize, detail: Detail) -> Story {
    let steps: &[Step] = run.trace.as_ref().map_or(&[], |trace| &trace.steps);
    let told = steps.iter().enumerate().skip(from);
    let violated = |number: usize| {
        let violated = run.failures.iter().filter(|failure| failure.actions == number);
        let violated = violated.map(|Failure { violation, .. }| Violated {
            invariant: violation.invariant.name.to_owned(),
            evidence: evidence(violation),
        });
        violated.collect()
    };
    let correctly_at =
        |number: usize| remarks.deviation.as_ref().filter(|it| it.at == number).map(correctly);
    let lines = told.map(|(number, step)| {
        let position = number.checked_sub(1);
        StoryLine {
            number,
            action: step.action.as_ref().map(title),
            good_for: position.and_then(|it| remarks.good_for.get(it).copied().flatten()),
            outcome: sentences(&chosen(step, detail)),
            correctly: correctly_at(number),
            violated: violated(number),
        }
    });
    let calm = run.calm.as_ref().map(|calm| StoryLine {
        number: run.steps(),
        action: run.whole().calm_line(),
        outcome: outcome(calm),
        correctly: correctly_at(run.steps()),
        violated: violated(run.steps()),
        ..StoryLine::default()
    });
    Story(lines.filter(|line| !line.is_empty()).chain(calm).collect())
}

impl Story {
    /// Actions before those that it tells.
    pub fn untold(&self) -> usize {
        self.0.first().map_or(0, |line| line.number.saturating_sub(1))
    }
}

impl StoryLine {
    /// A boot of which nothing is to be told.
    fn is_empty(&self) -> bool {
        let StoryLine { number: _, action, good_for: _, outcome, correctly, violated } = self;
        action.is_none() && outcome.is_empty() && correctly.is_none() && violated.is_empty()
    }
}

/// An action as it is told: without the signature, which only scripts need.
pub(super) fn title(action: &Action) -> String {
    action.unsigned().to_string()
}

/// What a correct Raft does with an action with which a flawed one deviates from it.
pub(super) fn correctly(deviation: &Deviation) -> String {
    match &deviation.correctly {
        Correctly::Does(notes) => {
            format!("a correct Raft: {}", sentences(&visible(notes)).join("; "))
        }
        Correctly::DoesNot(notes) => {
            let turns: Vec<&Note> =
                notes.iter().filter(|note| note.weight() == Weight::Turn).collect();
            let notes = if turns.is_empty() { visible(notes) } else { turns };
            format!("a correct Raft does not, here: {}", sentences(&notes).join("; "))
        }
        Correctly::DoesInOrder(notes) => {
            let notes: Vec<&Note> = notes.iter().filter(|note| !is_tracking(note)).collect();
            format!("a correct Raft, in this order: {}", sentences(&notes).join("; "))
        }
        Correctly::Impossible => "a correct Raft: this cannot happen".to_owned(),
        Correctly::Recovers => "a correct Raft: all that must come about does".to_owned(),
    }
}

/// The notes that others may notice; if there are none, those about the node itself.
fn visible(notes: &[Note]) -> Vec<&Note> {
    let sends = |note: &Note| matches!(note.what, Happening::Sends { .. });
    let others = |note: &&Note| Weight::Story <= note.weight() || sends(note);
    let itself = |note: &&Note| note.what != Happening::HasAllDurable && !is_tracking(note);
    let visible: Vec<&Note> = notes.iter().filter(others).collect();
    let inward: Vec<&Note> = notes.iter().filter(itself).collect();
    match (visible.is_empty(), inward.is_empty()) {
        (false, _) => visible,
        (true, false) => inward,
        (true, true) => notes.iter().collect(),
    }
}

/// Whether a leader has learned of a follower's log.
fn is_tracking(note: &Note) -> bool {
    matches!(note.what, Happening::Tracks { .. })
}

/// The notes to tell. Where nothing of weight happened, details say what did: what was heard, or
/// else all of them.
fn chosen(step: &Step, detail: Detail) -> Vec<&Note> {
    if detail == Detail::Everything {
        return step.notes.iter().collect();
    }
    // Who votes in a term has moved on to it.
    let implied = |note: &Note| {
        let votes = |other: &Note| other.node == note.node && other.is_vote_for_another();
        matches!(note.what, Happening::MovesOn(_)) && step.notes.iter().any(votes)
    };
    let weighty = step.notes.iter().filter(|note| Weight::Story <= note.weight() && !implied(note));
    let weighty: Vec<&Note> = weighty.collect();
    if weighty.is_empty() && step.action.is_some() {
        let details = step.notes.iter().filter(|note| !is_tracking(note));
        let is_heard = |note: &Note| matches!(note.what, Happening::Hears { .. });
        let heard = details.clone().position(is_heard);
        details.take(heard.map_or(usize::MAX, |position| position + 1)).collect()
    } else {
        weighty
    }
}
