//! A client was told no.

use super::{Need, Sight, Witness};
use crate::fact::Outcome;

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "RefusedWrite",
    statement: "A client was told that its write was not accepted.",
    required: false,
    nodes_min: 1,
    needs_faults: &[],
    needs: &[Need::Replies],
    seen: &[Sight::Replied(|_, moment| moment.outcome == Outcome::Refused)],
};

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_yes_is_no_no() {
        let mut play = Play::new(3);
        play.acknowledge(1, 8, 1).step(1);
        assert!(!play.saw("RefusedWrite"));
        play.refuse(1, 7);
        assert!(play.saw("RefusedWrite"));
    }
}
