//! Somebody came to lead.

use super::{Need, Sight, Witness};

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "LeaderElected",
    statement: "A leader was elected.",
    required: true,
    nodes_min: 1,
    needs_faults: &[],
    needs: &[Need::TermAndRole],
    seen: &[Sight::BecameLeader(|_, _| true)],
};

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn standing_is_not_enough() {
        let mut play = Play::new(3);
        play.ask(1, 2);
        assert!(!play.saw("LeaderElected"));
        play.grant(2, 1, 2).lead(1);
        assert!(play.saw("LeaderElected"));
    }
}
