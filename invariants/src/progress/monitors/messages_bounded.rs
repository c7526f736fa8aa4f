//! Messages do not breed.

use crate::evidence::{Evidence, Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Level};
use crate::progress::{Calm, Millitimeouts, Monitor};

/// Messages in one shortest election timeout, for each node of the core. Heartbeats, their answers
/// and a write now and then are about ten.
const MESSAGES: u64 = 60;

/// When a storm has lasted so long, it will not pass. A log that is far behind is brought up to date
/// an entry at a time, if need be.
const STORM: Millitimeouts = 10_000;

/// See [`Invariant::statement`].
pub static MONITOR: Monitor = Monitor {
    invariant: Invariant {
        id: "G8",
        name: "MessagesBounded",
        level: Level::Progress,
        statement: "Once the faults are over, the cluster sends no more than a few messages for each \
                    heartbeat and each write.",
        source: "§5.3, §5.5 (requests are retried, and that is harmless)",
        explain: "\
Sixty messages for each node in a shortest election timeout are allowed, five times what heartbeats \
and writes need, and those for ten timeouts: it is meant for messages that answer each other.

Example: a leader that is answered sends the next heartbeat at once, beside those of its timer.",
        needs: &[],
        judges: &[],
    },
    bound: STORM,
    heat,
};

fn heat(_: &History, calm: &Calm) -> Option<Evidence> {
    let is_storm = MESSAGES * (calm.core.len() as u64) < calm.sent_before;
    is_storm.then(|| {
        evidence!(
            "{} sent {} messages within one election timeout",
            calm.core,
            Part::Number(calm.sent_before)
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::fact::Claim;
    use crate::testing::Play;

    #[test]
    fn a_storm_that_lasts_is_told() {
        let check = |messages: u64, timeouts: u64| {
            let mut play = Play::new(3);
            play.elect(1, 1, &[2]).calm(&[1, 2, 3]);
            for timeout in 0..timeouts {
                for _ in 0..messages {
                    play.send(1, 2, 1, Claim::Other);
                }
                play.wait_for_exactly(timeout + 1);
            }
            play
        };
        check(180, 30).keeps("MessagesBounded");
        check(181, 10).keeps("MessagesBounded");
        check(181, 30).breaks("MessagesBounded");
    }
}
