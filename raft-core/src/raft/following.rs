//! Log replication, the follower's half (§5.3): Figure 2, `AppendEntries`, receiver.

use super::{Raft, Role};
use crate::io::{Effect, Timer};
use crate::message::Body;
use crate::rules::AppendFacts;
use crate::types::{Entry, LogIndex, LogPosition, NodeId, Term};

impl Raft {
    /// The five steps of the receiver, in the paper's order.
    pub(super) fn handle_append_entries(
        &mut self,
        from: NodeId,
        term: Term,
        prev_log: LogPosition,
        entries: Vec<Entry>,
        leader_commit: LogIndex,
        effects: &mut Vec<Effect>,
    ) {
        if !self.rules.accepts_append(term, self.current_term) {
            self.refuse(from, LogPosition::default(), effects);
            return;
        }
        if !self.recognises_leader(term) {
            return;
        }
        self.become_follower(self.current_term, Some(from), effects);
        effects.push(Effect::SetTimer(Timer::Election));

        let consistent = self.rules.is_consistent(prev_log, self.log.term_at(prev_log.index));
        let carried = entries.len();
        if consistent {
            self.store(prev_log.index, entries);
        }
        let append = AppendFacts {
            consistent,
            covered: prev_log.index + carried as u64,
            entries: carried,
            leader_commit,
            commit_index: self.commit_index,
            last_log_index: self.log.last_index(),
        };
        self.commit_index = self.rules.commit_index_after_append(&append);

        if consistent {
            self.acknowledge(from, self.rules.acknowledged_index(&append), effects);
        } else {
            let index = prev_log.index.saturating_sub(1);
            let agreement = self.log.last_at_or_below(LogPosition { index, ..prev_log });
            self.refuse(from, self.rules.refusal_hint(agreement, self.log.last()), effects);
        }
    }

    /// §5.2: a candidate recognises a leader of its term. A leader never meets another one of its
    /// term; if it does, someone broke a rule, and arguing would not help.
    fn recognises_leader(&self, term: Term) -> bool {
        match self.role {
            Role::Follower { .. } => true,
            Role::Candidate { .. } => self.rules.yields_to_leader(term, self.current_term),
            Role::Leader { .. } => false,
        }
    }

    /// Steps 3 and 4: delete from the first conflict on, append what is not in the log already.
    fn store(&mut self, prev_log_index: LogIndex, mut entries: Vec<Entry>) {
        // Without the consistency check there might be a gap; a log has none.
        let start = prev_log_index.min(self.log.last_index()) + 1;
        let mut known = 0;
        while let Some(own_term) = self.log.term_at(start + known as u64) {
            let leader_term = entries.get(known).map(|entry| entry.term);
            if self.rules.conflicts(own_term, leader_term) {
                self.log.truncate_from(start + known as u64);
                self.journal.stage_truncation(start + known as u64, self.rules);
                break;
            }
            if leader_term.is_none() {
                break;
            }
            known += 1;
        }

        entries.drain(..known);
        if !entries.is_empty() {
            self.log.append(&entries);
            self.journal.stage_append(entries, self.log.last_index());
        }
    }

    /// §5.3: the follower's log is identical to the leader's up to `match_index`, also after a
    /// power loss.
    fn acknowledge(&self, leader: NodeId, match_index: LogIndex, effects: &mut Vec<Effect>) {
        let hint = self.log.position(match_index).unwrap_or(self.log.last());
        let reply = Body::AppendEntriesReply { success: true, match_index, hint };
        let entries_write = self.journal.write_holding(match_index);
        let write = self.rules.acknowledgement_waits_for(self.journal.term_write, entries_write);
        self.send(leader, reply, write, effects);
    }

    /// A refusal, with a hint from where to go on.
    fn refuse(&self, leader: NodeId, hint: LogPosition, effects: &mut Vec<Effect>) {
        let reply = Body::AppendEntriesReply { success: false, match_index: 0, hint };
        self.send(leader, reply, self.journal.term_write, effects);
    }
}
