//! A second judge, slow and naive: the checker's checker.
//!
//! It copies whole logs and compares them entry by entry, as the definitions of Figure 3 read. It
//! knows no hashes, no canon and no increments; what it shares with the checker is only when a
//! fact counts as an election or a commit. Tests run both over the same facts and demand the same
//! verdicts. After Log Matching has fallen, the two may differ about Leader Completeness: the
//! checker then knows only one of the logs that share an index and a term.

use std::collections::{BTreeMap, BTreeSet};

use crate::fact::{
    Claim, Entry, Fact, HardState, LogIndex, NODES_MAX, NodeId, Role, Statement, Term, View, Write,
};
use crate::reveals::{Need, Reveals};
use crate::selection::find;

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

#[derive(Clone, Default)]
struct Server {
    up: bool,
    incarnation: u32,
    hard_state: HardState,
    log: Vec<Entry>,
    disk_hard_state: HardState,
    disk: Vec<Entry>,
    queue: Vec<Write>,
    /// Writes were lost while it ran: what it writes now goes nowhere.
    cut_off: bool,
    view: View,
    commit: LogIndex,
    applied: LogIndex,
    deleted: bool,
    /// What the running step answers to.
    received: Option<(NodeId, Statement)>,
    /// Terms of the `AppendEntries` that the running step has sent.
    sent: Vec<Term>,
}

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
    /// Logs up to what a leader committed, and its term.
    commits: Vec<(Term, Vec<Entry>)>,
    ledger: Vec<Entry>,
    verdicts: BTreeSet<&'static str>,
}

fn apply(log: &mut Vec<Entry>, write: &Write) {
    if let Some(from) = write.truncate_from {
        log.truncate(usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX));
    }
    log.extend(&write.append);
}

fn prefix(log: &[Entry], index: LogIndex) -> Option<&[Entry]> {
    log.get(..usize::try_from(index).ok()?)
}

impl Server {
    fn role(&self) -> Role {
        self.view.role.unwrap_or(Role::Follower)
    }

    fn view_term(&self) -> Term {
        self.view.current_term.unwrap_or(self.hard_state.current_term)
    }

    fn settle(&mut self, count: usize) {
        for write in self.queue.drain(..count.min(self.queue.len())) {
            self.disk_hard_state = write.hard_state.unwrap_or(self.disk_hard_state);
            apply(&mut self.disk, &write);
        }
    }

    fn stop(&mut self) {
        self.up = false;
        self.queue.clear();
        self.cut_off = false;
        self.log.clone_from(&self.disk);
        self.hard_state = self.disk_hard_state;
        self.end_step();
    }

    fn end_step(&mut self) {
        self.deleted = false;
        self.received = None;
        self.sent.clear();
    }

    fn boot(&mut self, incarnation: u32) {
        self.stop();
        self.up = true;
        self.incarnation = incarnation;
        self.commit = 0;
        self.applied = 0;
        self.view = View {
            current_term: Some(self.disk_hard_state.current_term),
            role: Some(Role::Follower),
            commit_index: Some(0),
            ..View::default()
        };
    }
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
                self.server(node).settle(kept);
                self.server(node).stop();
            }
            Fact::Halted { node } => self.server(node).stop(),
            Fact::WriteFailed { node, kept } => {
                let server = self.server(node);
                server.settle(kept);
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
                let server = self.server(node);
                let count = server.queue.iter().take_while(|write| write.id <= through).count();
                server.settle(count);
            }
            Fact::Sent { from, statement, .. } => self.sent(from, statement),
            Fact::Stepped { node, view } => self.stepped(node, view),
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

    fn sent(&mut self, node: NodeId, statement: Statement) {
        let Claim::AppendEntries { leader_commit, .. } = statement.claim else { return };
        let server = self.server(node);
        server.sent.extend(statement.term);
        if server.up
            && server.role() == Role::Leader
            && statement.term == Some(server.view_term())
            && server.commit < leader_commit
            && prefix(&server.log, leader_commit).is_some()
        {
            self.commit(node, leader_commit, statement.term);
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
        let deleted = server.deleted;
        let sent = std::mem::take(&mut server.sent);
        let incarnation = server.incarnation;
        server.end_step();
        let to = view.commit_index.unwrap_or(server.applied);
        let news = server.commit < to;
        if deleted && led && leads && term_before == term {
            self.condemn("LeaderAppendOnly");
        }
        if leads && !(led && term_before == term) {
            self.elected(node, term);
        }
        if news {
            let ahead = (self.ledger.len() as LogIndex) < to;
            let resigned = led && (term == term_before || ahead);
            let leader_of = if leads { Some(term) } else { resigned.then_some(term_before) };
            self.commit(node, to, leader_of);
        }
        for term in sent {
            let wins =
                |won: &Won| (won.term, won.leader, won.incarnation) == (term, node, incarnation);
            if !self.elections.iter().any(wins) {
                self.condemn("AppendEntriesFromLeader");
            }
        }
    }

    fn elected(&mut self, node: NodeId, term: Term) {
        let Server { log, incarnation, .. } = self.server(node).clone();
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
