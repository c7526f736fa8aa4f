//! What judged and what could be seen: it makes a green run believable.

use raft_invariants::{Invariant, Reveals, Selection, Witness, not_sitting, sitting, witness};
use serde::{Deserialize, Serialize};

/// Which invariants judged, and which could not.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub struct Checked {
    /// Invariants that judged every step.
    pub checked: Vec<String>,
    /// Invariants that could not.
    pub not_checked: Vec<NotChecked>,
}

/// An invariant that cannot judge a target.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NotChecked {
    /// Its name.
    pub invariant: String,
    /// What the target does not reveal.
    pub missing: Vec<String>,
}

impl Checked {
    /// Of the invariants that are selected, those that can judge who reveals this much; of all,
    /// those that cannot.
    pub fn of(reveals: Reveals, selection: &Selection) -> Self {
        let selected = sitting(reveals).filter(|invariant| selection.contains(invariant));
        let missing = |invariant: &Invariant| NotChecked {
            invariant: invariant.name.to_owned(),
            missing: reveals.missing(invariant.needs).map(|need| need.to_string()).collect(),
        };
        Checked {
            checked: selected.map(|invariant| invariant.name.to_owned()).collect(),
            not_checked: not_sitting(reveals).map(missing).collect(),
        }
    }
}

/// Witnesses that can see something in a target that reveals this much, each with its position in
/// the list of all.
pub fn watching(reveals: Reveals) -> impl Iterator<Item = (usize, &'static Witness)> {
    let all = witness::list().iter().copied().enumerate();
    all.filter(move |(_, witness)| reveals.meets(witness.needs))
}
