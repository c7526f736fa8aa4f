//! Leader election (§5.2) and who may win it (§5.4.1).
//!
//! A candidate's vote for itself takes the road of every other vote: it counts once it is durable,
//! and only then are the others asked. A cluster of one elects itself by the same rule.

use super::{Raft, Role};
use crate::io::{Effect, Timer};
use crate::message::Body;
use crate::rules::{VoteReply, VoteRequest};
use crate::types::NodeId;

impl Raft {
    /// §5.2: a follower or candidate that hears nothing starts an election.
    pub(super) fn handle_election_timeout(&mut self, effects: &mut Vec<Effect>) {
        if !self.state.leads() {
            self.campaign(effects);
        }
    }

    /// Figure 2, Candidates: increment `currentTerm`, vote for self, reset the election timer, ask
    /// all other servers.
    fn campaign(&mut self, effects: &mut Vec<Effect>) {
        let term = self.rules.election_term(&self.state);
        self.set_hard_state(term, self.rules.vote_when_standing(&self.state));
        let votes_granted = Vec::with_capacity(self.state.members());
        self.state.role = Role::Candidate { votes_granted };
        effects.push(Effect::SetTimer(Timer::Election));

        let last_log = self.state.log.last();
        let write = self.rules.request_vote_waits_for(&self.state);
        for &peer in &self.state.peers {
            self.send(peer, Body::RequestVote { last_log }, write, effects);
        }
    }

    /// Figure 2, `RequestVote`, receiver.
    pub(super) fn handle_request_vote(&mut self, request: &VoteRequest, effects: &mut Vec<Effect>) {
        let vote_granted = request.term == self.state.current_term
            && self.rules.may_grant_vote(&self.state, request)
            && self.rules.is_up_to_date(&self.state, request);
        if vote_granted {
            self.set_hard_state(request.term, Some(request.candidate));
        }
        if self.rules.restarts_election_timer(&self.state, vote_granted) {
            effects.push(Effect::SetTimer(Timer::Election));
        }

        let write = if vote_granted {
            self.rules.vote_waits_for(&self.state, request)
        } else {
            self.rules.refusal_waits_for(&self.state)
        };
        self.send(request.candidate, Body::RequestVoteReply { vote_granted }, write, effects);
    }

    /// An answer to a candidate.
    pub(super) fn handle_request_vote_reply(
        &mut self,
        reply: &VoteReply,
        effects: &mut Vec<Effect>,
    ) {
        if self.rules.counts_vote(&self.state, reply) {
            self.count_vote(reply.voter, effects);
        }
    }

    /// A candidate's vote for itself counts when it is durable.
    pub(super) fn count_own_vote(&mut self, effects: &mut Vec<Effect>) {
        if let Role::Candidate { votes_granted } = &self.state.role
            && !votes_granted.contains(&self.state.id)
            && self.rules.counts_own_vote(&self.state)
        {
            self.count_vote(self.state.id, effects);
        }
    }

    fn count_vote(&mut self, voter: NodeId, effects: &mut Vec<Effect>) {
        if let Role::Candidate { votes_granted } = &mut self.state.role {
            votes_granted.push(voter);
            if self.rules.is_quorum(&self.state, self.rules.votes_received(&self.state)) {
                self.become_leader(effects);
            }
        }
    }

    /// §5.2: the winner announces itself at once; §8: with an entry of its own term, without which
    /// it could neither commit nor learn what its predecessors committed.
    fn become_leader(&mut self, effects: &mut Vec<Effect>) {
        self.state.role = Role::Leader;
        let former = &self.state.followers;
        let anew = |former| self.rules.progress_after_election(&self.state, former);
        self.state.followers = former.iter().map(anew).collect();
        if let Some(entry) = self.rules.entry_on_election(&self.state) {
            self.append_as_leader(entry);
            effects.push(Effect::SetTimer(Timer::Heartbeat));
            self.replicate_to_all(effects);
        } else {
            self.handle_heartbeat_timeout(effects);
        }
    }
}
