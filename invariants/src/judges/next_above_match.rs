//! nextIndex is above matchIndex.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::NextChanged;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C3",
    name: "NextAboveMatch",
    level: Level::Lemma,
    statement: "A leader's nextIndex of a node is greater than its matchIndex.",
    source: "Figure 2, nextIndex and matchIndex; SandTable",
    explain: "\
An entry that is known to be there need not be sent again, and an implementation that falls \
below resends what the follower has, sometimes for ever.

Example: a delayed refusal lowers nextIndex below what an answer has confirmed since.",
    needs: &[Need::MatchIndex, Need::NextIndex, Need::TermAndRole],
    judges: &[Judge::NextChanged(above)],
};

fn above(_: &History, moment: &NextChanged) -> Judgement {
    if moment.matched < moment.next {
        return Ok(());
    }
    Err(evidence!(
        "{} has nextIndex {} for {}, whose matchIndex is {}",
        moment.node,
        Part::Index(moment.next),
        moment.follower,
        Part::Index(moment.matched),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn one_above_will_do() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .matched(1, 2, 2);
        play.holds();
    }

    #[test]
    fn equal_will_not() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .matched(1, 2, 2)
            .next(1, 2, 2);
        play.breaks("NextAboveMatch");
    }

    #[test]
    fn nor_may_match_index_rise_to_it() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).durable(1).replicate(1, 2, 2);
        play.matched(1, 2, 1).view(1, |view| view.match_index = Some([0, 2, 0, 0, 0, 0, 0, 0, 0]));
        play.breaks("NextAboveMatch");
    }
}
