//! Equal commands, equal states.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Applied;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "D5",
    name: "StateMachineDeterminism",
    level: Level::Client,
    statement: "After applying the same index, the state machines of all nodes and \
                incarnations are equal.",
    source: "§5.4.3; §2 (replicated state machines)",
    explain: "\
A state machine that depends on anything but the log (a clock, an order of a map, the number of \
its restarts) lets clients see different worlds. The same alarm tells of an entry applied twice \
or skipped.

Example: after a restart a node applies its log on top of a state that it has kept.",
    needs: &[Need::Applies],
    judges: &[Judge::Applied(same_state)],
};

fn same_state(_: &History, moment: &Applied) -> Judgement {
    match moment.known {
        Some((state_hash, other)) if state_hash != moment.state_hash => Err(evidence!(
            "after applying {}, the state of {} is {}, that of {} was {}",
            Part::Index(moment.index),
            moment.node,
            Part::Hash(moment.state_hash),
            other,
            Part::Hash(state_hash),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_restart_comes_to_the_same_state() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .apply(1, 1)
            .apply(1, 2)
            .commit(1, 2);
        play.crash(1, 0).boot(1).apply(1, 1).hear_append(2, 1, 1, 1);
        assert!(!play.broken().contains(&"StateMachineDeterminism"));
    }

    #[test]
    fn two_states_are_one_too_many() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .apply(1, 1)
            .apply_to(2, 1, 99);
        play.breaks("StateMachineDeterminism");
    }
}
