//! matchIndex only rises.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::MatchChanged;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C2",
    name: "MatchMonotonic",
    level: Level::Lemma,
    statement: "A leader's matchIndex of a node never falls during its term.",
    source: "Figure 2, matchIndex (increases monotonically)",
    explain: "\
What was once known to be durable stays so. A matchIndex that falls is a delayed answer taken at \
its word, and commits will take longer or never come.

Not flagged: a new term starts from 0.

Example: answers for index 5 and then for index 3 arrive, and the leader forgets about 5.",
    needs: &[Need::MatchIndex, Need::TermAndRole],
    judges: &[Judge::MatchChanged(rises)],
};

fn rises(_: &History, moment: &MatchChanged) -> Judgement {
    match moment.before {
        Some(before) if moment.after < before => Err(evidence!(
            "{}, leader of term {}, lowers matchIndex of {} from {} to {}",
            moment.node,
            Part::Term(moment.term),
            moment.follower,
            Part::Index(before),
            Part::Index(moment.after),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_new_term_starts_afresh() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .matched(1, 2, 2)
            .follow(1)
            .elect(1, 3, &[2]);
        play.holds();
    }

    #[test]
    fn it_does_not_fall_within_a_term() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .matched(1, 2, 2)
            .matched(1, 2, 1);
        play.breaks("MatchMonotonic");
    }

    #[test]
    fn a_new_reign_begins_anew_even_within_a_step() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1);
        play.matched(1, 2, 1).hard_state(1, 3, Some(1)).durable(1).lead(1);
        play.keeps("MatchMonotonic");
    }
}
