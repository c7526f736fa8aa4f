//! A leader was replaced while its log had an uncommitted end.

use super::{Need, Sight, Witness};
use crate::history::History;
use crate::moment::BecameLeader;

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "LeaderChangeWithUncommittedTail",
    statement: "A leader was followed by another while entries of its log were not committed.",
    required: true,
    nodes_min: 2,
    needs_faults: &[],
    needs: &[Need::TermAndRole, Need::Log, Need::CommitIndex],
    seen: &[Sight::BecameLeader(tail_left)],
};

fn tail_left(history: &History, moment: &BecameLeader) -> bool {
    let Some(last_term) = moment.term.checked_sub(1) else { return false };
    history.elections.between(0, last_term).next_back().is_some_and(|previous| {
        let log = &history.node(previous.leader).memory.log;
        previous.leader != moment.node && history.ledger.len() < log.last_index()
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn the_tail_must_be_uncommitted() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.elect(2, 3, &[3]);
        assert!(!play.saw("LeaderChangeWithUncommittedTail"));
        play.append(2, &[3]).step(2).elect(1, 4, &[3]);
        assert!(play.saw("LeaderChangeWithUncommittedTail"));
    }
}
