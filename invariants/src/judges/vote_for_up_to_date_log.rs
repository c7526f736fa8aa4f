//! A vote goes to a log at least as up-to-date as the voter's own.

use crate::evidence::{Part, evidence};
use crate::fact::Claim;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::HardStateWritten;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A11",
    name: "VoteForUpToDateLog",
    level: Level::Lemma,
    statement: "A node that answers a request for votes by voting for the candidate has no entry \
                in its log, in memory, that is more up-to-date than the candidate's last.",
    source: "§5.4.1; Figure 2, RequestVote RPC step 2",
    explain: "\
The voters of a leader and the holders of a committed entry share a node, and that node must not \
help a log without the entry. What counts is the voter's log with everything that is still on its \
way to the disk: those entries may be acknowledged later, and then commit.

Judged when the vote is written, by the last entry that the request names.

Not flagged: a vote said again, after the voter's log may have grown; a vote that is written \
without such a request, as servers do that take the leader they hear of for their vote.

Example: a voter compares the candidate with what is on its disk. n1 is still writing an entry, \
grants n2 its vote, which has none, then confirms the entry to its leader, who commits it; n2 leads \
without it.",
    needs: &[Need::Log, Need::Claims, Need::Votes],
    judges: &[Judge::HardStateWritten(up_to_date)],
};

fn up_to_date(history: &History, moment: &HardStateWritten) -> Judgement {
    let mirror = history.node(moment.node);
    let Some((candidate, request)) = mirror.notes.received else { return Ok(()) };
    let Claim::RequestVote { last_log } = request.claim else { return Ok(()) };
    let (term, own) = (moment.after.current_term, mirror.memory.log.last());
    let votes = moment.before != moment.after && moment.after.voted_for == Some(candidate);
    if !votes || request.term != Some(term) || own <= last_log {
        return Ok(());
    }
    Err(evidence!(
        "{} votes in term {} for {}, whose log ends at {}, while its own ends at {}",
        moment.node,
        Part::Term(term),
        candidate,
        last_log,
        own,
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    /// n1 leads term 2 and holds an entry; n2 and n3 have not got it.
    fn leader_with_an_entry() -> Play {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3]).append(1, &[2]).step(1).durable(1);
        play
    }

    #[test]
    fn an_equal_log_will_do() {
        let mut play = leader_with_an_entry();
        play.replicate(1, 2, 1).replicate(1, 3, 1);
        play.ask(2, 3).hear_request(2, 3, 3, (1, 2)).grant(3, 2, 3);
        play.holds();
    }

    #[test]
    fn a_shorter_log_will_not() {
        let mut play = leader_with_an_entry();
        play.replicate(1, 2, 1);
        play.ask(3, 3).hear_request(3, 2, 3, (0, 0)).grant(2, 3, 3);
        play.breaks("VoteForUpToDateLog");
    }

    #[test]
    fn a_longer_log_of_an_earlier_term_will_not() {
        let mut play = leader_with_an_entry();
        play.append(1, &[2, 2]).step(1).durable(1);
        play.elect(2, 3, &[3]).append(2, &[3]).step(2).durable(2);
        play.ask(1, 4).hear_request(1, 2, 4, (3, 2)).grant(2, 1, 4);
        play.breaks("VoteForUpToDateLog");
    }

    #[test]
    fn entries_count_that_are_still_being_written() {
        let mut play = leader_with_an_entry();
        play.hear_append(1, 2, 0, 1).append(2, &[2]).step(2);
        play.ask(3, 3).hear_request(3, 2, 3, (0, 0)).grant(2, 3, 3);
        play.breaks("VoteForUpToDateLog");
    }

    #[test]
    fn a_vote_may_be_written_again_when_the_log_has_grown() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1);
        play.hear_request(1, 2, 2, (0, 0)).hard_state(2, 2, Some(1)).durable(2).step(2);
        assert!(!play.broken().contains(&"VoteForUpToDateLog"));
    }

    #[test]
    fn a_request_of_an_earlier_term_explains_no_vote() {
        let mut play = leader_with_an_entry();
        play.replicate(1, 2, 1).ask(3, 3);
        // It hears a request of term 3, and votes in term 4.
        play.hear_request(3, 2, 3, (0, 0)).hard_state(2, 4, Some(3)).durable(2).step(2);
        assert!(!play.broken().contains(&"VoteForUpToDateLog"));
    }
}
