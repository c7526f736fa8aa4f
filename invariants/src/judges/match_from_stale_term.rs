//! No answer of an earlier term counts.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::MatchChanged;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C5",
    name: "MatchFromStaleTerm",
    level: Level::Lemma,
    statement: "If a leader of term T holds a matchIndex above 0 for a node, the durable \
                term of that node is at least T.",
    source: "§5.1; Figure 2, AppendEntries RPC",
    explain: "\
Only an answer of the leader's own term says anything about its own log, and nobody answers in a \
term that is not on its disk. An answer of an earlier reign speaks of entries that may have been \
replaced.

Example: n2 confirms index 3 of term 1, and the answer is delayed; a leader of term 2 deletes \
the entry; the leader of term 1 is elected again in term 3, and now the answer arrives.",
    needs: &[Need::MatchIndex, Need::Votes, Need::TermAndRole],
    judges: &[Judge::MatchChanged(of_this_term)],
};

fn of_this_term(history: &History, moment: &MatchChanged) -> Judgement {
    let follower = history.node(moment.follower);
    let durable = follower.durable.hard_state.current_term;
    if moment.after == 0 || moment.term <= durable || follower.tainted {
        return Ok(());
    }
    Err(evidence!(
        "{}, leader of term {}, holds matchIndex {} for {}, which is in term {} still",
        moment.node,
        Part::Term(moment.term),
        Part::Index(moment.after),
        moment.follower,
        Part::Term(durable),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn an_answer_of_this_term_counts() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 3, 2)
            .matched(1, 3, 2);
        play.holds();
    }

    #[test]
    fn an_answer_of_an_earlier_reign_does_not() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 3, 2)
            .follow(1)
            .elect(1, 3, &[2])
            .matched(1, 3, 2);
        play.breaks("MatchFromStaleTerm");
    }
}
