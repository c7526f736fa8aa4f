//! Something was committed.

use super::{Need, Sight, Witness};

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "EntryCommitted",
    statement: "An entry was committed.",
    required: true,
    nodes_min: 1,
    needs_faults: &[],
    needs: &[Need::CommitIndex, Need::Log],
    seen: &[Sight::Committed(|_, _| true)],
};

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_copy_is_not_enough() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1);
        assert!(!play.saw("EntryCommitted"));
        play.commit(1, 1);
        assert!(play.saw("EntryCommitted"));
    }
}
