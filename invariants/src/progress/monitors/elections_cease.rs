//! A leader that is deposed again and again serves nobody for long.

use crate::evidence::{Evidence, Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Level, Need};
use crate::progress::{BOUND, Calm, Millitimeouts, Monitor};

/// Without a new term for so long, every node's election timer would have fired if it could: the
/// longest is two timeouts.
const QUIET: Millitimeouts = 3_000;

/// See [`Invariant::statement`].
pub static MONITOR: Monitor = Monitor {
    invariant: Invariant {
        id: "G6",
        name: "ElectionsCease",
        level: Level::Progress,
        statement: "Once the faults are over, nobody stands against a leader that is heard.",
        source: "§5.2 (heartbeats prevent elections), §5.6",
        explain: "\
Heartbeats arrive in time, so no election timer fires any more. The first terms of a calm are no \
matter: somebody has to be elected.

Not judged where a node outside the core reaches it and does not hear it: plain Raft promises \
nothing there.

Example: a follower does not restart its timer when it hears of its leader.",
        needs: &[Need::TermAndRole],
        judges: &[],
    },
    bound: BOUND,
    heat,
};

fn heat(_: &History, calm: &Calm) -> Option<Evidence> {
    (calm.now < calm.term_since + QUIET).then(|| {
        evidence!(
            "{} terms have begun since the faults ended, the last one is {}",
            Part::Number(calm.terms),
            Part::Term(calm.term)
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    /// A new leader every so many tenths of a timeout, each of which commits.
    fn deposed_every(tenths: usize) -> Play {
        let mut play = Play::new(3);
        play.calm(&[1, 2]);
        for (term, time) in (1..).zip((1..=600).step_by(tenths)) {
            let blank = 4 * term - 3;
            play.elect(1, term, &[2]).append(1, &[term]);
            for write in blank..blank + 3 {
                play.invoke(1, write).append_command(1, term, write);
            }
            play.durable(1).replicate(1, 2, blank + 3).commit(1, blank + 3).commit(2, blank + 3);
            play.apply_all(1, blank + 3).apply_all(2, blank + 3);
            for write in blank..blank + 3 {
                play.acknowledge(1, write, write + 1);
            }
            play.wait_for_tenths(time);
        }
        play
    }

    #[test]
    fn term_after_term_is_told() {
        deposed_every(28).breaks("ElectionsCease");
        deposed_every(35).keeps("ElectionsCease");
    }
}
