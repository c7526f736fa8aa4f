//! A message arrived twice.

use super::{Sight, Witness};

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "DuplicateDelivered",
    statement: "A message was delivered that had been delivered before.",
    required: true,
    nodes_min: 2,
    needs_faults: &["duplicate"],
    needs: &[],
    seen: &[Sight::Received(|_, moment| moment.again)],
};

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn the_second_time_counts() {
        use crate::fact::{Claim, Fact, NodeId, Statement};
        let mut play = Play::new(3);
        let statement = Statement { term: Some(1), claim: Claim::Other };
        for again in [false, true] {
            assert!(!play.saw("DuplicateDelivered"));
            play.tell(&Fact::Received { node: NodeId(1), from: NodeId(2), statement, again });
        }
        assert!(play.saw("DuplicateDelivered"));
    }
}
