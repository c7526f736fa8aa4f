//! Log replication, the follower's half (§5.3): Figure 2, `AppendEntries`, receiver.

use super::Raft;
use crate::io::{Effect, Timer};
use crate::message::Body;
use crate::rules::Append;
use crate::types::{Entry, LogPosition, NodeId};

impl Raft {
    /// The five steps of the receiver, in the paper's order.
    pub(super) fn handle_append_entries(
        &mut self,
        append: &Append,
        entries: Vec<Entry>,
        effects: &mut Vec<Effect>,
    ) {
        if !self.rules.accepts_append(&self.state, append) {
            // Nothing was compared. By the time the answer arrives, its reader may lead this term.
            self.refuse(append.leader, None, effects);
            return;
        }
        if !self.rules.recognises_leader(&self.state, append) {
            return;
        }
        self.become_follower(self.state.current_term, Some(append.leader), effects);
        effects.push(Effect::SetTimer(Timer::Election));

        let consistent = self.rules.is_consistent(&self.state, append);
        if consistent {
            self.store(append, entries);
        }
        self.state.commit_index =
            self.rules.commit_index_after_append(&self.state, append, consistent);

        if consistent {
            self.acknowledge(append, effects);
        } else {
            let hint = self.rules.refusal_hint(&self.state, append);
            self.refuse(append.leader, Some(hint), effects);
        }
    }

    /// Steps 3 and 4: delete from the first conflict on, append what is not in the log already.
    fn store(&mut self, append: &Append, mut entries: Vec<Entry>) {
        let conflict = self.rules.first_conflict(&self.state, append, &entries);
        if let Some(index) = conflict.filter(|&index| index <= self.state.log.last_index()) {
            self.truncate_from(index);
            let term = self.rules.term_after_truncation(&self.state);
            self.set_hard_state(term, self.state.voted_for);
        }

        let known = self.state.log.last_index().saturating_sub(append.prev_log.index) as usize;
        entries.drain(..known.min(entries.len()));
        if !entries.is_empty() {
            self.state.log.append(&entries);
            self.state.journal.stage_append(entries, self.state.log.last_index());
        }
    }

    /// §5.3: the follower's log is identical to the leader's up to there, also after a power loss.
    fn acknowledge(&self, append: &Append, effects: &mut Vec<Effect>) {
        let match_index = self.rules.acknowledged_index(&self.state, append);
        let hint = self.state.log.position(match_index).unwrap_or(self.state.log.last());
        let reply = Body::AppendEntriesReply { success: true, match_index, hint: Some(hint) };
        let write = self.rules.acknowledgement_waits_for(&self.state, append, match_index);
        self.send(append.leader, reply, write, effects);
    }

    /// A refusal; if the logs were compared, with a hint from where to go on.
    fn refuse(&self, leader: NodeId, hint: Option<LogPosition>, effects: &mut Vec<Effect>) {
        let reply = Body::AppendEntriesReply { success: false, match_index: 0, hint };
        self.send(leader, reply, self.rules.refusal_waits_for(&self.state), effects);
    }
}
