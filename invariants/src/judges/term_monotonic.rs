//! Terms only rise.

use crate::evidence::{Part, evidence};
use crate::fact::{NodeId, Term};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::{Changed, Durable, HardStateWritten};

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A5",
    name: "TermMonotonic",
    level: Level::Lemma,
    statement: "The current term of a node never falls, neither in memory nor on its \
                disk.",
    source: "Figure 2, currentTerm (increases monotonically)",
    explain: "\
All of Raft's guarantees are by term; a node that goes back can vote again, and can follow a \
leader whose successors it has already helped to elect.

Not flagged: a restart that goes back to the durable term. Whether somebody had heard of the \
higher one is the matter of TermDurableBeforeSend.

Example: a node in term 5 takes over the term of a delayed message of term 4.",
    needs: &[Need::TermAndRole, Need::Votes],
    judges: &[Judge::HardStateWritten(written), Judge::Changed(seen), Judge::Durable(durable)],
};

fn written(_: &History, moment: &HardStateWritten) -> Judgement {
    rises(moment.node, "writes", moment.before.current_term, moment.after.current_term)
}

fn seen(history: &History, moment: &Changed) -> Judgement {
    let mirror = history.node(moment.node);
    rises(moment.node, "calls its own", mirror.term_before(), mirror.term())
}

fn durable(history: &History, moment: &Durable) -> Judgement {
    let now = history.node(moment.node).durable.hard_state.current_term;
    rises(moment.node, "has on its disk", moment.before.current_term, now)
}

fn rises(node: NodeId, does: &'static str, before: Term, after: Term) -> Judgement {
    if before <= after {
        return Ok(());
    }
    let (before, after) = (Part::Term(before), Part::Term(after));
    Err(evidence!("{} {} term {} after term {}", node, does, after, before))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_restart_may_fall_back_to_the_disk() {
        let mut play = Play::new(3);
        play.vote_undurably(1, 5).crash(1, 0).boot(1).step(1).term(1, 3);
        play.holds();
    }

    #[test]
    fn a_term_does_not_fall() {
        let mut play = Play::new(3);
        play.term(1, 5).term(1, 4);
        play.breaks("TermMonotonic");
    }
}
