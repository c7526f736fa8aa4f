//! A tail was deleted.

use super::{Need, Sight, Witness};

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "LogTruncated",
    statement: "A node deleted entries from its log.",
    required: true,
    nodes_min: 3,
    needs_faults: &[],
    needs: &[Need::Log],
    seen: &[Sight::Truncated(|_, _| true)],
};

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn entries_put_back_were_not_deleted() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).rewrite(1, 1).step(1);
        assert!(!play.saw("LogTruncated"));
        play.follow(1).truncate(1, 2).step(1);
        assert!(play.saw("LogTruncated"));
    }
}
