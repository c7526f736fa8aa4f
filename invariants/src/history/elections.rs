//! Who came to lead which term, and with which log: raft.tla's `elections`.

use std::collections::BTreeMap;

use crate::fact::{LogPosition, NodeId, Term};

/// One election that was won.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Election {
    /// The term.
    pub term: Term,
    /// The winner.
    pub leader: NodeId,
    /// Its incarnation.
    pub incarnation: u32,
    /// The last entry of its log when it was first seen as leader.
    pub last: LogPosition,
}

/// All elections that were won. A correct Raft has at most one per term; all are kept.
#[derive(Clone, Default, Debug)]
pub struct Elections {
    won: BTreeMap<(Term, u32), Election>,
}

impl Elections {
    /// The first election of a term.
    pub fn of(&self, term: Term) -> Option<&Election> {
        self.won.get(&(term, 0))
    }

    /// The first leader of a term.
    pub fn leader(&self, term: Term) -> Option<NodeId> {
        self.of(term).map(|election| election.leader)
    }

    /// Elections of the terms `first..=last`, in order of terms.
    pub fn between(&self, first: Term, last: Term) -> impl DoubleEndedIterator<Item = &Election> {
        // A range that ends before it starts would be a panic.
        self.won
            .range((first, 0)..=(last.max(first), u32::MAX))
            .map(|(_, election)| election)
            .filter(move |election| election.term <= last)
    }

    /// All of them, in order of terms.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Election> {
        self.won.values()
    }

    pub(super) fn return_to(&mut self, past: &Elections) {
        let Elections { won } = self;
        if *won != past.won {
            won.clone_from(&past.won);
        }
    }

    pub(crate) fn record(&mut self, election: Election) {
        let again = self.between(election.term, election.term).count() as u32;
        self.won.insert((election.term, again), election);
    }
}
