//! The judge's copy of one log, with a hash of every prefix.
//!
//! Two logs agree up to an index exactly if their prefix hashes there are equal, so each question
//! about a whole prefix costs one comparison however long the logs have grown.

use crate::fact::{Entry, LogIndex, LogPosition, Term};

/// Hash of everything up to and including an entry.
pub type PrefixHash = u64;

/// Hash of the empty prefix.
pub const EMPTY: PrefixHash = 0x5241_4654;

/// The prefix hash one entry further.
pub(crate) fn extend(prefix: PrefixHash, entry: Entry) -> PrefixHash {
    entry.payload.numbers().fold(mix(prefix, entry.term), mix)
}

const fn mix(hash: u64, word: u64) -> u64 {
    // The 128-bit product of two words that both depend on the input, folded: no value of `word`
    // can undo what `hash` brought along.
    let product = ((hash ^ 0x9e37_79b9_7f4a_7c15) as u128)
        .wrapping_mul((word.wrapping_mul(0xd6e8_feb8_6659_fd93) ^ 0xa076_1d64_78bd_642f) as u128);
    ((product >> 64) as u64 ^ product as u64).wrapping_add(hash.rotate_left(23))
}

/// An entry and the hash of the log up to it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Mirrored {
    /// The entry.
    pub entry: Entry,
    /// Hash of the prefix that ends here.
    pub hash: PrefixHash,
}

/// One node's log as the judge wrote it down.
#[derive(Clone, Default, Debug)]
pub struct Log {
    entries: Vec<Mirrored>,
}

impl Log {
    /// Index of the last entry, 0 if there is none.
    pub fn last_index(&self) -> LogIndex {
        self.entries.len() as LogIndex
    }

    /// Position of the last entry.
    pub fn last(&self) -> LogPosition {
        let term = self.entries.last().map_or(0, |mirrored| mirrored.entry.term);
        LogPosition { term, index: self.last_index() }
    }

    /// The entry at `index`, if there is one.
    pub fn get(&self, index: LogIndex) -> Option<&Mirrored> {
        self.entries.get(usize::try_from(index.checked_sub(1)?).ok()?)
    }

    /// Hash of the prefix up to `index`; `None` beyond the end.
    pub fn hash_at(&self, index: LogIndex) -> Option<PrefixHash> {
        if index == 0 { Some(EMPTY) } else { self.get(index).map(|mirrored| mirrored.hash) }
    }

    /// Term of the entry at `index`, 0 for index 0; `None` beyond the end.
    pub fn term_at(&self, index: LogIndex) -> Option<Term> {
        if index == 0 { Some(0) } else { self.get(index).map(|mirrored| mirrored.entry.term) }
    }

    /// Whether the log holds an entry of this term at this index; (0, 0) is held by every log.
    pub fn holds(&self, position: LogPosition) -> bool {
        self.term_at(position.index) == Some(position.term)
    }

    /// Entries from `index` on.
    pub fn suffix(&self, index: LogIndex) -> &[Mirrored] {
        let start = usize::try_from(index.saturating_sub(1)).unwrap_or(usize::MAX);
        self.entries.get(start..).unwrap_or(&[])
    }

    /// What `entry` would be as the next one.
    pub(crate) fn next(&self, entry: Entry) -> Mirrored {
        let prefix = self.entries.last().map_or(EMPTY, |mirrored| mirrored.hash);
        Mirrored { entry, hash: extend(prefix, entry) }
    }

    pub(crate) fn push(&mut self, mirrored: Mirrored) {
        self.entries.push(mirrored);
    }

    pub(crate) fn extend(&mut self, entries: impl IntoIterator<Item = Mirrored>) {
        self.entries.extend(entries);
    }

    pub(super) fn return_to(&mut self, past: &Log) {
        let Log { entries } = self;
        entries.clone_from(&past.entries);
    }

    /// Deletes the entry at `index` and all that follow it.
    pub(crate) fn truncate_from(&mut self, index: LogIndex) {
        let kept = usize::try_from(index.saturating_sub(1)).unwrap_or(usize::MAX);
        self.entries.truncate(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Command, Payload};

    fn log(terms: &[Term]) -> Log {
        let mut log = Log::default();
        for &term in terms {
            let next = log.next(Entry { term, payload: Payload::NoOp });
            log.push(next);
        }
        log
    }

    #[test]
    fn equal_prefixes_have_equal_hashes_and_others_do_not() {
        let (a, b) = (log(&[1, 1, 2, 4]), log(&[1, 1, 3, 4]));
        assert_eq!(a.hash_at(2), b.hash_at(2));
        assert_ne!(a.hash_at(3), b.hash_at(3));
        assert_ne!(a.hash_at(4), b.hash_at(4), "a hash covers the whole prefix");
    }

    #[test]
    fn a_payload_counts() {
        let of = |payload| extend(EMPTY, Entry { term: 1, payload });
        assert_ne!(of(Payload::Command(Command(7))), of(Payload::Other(7)));
        assert_ne!(of(Payload::Command(Command(7))), of(Payload::Command(Command(8))));
        assert_ne!(of(Payload::NoOp), of(Payload::Command(Command(0))));
    }

    #[test]
    fn nothing_is_out_of_bounds() {
        let mut log = log(&[1]);
        assert_eq!(log.hash_at(u64::MAX), None);
        assert!(log.suffix(u64::MAX).is_empty());
        log.truncate_from(u64::MAX);
        assert_eq!(log.last_index(), 1);
        log.truncate_from(0);
        assert_eq!(log.last(), LogPosition::default());
    }
}
