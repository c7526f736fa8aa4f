//! Entries of an earlier term were committed along with one of the leader.

use super::{Need, Sight, Witness};

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "CommitAcrossTerms",
    statement: "A leader committed entries of an earlier term than its own.",
    required: true,
    nodes_min: 1,
    needs_faults: &[],
    needs: &[Need::TermAndRole, Need::Log, Need::CommitIndex],
    seen: &[Sight::Committed(|_, moment| moment.entry.term < moment.term)],
};

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn an_earlier_term_is_needed() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1, 1]).step(1).durable(1).replicate(1, 2, 1);
        play.commit(1, 1);
        assert!(!play.saw("CommitAcrossTerms"));
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 3).commit(1, 3);
        assert!(play.saw("CommitAcrossTerms"));
    }
}
