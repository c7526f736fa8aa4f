//! What judged and what could be seen: it makes a green run believable.

use std::fmt::Write as _;

use raft_invariants::witness::entry_committed;
use raft_invariants::{
    Invariant, Level, Reveals, Selection, Witness, not_sitting, sitting, witness,
};
use serde::{Deserialize, Serialize};

use super::look::Look;
use super::words::paragraph;
use crate::node::Traits;
use crate::search::campaign::{Campaign, Plan, vacuity};

/// Which invariants judged, and which could not.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Checked {
    /// Invariants that judged every step.
    pub checked: Vec<String>,
    /// Invariants that could not, because of what the target does not reveal.
    pub not_checked: Vec<NotChecked>,
    /// Invariants that could have, but what they need did not occur.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub never_fed: Vec<NotChecked>,
}

/// An invariant that has not judged.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct NotChecked {
    /// Its name.
    pub invariant: String,
    /// What the target does not reveal, or never had to.
    pub missing: Vec<String>,
}

impl Checked {
    /// Of the invariants that are selected, those that can judge who reveals this much, by whether
    /// what was shown is enough; of all, those that cannot. Progress is judged in
    /// calm only.
    pub fn of(reveals: Reveals, shown: Reveals, calm: bool, selection: &Selection) -> Self {
        let selected = sitting(reveals).filter(|invariant| selection.contains(invariant));
        let may_judge = |invariant: &Invariant| calm || invariant.level != Level::Progress;
        let (fed, unfed): (Vec<_>, Vec<_>) =
            selected.partition(|invariant| may_judge(invariant) && shown.meets(invariant.needs));
        let without_calm = |invariant: &Invariant| {
            let mut unfed = NotChecked::of(invariant, shown);
            unfed.missing.extend((!may_judge(invariant)).then(|| "a calm".to_owned()));
            unfed
        };
        Checked {
            checked: fed.iter().map(|invariant| invariant.name.to_owned()).collect(),
            not_checked: not_sitting(reveals).map(|it| NotChecked::of(it, reveals)).collect(),
            never_fed: unfed.into_iter().map(without_calm).collect(),
        }
    }

    /// For people.
    pub fn in_words(&self, look: Look) -> String {
        let mut text = paragraph("checked", &self.checked, look.width);
        let mut tell = |title, list: &[NotChecked], what: &str| {
            let items =
                list.iter().map(|it| format!("{} ({})", it.invariant, it.missing.join(", ")));
            let items: Vec<String> = items.collect();
            if !items.is_empty() {
                text.push_str(&paragraph(title, &items, look.width));
                let _ = writeln!(text, "          (in brackets: {what})");
            }
        };
        tell("not seen", &self.not_checked, "what the target does not reveal");
        tell("not fed", &self.never_fed, "what no run showed");
        text
    }
}

impl NotChecked {
    fn of(invariant: &Invariant, seen: Reveals) -> Self {
        NotChecked {
            invariant: invariant.name.to_owned(),
            missing: seen.missing(invariant.needs).map(|need| need.to_string()).collect(),
        }
    }
}

/// Witnesses that can see something in a target that reveals this much, each with its position in
/// the list of all.
pub fn watching(reveals: Reveals) -> impl Iterator<Item = (usize, &'static Witness)> {
    let all = witness::list().iter().copied().enumerate();
    all.filter(move |(_, witness)| reveals.meets(witness.needs))
}

/// Something that a witness has seen, or could have.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReachedReport {
    /// The witness.
    pub witness: String,
    /// Runs in which it saw something.
    pub runs: u64,
    /// Runs after which it should have seen something; `null` if nobody would miss it.
    pub due: Option<u64>,
}

impl ReachedReport {
    /// What all witnesses have seen that can see something in this target.
    pub fn all(campaign: &Campaign, plan: &Plan, traits: &Traits) -> Vec<Self> {
        let reached = watching(traits.reveals).map(|(position, witness)| ReachedReport {
            witness: witness.name.to_owned(),
            runs: campaign.witnesses[position],
            due: vacuity::due(witness, plan, traits),
        });
        reached.collect()
    }

    /// Whether so many runs should have shown it, and did not.
    pub fn is_missing(&self, runs: u64) -> bool {
        self.runs == 0 && self.due.is_some_and(|due| due <= runs)
    }
}

/// Every invariant is left out, or needs what the target does not reveal or never showed.
pub const NOBODY_JUDGED: &str = "nothing was checked: no invariant judged";

/// Why so many runs have shown nothing, if no failure was found in them.
pub fn vacuous(
    runs: u64,
    committed: u64,
    checked: &Checked,
    reached: &[ReachedReport],
) -> Option<&'static str> {
    let tells_commits = reached.iter().any(|it| it.witness == entry_committed::WITNESS.name);
    if runs == 0 {
        Some("nothing was checked: there was no run")
    } else if checked.checked.is_empty() {
        Some(NOBODY_JUDGED)
    } else if tells_commits && committed == 0 {
        Some("nothing was really checked: no run committed anything")
    } else if reached.iter().any(|it| it.is_missing(runs)) {
        Some("nothing was really checked: what is marked (!) was never seen")
    } else {
        None
    }
}
