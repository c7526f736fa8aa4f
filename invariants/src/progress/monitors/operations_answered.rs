//! No client waits for ever.

use crate::evidence::{Evidence, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Level, Need};
use crate::progress::{BOUND, Calm, Monitor};

/// See [`Invariant::statement`].
pub static MONITOR: Monitor = Monitor {
    invariant: Invariant {
        id: "G3",
        name: "OperationsAnswered",
        level: Level::Progress,
        statement: "Once the faults are over, a leader answers every request that it takes.",
        source: "§8",
        explain: "\
An answer may be a refusal. A leader that steps down or restarts owes none: its clients ask again \
elsewhere. One that goes on leading does.

Example: a leader loses track of one of several requests in a batch and answers the others.",
        needs: &[Need::TermAndRole, Need::Replies],
        judges: &[],
    },
    bound: BOUND,
    heat,
};

fn heat(_: &History, calm: &Calm) -> Option<Evidence> {
    calm.oldest_pending().map(|(command, asked)| {
        evidence!(
            "{} has not answered {}, which it took as leader and leads still",
            asked.node,
            command
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_refusal_is_an_answer_and_who_steps_down_owes_none() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).calm(&[1, 2, 3]).invoke(1, 7).refuse(1, 7).invoke(1, 8);
        play.term(1, 2).follow(1).wait_for(99);
        play.keeps("OperationsAnswered");
    }

    #[test]
    fn silence_is_none() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.apply(1, 1).calm(&[1, 2, 3]).invoke(1, 9);
        for write in 1..=3 {
            play.invoke(1, write).append_command(1, 1, write).durable(1).replicate(1, 2, write + 1);
            play.commit(1, write + 1).apply(1, write + 1).acknowledge(1, write, write + 1);
        }
        play.replicate(1, 3, 4).commit(2, 4).commit(3, 4).apply_all(2, 4).apply_all(3, 4);
        play.wait_for(60);
        play.breaks("OperationsAnswered");
    }
}
