//! Who hears the leader of its term follows it.

use crate::evidence::{Part, evidence};
use crate::fact::Role;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Accepted;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "B6",
    name: "RoleAfterAppendEntries",
    level: Level::Lemma,
    statement: "A candidate or pre-candidate that receives an AppendEntries of its own \
                term is a follower afterwards.",
    source: "§5.2; Figure 2, Rules for Servers: Candidates",
    explain: "\
If there is a leader of the term, the election is over, whether or not the message fits the log. \
A candidate that stays one can use votes that come late.

Not flagged: messages of earlier terms; steps that are not settled.

Example: a candidate refuses the entries because they do not fit, and remains a candidate.",
    needs: &[Need::Claims, Need::TermAndRole],
    judges: &[Judge::Accepted(follows)],
};

fn follows(history: &History, moment: &Accepted) -> Judgement {
    let role = history.node(moment.node).role();
    if !moment.settled || !matches!(role, Role::Candidate | Role::PreCandidate) {
        return Ok(());
    }
    Err(evidence!(
        "{} heard from {}, the leader of its own term {}, and is {} all the same",
        moment.node,
        moment.from,
        Part::Term(moment.term),
        role,
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_candidate_steps_down() {
        let mut play = Play::new(3);
        play.ask(2, 2).elect(1, 2, &[3]).append(1, &[2]).step(1);
        play.hear_append(1, 2, 0, 1).follow(2);
        play.holds();
    }

    #[test]
    fn a_candidate_does_not_stay_one() {
        let mut play = Play::new(3);
        play.ask(2, 2).elect(1, 2, &[3]).append(1, &[2]).step(1);
        play.hear_append(1, 2, 0, 1).step(2);
        play.breaks("RoleAfterAppendEntries");
    }
}
