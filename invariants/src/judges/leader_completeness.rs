//! Leaders have all that was committed before their term.

use crate::evidence::{Part, evidence};
use crate::fact::Term;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::{BecameLeader, CommitAdvanced};

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C13",
    name: "LeaderCompleteness",
    level: Level::Paper,
    statement: "If an entry is committed in some term, it is in the logs of the leaders \
                of all later terms.",
    source: "§5.4.3, Figure 3; dissertation §3.6.3",
    explain: "\
The voters of a new leader and the holders of a committed entry share a node, and it votes only \
for a log at least as up-to-date as its own. The term that counts is that of the leader who \
committed the entry, not that in which the entry was created: many published forms of this \
property compare the latter and cry wolf.

Not flagged: a stale leader of term 3 without an entry of term 2 that the leader of term 4 \
committed. Where a stale leader learns late that its own entries are committed, all elections \
since are judged once more.

Example: a node votes for a candidate with a longer but older log.",
    needs: &[Need::Log, Need::CommitIndex, Need::TermAndRole],
    judges: &[Judge::BecameLeader(has_all), Judge::CommitAdvanced(known_late)],
};

fn has_all(history: &History, moment: &BecameLeader) -> Judgement {
    let index = history.ledger.committed_before(moment.term);
    let log = &history.node(moment.node).memory.log;
    if log.hash_at(index) == history.ledger.hash_at(index) {
        return Ok(());
    }
    Err(evidence!(
        "{} comes to lead term {} with a log up to {}, but lacks entries up to index {} that were \
         committed in earlier terms",
        moment.node,
        Part::Term(moment.term),
        log.last(),
        Part::Index(index),
    ))
}

/// A stale leader commits: elections between its term and the one in which this was known to be
/// committed before were judged without knowing.
fn known_late(history: &History, moment: &CommitAdvanced) -> Judgement {
    let Some(term) = moment.leader_of else { return Ok(()) };
    let hash = history.ledger.hash_at(moment.to);
    if hash.is_none() || hash != history.node(moment.node).memory.log.hash_at(moment.to) {
        return Ok(());
    }
    let known_since = moment.commit_term_before.unwrap_or(Term::MAX);
    for election in history.elections.between(term.saturating_add(1), known_since) {
        if history.canon.prefix_hash(election.last, moment.to) != hash {
            return Err(evidence!(
                "{} was elected in term {} with a log up to {}, but lacks entries up to index {} that \
                 {} now turns out to have committed in term {}",
                election.leader,
                Part::Term(election.term),
                election.last,
                Part::Index(moment.to),
                moment.node,
                Part::Term(term),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_stale_leader_owes_nothing_to_an_entry_committed_after_its_term() {
        // n1 holds 1 2 and n2 holds 1 3, both uncommitted; n1 wins term 4 and commits 1 2 4. n2 still
        // leads term 3, without the entry of term 2.
        let mut play = Play::new(3);
        play.elect(1, 1, &[2, 3]).append(1, &[1]).step(1).durable(1);
        play.replicate(1, 2, 1).replicate(1, 3, 1).commit(1, 1);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1);
        play.elect(2, 3, &[3]).append(2, &[3]).step(2).durable(2);
        play.elect(1, 4, &[3]).append(1, &[4]).step(1).durable(1);
        play.replicate(1, 3, 3).commit(1, 3).step(2);
        play.holds();
    }

    #[test]
    fn a_longer_stale_log_beside_a_committed_copy_is_legal() {
        // n4 learns of a prefix of a later commit, while n5, leader of term 3, has a younger log.
        let mut play = more_up_to_date();
        play.replicate(1, 4, 2).hear_append(1, 4, 2, 2).commit(4, 2).step(5);
        play.holds();
    }

    /// n1 to n3 have committed 1 2 4; n5 leads term 3 with 1 3; n4 has 1.
    fn more_up_to_date() -> Play {
        let mut play = Play::new(5);
        play.elect(1, 1, &[2, 3]).append(1, &[1]).step(1).durable(1);
        for follower in 2..=5 {
            play.replicate(1, follower, 1);
        }
        play.commit(1, 1).elect(1, 2, &[2, 3]).append(1, &[2]).step(1).durable(1);
        play.elect(5, 3, &[3, 4]).append(5, &[3]).step(5).durable(5);
        play.elect(1, 4, &[2, 3, 4]).append(1, &[4]).step(1).durable(1);
        play.replicate(1, 2, 3).replicate(1, 3, 3).commit(1, 3);
        play
    }

    #[test]
    fn a_leader_without_a_committed_entry_breaks_it() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.elect(3, 3, &[2]);
        play.breaks("LeaderCompleteness");
    }

    #[test]
    fn a_commit_that_comes_to_light_late_is_judged_too() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1);
        play.elect(3, 3, &[2]);
        play.holds();
        // n1 has not heard of term 3, and only now gets the answer of n2.
        play.commit(1, 1);
        play.breaks("LeaderCompleteness");
    }

    #[test]
    fn what_a_stale_leader_takes_for_committed_binds_nobody() {
        // n1 leads term 1 with 1 1, n2 is elected in term 2 with 1, n3 in term 3 with 1 3, which it
        // commits; then n1 calls its own second entry committed.
        let mut play = Play::new(5);
        play.elect(1, 1, &[4, 5]).append(1, &[1, 1]).step(1).durable(1);
        for follower in 2..=5 {
            play.replicate(1, follower, 1);
        }
        play.elect(2, 2, &[4, 5]).elect(3, 3, &[4, 5]).append(3, &[3]).step(3).durable(3);
        play.replicate(3, 4, 2).replicate(3, 5, 2).commit(3, 2);
        play.holds();
        play.commit(1, 2);
        play.breaks("StateMachineSafety");
        play.keeps("LeaderCompleteness");
    }
}
