//! What the listing lacks: by the article's prose or, where that is silent, see [`Gaps`].

use super::message::{Body, Call, Message};
use super::{Article, Gaps, Step};
use crate::node::{
    Command, Effect, Entry, HardState, LogIndex, LogPosition, NodeId, NodeSet, Outcome, Payload,
    Role, Term, Timer, Write,
};

impl Article {
    pub(super) fn receive(&mut self, from: NodeId, message: Message, step: &mut Step) {
        let Message { caller, body } = message;
        match body {
            Body::RequestVote { term, last_log } => {
                let vote_granted = self.handle_request_vote(from, term, last_log);
                let reply =
                    Body::RequestVoteReply { term: self.current_term, vote_granted, call: term };
                step.messages.push((from, caller, reply));
            }
            Body::RequestVoteReply { term, vote_granted, call } => {
                self.observe_term(term);
                if vote_granted && caller == self.incarnation {
                    self.count_vote(from, call, step);
                }
            }
            Body::AppendEntries { term, prev_log, entries, leader_commit } => {
                let last = prev_log.index + entries.len() as LogIndex;
                let call = Call { term, prev: prev_log.index, last };
                let (term, success) =
                    self.handle_append_entries(from, term, prev_log, &entries, leader_commit, step);
                let reply = Body::AppendEntriesReply { term, success, call };
                step.messages.push((from, caller, reply));
            }
            Body::AppendEntriesReply { term, success, call } => {
                self.observe_term(term);
                let open = caller == self.incarnation && call.term == self.current_term;
                if open && self.state == Role::Leader {
                    self.handle_append_entries_reply(from, success, call, step);
                }
            }
        }
    }

    /// §07: whoever sees a higher term demotes itself.
    pub(super) fn observe_term(&mut self, term: Term) {
        if self.current_term < term {
            self.current_term = term;
            self.state = Role::Follower;
            self.voted_for = None;
        }
    }

    /// `broadcastVotes` of the listing's caller. Its promise resolves in [`Self::count_vote`].
    pub(super) fn broadcast_votes(&mut self, step: &mut Step) {
        let mut votes = NodeSet::EMPTY;
        votes.insert(self.node_id);
        self.elections.insert(self.current_term, votes);
        let body = Body::RequestVote { term: self.current_term, last_log: self.last_log() };
        for peer in self.peers() {
            step.messages.push((peer, self.incarnation, body.clone()));
        }
        step.timers.push(Effect::SetTimer(Timer::Election));
    }

    pub(super) fn handle_request_vote(
        &mut self,
        from: NodeId,
        term: Term,
        last_log: LogPosition,
    ) -> bool {
        self.observe_term(term);
        let free = self.voted_for.is_none_or(|voted_for| voted_for == from);
        let up_to_date = match self.gaps {
            Gaps::Open => true,
            Gaps::Paper => self.last_log() <= last_log,
        };
        let vote_granted = self.current_term == term && free && up_to_date;
        if vote_granted {
            self.voted_for = Some(from);
        }
        vote_granted
    }

    pub(super) fn count_vote(&mut self, from: NodeId, election: Term, step: &mut Step) {
        let Some(votes) = self.elections.get_mut(&election) else { return };
        votes.insert(from);
        if self.cluster.len() / 2 < votes.len() {
            self.elections.remove(&election);
            self.election_resolved(step);
        }
    }

    /// §04, phase 1.
    pub(super) fn append(&mut self, command: Command, step: &mut Step) {
        self.log.push(Entry { term: self.current_term, payload: Payload::Command(command) });
        self.pending.push((self.last_log(), command));
        for peer in self.peers() {
            self.replicate(peer, step);
        }
    }

    pub(super) fn start_heartbeat_broadcast(&mut self, step: &mut Step) {
        for peer in self.peers() {
            let body = self.append_entries_for(peer, 0);
            step.messages.push((peer, self.incarnation, body));
        }
        step.timers.push(Effect::SetTimer(Timer::Heartbeat));
    }

    pub(super) fn replicate(&self, peer: NodeId, step: &mut Step) {
        let body = self.append_entries_for(peer, self.batch_entries_max);
        step.messages.push((peer, self.incarnation, body));
    }

    pub(super) fn append_entries_for(&self, peer: NodeId, entries_max: usize) -> Body {
        // Two leaders of one term cut each other's logs: there may be less than was confirmed.
        let next = self.log.len().min(self.next_index[peer.slot()] as usize);
        let end = self.log.len().min(next + entries_max);
        Body::AppendEntries {
            term: self.current_term,
            prev_log: LogPosition { term: self.log[next - 1].term, index: next as LogIndex - 1 },
            entries: self.log[next..end].to_vec(),
            leader_commit: self.commit_index,
        }
    }

    /// §04, phase 2.
    pub(super) fn handle_append_entries_reply(
        &mut self,
        from: NodeId,
        success: bool,
        Call { prev, last, .. }: Call,
        step: &mut Step,
    ) {
        let slot = from.slot();
        if success {
            self.match_index[slot] = self.match_index[slot].max(last);
            self.next_index[slot] = self.match_index[slot] + 1;
            let quorum = self.cluster.len() / 2 + 1;
            while self.count_holders(self.commit_index + 1) >= quorum {
                self.commit_index += 1;
            }
            self.apply_to_state_machine(step);
        } else if self.match_index[slot] < prev && prev == self.next_index[slot] - 1 {
            self.next_index[slot] = prev;
        } else {
            return;
        }
        if self.next_index[slot] < self.log.len() as LogIndex {
            self.replicate(from, step);
        }
    }

    /// How many servers have an entry at this index, by what the leader knows.
    pub(super) fn count_holders(&self, index: LogIndex) -> usize {
        let own = usize::from(index < self.log.len() as LogIndex);
        let peers = self.peers().filter(|peer| index <= self.match_index[peer.slot()]).count();
        own + peers
    }

    pub(super) fn answer_clients(&mut self, step: &mut Step) {
        let (log, applied) = (&self.log, self.last_applied);
        self.pending.retain(|&(position, command)| {
            if applied < position.index {
                return true;
            }
            let entry = Entry { term: position.term, payload: Payload::Command(command) };
            if log.get(position.index as usize) == Some(&entry) {
                let outcome = Outcome::Committed(position.index);
                step.applied.push(Effect::Reply { command, outcome });
            }
            false
        });
    }

    /// `this.log = this.log.slice(0, end)`.
    pub(super) fn slice(&mut self, end: usize) {
        self.log.truncate(end);
        self.stored_log.0 = self.stored_log.0.min(end);
    }

    /// One write for all that has changed, then what waits for it.
    pub(super) fn finish(&mut self, step: Step, effects: &mut Vec<Effect<Message>>) {
        effects.extend(step.timers);
        let hard_state = HardState { current_term: self.current_term, voted_for: self.voted_for };
        let (common, stored) = self.stored_log;
        let write = Write {
            id: self.write_id.unwrap_or(0) + 1,
            hard_state: (self.gaps == Gaps::Paper && hard_state != self.stored)
                .then_some(hard_state),
            truncate_from: (common < stored).then_some(common as LogIndex),
            append: self.log[common..].to_vec(),
        };
        if write != (Write { id: write.id, ..Write::default() }) {
            self.write_id = Some(write.id);
            self.stored = hard_state;
            self.stored_log = (self.log.len(), self.log.len());
            effects.push(Effect::Write(write));
        }
        let after = self.write_id;
        let sends = step.messages.into_iter();
        effects.extend(sends.map(|(to, caller, body)| {
            let message = Message { caller, body };
            Effect::Send { to, message, after }
        }));
        effects.extend(step.applied);
    }

    pub(super) fn last_log(&self) -> LogPosition {
        let index = self.log.len() - 1;
        LogPosition { term: self.log[index].term, index: index as LogIndex }
    }

    pub(super) fn peers(&self) -> impl Iterator<Item = NodeId> + use<> {
        let id = self.node_id;
        NodeId::all(self.cluster.len()).filter(move |&peer| peer != id)
    }
}
