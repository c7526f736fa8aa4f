//! Roles change as in Figure 4.

use crate::evidence::{Part, evidence};
use crate::fact::Role;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::RoleChanged;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A10",
    name: "RoleTransitions",
    level: Level::Lemma,
    statement: "A step changes the role of a node only along the arrows of Figure 4.",
    source: "Figure 4; dissertation §9.6 for pre-candidates",
    explain: "\
A follower that leads without having stood has been elected by nobody, and a leader that goes on \
leading in another term was not elected in that one.

Not flagged: a cluster of one node, which elects itself within a step; a follower or candidate \
that first asks around as a pre-candidate; what lies between two views with steps that are not \
settled in between.

Example: a delayed vote makes a leader of a node that has become a follower again.",
    needs: &[Need::TermAndRole],
    judges: &[Judge::RoleChanged(along_an_arrow)],
};

fn along_an_arrow(history: &History, moment: &RoleChanged) -> Judgement {
    use Role::{Candidate, Follower, Leader, PreCandidate};
    let ((before, term_before), (after, term)) = (moment.before, moment.after);
    if history.node(moment.node).notes.spans_steps() {
        return Ok(());
    }
    let legal = match (before, after) {
        (_, Follower) | (Follower | PreCandidate | Candidate, PreCandidate | Candidate) => true,
        (Candidate | Leader, Leader) => term_before == term || history.cluster() == 1,
        (Follower | PreCandidate, Leader) => history.cluster() == 1,
        (Leader, PreCandidate | Candidate) => false,
    };
    if legal {
        return Ok(());
    }
    Err(evidence!(
        "{} went from {} of term {} to {} of term {} in one step",
        moment.node,
        before,
        Part::Term(term_before),
        after,
        Part::Term(term),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_cluster_of_one_elects_itself_at_once() {
        let mut play = Play::new(1);
        play.hard_state(1, 1, Some(1)).durable(1).lead(1);
        play.holds();
    }

    #[test]
    fn a_follower_does_not_come_to_lead() {
        let mut play = Play::new(3);
        play.hard_state(1, 1, Some(1)).durable(1).lead(1);
        play.breaks("RoleTransitions");
    }

    #[test]
    fn a_leader_does_not_take_its_office_into_the_next_term() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).hard_state(1, 3, None).durable(1).step(1);
        play.breaks("RoleTransitions");
    }
}
