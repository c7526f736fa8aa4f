//! Leader election (§5.2) and who may win it (§5.4.1).
//!
//! A candidate's vote for itself takes the road of every other vote: it counts once it is durable,
//! and only then are the others asked. A cluster of one elects itself by the same rule.

use std::collections::VecDeque;

use super::{Progress, Raft, Role};
use crate::io::{Effect, Timer};
use crate::message::Body;
use crate::types::{LogPosition, NodeId, Term};

impl Raft {
    /// §5.2: a follower or candidate that hears nothing starts an election.
    pub(super) fn handle_election_timeout(&mut self, effects: &mut Vec<Effect>) {
        if !matches!(self.role, Role::Leader { .. }) {
            self.campaign(effects);
        }
    }

    /// Figure 2, Candidates: increment `currentTerm`, vote for self, reset the election timer, ask
    /// all other servers.
    fn campaign(&mut self, effects: &mut Vec<Effect>) {
        self.set_hard_state(self.current_term + 1, Some(self.id));
        self.role = Role::Candidate { votes_granted: Vec::with_capacity(self.members()) };
        effects.push(Effect::SetTimer(Timer::Election));

        let last_log = self.log.last();
        let write =
            self.rules.request_vote_waits_for(self.journal.term_write, self.journal.vote_write);
        for &peer in &self.peers {
            self.send(peer, Body::RequestVote { last_log }, write, effects);
        }
    }

    /// Figure 2, `RequestVote`, receiver.
    pub(super) fn handle_request_vote(
        &mut self,
        candidate: NodeId,
        term: Term,
        last_log: LogPosition,
        effects: &mut Vec<Effect>,
    ) {
        let vote_granted = term == self.current_term
            && self.rules.may_grant_vote(self.voted_for, candidate)
            && self.rules.is_up_to_date(last_log, self.log.last());
        if vote_granted {
            self.set_hard_state(term, Some(candidate));
        }
        if self.rules.restarts_election_timer(vote_granted) {
            effects.push(Effect::SetTimer(Timer::Election));
        }

        let (term_write, vote_write) = (self.journal.term_write, self.journal.vote_write);
        let write = if vote_granted {
            self.rules.vote_waits_for(term_write, vote_write)
        } else {
            term_write
        };
        self.send(candidate, Body::RequestVoteReply { vote_granted }, write, effects);
    }

    /// An answer to a candidate.
    pub(super) fn handle_request_vote_reply(
        &mut self,
        voter: NodeId,
        term: Term,
        vote_granted: bool,
        effects: &mut Vec<Effect>,
    ) {
        if vote_granted && self.rules.counts_vote(term, self.current_term) {
            self.count_vote(voter, effects);
        }
    }

    /// A candidate's vote for itself counts when it is durable.
    pub(super) fn count_own_vote(&mut self, effects: &mut Vec<Effect>) {
        if let Role::Candidate { votes_granted } = &self.role
            && self.journal.is_durable(self.journal.vote_write)
            && !votes_granted.contains(&self.id)
        {
            self.count_vote(self.id, effects);
        }
    }

    fn count_vote(&mut self, voter: NodeId, effects: &mut Vec<Effect>) {
        let members = self.members();
        if let Role::Candidate { votes_granted } = &mut self.role {
            votes_granted.push(voter);
            if self.rules.is_quorum(self.rules.votes_received(votes_granted), members) {
                self.become_leader(effects);
            }
        }
    }

    /// §5.2: the winner announces itself at once; §8: with an entry of its own term, without which
    /// it could neither commit nor learn what its predecessors committed.
    fn become_leader(&mut self, effects: &mut Vec<Effect>) {
        let last_log_index = self.log.last_index();
        let followers =
            self.peers.iter().map(|&peer| Progress::new(peer, last_log_index)).collect();
        self.role = Role::Leader { followers, pending: VecDeque::new() };
        if let Some(entry) = self.rules.entry_on_election(self.current_term) {
            self.append_as_leader(entry);
            effects.push(Effect::SetTimer(Timer::Heartbeat));
            self.replicate_to_all(effects);
        } else {
            self.handle_heartbeat_timeout(effects);
        }
    }
}
