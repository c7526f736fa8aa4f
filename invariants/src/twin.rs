//! A second judge, slow and naive: the checker's checker.
//!
//! It copies whole logs and compares them entry by entry, as the definitions of Figure 3 read. It
//! knows no hashes, no canon and no increments; what it shares with the checker is only when a
//! fact counts as an election or a commit. Tests run both over the same facts and demand the same
//! verdicts. After Log Matching has fallen, the two may differ about Leader Completeness: the
//! checker then knows only one of the logs that share an index and a term.

mod server;

use std::collections::{BTreeMap, BTreeSet};

use crate::fact::{
    Claim, Entry, Fact, HardState, LogIndex, NODES_MAX, NodeId, Role, Statement, Term, View, Write,
};
use crate::reveals::{Need, Reveals};
use crate::selection::find;
use server::{Server, apply, prefix};

/// The invariants that the twin judges too.
pub const JUDGED: [&str; 8] = [
    "ElectionSafety",
    "VoteForUpToDateLog",
    "LogMatching",
    "AppendEntriesFromLeader",
    "LeaderAppendOnly",
    "LeaderCompleteness",
    "StateMachineSafety",
    "CommittedDurableOnQuorum",
];

/// An election that was won.
#[derive(Clone)]
struct Won {
    term: Term,
    leader: NodeId,
    incarnation: u32,
    log: Vec<Entry>,
}

/// The slow judge.
#[derive(Clone)]
pub struct Twin {
    servers: Vec<Server>,
    reveals: Reveals,
    /// Every log that ever existed, up to each of its entries, by index and term.
    logs: BTreeMap<(LogIndex, Term), Vec<Entry>>,
    elections: Vec<Won>,
    /// By term and voter, who got the vote.
    votes: BTreeMap<(Term, NodeId), NodeId>,
    /// Logs up to what a leader committed, and its term.
    commits: Vec<(Term, Vec<Entry>)>,
    ledger: Vec<Entry>,
    verdicts: BTreeSet<&'static str>,
}

impl Twin {
    /// A judge for a cluster that has not been booted yet.
    pub fn new(nodes: usize, reveals: Reveals) -> Self {
        assert!((1..=NODES_MAX).contains(&nodes), "a cluster has 1 to {NODES_MAX} nodes");
        Twin {
            servers: vec![Server::default(); nodes],
            reveals,
            logs: BTreeMap::new(),
            elections: Vec::new(),
            votes: BTreeMap::new(),
            commits: Vec::new(),
            ledger: Vec::new(),
            verdicts: BTreeSet::new(),
        }
    }

    /// Names of what was broken so far.
    pub fn verdicts(&self) -> &BTreeSet<&'static str> {
        &self.verdicts
    }

    /// Takes note of a fact and judges all there is anew.
    pub fn observe(&mut self, fact: &Fact<'_>) {
        match *fact {
            Fact::Booted { node, incarnation } => self.server(node).boot(incarnation),
            Fact::Crashed { node, kept }
            | Fact::Panicked { node, kept, .. }
            | Fact::Breached { node, kept, .. } => {
                self.settle(node, kept);
                self.server(node).stop();
            }
            Fact::Halted { node } => self.server(node).stop(),
            Fact::WriteFailed { node, kept } => {
                self.settle(node, kept);
                let server = self.server(node);
                server.cut_off |= !server.queue.is_empty();
                server.queue.clear();
            }
            Fact::OutOfModel { node, hard_state, log, .. } => {
                let server = self.server(node);
                server.disk_hard_state = hard_state;
                server.disk = log.to_vec();
                server.stop();
            }
            Fact::WriteIssued { node, write } => self.write(node, write),
            Fact::WriteDurable { node, through } => {
                let queue = &self.server(node).queue;
                let count = queue.iter().take_while(|write| write.id <= through).count();
                self.settle(node, count);
            }
            Fact::Sent { from, to, statement } => self.sent(from, to, statement),
            Fact::Stepped { node, view } => self.stepped(node, view),
            Fact::Unsettled { node } => self.unsettled(node),
            Fact::Applied { node, index, term, payload, .. } => {
                let server = self.server(node);
                server.applied = server.applied.max(index);
                let committed = usize::try_from(index).ok().and_then(|index| index.checked_sub(1));
                let committed = committed.and_then(|slot| self.ledger.get(slot));
                if committed.is_some_and(|&entry| entry != Entry { term, payload }) {
                    self.condemn("StateMachineSafety");
                }
            }
            Fact::Received { node, from, statement, .. } => {
                self.server(node).received = Some((from, statement));
            }
            Fact::Invoked { .. }
            | Fact::Replied { .. }
            | Fact::Rewired { .. }
            | Fact::Calmed { .. }
            | Fact::Waited { .. }
            | Fact::Exploded { .. } => {}
        }
    }

    fn server(&mut self, node: NodeId) -> &mut Server {
        &mut self.servers[node.slot()]
    }

    fn condemn(&mut self, name: &'static str) {
        if find(name).is_some_and(|invariant| self.reveals.meets(invariant.needs)) {
            self.verdicts.insert(name);
        }
    }

    fn write(&mut self, node: NodeId, write: &Write) {
        if let Some(hard_state) = write.hard_state {
            self.voted(node, hard_state);
        }
        let server = self.server(node);
        let before = server.log.clone();
        apply(&mut server.log, write);
        server.deleted |= !server.log.starts_with(&before);
        if !server.cut_off {
            server.queue.push(write.clone());
        }
        let log = server.log.clone();
        for index in 1..=log.len() {
            let key = (index as LogIndex, log[index - 1].term);
            let first = self.logs.entry(key).or_insert_with(|| log[..index].to_vec());
            if *first != log[..index] {
                self.condemn("LogMatching");
            }
        }
    }

    fn voted(&mut self, node: NodeId, after: HardState) {
        let server = self.server(node);
        let before = std::mem::replace(&mut server.hard_state, after);
        let Some((from, Statement { term: Some(term), claim })) = server.received else { return };
        let Claim::RequestVote { last_log } = claim else { return };
        let asked = term == after.current_term && Some(from) == after.voted_for;
        let last_term = server.log.last().map_or(0, |entry| entry.term);
        let longer = last_log.index < server.log.len() as LogIndex;
        let behind = last_log.term < last_term || (last_log.term == last_term && longer);
        if asked && behind && before != after {
            self.condemn("VoteForUpToDateLog");
        }
    }

    fn settle(&mut self, node: NodeId, count: usize) {
        let server = self.server(node);
        for write in server.queue.drain(..count.min(server.queue.len())).collect::<Vec<_>>() {
            let server = self.server(node);
            apply(&mut server.disk, &write);
            let before = server.disk_hard_state;
            let after = write.hard_state.unwrap_or(before);
            server.disk_hard_state = after;
            if before != after && after.voted_for == Some(node) {
                self.vote(node, after.current_term, node);
            }
        }
    }

    fn vote(&mut self, voter: NodeId, term: Term, candidate: NodeId) {
        self.votes.entry((term, voter)).or_insert(candidate);
    }

    /// Whether steps that are not settled may have made a leader of the node.
    fn may_have_led(&self, node: NodeId, term: Term) -> bool {
        let server = &self.servers[node.slot()];
        let Some(since) = server.unsettled_since else { return false };
        let was_in_it = since <= term
            && (term <= server.hard_state.current_term || !self.reveals.contains(Need::Votes));
        let votes = self.votes.iter().filter(|&(&(of, _), &to)| of == term && to == node).count();
        let are_votes_seen = 1 < self.servers.len() && self.reveals.contains(Need::Claims);
        was_in_it && (!are_votes_seen || self.servers.len() / 2 < votes)
    }

    fn sent(&mut self, node: NodeId, to: NodeId, Statement { term, claim }: Statement) {
        let Some(term) = term else { return };
        match claim {
            Claim::RequestVote { .. } => self.vote(node, term, node),
            Claim::RequestVoteReply { vote_granted: true } => self.vote(node, term, to),
            Claim::AppendEntries { leader_commit, .. } => {
                self.server(node).sent.push((term, leader_commit));
                self.commit_sent(node, term, leader_commit);
            }
            _ => {}
        }
    }

    fn commit_sent(&mut self, node: NodeId, term: Term, to: LogIndex) {
        let server = &self.servers[node.slot()];
        let is_new = server.commit < to && prefix(&server.log, to).is_some();
        if is_new && (server.leads() == Some(term) || self.may_have_led(node, term)) {
            self.commit(node, to, Some(term));
        }
    }

    fn unsettled(&mut self, node: NodeId) {
        let server = self.server(node);
        if !server.up {
            return;
        }
        let term = server.view_term();
        server.unsettled_since.get_or_insert(term);
        server.received = None;
        for (term, to) in std::mem::take(&mut server.sent) {
            self.commit_sent(node, term, to);
            self.judge_sender(node, term);
        }
    }

    fn stepped(&mut self, node: NodeId, view: &View) {
        let server = self.server(node);
        if !server.up {
            return;
        }
        self.reveals = self.reveals.difference(self.reveals.withheld(view));
        let server = self.server(node);
        let (role_before, term_before) = (server.role(), server.view_term());
        server.view = *view;
        let (role, term) = (server.role(), server.view_term());
        let led = role_before == Role::Leader;
        let leads = role == Role::Leader;
        if server.deleted && led && leads && term_before == term {
            self.condemn("LeaderAppendOnly");
        }
        if leads && !(led && term_before == term) {
            self.elected(node, term);
        }
        let server = &self.servers[node.slot()];
        let to = view.commit_index.unwrap_or(server.applied);
        if server.commit < to {
            let ahead = (self.ledger.len() as LogIndex) < to;
            let resigned = (led && (term == term_before || ahead)).then_some(term_before);
            let seen = if leads { Some(term) } else { resigned };
            let leader_of = match server.unsettled_since {
                Some(_) if ahead => self.may_have_led_at(node, to).or(leads.then_some(term)),
                Some(_) => None,
                None => seen,
            };
            self.commit(node, to, leader_of);
        }
        for (term, _) in std::mem::take(&mut self.server(node).sent) {
            self.judge_sender(node, term);
        }
        self.server(node).end_step();
    }

    /// The term of the entry at an index, if the node may have led it unseen.
    fn may_have_led_at(&self, node: NodeId, index: LogIndex) -> Option<Term> {
        let log = prefix(&self.servers[node.slot()].log, index)?;
        let term = log.last().map_or(0, |entry| entry.term);
        self.may_have_led(node, term).then_some(term)
    }

    fn judge_sender(&mut self, node: NodeId, term: Term) {
        let incarnation = self.server(node).incarnation;
        let wins = |won: &Won| (won.term, won.leader, won.incarnation) == (term, node, incarnation);
        if !self.elections.iter().any(wins) && !self.may_have_led(node, term) {
            self.condemn("AppendEntriesFromLeader");
        }
    }

    fn elected(&mut self, node: NodeId, term: Term) {
        let Server { log, incarnation, hard_state, .. } = self.server(node).clone();
        if hard_state == (HardState { current_term: term, voted_for: Some(node) }) {
            self.vote(node, term, node);
        }
        if self.elections.iter().any(|won| won.term == term && won.leader != node) {
            self.condemn("ElectionSafety");
        }
        if self.commits.iter().any(|(earlier, prefix)| *earlier < term && !log.starts_with(prefix))
        {
            self.condemn("LeaderCompleteness");
        }
        self.elections.push(Won { term, leader: node, incarnation, log });
    }

    fn commit(&mut self, node: NodeId, to: LogIndex, leader_of: Option<Term>) {
        let server = self.server(node);
        server.commit = to;
        let (log, view_term) = (server.log.clone(), server.view_term());
        let known = prefix(&log, to).unwrap_or(&log).to_vec();
        let blind = (!self.reveals.contains(Need::TermAndRole)).then_some(view_term);
        if let Some(term) = leader_of.or(blind) {
            let shared = self.ledger.len().min(usize::try_from(to).unwrap_or(usize::MAX));
            if log.get(..shared) == Some(&self.ledger[..shared]) {
                if self.ledger.len() < known.len() {
                    self.ledger.clone_from(&known);
                }
                self.commits.push((term, known.clone()));
                let late = |won: &Won| term < won.term && !won.log.starts_with(&known);
                if known.len() as LogIndex == to && self.elections.iter().any(late) {
                    self.condemn("LeaderCompleteness");
                }
            }
        }
        let shared = self.ledger.len().min(known.len());
        if known[..shared] != self.ledger[..shared] {
            self.condemn("StateMachineSafety");
        }
        let holders = self.servers.iter().filter(|server| server.disk.starts_with(&known)).count();
        if leader_of.is_some()
            && known.len() as LogIndex == to
            && holders < self.servers.len() / 2 + 1
        {
            self.condemn("CommittedDurableOnQuorum");
        }
    }
}
