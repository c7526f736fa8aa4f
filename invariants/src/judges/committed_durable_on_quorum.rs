//! Committed is on the disks of a majority.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::CommitAdvanced;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C10",
    name: "CommittedDurableOnQuorum",
    level: Level::Durability,
    statement: "When a leader commits an entry, a majority of disks hold the log up to \
                it.",
    source: "§5.3, §5.4.2 (stored on a majority)",
    explain: "\
Only what a majority cannot forget is seen by every later election. Disks of crashed nodes \
count, memories do not; the leader's own disk counts like any other.

Not flagged: a leader that commits before its own write is durable, if enough others have it.

Example: a leader counts itself although its own write is still in the queue, and loses power \
together with one follower.",
    needs: &[Need::Log, Need::CommitIndex, Need::TermAndRole],
    judges: &[Judge::CommitAdvanced(on_disks)],
};

fn on_disks(history: &History, moment: &CommitAdvanced) -> Judgement {
    let Some(term) = moment.leader_of else { return Ok(()) };
    let Some(hash) = history.node(moment.node).memory.log.hash_at(moment.to) else { return Ok(()) };
    let holders = history.durable_on(moment.to, hash);
    if history.majority() <= holders.len() {
        return Ok(());
    }
    Err(evidence!(
        "{}, leader of term {}, commits {} while only the disks of {} hold its log up to there, \
         {} of {}",
        moment.node,
        Part::Term(term),
        Part::Index(moment.to),
        holders,
        holders.len(),
        history.cluster(),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_leader_may_commit_before_its_own_disk_is_done() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1);
        play.replicate(1, 2, 1).replicate(1, 3, 1).commit(1, 1);
        play.crash(1, 0).boot(1).step(1).elect(2, 3, &[3]).append(2, &[3]).step(2).durable(2);
        play.replicate(2, 3, 2).commit(2, 2);
        play.holds();
    }

    #[test]
    fn a_crashed_disk_counts() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .crash(2, 0)
            .commit(1, 2);
        play.holds();
    }

    #[test]
    fn a_leader_does_not_count_its_queue() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).replicate(1, 2, 1).commit(1, 1);
        play.breaks("CommittedDurableOnQuorum");
    }
}
