//! What the cluster has committed: one log, only ever extended.
//!
//! Each entry remembers in which term it was first *committed*, which may be later than the term
//! in which it was created. Leader Completeness speaks of the former: an entry of term 2 that a
//! leader of term 4 committed along with its own owes nothing to a stale leader of term 3.

use super::log::{EMPTY, PrefixHash};
use crate::fact::{Entry, LogIndex, Term};

/// A committed entry.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct LedgerEntry {
    /// The entry.
    pub entry: Entry,
    /// Hash of the ledger up to it.
    pub hash: PrefixHash,
    /// Lowest term whose leader is known to have committed it.
    pub commit_term: Term,
}

/// The committed log of the cluster.
#[derive(Clone, Default, Debug)]
pub struct Ledger {
    entries: Vec<LedgerEntry>,
}

impl Ledger {
    /// Number of committed entries, which is the index of the last.
    pub fn len(&self) -> LogIndex {
        self.entries.len() as LogIndex
    }

    /// Whether nothing was committed yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry at `index`.
    pub fn get(&self, index: LogIndex) -> Option<&LedgerEntry> {
        self.entries.get(usize::try_from(index.checked_sub(1)?).ok()?)
    }

    /// All of it.
    pub fn entries(&self) -> &[LedgerEntry] {
        &self.entries
    }

    /// Hash of the ledger up to `index`; `None` beyond the end.
    pub fn hash_at(&self, index: LogIndex) -> Option<PrefixHash> {
        if index == 0 { Some(EMPTY) } else { self.get(index).map(|committed| committed.hash) }
    }

    /// Index of the last entry that was committed before `term`, 0 if there is none.
    pub fn committed_before(&self, term: Term) -> LogIndex {
        // Commit terms never fall along the ledger: whoever commits an entry commits all before it.
        self.entries.partition_point(|committed| committed.commit_term < term) as LogIndex
    }

    pub(super) fn return_to(&mut self, past: &Ledger) {
        let Ledger { entries } = self;
        entries.clone_from(&past.entries);
    }

    pub(crate) fn push(&mut self, committed: LedgerEntry) {
        self.entries.push(committed);
    }

    /// Learns, possibly late, that the leader of `term` committed everything up to `index`.
    pub(crate) fn lower(&mut self, index: LogIndex, term: Term) {
        let end = usize::try_from(index).unwrap_or(usize::MAX).min(self.entries.len());
        for committed in self.entries[..end].iter_mut().rev() {
            if committed.commit_term <= term {
                break;
            }
            committed.commit_term = term;
        }
    }
}
