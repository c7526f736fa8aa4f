//! A client was told yes.

use super::{Need, Sight, Witness};
use crate::fact::Outcome;

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "AcknowledgedWrite",
    statement: "A client was told that its write is committed.",
    required: true,
    nodes_min: 1,
    needs_faults: &[],
    needs: &[Need::Replies],
    seen: &[Sight::Replied(|_, moment| matches!(moment.outcome, Outcome::Committed(_)))],
};

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_no_is_no_yes() {
        let mut play = Play::new(3);
        play.refuse(1, 7).step(1);
        assert!(!play.saw("AcknowledgedWrite"));
        play.acknowledge(1, 8, 1);
        assert!(play.saw("AcknowledgedWrite"));
    }
}
