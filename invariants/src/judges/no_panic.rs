//! A node does not panic.

use crate::event::Panicked;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Level, Verdict};

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
    needs: |_| true,
    judges: &[Judge::Panicked(panicked)],
};

fn panicked(_: &History, event: &Panicked) -> Verdict {
    Err(format!("{} panicked at {}", event.node, event.place))
}
