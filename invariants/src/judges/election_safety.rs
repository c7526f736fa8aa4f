//! Election Safety: one leader per term.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::BecameLeader;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A1",
    name: "ElectionSafety",
    level: Level::Paper,
    statement: "At most one node is ever leader of a term.",
    source: "§5.2, Figure 3; raft.tla electionSafety",
    explain: "\
A candidate needs the votes of a majority, a node votes once per term, and two majorities share a \
node: two leaders of one term would need one node to vote twice.

Not flagged: two leaders at the same time in different terms. The older one has not heard yet, and \
whatever it sends is refused by all who have.

Example: n1 is elected in term 2 by n1 and n2. n2 loses its vote in a power failure because it \
answered before the vote was on its disk, and elects n3 in term 2 too.",
    needs: &[Need::TermAndRole],
    judges: &[Judge::BecameLeader(one_leader)],
};

fn one_leader(_: &History, moment: &BecameLeader) -> Judgement {
    match moment.earlier {
        Some(earlier) if earlier.leader != moment.node => Err(evidence!(
            "{} is leader of term {}, but {} was elected in that term before",
            moment.node,
            Part::Term(moment.term),
            earlier.leader,
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn two_leaders_in_different_terms_are_legal() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).elect(3, 3, &[2]).step(1);
        play.holds();
    }

    #[test]
    fn two_leaders_in_one_term_are_not() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).elect(3, 2, &[2]);
        play.breaks("ElectionSafety");
    }

    #[test]
    fn after_a_fault_outside_the_model_it_is_expected() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).crash(2, 0).wipe(2).boot(2).elect(3, 2, &[2]);
        play.breaks("ElectionSafety");
        assert!(play.checker.violations().iter().all(|violation| violation.expected.is_some()));
    }
}
