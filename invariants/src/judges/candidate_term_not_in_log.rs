//! A new leader finds no entries of its term.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::BecameLeader;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A9",
    name: "CandidateTermNotInLog",
    level: Level::Lemma,
    statement: "When a node comes to lead a term, no log has ever held an entry of that \
                term.",
    source: "CCF consensus specification, CandidateTermNotInLogInv",
    explain: "\
Only the leader of a term creates its entries, so before there is one there are none. An entry \
that is older than its leader was made by somebody who believed to lead, or was elected before.

Not flagged: the entries that the node itself writes in the step in which it is elected.

Example: two nodes are elected in term 2; the second one finds the first one's entries.",
    needs: &[Need::Log, Need::TermAndRole],
    judges: &[Judge::BecameLeader(none_yet)],
};

fn none_yet(history: &History, moment: &BecameLeader) -> Judgement {
    let Some(origin) = history.canon.origin(moment.term) else { return Ok(()) };
    if origin.creator == moment.node && origin.step == history.node(moment.node).step {
        return Ok(());
    }
    Err(evidence!(
        "{} comes to lead term {}, of which {} has held entries before",
        moment.node,
        Part::Term(moment.term),
        origin.creator,
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_leader_may_write_its_first_entry_as_it_is_elected() {
        let mut play = Play::new(3);
        play.ask(1, 2).grant(2, 1, 2).append(1, &[2]).lead(1);
        play.holds();
    }

    #[test]
    fn entries_before_the_election_have_no_creator() {
        let mut play = Play::new(3);
        play.ask(1, 2).append(1, &[2]).step(1).grant(2, 1, 2).lead(1);
        play.breaks("CandidateTermNotInLog");
    }
}
