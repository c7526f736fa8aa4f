//! What happened, as a sentence with its kind: `{"node": 1, "is": "leads", "term": 2, "says": …}`.

use serde::Serialize;

use crate::node::Outcome;
use crate::report::sentence::{content, predicate};
use crate::world::trace::{Happening, Note, Weight};
use raft_invariants::fact::Payload;

/// One thing that happened.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct NoteReport {
    /// To whom, or by whom.
    pub node: u8,
    /// What: a word of a fixed list.
    pub is: &'static str,
    /// The same in words, without the node.
    pub says: String,
    /// How much it matters: 0 for whoever looks inside, 1 a part of the story, 2 a turn of it.
    pub weight: u8,
    /// The term that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<u64>,
    /// The index that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The other node that it is about: who is voted for, who sends, who is sent to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<u8>,
    /// What a client asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

impl NoteReport {
    /// Of a note.
    pub fn of(note: &Note) -> Self {
        let weight = match note.weight() {
            Weight::Detail => 0,
            Weight::Story => 1,
            Weight::Turn => 2,
        };
        let report = NoteReport {
            node: note.node.0,
            says: predicate(&note.what),
            weight,
            ..NoteReport::default()
        };
        report.about(&note.what)
    }

    /// With its kind, and what a program would otherwise have to read out of the words.
    fn about(self, what: &Happening) -> Self {
        use Happening as H;
        let asked = |command| Some(content(Payload::Command(command)));
        match what {
            H::BootsAgain { .. } => NoteReport { is: "boots", ..self },
            H::Crashes { .. } => NoteReport { is: "crashes", ..self },
            H::Halts => NoteReport { is: "halts", ..self },
            H::FailsToWrite { .. } => NoteReport { is: "fails", ..self },
            H::Panics { .. } => NoteReport { is: "panics", ..self },
            H::OutOfModel(_) => NoteReport { is: "forgets", ..self },
            H::WritesHardState(state) => NoteReport {
                is: "writes",
                term: Some(state.current_term),
                other: state.voted_for.map(|node| node.0),
                ..self
            },
            H::CutsLog(index) => NoteReport { is: "cuts", index: Some(*index), ..self },
            H::Appends(_) => NoteReport { is: "appends", ..self },
            H::HasAllDurable => NoteReport { is: "durable", ..self },
            H::Sends { to, statement } => {
                NoteReport { is: "sends", other: Some(to.0), term: statement.term, ..self }
            }
            H::Hears { from, statement, .. } => {
                NoteReport { is: "hears", other: Some(from.0), term: statement.term, ..self }
            }
            H::Applies { index, .. } => NoteReport { is: "applies", index: Some(*index), ..self },
            H::IsAsked(command) => NoteReport { is: "asked", command: asked(*command), ..self },
            H::Replies { command, outcome: Outcome::Committed(index) } => NoteReport {
                is: "acknowledges",
                command: asked(*command),
                index: Some(*index),
                ..self
            },
            H::Replies { command, outcome: Outcome::Refused } => {
                NoteReport { is: "refuses", command: asked(*command), ..self }
            }
            H::Explodes { .. } => NoteReport { is: "explodes", ..self },
            H::Breaches(_) => NoteReport { is: "breaches", ..self },
            H::Leads(term) => NoteReport { is: "leads", term: Some(*term), ..self },
            H::Stands(term) => NoteReport { is: "stands", term: Some(*term), ..self },
            H::StepsDown { term, .. } => NoteReport { is: "follows", term: Some(*term), ..self },
            H::StartsIn(term) | H::MovesOn(term) => {
                NoteReport { is: "moves", term: Some(*term), ..self }
            }
            H::Commits(index) => NoteReport { is: "commits", index: Some(*index), ..self },
            H::Uncommits(index) => NoteReport { is: "uncommits", index: Some(*index), ..self },
            H::Tracks { follower, match_index, .. } => NoteReport {
                is: "tracks",
                other: Some(follower.0),
                index: Some(*match_index),
                ..self
            },
        }
    }
}
