//! Log replication, the leader's half (§5.3), and what it may call committed (§5.4.2).
//!
//! A leader's messages wait for no write. Their term is durable: it won the election in it. Their
//! entries need not be (Thesis §10.2.1): it counts itself only for what is.

use super::{Client, Raft};
use crate::io::{Effect, Outcome, Timer};
use crate::message::Body;
use crate::rules::{AppendReply, NO_WRITE, Replica};
use crate::types::{Entry, NodeId};

impl Raft {
    /// §5.3: the leader appends a client's command to its log, then replicates it. Anyone else
    /// declines.
    pub(super) fn handle_client_request(&mut self, command: u64, effects: &mut Vec<Effect>) {
        if self.state.leads() {
            let index = self.state.log.last_index() + 1;
            self.state.clients.push_back(Client { index, command });
            self.append_as_leader(Entry::client(self.state.current_term, command));
            self.replicate_to_all(effects);
        } else {
            effects.push(Effect::Reply { command, outcome: Outcome::NotLeader });
        }
    }

    /// Figure 2, Leaders: respond after the entry was applied.
    pub(super) fn answer_clients(&mut self, effects: &mut Vec<Effect>) {
        while let Some(&client) = self.state.clients.front()
            && self.rules.may_reply(&self.state, &client)
        {
            self.state.clients.pop_front();
            let Client { index, command } = client;
            effects.push(Effect::Reply { command, outcome: Outcome::Committed(index) });
        }
    }

    /// §8: who led until now does not know what becomes of its clients' commands.
    pub(super) fn leave_clients(&mut self, effects: &mut Vec<Effect>) {
        let mut clients = std::mem::take(&mut self.state.clients);
        clients.retain(|client| {
            if let Some(outcome) = self.rules.outcome_when_deposed(&self.state, client) {
                effects.push(Effect::Reply { command: client.command, outcome });
                return false;
            }
            !self.rules.forgets_client_when_deposed(&self.state, client)
        });
        self.state.clients = clients;
    }

    /// §5.3: a leader only ever appends to its log.
    pub(super) fn append_as_leader(&mut self, entry: Entry) {
        self.state.log.push(entry);
        self.state.journal.stage_append(vec![entry], self.state.log.last_index());
        // Changes nothing before the disk is done, unless `own_match_index` says otherwise.
        self.advance_commit_index();
    }

    /// §5.2: a leader sends heartbeats to all followers. Each asks for the log just before
    /// `nextIndex`, so its answer tells whether anything sent before was lost.
    pub(super) fn handle_heartbeat_timeout(&mut self, effects: &mut Vec<Effect>) {
        if !self.state.leads() {
            return;
        }
        effects.push(Effect::SetTimer(Timer::Heartbeat));
        let log = &self.state.log;
        for follower in &self.state.followers {
            let prev_log =
                log.position(follower.next_index.saturating_sub(1)).unwrap_or(log.last());
            let leader_commit = self.state.commit_index;
            let heartbeat = Body::AppendEntries { prev_log, entries: Vec::new(), leader_commit };
            self.send(follower.id, heartbeat, NO_WRITE, effects);
        }
    }

    /// Sends every follower what it lacks.
    pub(super) fn replicate_to_all(&mut self, effects: &mut Vec<Effect>) {
        for slot in 0..self.state.followers.len() {
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
        let log = &self.state.log;
        let follower = &mut self.state.followers[slot];
        if log.last_index() < follower.next_index
            || !follower.has_room(self.options.window_messages_max)
        {
            return None;
        }
        let prev_log = log.position(follower.next_index.saturating_sub(1))?;
        let entries = log.slice(follower.next_index, self.options.batch_entries_max);
        follower.sent(prev_log.index + entries.len() as u64);
        let leader_commit = self.state.commit_index;
        Some((follower.id, Body::AppendEntries { prev_log, entries, leader_commit }))
    }

    /// Figure 2, Leaders: if successful, update `nextIndex` and `matchIndex`; if not, go back and
    /// retry.
    pub(super) fn handle_append_entries_reply(
        &mut self,
        reply: &AppendReply,
        effects: &mut Vec<Effect>,
    ) {
        if !self.state.leads() || !self.rules.counts_acknowledgement(&self.state, reply) {
            return;
        }
        let is_sender = |&peer: &NodeId| peer == reply.follower;
        let Some(slot) = self.state.peers.iter().position(is_sender) else { return };

        let follower = &self.state.followers[slot];
        let match_index = self.rules.match_index_after_reply(&self.state, follower, reply);
        let is_news = match_index != follower.match_index;
        self.state.followers[slot].match_index = match_index;
        if reply.success {
            let last_log_index = self.state.log.last_index();
            self.state.followers[slot].acknowledged(reply.match_index, last_log_index);
        } else if let Some(hint) = reply.hint {
            let follower = &self.state.followers[slot];
            let next_index = self.rules.next_index_after_refusal(&self.state, follower, hint);
            if self.rules.refusal_is_news(&self.state, follower, next_index) {
                self.state.followers[slot].refused(next_index);
            }
        }

        if is_news {
            self.advance_commit_index();
        }
        self.replicate(slot, effects);
    }

    /// Figure 2, Leaders: an entry of the current term on a majority of servers is committed, and
    /// with it all that precede it (§5.3, §5.4.2).
    pub(super) fn advance_commit_index(&mut self) {
        if !self.state.leads() {
            return;
        }
        let match_index = self.rules.own_match_index(&self.state);
        self.replicas.clear();
        self.replicas.push(Replica { match_index, server: self.state.id });
        self.replicas.extend(
            self.state
                .followers
                .iter()
                .map(|follower| Replica { match_index: follower.match_index, server: follower.id }),
        );
        self.replicas.sort_unstable();

        let index = self.rules.replicated_on_majority(&self.state, &self.replicas);
        if self.state.commit_index < index
            && let Some(entry) = self.state.log.position(index)
            && self.rules.may_commit_by_counting(&self.state, entry)
        {
            self.state.commit_index = index;
        }
    }
}
