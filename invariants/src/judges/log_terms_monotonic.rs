//! Terms in a log never fall.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Appended;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "B3",
    name: "LogTermsMonotonic",
    level: Level::Lemma,
    statement: "The term of an entry is never lower than that of the entry before it.",
    source: "§5.4.2; dissertation Lemma 4 (monotonicity)",
    explain: "\
A leader appends entries of its own term behind entries that are no younger than it. A younger \
entry followed by an older one was put together from two histories.

Example: n2 holds 1 1 1 1, gets 2 2 behind index 1, and keeps the last entry: 1 2 2 1.",
    needs: &[Need::Log],
    judges: &[Judge::Appended(no_lower)],
};

fn no_lower(_: &History, moment: &Appended) -> Judgement {
    if moment.parent <= moment.entry.term {
        return Ok(());
    }
    Err(evidence!(
        "in the log of {}, an entry of term {} at {} follows one of term {}",
        moment.node,
        Part::Term(moment.entry.term),
        Part::Index(moment.index),
        Part::Term(moment.parent),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn terms_may_stay_or_rise() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).elect(1, 5, &[2]).append(1, &[5]).step(1);
        play.holds();
    }

    #[test]
    fn terms_may_not_fall() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 1]);
        play.breaks("LogTermsMonotonic");
    }
}
