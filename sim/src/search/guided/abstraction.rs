//! The abstract state of a cluster: what is left of it when names, numbers and history are
//! forgotten, as one number.
//!
//! Two clusters share it if one is the other with its nodes renamed and its terms renumbered in
//! the same order (as in `ModelFuzz`). It is what a guided campaign calls new or not, so it keeps
//! what Raft's safety hangs on (who leads, which terms the ends of the logs have, who lags behind
//! what was committed, what is not durable yet) and forgets what would make every state new: how
//! long logs are, which messages are on their way.

use crate::language::hash::Hasher;
use crate::node::{LogIndex, NODES_MAX, NodeId, Term};
use crate::world::stage::{Host, Stage};

/// Entries at the end of a log whose terms count.
const TAIL: usize = 4;
/// Distances in a log beyond which all are alike.
const FAR: LogIndex = 3;
/// Most different terms that can be in sight: three a node beside its tail, and 0.
const TERMS_MAX: usize = NODES_MAX * (TAIL + 2) + 1;

/// The abstract state of a cluster.
pub fn abstract_state(stage: &Stage) -> u64 {
    let ranks = Ranks::of(stage);
    let indexes = stage.hosts.iter().filter_map(|host| host.view.commit_index);
    let committed = indexes.max().unwrap_or(0);
    let mut nodes = [0; NODES_MAX];
    let nodes = &mut nodes[..stage.hosts.len()];
    for (slot, node) in nodes.iter_mut().enumerate() {
        *node = abstract_node(stage, NodeId::at(slot), &ranks, committed);
    }
    nodes.sort_unstable();
    let mut hasher = Hasher::new();
    for &mut node in nodes {
        hasher.add(node);
    }
    hasher.finish()
}

fn abstract_node(stage: &Stage, node: NodeId, ranks: &Ranks, committed: LogIndex) -> u64 {
    let host = stage.host(node);
    let view = &host.view;
    let mut hasher = Hasher::new();
    let vote = match view.voted_for.flatten() {
        None => 0,
        Some(candidate) if candidate == node => 1,
        Some(_) => 2,
    };
    let role = view.role.map_or(0, |role| 1 + role as u64);
    let health = u64::from(host.up) | u64::from(host.queue.is_empty()) << 1;
    hasher.add(health | vote << 2 | role << 4);
    hasher.add(ranks.of_term(view.current_term.unwrap_or(0)));
    let last = last_log_term(host);
    hasher.add(ranks.of_term(last));
    for term in tail(host) {
        hasher.add(ranks.of_term(term));
    }
    let lag = committed - view.commit_index.unwrap_or(0);
    hasher.add(lag.min(FAR));
    let end = host.disk.log.last().index;
    hasher.add(committed.saturating_sub(end).min(FAR));
    hasher.add(end.saturating_sub(committed).min(FAR));
    hasher.finish()
}

/// Terms of the last durable entries.
fn tail(host: &Host) -> impl Iterator<Item = Term> {
    host.disk.log.entries().iter().rev().take(TAIL).map(|entry| entry.term)
}

/// Term of the last entry in memory.
fn last_log_term(host: &Host) -> Term {
    host.view.last_log.map_or(0, |last| last.term)
}

/// The terms in sight, in order: a term's position here is all that is left of it.
struct Ranks {
    terms: [Term; TERMS_MAX],
    len: usize,
}

impl Ranks {
    fn of(stage: &Stage) -> Self {
        let mut ranks = Ranks { terms: [0; TERMS_MAX], len: 1 };
        for host in &stage.hosts {
            ranks.insert(host.view.current_term.unwrap_or(0));
            ranks.insert(last_log_term(host));
            for term in tail(host) {
                ranks.insert(term);
            }
        }
        ranks
    }

    /// There are few, and most are there already.
    fn insert(&mut self, term: Term) {
        let position = self.terms[..self.len].partition_point(|&other| other < term);
        if position < self.len && self.terms[position] == term {
            return;
        }
        self.terms.copy_within(position..self.len, position + 1);
        self.terms[position] = term;
        self.len += 1;
    }

    fn of_term(&self, term: Term) -> u64 {
        self.terms[..self.len].partition_point(|&other| other < term) as u64
    }
}
