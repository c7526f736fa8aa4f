//! A node does not panic.

use crate::evidence::evidence;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level};
use crate::moment::Panicked;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "H1",
    name: "NoPanic",
    level: Level::Harness,
    statement: "A node never panics.",
    source: "the port's contract",
    explain: "\
Whatever arrives in whatever order, an implementation answers it, refuses it or stops in an \
orderly way. A panic is a failed assertion of the implementation itself, and so nearly always the \
shortest way to one of its bugs.

Not flagged: a node that halts after its disk has failed, as it must.

Example: an index out of bounds when an answer to a long forgotten request arrives.",
    needs: &[],
    judges: &[Judge::Panicked(panicked)],
};

fn panicked(_: &History, moment: &Panicked) -> Judgement {
    Err(evidence!("{} panicked at {}", moment.node, moment.place.clone()))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_crash_is_no_panic() {
        let mut play = Play::new(1);
        play.crash(1, 0).boot(1);
        play.holds();
    }

    #[test]
    fn a_panic_names_its_place() {
        let mut play = Play::new(1);
        play.panic(1, "src/raft.rs:1: boom");
        play.breaks("NoPanic");
        let place = play.checker.violations()[0].place.as_deref();
        assert_eq!(place, Some("src/raft.rs:1: boom"));
    }
}
