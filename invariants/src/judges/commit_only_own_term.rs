//! A leader counts copies of its own entries only.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::CommitAdvanced;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C9",
    name: "CommitOnlyOwnTerm",
    level: Level::Lemma,
    statement: "When a leader advances its commitIndex, the entry there is of its own \
                term.",
    source: "§5.4.2, Figure 8",
    explain: "\
An entry of an earlier term can be on a majority and still be overwritten by a later leader that \
never had it. Only an entry of the leader's own term keeps such leaders from being elected; all \
before it are committed with it.

Not flagged: a follower that learns of a commit. Entries of earlier terms below the one that was \
counted.

Example: Figure 8 (c): n1, leader of term 4, copies an entry of term 2 to a majority and calls \
it committed.",
    needs: &[Need::Log, Need::CommitIndex, Need::TermAndRole],
    judges: &[Judge::CommitAdvanced(own_entry)],
};

fn own_entry(history: &History, moment: &CommitAdvanced) -> Judgement {
    let Some(term) = moment.leader_of else { return Ok(()) };
    match history.node(moment.node).memory.log.term_at(moment.to) {
        Some(created) if created != term => Err(evidence!(
            "{}, leader of term {}, commits {}, an entry of term {}, by itself",
            moment.node,
            Part::Term(term),
            Part::Index(moment.to),
            Part::Term(created),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::Role;
    use crate::testing::Play;

    #[test]
    fn earlier_entries_are_committed_along_with_an_own_one() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1, 1]).step(1).durable(1).follow(1);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 3).commit(1, 3);
        play.holds();
    }

    #[test]
    fn figure_8_c() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1, 1]).step(1).durable(1).follow(1);
        play.elect(1, 2, &[2]).replicate(1, 2, 2).commit(1, 2);
        play.breaks("CommitOnlyOwnTerm");
    }

    #[test]
    fn who_steps_down_may_learn_what_another_has_committed() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).elect(3, 3, &[2]).append_command(3, 3, 7).step(3).durable(3);
        play.replicate(3, 2, 1).commit(3, 1);
        play.hear_append(3, 1, 0, 1).hard_state(1, 3, None).append_command(1, 3, 7);
        play.view(1, |view| {
            (view.role, view.commit_index) = (Some(Role::Follower), Some(1));
            (view.match_index, view.next_index) = (None, None);
        });
        play.holds();
    }

    #[test]
    fn who_steps_down_may_commit_before() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1);
        play.hard_state(1, 3, None).view(1, |view| {
            (view.role, view.commit_index) = (Some(Role::Follower), Some(1));
            (view.match_index, view.next_index) = (None, None);
        });
        play.holds();
        assert_eq!(play.checker.committed(), 1);
    }
}
