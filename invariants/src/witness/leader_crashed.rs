//! A leader lost power.

use super::{Need, Sight, Witness};

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "LeaderCrashed",
    statement: "A node went down that led.",
    required: true,
    nodes_min: 1,
    needs_faults: &["crash"],
    needs: &[Need::TermAndRole],
    seen: &[Sight::Stopped(|_, moment| moment.led.is_some())],
};

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_follower_is_no_leader() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).crash(2, 0);
        assert!(!play.saw("LeaderCrashed"));
        play.crash(1, 0);
        assert!(play.saw("LeaderCrashed"));
    }
}
