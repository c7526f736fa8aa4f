//! A leader has the votes of a majority.

use crate::evidence::{Part, evidence};
use crate::fact::NodeSet;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::BecameLeader;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A8",
    name: "ElectedByQuorum",
    level: Level::Lemma,
    statement: "Whoever becomes leader of a term was given the votes of a majority in \
                that term.",
    source: "§5.2; raft.tla BecomeLeader",
    explain: "\
Counted are the votes that were cast, each voter once, whatever the candidate believes to have \
heard: an answer counts from the moment it leaves, the vote for itself when it is written.

Not flagged: a leader that has not heard all its votes, and votes that were cast and lost.

Example: a candidate counts the same granted vote twice because the network delivered it twice; \
or one of an earlier term; or takes two of four for a majority.",
    needs: &[Need::Claims, Need::Votes, Need::TermAndRole],
    judges: &[Judge::BecameLeader(majority)],
};

fn majority(history: &History, moment: &BecameLeader) -> Judgement {
    let ballot = history.votes.ballot(moment.term);
    let voters = ballot.map_or(NodeSet::EMPTY, |ballot| ballot.voters(moment.node));
    if history.majority() <= voters.len() {
        return Ok(());
    }
    Err(evidence!(
        "{} leads term {} with the votes of {} only, {} of {} nodes",
        moment.node,
        Part::Term(moment.term),
        voters,
        voters.len(),
        history.cluster(),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn two_of_three_are_enough() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[3]);
        play.holds();
    }

    #[test]
    fn two_of_four_are_not() {
        let mut play = Play::new(4);
        play.elect(1, 2, &[3]);
        play.breaks("ElectedByQuorum");
    }

    #[test]
    fn one_vote_heard_twice_is_one_vote() {
        let mut play = Play::new(5);
        play.elect(1, 2, &[3, 3]);
        play.breaks("ElectedByQuorum");
    }

    #[test]
    fn a_vote_of_an_earlier_term_is_none() {
        let mut play = Play::new(3);
        play.ask(1, 2).grant(2, 1, 2).ask(1, 3).lead(1);
        play.breaks("ElectedByQuorum");
    }

    #[test]
    fn a_vote_for_itself_counts_before_it_is_durable() {
        let mut play = Play::new(3);
        play.vote_undurably(1, 2).grant(2, 1, 2).lead(1);
        play.keeps("ElectedByQuorum");
    }
}
