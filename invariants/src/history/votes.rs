//! Who stood and who voted for whom, in every term, across restarts.

use std::collections::BTreeMap;

use crate::fact::{NODES_MAX, NodeId, NodeSet, Term};

/// One term's candidates and votes.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Ballot {
    /// Who asked for votes.
    pub candidates: NodeSet,
    /// By voter's slot, the first candidate that got its vote.
    pub cast: [Option<NodeId>; NODES_MAX],
}

impl Ballot {
    /// Whose votes a candidate has.
    pub fn voters(&self, candidate: NodeId) -> NodeSet {
        NodeId::all(NODES_MAX).filter(|voter| self.cast[voter.slot()] == Some(candidate)).collect()
    }
}

/// The ballots of all terms.
#[derive(Clone, Default, Debug)]
pub struct Votes {
    ballots: BTreeMap<Term, Ballot>,
}

impl Votes {
    /// The ballot of a term, if anyone stood or voted in it.
    pub fn ballot(&self, term: Term) -> Option<&Ballot> {
        self.ballots.get(&term)
    }

    /// The last ballot before a term.
    pub fn before(&self, term: Term) -> Option<(Term, &Ballot)> {
        self.ballots.range(..term).next_back().map(|(&term, ballot)| (term, ballot))
    }

    /// All of them, in order of terms.
    pub fn iter(&self) -> impl Iterator<Item = (Term, &Ballot)> {
        self.ballots.iter().map(|(&term, ballot)| (term, ballot))
    }

    pub(super) fn return_to(&mut self, past: &Votes) {
        let Votes { ballots } = self;
        if *ballots != past.ballots {
            ballots.clone_from(&past.ballots);
        }
    }

    pub(crate) fn stand(&mut self, candidate: NodeId, term: Term) {
        self.ballots.entry(term).or_default().candidates.insert(candidate);
    }

    /// Casts a vote unless one was cast; returns the candidate that had it before.
    pub(crate) fn cast(&mut self, voter: NodeId, term: Term, candidate: NodeId) -> Option<NodeId> {
        let vote = &mut self.ballots.entry(term).or_default().cast[voter.slot()];
        let earlier = *vote;
        vote.get_or_insert(candidate);
        earlier
    }
}
