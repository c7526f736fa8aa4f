//! Entries come from the leader of their term.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Changed;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "B7",
    name: "EntryCreatedByItsLeader",
    level: Level::Lemma,
    statement: "An entry appears first in the log of the leader of its term.",
    source: "§5.3; raft.tla ClientRequest",
    explain: "\
Only a leader creates entries, and writes them into its own log before it sends them. An entry \
that appears elsewhere first was made of thin air: by a wrong offset, a torn batch, a node that \
believes to lead.

Not flagged: what a node writes in the step in which it comes to lead, and entries of term 0 \
that an implementation starts with.

Example: a follower stores an entry with its own current term instead of the entry's.",
    needs: &[Need::Log, Need::TermAndRole],
    judges: &[Judge::Changed(by_its_leader)],
};

fn by_its_leader(history: &History, moment: &Changed) -> Judgement {
    for &created in &history.node(moment.node).notes.created {
        let mut elections = history.elections.between(created.term, created.term);
        let led = elections.any(|election| election.leader == moment.node)
            || history.may_have_led(moment.node, created.term);
        if created.term != 0 && !led {
            return Err(evidence!(
                "{} holds {}, which no leader of term {} has ever had in its log",
                moment.node,
                created,
                Part::Term(created.term),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_leader_creates_and_others_copy() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).replicate(1, 3, 1);
        play.holds();
    }

    #[test]
    fn a_follower_creates_nothing() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(2, &[2]).step(2);
        play.breaks("EntryCreatedByItsLeader");
    }

    #[test]
    fn an_entry_that_survives_the_unfinished_step_of_its_leader_is_legal() {
        let mut play = Play::new(3);
        // Power fails before the step in which n1 is elected is over; its first entry is on disk.
        play.ask(1, 2).grant(2, 1, 2).append(1, &[2]).crash(1, 1).boot(1).step(1);
        play.elect(1, 3, &[2]).append(1, &[3]).step(1).replicate(1, 2, 2);
        play.holds();
    }
}
