//! State Machine Safety: what is committed somewhere is committed everywhere.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::{Applied, CommitAdvanced};

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C12",
    name: "StateMachineSafety",
    level: Level::Paper,
    statement: "If a node calls an entry committed or applies it, no node ever does so with \
                another entry at that index.",
    source: "§5.4.3, Figure 3",
    explain: "\
State machines stay equal only if they are fed the same commands in the same order. Whatever a \
node calls committed is compared with the ledger, the one log of everything that leaders have \
committed; the hash of a prefix covers all entries before it too.

Not flagged: nodes that have committed less than others, and uncommitted entries that differ.

Example: Figure 8. A leader of term 4 counts copies of an entry of term 2 and calls it committed; \
a leader of term 5 that never had it overwrites it and commits its own at the same index.",
    needs: &[Need::Log, Need::Commits],
    judges: &[Judge::CommitAdvanced(commits_the_ledger), Judge::Applied(applies_the_ledger)],
};

fn commits_the_ledger(history: &History, moment: &CommitAdvanced) -> Judgement {
    let log = &history.node(moment.node).memory.log;
    let index = moment.to.min(history.ledger.len()).min(log.last_index());
    if log.hash_at(index) == history.ledger.hash_at(index) {
        return Ok(());
    }
    let agrees = |&index: &u64| log.hash_at(index) == history.ledger.hash_at(index);
    let first = 1 + (0..index).rev().find(agrees).unwrap_or(0);
    Err(evidence!(
        "{} calls its log committed up to {}, but at {} it holds an entry of term {} where the \
         cluster has committed one of term {}",
        moment.node,
        Part::Index(index),
        Part::Index(first),
        Part::Term(log.term_at(first).unwrap_or(0)),
        Part::Term(history.ledger.get(first).map_or(0, |committed| committed.entry.term)),
    ))
}

fn applies_the_ledger(history: &History, moment: &Applied) -> Judgement {
    match history.ledger.get(moment.index) {
        Some(committed)
            if (committed.entry.term, committed.entry.payload) != (moment.term, moment.payload) =>
        {
            Err(evidence!(
                "{} applied {} of term {} at {}, but the cluster has committed {} of term {} there",
                moment.node,
                moment.payload,
                Part::Term(moment.term),
                Part::Index(moment.index),
                committed.entry.payload,
                Part::Term(committed.entry.term),
            ))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn commits_may_lag() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1, 1]).step(1).durable(1).replicate(1, 2, 2);
        play.commit(1, 2).hear_append(1, 2, 2, 2).commit(2, 1);
        play.holds();
    }

    #[test]
    fn another_entry_is_not_committed_at_the_same_index() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).step(1).durable(1).commit(1, 1);
        play.elect(2, 2, &[3]).append(2, &[2]).step(2).durable(2).replicate(2, 3, 1);
        play.commit(2, 1);
        play.tells(
            "StateMachineSafety",
            "n2 calls its log committed up to 1, but at 1 it holds an entry of term 2 where the \
             cluster has committed one of term 1",
        );
    }

    #[test]
    fn the_first_entry_that_differs_is_named() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).step(1).durable(1).replicate(1, 2, 1);
        play.append(1, &[1, 1]).step(1).durable(1).commit(1, 3);
        play.elect(2, 2, &[3]).append(2, &[2, 2]).step(2).durable(2).replicate(2, 3, 3);
        play.commit(2, 3);
        play.tells(
            "StateMachineSafety",
            "n2 calls its log committed up to 3, but at 2 it holds an entry of term 2 where the \
             cluster has committed one of term 1",
        );
    }

    #[test]
    fn what_is_committed_may_be_applied() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).step(1).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.apply(1, 1).step(1).apply(2, 1).commit(2, 1);
        play.keeps("StateMachineSafety");
    }

    #[test]
    fn another_entry_is_not_applied_either() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).step(1).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.elect(3, 2, &[2]).append(3, &[2]).step(3).apply(3, 1);
        play.breaks("StateMachineSafety");
    }
}
