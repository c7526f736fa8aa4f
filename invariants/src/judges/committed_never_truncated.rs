//! Committed entries stay.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Truncated;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C14",
    name: "CommittedNeverTruncated",
    level: Level::History,
    statement: "No node deletes a committed entry that it holds, once it has entered the \
                term in which it was committed.",
    source: "§5.4.3; dissertation §3.6.3",
    explain: "\
From the term of the commit on, all leaders have the entry, and they delete nothing of their \
own.

Not flagged: a node that has not heard of that term deletes its copy on behalf of a stale \
leader. The commit did not count on that copy. Entries that the same write puts back were never \
gone.

Example: a delayed AppendEntries with one entry, already there, deletes the two behind it.",
    needs: &[Need::Log, Need::CommitIndex, Need::Votes, Need::TermAndRole],
    judges: &[Judge::Truncated(uncommitted)],
};

fn uncommitted(history: &History, moment: &Truncated) -> Judgement {
    // Commit terms never fall along the ledger: if the first one may go, so may the others.
    let Some(committed) = history.ledger.get(moment.from) else { return Ok(()) };
    let log = &history.node(moment.node).memory.log;
    if log.hash_at(moment.from) != Some(committed.hash) || moment.term < committed.commit_term {
        return Ok(());
    }
    Err(evidence!(
        "{} in term {} deletes its entries from {} on, which was committed in term {}",
        moment.node,
        Part::Term(moment.term),
        Part::Index(moment.from),
        Part::Term(committed.commit_term),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_stale_leader_may_have_an_uncounted_copy_deleted() {
        // n4 got the entry of term 2 in term 2 and never heard of terms 3 and 4; the leader of term 4
        // commits it along with its own; then n5, leader of term 3, replaces it at n4.
        let mut play = Play::new(5);
        play.elect(1, 1, &[2, 3]).append(1, &[1]).step(1).durable(1);
        for follower in 2..=5 {
            play.replicate(1, follower, 1);
        }
        play.commit(1, 1).elect(1, 2, &[2, 3]).append(1, &[2]).step(1).durable(1);
        play.replicate(1, 4, 2).elect(5, 3, &[2, 3]).append(5, &[3]).step(5).durable(5);
        play.elect(1, 4, &[2, 3]).append(1, &[4]).step(1).durable(1);
        play.replicate(1, 2, 3).replicate(1, 3, 3).commit(1, 3);
        play.replicate(5, 4, 2);
        play.holds();
    }

    #[test]
    fn a_delayed_message_may_not_delete_what_is_committed() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2, 2]).step(1).durable(1);
        play.replicate(1, 2, 3).commit(1, 3).truncate(2, 2).step(2);
        play.breaks("CommittedNeverTruncated");
    }
}
