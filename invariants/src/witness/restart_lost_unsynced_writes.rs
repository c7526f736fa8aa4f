//! A restart came without the latest writes.

use super::{Sight, Witness};

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "RestartLostUnsyncedWrites",
    statement: "A node restarted without writes that it had issued.",
    required: true,
    nodes_min: 1,
    needs_faults: &["crash"],
    needs: &[],
    seen: &[Sight::Restarted(|_, moment| 0 < moment.lost_writes)],
};

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn what_is_kept_is_not_lost() {
        let mut play = Play::new(3);
        play.vote_undurably(1, 2).crash(1, 1).boot(1);
        assert!(!play.saw("RestartLostUnsyncedWrites"));
        play.vote_undurably(1, 3).crash(1, 0).boot(1);
        assert!(play.saw("RestartLostUnsyncedWrites"));
    }
}
