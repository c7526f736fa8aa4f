//! The article's listing, in its order and with its conditions. What is ours says so.

use super::{Article, Step};
use crate::node::{Effect, Entry, LogIndex, LogPosition, NODES_MAX, NodeId, Role, Term, Timer};

impl Article {
    /// Inbound `AppendEntries`, heartbeats and replication.
    pub(super) fn handle_append_entries(
        &mut self,
        leader: NodeId,
        term: Term,
        prev_log: LogPosition,
        entries: &[Entry],
        leader_commit: LogIndex,
        step: &mut Step,
    ) -> (Term, bool) {
        if term < self.current_term {
            return (self.current_term, false);
        }
        if self.current_term < term {
            self.current_term = term;
            self.state = Role::Follower;
            self.voted_for = None;
        }
        self.leader_id = Some(leader);
        // Ours: the timer of §03, which the listing leaves to its caller.
        if self.state != Role::Leader {
            step.timers.push(Effect::SetTimer(Timer::Election));
        }
        if self.log.get(prev_log.index as usize).is_none_or(|entry| entry.term != prev_log.term) {
            return (self.current_term, false);
        }
        let entry_idx = prev_log.index as usize + 1;
        for (entry_idx, &new_entry) in (entry_idx..).zip(entries) {
            match self.log.get(entry_idx) {
                Some(entry) if entry.term != new_entry.term => {
                    self.slice(entry_idx);
                    self.log.push(new_entry);
                }
                Some(_) => {}
                None => self.log.push(new_entry),
            }
        }
        if self.commit_index < leader_commit {
            self.commit_index = leader_commit.min(self.log.len() as LogIndex - 1);
            self.apply_to_state_machine(step);
        }
        (self.current_term, true)
    }

    /// The election timer has fired.
    pub(super) fn initiate_election(&mut self, step: &mut Step) {
        self.state = Role::Candidate;
        self.current_term += 1;
        self.voted_for = Some(self.node_id);
        self.broadcast_votes(step);
    }

    /// The promise of an election has resolved to "granted".
    pub(super) fn election_resolved(&mut self, step: &mut Step) {
        if self.state == Role::Candidate {
            self.state = Role::Leader;
            self.leader_id = Some(self.node_id);
            // Ours: the leader's volatile state of Figure 2.
            self.next_index = [self.log.len() as LogIndex; NODES_MAX];
            self.match_index = [0; NODES_MAX];
            step.timers.push(Effect::CancelTimer(Timer::Election));
            self.start_heartbeat_broadcast(step);
        }
    }

    pub(super) fn apply_to_state_machine(&mut self, step: &mut Step) {
        while self.last_applied < self.commit_index {
            self.last_applied += 1;
            let index = self.last_applied;
            let Entry { term, payload } = self.log[index as usize];
            step.applied.push(Effect::Apply { index, term, payload });
        }
        self.answer_clients(step);
    }
}
