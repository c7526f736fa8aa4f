//! Nobody won.

use super::{Need, Sight, Witness};
use crate::fact::Role;
use crate::history::History;
use crate::moment::RoleChanged;

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "SplitVote",
    statement: "Two candidates stood in one term, and a later term began without a leader of it.",
    required: true,
    nodes_min: 2,
    needs_faults: &[],
    needs: &[Need::TermAndRole],
    seen: &[Sight::RoleChanged(nobody_won)],
};

fn nobody_won(history: &History, moment: &RoleChanged) -> bool {
    let (role, term) = moment.after;
    let split = history.votes.before(term).is_some_and(|(term, ballot)| {
        2 <= ballot.candidates.len() && history.elections.of(term).is_none()
    });
    role == Role::Candidate && split
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn it_takes_two_and_a_later_term() {
        let mut play = Play::new(4);
        play.ask(1, 2).ask(2, 2).grant(3, 1, 2).grant(4, 2, 2);
        assert!(!play.saw("SplitVote"));
        play.ask(3, 3);
        assert!(play.saw("SplitVote"));
    }

    #[test]
    fn a_beaten_rival_is_none() {
        let mut play = Play::new(3);
        play.ask(1, 2).elect(2, 2, &[3]).ask(3, 3);
        assert!(!play.saw("SplitVote"));
    }
}
