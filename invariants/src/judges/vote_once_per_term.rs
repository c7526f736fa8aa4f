//! One vote per node and term.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Voted;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A3",
    name: "VoteOncePerTerm",
    level: Level::History,
    statement: "A node votes for at most one candidate in a term, across all its \
                restarts.",
    source: "§5.2; Figure 2, RequestVote RPC",
    explain: "\
Two majorities share a node, so one leader per term needs that node to keep its word. A vote \
counts once it was heard or could be: a grant when its message leaves, a vote for oneself when \
it is durable, when others are asked, or when it made a leader.

Not flagged: the same vote said again; a vote that a crash took from the disk before anybody \
heard of it; and a vote for the candidate that has already won the term, which elects nobody: \
servers that take the leader they hear of for their vote give such votes.

Example: n2 grants n1 its vote of term 2, restarts without it, and grants it to n3.",
    needs: &[Need::Claims, Need::TermAndRole],
    judges: &[Judge::Voted(keeps_its_word)],
};

fn keeps_its_word(history: &History, moment: &Voted) -> Judgement {
    let has_won = history.has_won(moment.candidate, moment.term);
    match moment.earlier {
        Some(earlier) if earlier != moment.candidate && !has_won => Err(evidence!(
            "{} votes for {} in term {}, in which it has voted for {}",
            moment.node,
            moment.candidate,
            Part::Term(moment.term),
            earlier,
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_vote_may_be_repeated() {
        let mut play = Play::new(3);
        play.ask(1, 2).grant(2, 1, 2).grant(2, 1, 2);
        play.holds();
    }

    #[test]
    fn a_vote_may_not_move() {
        let mut play = Play::new(3);
        play.ask(1, 2).ask(3, 2).grant(2, 1, 2).grant(2, 3, 2);
        play.breaks("VoteOncePerTerm");
    }

    #[test]
    fn a_vote_for_whom_has_won_the_term_elects_nobody() {
        let mut play = Play::new(3);
        play.ask(3, 2).elect(1, 2, &[2]).say_granted(3, 1, 2);
        assert!(!play.broken().contains(&"VoteOncePerTerm"));
        play.ask(2, 3).elect(3, 3, &[1]).say_granted(2, 1, 3);
        assert!(play.broken().contains(&"VoteOncePerTerm"), "n1 has not won term 3");
    }

    #[test]
    fn a_lost_vote_for_itself_that_nobody_heard_of_may_be_given_again() {
        let mut play = Play::new(3);
        play.vote_undurably(1, 2).crash(1, 0).boot(1).ask(3, 2).grant(1, 3, 2);
        play.holds();
    }

    #[test]
    fn a_vote_for_itself_counts_once_it_is_durable() {
        let mut play = Play::new(3);
        play.hard_state(1, 2, None).hard_state(1, 2, Some(1)).durable(1).crash(1, 0).boot(1);
        play.ask(3, 2).grant(1, 3, 2);
        assert!(play.broken().contains(&"VoteOncePerTerm"), "where votes on disk are seen");
    }

    #[test]
    fn who_leads_without_its_own_vote_has_not_cast_it() {
        let mut play = Play::new(3);
        play.ask(2, 2).grant(1, 2, 2).grant(3, 1, 2).lead(1);
        play.breaks("ElectedByQuorum");
        play.keeps("VoteOncePerTerm");
    }
}
