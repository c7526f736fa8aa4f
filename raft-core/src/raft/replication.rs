//! Log replication, the leader's half (§5.3), and what it may call committed (§5.4.2).
//!
//! A leader's messages wait for no write. Their term is durable: it won the election in it. Their
//! entries need not be (Thesis §10.2.1): it counts itself only for what is.

use super::{Pending, Raft, Role};
use crate::io::{Effect, Outcome, Timer};
use crate::message::Body;
use crate::rules::{AppendReply, NO_WRITE, OwnLog};
use crate::types::{Entry, LogIndex, NodeId, Term};

impl Raft {
    /// §5.3: the leader appends a client's command to its log, then replicates it. Anyone else
    /// declines.
    pub(super) fn handle_client_request(&mut self, command: u64, effects: &mut Vec<Effect>) {
        if let Role::Leader { pending, .. } = &mut self.role {
            pending.push_back(Pending { index: self.log.last_index() + 1, command });
            self.append_as_leader(Entry::client(self.current_term, command));
            self.replicate_to_all(effects);
        } else {
            effects.push(Effect::Reply { command, outcome: Outcome::NotLeader });
        }
    }

    /// Figure 2, Leaders: respond after the entry was applied.
    pub(super) fn answer_clients(&mut self, effects: &mut Vec<Effect>) {
        let Role::Leader { pending, .. } = &mut self.role else { return };
        while let Some(&Pending { index, command }) = pending.front()
            && self.rules.may_reply(index, self.last_applied)
        {
            pending.pop_front();
            effects.push(Effect::Reply { command, outcome: Outcome::Committed(index) });
        }
    }

    /// §5.3: a leader only ever appends to its log.
    pub(super) fn append_as_leader(&mut self, entry: Entry) {
        self.log.push(entry);
        self.journal.stage_append(vec![entry], self.log.last_index());
        // Changes nothing before the disk is done, unless `own_match_index` says otherwise.
        self.advance_commit_index();
    }

    /// §5.2: a leader sends heartbeats to all followers. Each asks for the log just before
    /// `nextIndex`, so its answer tells whether anything sent before was lost.
    pub(super) fn handle_heartbeat_timeout(&mut self, effects: &mut Vec<Effect>) {
        let Role::Leader { followers, .. } = &self.role else { return };
        effects.push(Effect::SetTimer(Timer::Heartbeat));
        for follower in followers {
            let prev_log = self.log.position(follower.next_index - 1).unwrap_or(self.log.last());
            let leader_commit = self.commit_index;
            let heartbeat = Body::AppendEntries { prev_log, entries: Vec::new(), leader_commit };
            self.send(follower.id, heartbeat, NO_WRITE, effects);
        }
    }

    /// Sends every follower what it lacks.
    pub(super) fn replicate_to_all(&mut self, effects: &mut Vec<Effect>) {
        for slot in 0..self.peers.len() {
            self.replicate(slot, effects);
        }
    }

    /// §5.3: if last log index ≥ `nextIndex` for a follower, send the entries from there on. Sends
    /// what is neither acknowledged nor in flight, and only while there is room in the window.
    fn replicate(&mut self, slot: usize, effects: &mut Vec<Effect>) {
        while let Some((to, append)) = self.next_append(slot) {
            self.send(to, append, NO_WRITE, effects);
        }
    }

    fn next_append(&mut self, slot: usize) -> Option<(NodeId, Body)> {
        let Role::Leader { followers, .. } = &mut self.role else { return None };
        let follower = &mut followers[slot];
        if self.log.last_index() < follower.next_index
            || !follower.has_room(self.options.window_messages_max)
        {
            return None;
        }
        let prev_log = self.log.position(follower.next_index - 1)?;
        let entries = self.log.slice(follower.next_index, self.options.batch_entries_max);
        follower.sent(prev_log.index + entries.len() as u64);
        let leader_commit = self.commit_index;
        Some((follower.id, Body::AppendEntries { prev_log, entries, leader_commit }))
    }

    /// Figure 2, Leaders: if successful, update `nextIndex` and `matchIndex`; if not, go back and
    /// retry.
    pub(super) fn handle_append_entries_reply(
        &mut self,
        from: NodeId,
        term: Term,
        reply: &AppendReply,
        effects: &mut Vec<Effect>,
    ) {
        if !self.rules.counts_acknowledgement(term, self.current_term) {
            return;
        }
        let Role::Leader { followers, .. } = &mut self.role else { return };
        let Some(slot) = followers.iter().position(|follower| follower.id == from) else { return };

        let follower = &mut followers[slot];
        let match_index = self.rules.match_index_after_reply(follower.match_index, reply);
        let is_news = match_index != follower.match_index;
        follower.match_index = match_index;
        if reply.success {
            follower.acknowledged(reply.match_index, self.log.last_index());
        } else {
            let agreement = self.log.last_at_or_below(reply.hint).index;
            let next_index =
                self.rules.next_index_after_refusal(follower.next_index, match_index, agreement);
            follower.refused(next_index);
        }

        if is_news {
            self.advance_commit_index();
        }
        self.replicate(slot, effects);
    }

    /// Figure 2, Leaders: an entry of the current term on a majority of servers is committed, and
    /// with it all that precede it (§5.3, §5.4.2).
    pub(super) fn advance_commit_index(&mut self) {
        let Role::Leader { followers, .. } = &self.role else { return };
        self.match_indexes.clear();
        self.match_indexes.push(self.own_match_index());
        self.match_indexes.extend(followers.iter().map(|follower| follower.match_index));
        self.match_indexes.sort_unstable();

        let index = self.rules.replicated_on_majority(&self.match_indexes);
        let may_commit =
            |entry_term| self.rules.may_commit_by_counting(entry_term, self.current_term);
        if self.commit_index < index && self.log.term_at(index).is_some_and(may_commit) {
            self.commit_index = index;
        }
    }

    pub(super) fn own_match_index(&self) -> LogIndex {
        self.rules.own_match_index(OwnLog {
            durable_index: self.journal.durable_index(),
            last_log_index: self.log.last_index(),
            members: self.members(),
        })
    }
}
