//! Runs stay finite.

use crate::evidence::evidence;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level};
use crate::moment::Exploded;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "H3",
    name: "ResourceExplosion",
    level: Level::Harness,
    statement: "Neither the messages in flight, nor the effects of one step, nor the time and memory \
                of one call grow beyond all reason.",
    source: "the port's contract",
    explain: "\
Two nodes that answer each other's every message with two would fill any memory. The limit is \
the world's, far above what a sane run needs.

A call that does not come back within 10 seconds, or in which the process grows by more than a \
gibibyte, counts as endless. Only the command line watches for it, and ends with it: a thread \
cannot be ended.

Example: every refusal makes the leader send to all followers at once.",
    needs: &[],
    judges: &[Judge::Exploded(exploded)],
};

fn exploded(_: &History, moment: &Exploded) -> Judgement {
    Err(evidence!("{}: {}", moment.node, moment.what.clone()))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn it_is_named() {
        let mut play = Play::new(3);
        play.holds();
        play.explode(1, "10000 messages in flight");
        play.breaks("ResourceExplosion");
    }
}
