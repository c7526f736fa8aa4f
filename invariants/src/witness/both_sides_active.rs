//! Both sides of a partition were at work.

use super::{Need, Sight, Witness};
use crate::history::History;
use crate::moment::Changed;

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "BothSidesActive",
    statement: "Two nodes that could not reach each other both led, stood or appended entries meanwhile.",
    required: true,
    nodes_min: 2,
    needs_faults: &["cut", "halves", "isolate", "isolate-leader", "bridge", "ring", "flap"],
    needs: &[Need::TermAndRole],
    seen: &[Sight::Changed(across_the_cut)],
};

fn across_the_cut(history: &History, moment: &Changed) -> bool {
    let reaches = |from: crate::fact::NodeId, to| history.reach[from.slot()].contains(to);
    history.active.contains(moment.node)
        && history
            .active
            .iter()
            .any(|other| !reaches(moment.node, other) && !reaches(other, moment.node))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn both_must_act() {
        let mut play = Play::new(5);
        play.elect(1, 2, &[2, 3]).cut(&[1, 2]).append(1, &[2]).step(1);
        assert!(!play.saw("BothSidesActive"));
        play.ask(3, 3);
        assert!(play.saw("BothSidesActive"));
    }

    #[test]
    fn without_a_cut_there_are_no_sides() {
        let mut play = Play::new(5);
        play.elect(1, 2, &[2, 3]).append(1, &[2]).step(1).ask(3, 3);
        assert!(!play.saw("BothSidesActive"));
    }
}
