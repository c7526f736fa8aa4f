//! Steps that are not settled: the node still waits for its disk, and its view is older than what it
//! has written.
//!
//! What it received, wrote, sent and applied is judged as ever. What is judged by its view waits for
//! a step that is settled, and then all steps since the view before count as one. A leadership that
//! came and went in between was never seen; who has the votes of a majority may have had it.

use super::Checker;
use crate::fact::{Claim, LogIndex, NodeId, Role, Term};

impl Checker {
    /// A step ended that is not settled: all is judged but how the node sees itself.
    pub(super) fn unsettled(&mut self, node: NodeId) {
        let mirror = self.history.node_mut(node);
        if !mirror.up {
            return;
        }
        mirror.unsettle();
        self.accepted(node, false);
        let notes = &mut self.history.node_mut(node).notes;
        (notes.received, notes.appended_from) = (None, None);
        let mut unbacked = std::mem::take(&mut notes.unbacked);
        for (to, statement) in unbacked.drain(..) {
            if let (Some(term), Claim::AppendEntries { leader_commit, .. }) =
                (statement.term, statement.claim)
            {
                self.commit_sent(node, term, leader_commit);
            }
            self.append_entries_sent(node, to, &statement);
        }
        self.history.node_mut(node).notes.unbacked = unbacked;
    }

    /// The term as whose leader a node has committed in steps that were not settled. What leaders
    /// have committed before it may have learned; anything else it may have committed while it led.
    pub(super) fn committed_unseen(&self, node: NodeId, to: LogIndex) -> Option<Term> {
        if to <= self.history.ledger.len() {
            return None;
        }
        let mirror = self.history.node(node);
        let created = mirror.memory.log.term_at(to);
        let leads = (mirror.role() == Role::Leader).then(|| mirror.term());
        created.filter(|&term| self.history.may_have_led(node, term)).or(leads)
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::{Claim, LogPosition};
    use crate::testing::Play;

    /// n1 has won term 2 and written an entry, and its view shows nothing of it.
    fn n1_leads_unseen() -> Play {
        let mut play = Play::new(3);
        let last_log = LogPosition::default();
        play.hard_state(1, 2, Some(1)).unsettled(1).durable(1);
        play.send(1, 2, 2, Claim::RequestVote { last_log }).unsettled(1);
        play.grant(2, 1, 2).append(1, &[2]);
        play
    }

    #[test]
    fn who_waits_for_its_disk_invents_nothing() {
        let mut play = n1_leads_unseen();
        play.say_append(1, 2, 2, (0, 0), 1, (1, 2), 0).unsettled(1).durable(1).lead(1);
        play.holds();
    }

    #[test]
    fn who_does_not_say_so_seems_to() {
        let mut play = Play::new(3);
        play.ask(1, 2).grant(2, 1, 2).append(1, &[2]);
        play.view(1, |view| view.last_log = Some(LogPosition::default()));
        play.breaks("ViewMatchesLog");
        play.breaks("EntryCreatedByItsLeader");
    }

    #[test]
    fn a_leadership_may_come_and_go_unseen() {
        let mut play = n1_leads_unseen();
        play.unsettled(1).durable(1).replicate(1, 2, 1);
        play.say_append(1, 3, 2, (0, 0), 1, (1, 2), 1).unsettled(1);
        play.hear_append(1, 2, 1, 1).commit(2, 1);
        play.hard_state(1, 3, None).unsettled(1).durable(1).commit(1, 1);
        play.holds();
    }

    #[test]
    fn a_commit_that_only_the_view_shows_counts_as_the_leaders() {
        let mut play = n1_leads_unseen();
        play.unsettled(1).durable(1).replicate(1, 2, 1).acknowledge(1, 1001, 1).unsettled(1);
        play.hard_state(1, 3, None).unsettled(1).durable(1).commit(1, 1);
        play.holds();
        assert_eq!(play.checker.committed(), 1);
    }

    #[test]
    fn nobody_may_have_led_without_votes() {
        let mut play = Play::new(3);
        play.term(1, 2).append(1, &[2]).say_append(1, 2, 2, (0, 0), 1, (1, 2), 0).unsettled(1);
        play.breaks("AppendEntriesFromLeader");
        play.durable(1).follow(1);
        assert!(play.broken().contains(&"EntryCreatedByItsLeader"));
    }

    #[test]
    fn what_was_compared_in_between_counts_later() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.hear_append(1, 3, 0, 1).hard_state(3, 2, None).append_command(3, 2, 1001).unsettled(3);
        play.durable(3).step(3).hear_append(1, 3, 1, 1).commit(3, 1);
        play.holds();
    }

    #[test]
    fn what_was_broken_in_between_comes_to_light() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).durable(1);
        play.truncate(1, 2).unsettled(1).durable(1).step(1);
        play.breaks("LeaderAppendOnly");
    }

    #[test]
    fn an_entry_of_old_that_was_committed_in_between_comes_to_light() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).elect(1, 3, &[2]);
        play.replicate(1, 2, 1).unsettled(1).commit(1, 1);
        play.breaks("CommitOnlyOwnTerm");
    }
}
