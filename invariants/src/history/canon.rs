//! Every entry that any log ever held: raft.tla's `allLogs`, one record per (index, term).
//!
//! If Log Matching holds, an index and a term name one entry and everything before it. The first
//! log in which the pair is seen says which; all later ones are compared with it.

use std::collections::BTreeMap;

use super::log::{EMPTY, PrefixHash};
use crate::fact::{LogIndex, LogPosition, NodeId, Term};

/// What the first sight of an (index, term) pair looked like.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// Hash of the log up to this entry.
    pub hash: PrefixHash,
    /// Term of the entry before it.
    pub parent: Term,
    /// Whose log it was.
    pub creator: NodeId,
}

/// When the first entry of a term was seen.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct TermOrigin {
    /// In whose log.
    pub creator: NodeId,
    /// In which step of that node, counted over all its incarnations.
    pub step: u64,
}

/// All entries ever seen, and where each term's first one appeared.
#[derive(Clone, Default, Debug)]
pub struct Canon {
    /// By index, the first term seen there: nearly always the only one.
    first: Vec<(Term, Known)>,
    /// The others.
    rest: BTreeMap<(LogIndex, Term), Known>,
    terms: BTreeMap<Term, TermOrigin>,
}

impl Canon {
    /// What is known of the entry at a position.
    pub fn get(&self, position: LogPosition) -> Option<&Known> {
        let slot = usize::try_from(position.index.checked_sub(1)?).ok()?;
        match self.first.get(slot)? {
            (term, known) if *term == position.term => Some(known),
            _ => self.rest.get(&(position.index, position.term)),
        }
    }

    /// Writes down an entry at its first sight; afterwards returns what the first sight was.
    pub(crate) fn learn(
        &mut self,
        position: LogPosition,
        known: Known,
        step: u64,
    ) -> Option<Known> {
        if let Some(&earlier) = self.get(position) {
            return Some(earlier);
        }
        // Logs have no holes, so an index beyond the end is the next one.
        if self.first.len() as LogIndex + 1 == position.index {
            self.first.push((position.term, known));
        } else {
            self.rest.insert((position.index, position.term), known);
        }
        self.terms.entry(position.term).or_insert(TermOrigin { creator: known.creator, step });
        None
    }

    /// Visits every entry with the hash of the log up to it, in no particular order.
    pub(super) fn visit(&self, mut see: impl FnMut(LogPosition, PrefixHash)) {
        for (slot, (term, known)) in self.first.iter().enumerate() {
            see(LogPosition { term: *term, index: slot as LogIndex + 1 }, known.hash);
        }
        for (&(index, term), known) in &self.rest {
            see(LogPosition { term, index }, known.hash);
        }
    }

    pub(super) fn return_to(&mut self, past: &Canon) {
        let Canon { first, rest, terms } = self;
        first.clone_from(&past.first);
        if *rest != past.rest {
            rest.clone_from(&past.rest);
        }
        if *terms != past.terms {
            terms.clone_from(&past.terms);
        }
    }

    /// Where the first entry of a term was seen.
    pub fn origin(&self, term: Term) -> Option<TermOrigin> {
        self.terms.get(&term).copied()
    }

    /// The position at `index` in the log that ends at `tip`, by going back entry by entry.
    pub fn ancestor(&self, tip: LogPosition, index: LogIndex) -> Option<LogPosition> {
        let mut position = tip;
        while index < position.index {
            let term = self.get(position)?.parent;
            position = LogPosition { term, index: position.index - 1 };
        }
        (position.index == index).then_some(position)
    }

    /// Hash of the prefix up to `index` of the log that ends at `tip`.
    pub fn prefix_hash(&self, tip: LogPosition, index: LogIndex) -> Option<PrefixHash> {
        match self.ancestor(tip, index)? {
            LogPosition { index: 0, .. } => Some(EMPTY),
            position => self.get(position).map(|known| known.hash),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fork_is_walked_back_to_its_root() {
        let mut canon = Canon::default();
        let mut learn = |index, term, parent, hash| {
            let known = Known { hash, parent, creator: NodeId(1) };
            canon.learn(LogPosition { term, index }, known, 0)
        };
        assert_eq!(learn(1, 1, 0, 11), None);
        assert_eq!(learn(2, 2, 1, 22), None);
        assert_eq!(learn(2, 3, 1, 23), None);
        assert_eq!(learn(3, 3, 3, 33), None);
        assert_eq!(learn(2, 3, 1, 99).map(|known| known.hash), Some(23));
        let tip = LogPosition { term: 3, index: 3 };
        assert_eq!(canon.prefix_hash(tip, 2), Some(23));
        assert_eq!(canon.prefix_hash(tip, 1), Some(11));
        assert_eq!(canon.prefix_hash(tip, 4), None);
        assert_eq!(canon.prefix_hash(LogPosition { term: 9, index: 9 }, 4), None);
    }
}
