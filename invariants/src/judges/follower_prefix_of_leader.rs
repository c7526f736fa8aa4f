//! A follower that takes entries has the prefix of the leader.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Accepted;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "B5",
    name: "FollowerPrefixOfLeader",
    level: Level::Lemma,
    statement: "A follower that has appended the entries of an AppendEntries holds what \
                its sender held, up to the last of them.",
    source: "§5.3 (the consistency check)",
    explain: "\
What a leader sends is known by index and term, and with it all that came before. Whoever \
appends to its log on behalf of such a message must agree with the leader up to its last entry, \
or as far as it has appended.

Not flagged: entries behind the message's last one; a follower that refuses, or that only \
deletes.

Example: a follower appends behind an entry of another term, because it compares only the index.",
    needs: &[Need::Log, Need::Claims, Need::TermAndRole],
    judges: &[Judge::Accepted(agrees)],
};

fn agrees(history: &History, moment: &Accepted) -> Judgement {
    let log = &history.node(moment.node).memory.log;
    let index = log.last_index().min(moment.last_log.index);
    let leaders = history.canon.prefix_hash(moment.last_log, index);
    if !moment.appended || leaders.is_none() || leaders == log.hash_at(index) {
        return Ok(());
    }
    Err(evidence!(
        "{} appended entries from {}, the leader of term {}, and differs from it at or before {}",
        moment.node,
        moment.from,
        Part::Term(moment.term),
        Part::Index(index),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_follower_takes_what_it_gets() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).replicate(1, 2, 1).replicate(1, 2, 2);
        play.holds();
    }

    #[test]
    fn a_follower_does_not_append_behind_another_entry() {
        let mut play = Play::new(5);
        play.elect(1, 2, &[2, 3]).append(1, &[2, 2]).step(1).replicate(1, 3, 2);
        play.elect(4, 3, &[5, 2]).append(4, &[3, 3]).step(4);
        // It has 2 2 and gets only the second of 3 3, without the first.
        play.term(3, 3).hear_append(4, 3, 1, 2).truncate(3, 2).append(3, &[3]).step(3);
        play.breaks("FollowerPrefixOfLeader");
    }

    #[test]
    fn a_follower_that_refuses_may_hold_other_entries() {
        let mut play = Play::new(5);
        play.elect(1, 2, &[2, 3]).append(1, &[2, 2]).step(1).replicate(1, 3, 2);
        play.elect(4, 3, &[5, 2]).append(4, &[3, 3]).step(4);
        play.term(3, 3).hear_append(4, 3, 1, 2).step(3);
        play.holds();
    }
}
