//! What a leader counts as replicated is on disk.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::MatchChanged;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C1",
    name: "MatchIsDurable",
    level: Level::Durability,
    statement: "If a leader holds matchIndex k for a node that is still in its term, the \
                durable log of that node up to k is the leader's.",
    source: "Figure 2, matchIndex; §5.3",
    explain: "\
A leader commits by counting these copies. A copy that can be lost, or that is of another entry, \
does not count.

Not flagged: a node that has moved on to a later term since; its new leader has the committed \
entries and may have deleted others. Nodes whose disk was tampered with.

Example: a leader takes the refusal of a message for its success; or a follower reports its own \
last index, beyond which it has an old tail.",
    needs: &[Need::Log, Need::Votes, Need::MatchIndex, Need::TermAndRole],
    judges: &[Judge::MatchChanged(is_there)],
};

fn is_there(history: &History, moment: &MatchChanged) -> Judgement {
    let follower = history.node(moment.follower);
    if follower.tainted || follower.memory.hard_state.current_term != moment.term {
        return Ok(());
    }
    let leaders = history.node(moment.node).memory.log.hash_at(moment.after);
    let theirs = follower.durable.log.hash_at(moment.after);
    if leaders.is_some() && leaders == theirs {
        return Ok(());
    }
    let counts = evidence!(
        "{}, leader of term {}, counts on {} up to {}, but ",
        moment.node,
        Part::Term(moment.term),
        moment.follower,
        Part::Index(moment.after),
    );
    let last = follower.durable.log.last();
    Err(counts.then(match (leaders, theirs) {
        (None, _) => evidence!("has no entry there itself"),
        (_, None) => evidence!("the disk of {} ends at {}", moment.follower, last),
        _ => evidence!("the disk of {} holds other entries", moment.follower),
    }))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_durable_copy_counts() {
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
    fn a_copy_in_memory_does_not() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .term(2, 2)
            .append(2, &[2, 2])
            .matched(1, 2, 2);
        play.tells(
            "MatchIsDurable",
            "n1, leader of term 2, counts on n2 up to 2, but the disk of n2 ends at 0@0",
        );
    }

    #[test]
    fn nor_does_one_that_the_leader_has_not() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1);
        play.matched(1, 2, 2);
        play.tells(
            "MatchIsDurable",
            "n1, leader of term 2, counts on n2 up to 2, but has no entry there itself",
        );
    }

    #[test]
    fn nor_one_of_other_entries() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3]).append(1, &[2]).step(1).durable(1);
        play.term(2, 2).append(2, &[2]).step(2).durable(2).matched(1, 2, 1);
        play.tells(
            "MatchIsDurable",
            "n1, leader of term 2, counts on n2 up to 1, but the disk of n2 holds other entries",
        );
    }

    #[test]
    fn a_node_that_has_moved_on_owes_nothing() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .elect(3, 3, &[2])
            .append(3, &[3])
            .step(3)
            .replicate(3, 2, 1);
        play.matched(1, 2, 2);
        play.holds();
    }
}
