//! A majority of disks hold the whole ledger.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Durable;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C15",
    name: "QuorumHoldsLedger",
    level: Level::History,
    statement: "At all times, a majority of disks hold everything that was ever \
                committed.",
    source: "raft.tla QuorumLogInv",
    explain: "\
If a majority of disks lost a committed entry, the next leader could be one without it. Disks of \
crashed nodes count. Judged whenever a durable log loses entries.

Not flagged: copies beyond a majority that a stale leader has deleted.

Example: two of three nodes delete a committed tail that a delayed message did not mention.",
    needs: &[Need::Log, Need::CommitIndex, Need::TermAndRole],
    judges: &[Judge::Durable(still_there)],
};

fn still_there(history: &History, moment: &Durable) -> Judgement {
    let length = history.ledger.len();
    if moment.cut_from.is_none_or(|from| length < from) {
        return Ok(());
    }
    let hash = history.ledger.hash_at(length).expect("a ledger has its end");
    let holds = history.durable_on(length, hash).len();
    if history.majority() <= holds {
        return Ok(());
    }
    Err(evidence!(
        "after {} deleted committed entries, only {} of {} disks hold all {} of them",
        moment.node,
        holds,
        history.cluster(),
        Part::Number(length),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_copy_beyond_the_majority_may_go() {
        let mut play = Play::new(5);
        play.elect(1, 2, &[2, 3]).append(1, &[2]).step(1).durable(1);
        play.replicate(1, 2, 1).replicate(1, 3, 1).replicate(1, 4, 1).commit(1, 1);
        play.truncate(4, 1).durable(4).step(4);
        assert!(!play.broken().contains(&"QuorumHoldsLedger"));
    }

    #[test]
    fn a_majority_may_not_lose_it() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.truncate(2, 1).durable(2).step(2);
        play.breaks("QuorumHoldsLedger");
    }

    #[test]
    fn it_may_not_lose_the_first_of_several_either() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).durable(1).replicate(1, 2, 2);
        play.commit(1, 2).truncate(2, 1).durable(2).step(2);
        play.tells(
            "QuorumHoldsLedger",
            "after n2 deleted committed entries, only 1 of 3 disks hold all 2 of them",
        );
    }

    #[test]
    fn what_lies_behind_the_ledger_may_go() {
        // The ledger was never on a majority; a node that deletes its tail is not to blame.
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).commit(1, 1);
        play.append(1, &[2]).durable(1).truncate(1, 2).durable(1).follow(1);
        play.breaks("CommittedDurableOnQuorum");
        play.keeps("QuorumHoldsLedger");
    }
}
