//! What is remembered of a calm: who leads, what clients wait for, how much is said.

use std::collections::BTreeMap;

use crate::fact::{Command, Fact, NODES_MAX, NodeId, NodeSet, Outcome, Term};
use crate::history::History;

/// Thousandths of the shortest election timeout.
pub type Millitimeouts = u64;

/// A calm among some nodes, so far.
#[derive(Clone, Debug)]
pub struct Calm {
    /// Who must make progress.
    pub core: NodeSet,
    /// Since it began.
    pub now: Millitimeouts,
    /// Highest term of the core.
    pub term: Term,
    /// When that term came up.
    pub term_since: Millitimeouts,
    /// How often a higher term has come up. One that comes from outside, with what was on its way,
    /// may be far higher.
    pub terms: u64,
    /// Messages that the core has sent in the timeout that is running.
    pub sent: u64,
    /// Messages that the core sent in the last whole timeout.
    pub sent_before: u64,
    /// What was asked of a leader of the core and not answered, and when.
    pending: BTreeMap<Command, Asked>,
    /// By slot: in which term it led last, and how many writes it has served then.
    served: [(Term, u64); NODES_MAX],
    /// By slot: the last term in which a client asked it as leader.
    asked: [Term; NODES_MAX],
}

/// A command in somebody's hands.
#[derive(Copy, Clone, Debug)]
pub struct Asked {
    /// In whose.
    pub node: NodeId,
    /// In which term of its leadership.
    pub term: Term,
    /// Since when.
    pub since: Millitimeouts,
}

impl Calm {
    pub(super) fn begin(core: NodeSet, history: &History) -> Self {
        Calm {
            core,
            now: 0,
            term: highest_term(core, history),
            term_since: 0,
            terms: 0,
            sent: 0,
            sent_before: 0,
            pending: BTreeMap::new(),
            served: [(0, 0); NODES_MAX],
            asked: [0; NODES_MAX],
        }
    }

    pub(super) fn hear(&mut self, fact: &Fact<'_>, history: &History) {
        match *fact {
            Fact::Sent { from, .. } if self.core.contains(from) => self.sent += 1,
            Fact::Invoked { node, command } if self.core.contains(node) => {
                if let Some(term) = history.node(node).leads() {
                    self.pending.insert(command, Asked { node, term, since: self.now });
                    self.asked[node.slot()] = term;
                }
            }
            Fact::Replied { node, command, outcome } => {
                let asked = self.pending.remove(&command);
                if let (Some(asked), Outcome::Committed(_)) = (asked, outcome) {
                    let (term, count) = &mut self.served[node.slot()];
                    *count = if *term == asked.term { *count + 1 } else { 1 };
                    *term = asked.term;
                }
            }
            Fact::Stepped { node, .. } if self.core.contains(node) => {
                let term = history.node(node).term();
                if self.term < term {
                    (self.term, self.term_since) = (term, self.now);
                    self.terms += 1;
                }
                // Who leads no more owes no answer: the client asks the next leader.
                let leads = history.node(node).leads();
                self.pending.retain(|_, asked| asked.node != node || Some(asked.term) == leads);
            }
            Fact::Booted { node, .. } | Fact::Crashed { node, .. } => {
                self.pending.retain(|_, asked| asked.node != node);
            }
            _ => {}
        }
    }

    pub(super) fn wait(&mut self, now: Millitimeouts) {
        if self.now / 1000 < now / 1000 {
            self.sent_before = std::mem::take(&mut self.sent);
        }
        self.now = now;
    }

    /// The core's leader of the highest term that anyone in it leads.
    pub fn leader(&self, history: &History) -> Option<(NodeId, Term)> {
        let leaders = self.core.iter().filter_map(|node| {
            let mirror = history.node(node);
            mirror.leads().filter(|_| mirror.up).map(|term| (node, term))
        });
        leaders.max_by_key(|&(_, term)| term)
    }

    /// How many writes this node has served as leader of this term.
    pub fn served(&self, node: NodeId, term: Term) -> u64 {
        let (led, count) = self.served[node.slot()];
        if led == term { count } else { 0 }
    }

    /// Whether a client has asked this node for anything in this term of its leadership.
    pub fn was_asked(&self, node: NodeId, term: Term) -> bool {
        self.asked[node.slot()] == term
    }

    /// What has waited longest for an answer.
    pub fn oldest_pending(&self) -> Option<(Command, Asked)> {
        let pending = self.pending.iter().map(|(&command, &asked)| (command, asked));
        pending.min_by_key(|(_, asked)| asked.since)
    }
}

fn highest_term(core: NodeSet, history: &History) -> Term {
    core.iter().map(|node| history.node(node).term()).max().unwrap_or(0)
}
