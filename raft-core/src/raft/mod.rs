//! The server: the state of Figure 2, and one function that takes a step.
//!
//! What a step does is spread over three files by the paper's sections: `election` (§5.2, §5.4.1),
//! `replication` (a leader's half of §5.3, and §5.4.2) and `following` (the other half). This file
//! has what they share: the term gate of §5.1, the way to the disk, the state machine's entries.
//!
//! Every step is atomic on disk: its changes leave as one write, ahead of everything else that the
//! step has to say. Which messages wait for that write is decided message by message.

mod election;
mod following;
mod journal;
mod progress;
mod replication;
mod state;

use crate::io::{Disk, Effect, Input, Options, Timer};
use crate::message::{Body, Message};
use crate::rules::{Append, AppendReply, DiskFailure, Replica, Rules, VoteReply, VoteRequest};
use crate::types::{HardState, LogIndex, NodeId, Term, WriteId};

pub use self::journal::Journal;
pub use self::progress::Progress;
pub use self::state::{Client, Role, State};

/// A Raft server.
#[derive(Clone)]
pub struct Raft {
    state: State,
    options: Options,
    rules: &'static dyn Rules,
    /// Room to sort in, kept to spare an allocation with every acknowledgement.
    replicas: Vec<Replica>,
}

impl Raft {
    /// Starts a server with what is on its disk: empty at its birth, else what survived. Everything
    /// else is learned anew.
    pub fn boot(
        id: NodeId,
        cluster: &[NodeId],
        options: Options,
        rules: &'static dyn Rules,
        disk: Disk,
        effects: &mut Vec<Effect>,
    ) -> Raft {
        assert!(cluster.contains(&id), "a server belongs to its cluster");
        assert!(0 < options.batch_entries_max, "a message has room for an entry");
        assert!(0 < options.window_messages_max, "a window has room for a message");

        let mut state = State::at_boot(id, cluster, disk);
        state.commit_index = rules.commit_index_at_boot(&state);
        state.role = rules.role_at_boot(&state);
        effects.push(Effect::SetTimer(state.role.timer()));
        Raft { state, options, rules, replicas: Vec::with_capacity(cluster.len()) }
    }

    /// What it knows.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Takes one step: appends to `effects` what is to be done, in the order to do it in.
    pub fn step(&mut self, input: Input, effects: &mut Vec<Effect>) {
        if self.state.halted {
            return;
        }
        let first = effects.len();
        match input {
            Input::Timeout(Timer::Election) => self.handle_election_timeout(effects),
            Input::Timeout(Timer::Heartbeat) => self.handle_heartbeat_timeout(effects),
            Input::Receive { from, message } => self.receive(from, message, effects),
            Input::ClientRequest(command) => self.handle_client_request(command, effects),
            Input::WriteDone(through) => self.handle_write_done(through, effects),
            Input::WriteFailed => self.handle_write_failed(effects),
        }
        self.apply_committed(effects);
        self.answer_clients(effects);

        // First of all effects: nothing that this step says may overtake what it remembers.
        if let Some(write) = self.state.journal.take_write() {
            effects.insert(first, Effect::Write(write));
        }
    }

    /// The term gate (§5.1), then the message's own handler. A message of an *earlier* term is
    /// refused by its handler: requests get an answer from which the sender learns the newer term,
    /// answers get none.
    fn receive(&mut self, from: NodeId, message: Message, effects: &mut Vec<Effect>) {
        if !self.state.peers.contains(&from) {
            return;
        }
        if self.rules.adopts_term(&self.state, &message) {
            if self.rules.steps_down(&self.state, &message) {
                self.become_follower(message.term, None, effects);
            } else {
                self.enter_term(message.term, None);
            }
        }
        let Message { term, body } = message;
        match body {
            Body::RequestVote { last_log } => {
                self.handle_request_vote(&VoteRequest { candidate: from, term, last_log }, effects);
            }
            Body::RequestVoteReply { vote_granted } => {
                let reply = VoteReply { voter: from, term, vote_granted };
                self.handle_request_vote_reply(&reply, effects);
            }
            Body::AppendEntries { prev_log, entries, leader_commit } => {
                let append =
                    Append { leader: from, term, prev_log, entries: entries.len(), leader_commit };
                self.handle_append_entries(&append, entries, effects);
            }
            Body::AppendEntriesReply { success, match_index, hint } => {
                let reply = AppendReply { follower: from, term, success, match_index, hint };
                self.handle_append_entries_reply(&reply, effects);
            }
        }
    }

    /// §5.1, §5.2: follows a leader of this term, or waits for one. A deposed leader drops its
    /// clients: it cannot know how their commands end.
    fn become_follower(&mut self, term: Term, leader: Option<NodeId>, effects: &mut Vec<Effect>) {
        self.enter_term(term, leader);
        let led = self.state.leads();
        self.state.role = Role::Follower { leader };
        if led {
            // It ignored this timer while it led, so none may be running.
            effects.push(Effect::SetTimer(Timer::Election));
            self.leave_clients(effects);
        }
    }

    /// Figure 2: a new term, and no vote in it yet.
    fn enter_term(&mut self, term: Term, leader: Option<NodeId>) {
        let vote = self.rules.vote_when_following(&self.state, term, leader);
        self.set_hard_state(term, vote);
    }

    /// Changes term and vote, in memory and with the next write.
    fn set_hard_state(&mut self, current_term: Term, voted_for: Option<NodeId>) {
        let new_term = self.state.current_term != current_term;
        if new_term || self.state.voted_for != voted_for {
            self.state.current_term = current_term;
            self.state.voted_for = voted_for;
            let hard_state = HardState { current_term, voted_for };
            let hard_state = self.rules.persisted(&self.state, hard_state);
            self.state.journal.stage_hard_state(hard_state, new_term);
        }
    }

    /// Deletes the entry at `from` and all that follow it, in memory and with the next write.
    fn truncate_from(&mut self, from: LogIndex) {
        self.state.log.truncate_from(from);
        self.state.journal.stage_truncation(from, self.rules);
    }

    /// The disk caught up: a candidate's own vote counts, a leader's own entries count.
    fn handle_write_done(&mut self, through: WriteId, effects: &mut Vec<Effect>) {
        self.state.journal.complete(through);
        self.count_own_vote(effects);
        self.advance_commit_index();
    }

    fn handle_write_failed(&mut self, effects: &mut Vec<Effect>) {
        match self.rules.when_disk_fails(&self.state) {
            DiskFailure::Stop => {
                self.state.halted = true;
                effects.push(Effect::Halt);
            }
            DiskFailure::Ignore => self.handle_write_done(WriteId::MAX, effects),
            DiskFailure::Forget => self.truncate_from(self.state.journal.durable_index() + 1),
        }
    }

    /// §5.3: all servers apply committed entries in log order. A server may know that more is
    /// committed than it has.
    fn apply_committed(&mut self, effects: &mut Vec<Effect>) {
        while self.rules.may_apply(&self.state, self.state.last_applied + 1)
            && let Some(entry) = self.state.log.entry(self.state.last_applied + 1)
        {
            self.state.last_applied += 1;
            effects.push(Effect::Apply { index: self.state.last_applied, entry });
        }
    }

    /// Sends a message that waits for a write to be durable.
    fn send(&self, to: NodeId, body: Body, write: WriteId, effects: &mut Vec<Effect>) {
        let message = Message { term: self.state.current_term, body };
        let after = (!self.state.journal.is_durable(write)).then_some(write);
        effects.push(Effect::Send { to, message, after });
    }

    /// A leader's `matchIndex` of a server, itself included.
    pub fn match_index(&self, of: NodeId) -> Option<LogIndex> {
        if !self.state.leads() {
            None
        } else if of == self.state.id {
            Some(self.rules.own_match_index(&self.state))
        } else {
            self.state.follower(of).map(|follower| follower.match_index)
        }
    }

    /// A leader's `nextIndex` of a server; of itself, where the next entry will be.
    pub fn next_index(&self, of: NodeId) -> Option<LogIndex> {
        if !self.state.leads() {
            None
        } else if of == self.state.id {
            Some(self.state.log.last_index() + 1)
        } else {
            self.state.follower(of).map(|follower| follower.next_index)
        }
    }
}
