//! How grave failures are: by how deep the promise lies that is broken.
//!
//! What clients see comes before the theorems of Figure 3, these before what follows from them over
//! the whole history, then what must be durable, then lost progress, then a node that does not
//! behave like one. A lemma comes last: it is a step of the proof, and something graver may or may
//! not come of it.

use raft_invariants::Level;

use super::failure::FailureReport;

/// The gravest first.
const RANKS: [Level; 7] = [
    Level::Client,
    Level::Paper,
    Level::History,
    Level::Durability,
    Level::Progress,
    Level::Harness,
    Level::Lemma,
];

/// Puts the gravest first; of equally grave ones, the one that was found first.
#[must_use]
pub fn ranked(mut failures: Vec<FailureReport>) -> Vec<FailureReport> {
    let rank = |failure: &FailureReport| {
        RANKS.iter().position(|level| level.to_string() == failure.finding.level)
    };
    failures.sort_by_key(|failure| (rank(failure).unwrap_or(RANKS.len()), failure.after_runs));
    failures
}

/// How many of each level there are, the gravest first: `1 paper, 2 lemma`.
pub fn levels(failures: &[FailureReport]) -> String {
    let count = |level: &Level| {
        let level = level.to_string();
        let count = failures.iter().filter(|it| it.finding.level == level).count();
        (0 < count).then(|| format!("{count} {level}"))
    };
    RANKS.iter().filter_map(count).collect::<Vec<_>>().join(", ")
}

/// Whether lemmas were violated, and nothing else.
pub fn are_only_lemmas(failures: &[FailureReport]) -> bool {
    let lemma = Level::Lemma.to_string();
    !failures.is_empty() && failures.iter().all(|failure| failure.finding.level == lemma)
}
