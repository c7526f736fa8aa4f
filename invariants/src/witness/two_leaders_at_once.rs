//! A new leader, and the old one has not heard.

use super::{Need, Sight, Witness};
use crate::history::History;
use crate::moment::BecameLeader;

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "TwoLeadersAtOnce",
    statement: "A leader was elected while that of an earlier term still held itself to be one.",
    required: true,
    nodes_min: 3,
    needs_faults: &[],
    needs: &[Need::TermAndRole],
    seen: &[Sight::BecameLeader(another_leads)],
};

fn another_leads(history: &History, moment: &BecameLeader) -> bool {
    history.nodes().any(|(_, mirror)| mirror.leads().is_some_and(|term| term != moment.term))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn the_old_one_must_still_lead() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).follow(1).elect(2, 3, &[3]);
        assert!(!play.saw("TwoLeadersAtOnce"));
        play.elect(3, 4, &[1]);
        assert!(play.saw("TwoLeadersAtOnce"));
    }
}
