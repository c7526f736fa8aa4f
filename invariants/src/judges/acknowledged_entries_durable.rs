//! What a follower confirms is on its disk.

use crate::evidence::{Evidence, Part, evidence};
use crate::fact::Claim;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Sent;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "B9",
    name: "AcknowledgedEntriesDurable",
    level: Level::Durability,
    statement: "When a follower confirms entries up to k in term T, its durable log \
                reaches k, its durable term is at least T, and its log up to k is the \
                leader's.",
    source: "Figure 2 (updated on stable storage before responding to RPCs); §5.3",
    explain: "\
The leader commits by these answers.

Not flagged: an answer that waited for its write and leaves after the node has moved on to a \
later term; the entries were durable while it was in the old one.

Example: a follower answers at once and loses power before the entries are written; the leader \
has committed them by then.",
    needs: &[Need::Log, Need::Claims, Need::Votes, Need::TermAndRole],
    judges: &[Judge::Sent(durable_first)],
};

fn durable_first(history: &History, moment: &Sent) -> Judgement {
    let (Some(term), Claim::AppendEntriesReply { success: true, match_index }) =
        (moment.statement.term, moment.statement.claim)
    else {
        return Ok(());
    };
    let durable = &history.node(moment.node).durable;
    let current_term = durable.hard_state.current_term;
    if term < current_term {
        return Ok(());
    }
    let says = |but: Evidence| {
        let confirms = evidence!(
            "{} confirms its log up to {} to {} in term {}, but ",
            moment.node,
            Part::Index(match_index),
            moment.to,
            Part::Term(term),
        );
        Err(confirms.then(but))
    };
    if current_term < term {
        return says(evidence!("only term {} is on its disk", Part::Term(current_term)));
    }
    let Some(hash) = durable.log.hash_at(match_index) else {
        return says(evidence!("its disk ends at {}", durable.log.last()));
    };
    let leader = history.node(moment.to);
    if leader.leads() != Some(term) || leader.memory.log.hash_at(match_index) == Some(hash) {
        return Ok(());
    }
    says(evidence!("the log of {} is another, up to {}", moment.to, leader.memory.log.last()))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn an_answer_that_waited_is_good() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).replicate(1, 3, 1);
        play.holds();
    }

    #[test]
    fn an_answer_may_leave_after_its_entries_are_replaced() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).term(3, 2).append(3, &[2, 2]);
        play.elect(2, 3, &[3]).append(2, &[3]).step(2).truncate(3, 1).durable(3);
        play.say_matched(3, 1, 2, 2);
        assert!(!play.broken().contains(&"AcknowledgedEntriesDurable"));
    }

    #[test]
    fn an_answer_may_not_leave_early() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).term(3, 2).append(3, &[2]);
        play.say_matched(3, 1, 2, 1);
        play.breaks("AcknowledgedEntriesDurable");
    }

    #[test]
    fn a_follower_does_not_confirm_its_own_tail() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).replicate(1, 2, 2);
        play.crash(1, 0).elect(3, 3, &[2]).append(3, &[3]).step(3);
        play.say_matched(2, 3, 3, 2);
        play.breaks("AcknowledgedEntriesDurable");
    }

    #[test]
    fn an_answer_in_a_term_waits_for_that_term() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).replicate(1, 3, 1).replicate(1, 2, 1);
        play.elect(2, 3, &[1]).hard_state(3, 3, None).say_matched(3, 2, 3, 1);
        play.tells(
            "AcknowledgedEntriesDurable",
            "n3 confirms its log up to 1 to n2 in term 3, but only term 2 is on its disk",
        );
    }
}
