//! What clients want of a leader.

use crate::evidence::{Evidence, Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Level, Need};
use crate::progress::{BOUND, Calm, Monitor};

/// Writes that a leader must serve: a window that closes behind the first one would pass one.
const WRITES: u64 = 3;

/// See [`Invariant::statement`].
pub static MONITOR: Monitor = Monitor {
    invariant: Invariant {
        id: "G2",
        name: "WritesServed",
        level: Level::Progress,
        statement: "Once the faults are over, the leader commits and answers fresh writes.",
        source: "§5.3, §8",
        explain: "\
A client asks whoever leads, again and again. Three answers from the same leader are waited for, \
since one that commits a single entry and then no more serves nobody.

Example: a follower's window of messages in flight was used up by losses and never opens again.",
        needs: &[Need::TermAndRole, Need::Replies],
        judges: &[],
    },
    bound: BOUND,
    heat,
};

fn heat(history: &History, calm: &Calm) -> Option<Evidence> {
    let Some((leader, term)) = calm.leader(history) else {
        return Some(evidence!("none of {} leads, so nobody serves writes", calm.core));
    };
    let served = calm.served(leader, term);
    (served < WRITES).then(|| {
        evidence!(
            "{} leads term {} and has served {} of the writes that clients went on asking for",
            leader,
            Part::Term(term),
            Part::Number(served)
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_leader_serves() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.calm(&[1, 2, 3]);
        for write in 1..=3 {
            play.invoke(1, write).append_command(1, 1, write).durable(1).replicate(1, 2, write + 1);
            play.commit(1, write + 1).apply(1, write + 1).acknowledge(1, write, write + 1);
        }
        play.wait_for(99);
        play.keeps("WritesServed");
    }

    #[test]
    fn one_answer_is_not_enough() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.apply(1, 1).calm(&[1, 2, 3]);
        play.invoke(1, 1).append_command(1, 1, 1).durable(1).replicate(1, 2, 2);
        play.commit(1, 2).apply(1, 2).acknowledge(1, 1, 2).wait_for(51);
        play.breaks("WritesServed");
    }
}
