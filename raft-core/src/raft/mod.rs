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

use std::collections::VecDeque;

use crate::io::{Disk, Effect, Input, Options, Timer};
use crate::log::Log;
use crate::message::{Body, Message};
use crate::rules::{AppendReply, Rules};
use crate::types::{HardState, LogIndex, LogPosition, NodeId, Term, WriteId};

pub use self::journal::Journal;
pub use self::progress::Progress;

/// A Raft server.
#[derive(Clone)]
pub struct Raft {
    id: NodeId,
    /// The other servers of the cluster.
    peers: Vec<NodeId>,
    options: Options,
    rules: &'static dyn Rules,

    // Persistent state on all servers (Figure 2), as it will be once the journal is done.
    current_term: Term,
    voted_for: Option<NodeId>,
    log: Log,
    journal: Journal,

    // Volatile state on all servers.
    commit_index: LogIndex,
    last_applied: LogIndex,
    role: Role,
    halted: bool,

    /// Room to sort in, kept to spare an allocation with every acknowledgement.
    match_indexes: Vec<LogIndex>,
}

/// What a server is (§5.1), with the state that only this role has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// Passive: it answers leaders and candidates.
    Follower {
        /// The leader of the current term, once it was heard of.
        leader: Option<NodeId>,
    },
    /// It asks for votes.
    Candidate {
        /// The grants received in this term, in order of arrival, repetitions included.
        votes_granted: Vec<NodeId>,
    },
    /// It handles clients and replicates.
    Leader {
        /// The other servers.
        followers: Vec<Progress>,
        /// Clients waiting for an answer, by the index of their entry.
        pending: VecDeque<Pending>,
    },
}

/// A client waiting for an answer.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Pending {
    /// Where its command is in the log.
    pub index: LogIndex,
    /// The command.
    pub command: u64,
}

impl Raft {
    /// Starts a server with what is on its disk: empty at its birth, else what survived. Everything
    /// else (§5.1: it starts as follower; Figure 2: `commitIndex` and `lastApplied` are 0) is
    /// learned anew.
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

        effects.push(Effect::SetTimer(Timer::Election));
        let log = Log::new(disk.log);
        Raft {
            id,
            peers: cluster.iter().copied().filter(|&peer| peer != id).collect(),
            options,
            rules,
            current_term: disk.hard_state.current_term,
            voted_for: disk.hard_state.voted_for,
            journal: Journal::new(log.last_index()),
            log,
            commit_index: 0,
            last_applied: 0,
            role: Role::Follower { leader: None },
            halted: false,
            match_indexes: Vec::with_capacity(cluster.len()),
        }
    }

    /// Takes one step: appends to `effects` what is to be done, in the order to do it in.
    pub fn step(&mut self, input: Input, effects: &mut Vec<Effect>) {
        if self.halted {
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
        if let Some(write) = self.journal.take_write() {
            effects.insert(first, Effect::Write(write));
        }
    }

    /// The term gate (§5.1), then the message's own handler. A message of an *earlier* term is
    /// refused by its handler: requests get an answer from which the sender learns the newer term,
    /// answers get none.
    fn receive(&mut self, from: NodeId, message: Message, effects: &mut Vec<Effect>) {
        if !self.peers.contains(&from) {
            return;
        }
        if self.rules.adopts_term(&message, self.current_term) {
            self.become_follower(message.term, None, effects);
        }
        let Message { term, body } = message;
        match body {
            Body::RequestVote { last_log } => {
                self.handle_request_vote(from, term, last_log, effects);
            }
            Body::RequestVoteReply { vote_granted } => {
                self.handle_request_vote_reply(from, term, vote_granted, effects);
            }
            Body::AppendEntries { prev_log, entries, leader_commit } => {
                self.handle_append_entries(from, term, prev_log, entries, leader_commit, effects);
            }
            Body::AppendEntriesReply { success, match_index, hint } => {
                let reply = AppendReply { success, match_index, hint };
                self.handle_append_entries_reply(from, term, &reply, effects);
            }
        }
    }

    /// §5.1, §5.2: follows a leader of this term, or waits for one. A deposed leader drops its
    /// clients: it cannot know how their commands end.
    fn become_follower(&mut self, term: Term, leader: Option<NodeId>, effects: &mut Vec<Effect>) {
        let new_term = self.current_term < term;
        self.set_hard_state(term, self.rules.vote_when_following(self.voted_for, new_term));

        let before = std::mem::replace(&mut self.role, Role::Follower { leader });
        if let Role::Leader { pending, .. } = before {
            // It ignored this timer while it led, so none may be running.
            effects.push(Effect::SetTimer(Timer::Election));
            if let Some(outcome) = self.rules.outcome_when_deposed() {
                effects.extend(
                    pending
                        .iter()
                        .map(|&Pending { command, .. }| Effect::Reply { command, outcome }),
                );
            }
        }
    }

    /// Changes term and vote, in memory and with the next write.
    fn set_hard_state(&mut self, current_term: Term, voted_for: Option<NodeId>) {
        let new_term = self.current_term != current_term;
        if new_term || self.voted_for != voted_for {
            self.current_term = current_term;
            self.voted_for = voted_for;
            let hard_state = self.rules.persisted(HardState { current_term, voted_for });
            self.journal.stage_hard_state(hard_state, new_term);
        }
    }

    /// The disk caught up: a candidate's own vote counts, a leader's own entries count.
    fn handle_write_done(&mut self, through: WriteId, effects: &mut Vec<Effect>) {
        self.journal.complete(through);
        self.count_own_vote(effects);
        self.advance_commit_index();
    }

    fn handle_write_failed(&mut self, effects: &mut Vec<Effect>) {
        if self.rules.stops_when_disk_fails() {
            self.halted = true;
            effects.push(Effect::Halt);
        } else {
            self.journal.complete_all();
            self.count_own_vote(effects);
            self.advance_commit_index();
        }
    }

    /// §5.3: all servers apply committed entries in log order. A server may know that more is
    /// committed than it has.
    fn apply_committed(&mut self, effects: &mut Vec<Effect>) {
        while self.rules.may_apply(self.last_applied + 1, self.commit_index)
            && let Some(entry) = self.log.entry(self.last_applied + 1)
        {
            self.last_applied += 1;
            effects.push(Effect::Apply { index: self.last_applied, entry });
        }
    }

    /// Sends a message that waits for a write to be durable.
    fn send(&self, to: NodeId, body: Body, write: WriteId, effects: &mut Vec<Effect>) {
        let message = Message { term: self.current_term, body };
        let after = (!self.journal.is_durable(write)).then_some(write);
        effects.push(Effect::Send { to, message, after });
    }

    /// Number of servers in the cluster.
    const fn members(&self) -> usize {
        self.peers.len() + 1
    }
}

/// How a server sees itself.
impl Raft {
    /// Its identity.
    pub const fn id(&self) -> NodeId {
        self.id
    }
    /// `currentTerm`: the latest term it has seen.
    pub const fn current_term(&self) -> Term {
        self.current_term
    }
    /// `votedFor`: the candidate that has its vote in this term.
    pub const fn voted_for(&self) -> Option<NodeId> {
        self.voted_for
    }
    /// What it is, and what it knows as such.
    pub const fn role(&self) -> &Role {
        &self.role
    }
    /// The leader of this term as far as it knows.
    pub const fn leader(&self) -> Option<NodeId> {
        match self.role {
            Role::Follower { leader } => leader,
            Role::Candidate { .. } => None,
            Role::Leader { .. } => Some(self.id),
        }
    }
    /// `commitIndex`: the highest entry known to be committed.
    pub const fn commit_index(&self) -> LogIndex {
        self.commit_index
    }
    /// `lastApplied`: the highest entry applied to the state machine.
    pub const fn last_applied(&self) -> LogIndex {
        self.last_applied
    }
    /// Its log, durable or not.
    pub const fn log(&self) -> &Log {
        &self.log
    }
    /// What it has handed to its disk.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }
    /// Whether it has stopped, and answers nothing any more.
    pub const fn is_halted(&self) -> bool {
        self.halted
    }
    /// Position of the last entry in its log.
    pub fn last_log(&self) -> LogPosition {
        self.log.last()
    }
    /// A leader's `matchIndex` of a server, itself included.
    pub fn match_index(&self, of: NodeId) -> Option<LogIndex> {
        if of == self.id {
            return matches!(self.role, Role::Leader { .. }).then(|| self.own_match_index());
        }
        self.progress(of).map(|follower| follower.match_index)
    }
    /// A leader's `nextIndex` of a server; of itself, where the next entry will be.
    pub fn next_index(&self, of: NodeId) -> Option<LogIndex> {
        if of == self.id {
            let next_index = self.log.last_index() + 1;
            return matches!(self.role, Role::Leader { .. }).then_some(next_index);
        }
        self.progress(of).map(|follower| follower.next_index)
    }

    fn progress(&self, of: NodeId) -> Option<&Progress> {
        match &self.role {
            Role::Leader { followers, .. } => followers.iter().find(|follower| follower.id == of),
            Role::Follower { .. } | Role::Candidate { .. } => None,
        }
    }
}
