//! A new leader knows of no copies.

use crate::evidence::{Part, evidence};
use crate::fact::NodeId;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::BecameLeader;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C4",
    name: "MatchZeroOnElection",
    level: Level::Lemma,
    statement: "A node that comes to lead a term has matchIndex 0 for all others.",
    source: "Figure 2 (reinitialized after election)",
    explain: "\
What the node learned in an earlier reign may have been overwritten since by leaders that it has \
not heard of.

Not flagged: a first view that comes after steps that are not settled, in which answers may have \
come.

Example: matchIndex is set up when the node starts instead of when it is elected; in its second \
reign it commits what was replaced during the first of another.",
    needs: &[Need::MatchIndex, Need::TermAndRole],
    judges: &[Judge::BecameLeader(knows_nothing)],
};

fn knows_nothing(history: &History, moment: &BecameLeader) -> Judgement {
    let mirror = history.node(moment.node);
    if mirror.notes.spans_steps() {
        return Ok(());
    }
    let Some(matched) = mirror.view.match_index else { return Ok(()) };
    let known = NodeId::all(history.cluster())
        .find(|&other| other != moment.node && matched[other.slot()] != 0);
    let Some(other) = known else { return Ok(()) };
    Err(evidence!(
        "{} comes to lead term {} with matchIndex {} for {}",
        moment.node,
        Part::Term(moment.term),
        Part::Index(matched[other.slot()]),
        other,
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_leader_may_count_itself() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3]).append(1, &[2, 2]).step(1).durable(1).follow(1);
        play.ask(1, 3).grant(2, 1, 3).matched_silently(1, 1, 2).lead_as_is(1);
        play.holds();
    }

    #[test]
    fn a_second_reign_forgets_the_first() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .follow(1);
        play.ask(1, 3).grant(2, 1, 3).grant(3, 1, 3).matched_silently(1, 2, 2).lead_as_is(1);
        play.breaks("MatchZeroOnElection");
    }
}
