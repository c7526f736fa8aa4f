//! A leader never changes what it has.

use crate::evidence::{Part, evidence};
use crate::fact::Role;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Changed;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "B2",
    name: "LeaderAppendOnly",
    level: Level::Paper,
    statement: "A leader never overwrites or deletes entries in its log; it only \
                appends.",
    source: "§5.3, Figure 3",
    explain: "\
A leader's log is the measure for all others during its term; what it once held may already be \
committed.

Not flagged: a node that was leader and deletes entries as a follower of the next leader, nor \
one step in which it steps down and does so.

Example: a leader takes a delayed AppendEntries of an earlier leader for one of its own and \
deletes its tail.",
    needs: &[Need::Log, Need::TermAndRole],
    judges: &[Judge::Changed(kept_all)],
};

fn kept_all(history: &History, moment: &Changed) -> Judgement {
    let mirror = history.node(moment.node);
    let Some(from) = mirror.notes.truncated_from else { return Ok(()) };
    let led = mirror.role_before() == Role::Leader && mirror.role() == Role::Leader;
    if !led || mirror.term_before() != mirror.term() {
        return Ok(());
    }
    Err(evidence!(
        "{} deleted its entries from {} on while it was leader of term {}",
        moment.node,
        Part::Index(from),
        Part::Term(mirror.term()),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_leader_that_steps_down_may_delete() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1);
        play.elect(3, 3, &[2]).append(3, &[3]).step(3).replicate(3, 1, 1);
        play.holds();
    }

    #[test]
    fn a_leader_that_stays_may_not() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).truncate(1, 2).step(1);
        play.breaks("LeaderAppendOnly");
    }

    #[test]
    fn entries_put_back_in_the_same_write_were_never_gone() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).rewrite(1, 1).step(1);
        play.holds();
    }

    #[test]
    fn a_leader_may_step_down_within_its_term_and_delete() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).truncate(1, 2).follow(1);
        play.holds();
    }
}
