//! An acknowledged write stays.

use crate::evidence::{Part, evidence};
use crate::fact::Payload;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Acknowledged;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "F3",
    name: "NoLostAcknowledgedWrite",
    level: Level::Client,
    statement: "A write that a client was told to be committed at an index is what the \
                cluster has committed there.",
    source: "§8; §5.3",
    explain: "\
The ledger is only ever extended, so one comparison suffices: at once if the index is committed \
already, else as soon as it is.

Example: a leader answers its client, loses its office, and the next leader commits another \
entry at that index.",
    needs: &[Need::Log, Need::Replies, Need::CommitIndex],
    judges: &[Judge::Acknowledged(is_there)],
};

fn is_there(history: &History, moment: &Acknowledged) -> Judgement {
    match history.ledger.get(moment.index) {
        Some(committed) if committed.entry.payload != Payload::Command(moment.command) => {
            Err(evidence!(
                "{} told a client that {} is committed at {}, where the cluster has committed {} of \
                 term {}",
                moment.node,
                moment.command,
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
    fn a_write_is_committed_and_then_acknowledged() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).invoke(1, 7).append_command(1, 2, 7).step(1).durable(1);
        play.replicate(1, 2, 1).acknowledge(1, 7, 1).commit(1, 1);
        play.holds();
    }

    #[test]
    fn an_answer_counts_even_if_its_step_is_cut_short() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).invoke(1, 7).append_command(1, 2, 7).step(1).durable(1);
        play.replicate(1, 2, 1).commit(1, 1).acknowledge(1, 8, 1).crash(1, 0);
        play.breaks("NoLostAcknowledgedWrite");
    }

    #[test]
    fn an_acknowledged_write_may_not_turn_into_another() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).invoke(1, 7).append_command(1, 2, 7).step(1).acknowledge(1, 7, 1);
        play.elect(2, 3, &[3]).append_command(2, 3, 8).step(2).durable(2).replicate(2, 3, 1);
        play.commit(2, 1);
        play.breaks("NoLostAcknowledgedWrite");
    }
}
