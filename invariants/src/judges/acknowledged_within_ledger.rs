//! Only what is committed is acknowledged.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Acknowledged;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "F4",
    name: "AcknowledgedWithinLedger",
    level: Level::Client,
    statement: "When a client is told that its write is committed, it is.",
    source: "§5.3; §8",
    explain: "\
Judged when the step that sent the answer is over, because a leader may commit and answer in one \
step.

Not flagged: an answer whose step was cut short by a crash; whether the write is lost is judged \
by NoLostAcknowledgedWrite.

Example: a leader answers as soon as the entry is in its own log.",
    needs: &[Need::Log, Need::Replies, Need::CommitIndex],
    judges: &[Judge::Acknowledged(is_committed)],
};

fn is_committed(history: &History, moment: &Acknowledged) -> Judgement {
    if moment.late || moment.index <= history.ledger.len() {
        return Ok(());
    }
    Err(evidence!(
        "{} told a client that {} is committed at {}, but the cluster has committed only up to {}",
        moment.node,
        moment.command,
        Part::Index(moment.index),
        Part::Index(history.ledger.len()),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn committing_and_answering_may_be_one_step() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).invoke(1, 7).append_command(1, 2, 7).step(1).durable(1);
        play.replicate(1, 2, 1).acknowledge(1, 7, 1).commit(1, 1);
        play.holds();
    }

    #[test]
    fn an_answer_may_not_come_before_the_commit() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).invoke(1, 7).append_command(1, 2, 7).acknowledge(1, 7, 1).step(1);
        play.breaks("AcknowledgedWithinLedger");
    }
}
