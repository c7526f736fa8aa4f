//! A node has the log that it writes.

use crate::evidence::evidence;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Changed;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "H2",
    name: "ViewMatchesLog",
    level: Level::Harness,
    statement: "What a node says of its last entry is what it has written.",
    source: "the port's contract",
    explain: "\
The judges go by what is written; this one makes sure that the node does too. A difference means \
that the adapter leaves out writes or makes up a view, or that the implementation forgets to \
persist something. Until it is explained, no other verdict on this guest is worth much.

Example: a node shortens its log in memory and does not write that it did.",
    needs: &[Need::Log],
    judges: &[Judge::Changed(as_written)],
};

fn as_written(history: &History, moment: &Changed) -> Judgement {
    let mirror = history.node(moment.node);
    match mirror.view.last_log {
        Some(last_log) if last_log != mirror.memory.log.last() => Err(evidence!(
            "{} says that its log ends with {}, but has written one that ends with {}",
            moment.node,
            last_log,
            mirror.memory.log.last(),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_node_says_what_it_writes() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1);
        play.holds();
    }

    #[test]
    fn a_node_does_not_make_up_its_log() {
        let mut play = Play::new(3);
        play.view(1, |view| view.last_log = Some(crate::fact::LogPosition { term: 1, index: 1 }));
        play.breaks("ViewMatchesLog");
    }
}
