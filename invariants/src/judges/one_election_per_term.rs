//! One election per term, even of the same node.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::BecameLeader;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A2",
    name: "OneElectionPerTerm",
    level: Level::History,
    statement: "A term is won at most once, by one node in one of its incarnations.",
    source: "§5.2; raft.tla elections (our reading of it)",
    explain: "\
Election Safety speaks of leaders, and so accepts a node that is elected, crashes, forgets that \
it had asked for votes, and is elected in the same term again. Its two reigns can create \
different entries with the same index and term, and everything falls.

Not flagged: a leader that restarts and is elected in a later term.

Example: n1 asks for votes before its own term and vote are on its disk, wins, appends x, loses \
power; it restarts in the old term, stands in the same term again, wins with another vote, and \
appends y at the same index and term.",
    needs: &[Need::TermAndRole],
    judges: &[Judge::BecameLeader(won_once)],
};

fn won_once(_: &History, moment: &BecameLeader) -> Judgement {
    match moment.earlier {
        Some(earlier) if earlier.leader == moment.node => Err(evidence!(
            "{} won term {} twice, in its incarnations {} and {}",
            moment.node,
            Part::Term(moment.term),
            Part::Number(earlier.incarnation.into()),
            Part::Number(moment.incarnation.into()),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_restarted_leader_may_win_a_later_term() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).crash(1, 0).boot(1).elect(1, 3, &[2]);
        play.holds();
    }

    #[test]
    fn the_same_term_is_not_won_twice() {
        let mut play = Play::new(3);
        // Its own vote never reached the disk.
        play.ask_undurably(1, 2).grant(2, 1, 2).lead(1);
        play.crash(1, 0).boot(1).ask(1, 2).grant(3, 1, 2).lead(1);
        play.breaks("OneElectionPerTerm");
        assert!(!play.broken().contains(&"ElectionSafety"), "it is the same node");
    }

    #[test]
    fn two_winners_of_a_term_are_another_matter() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).elect(3, 2, &[2]);
        play.breaks("ElectionSafety");
        play.keeps("OneElectionPerTerm");
    }
}
