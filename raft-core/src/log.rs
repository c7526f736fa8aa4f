//! The replicated log: entries from index 1, each with the term of the leader that created it.
//!
//! It knows nothing of terms beyond comparing them, and nothing of disks. All questions are legal:
//! an index outside the log has no term, so a server whose rules were tampered with misbehaves
//! quietly instead of stopping.

use std::collections::VecDeque;

use crate::types::{Entry, LogIndex, LogPosition, Term};

/// The entries of one server, as it sees them in memory.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Log {
    /// The place just before the first entry kept.
    base: LogPosition,
    entries: VecDeque<Entry>,
}

impl Log {
    /// A log with these entries from index 1.
    pub fn new(entries: Vec<Entry>) -> Self {
        Log { base: LogPosition::default(), entries: entries.into() }
    }

    /// Index of the last entry; 0 if there is none.
    pub fn last_index(&self) -> LogIndex {
        self.base.index + self.entries.len() as u64
    }

    /// Position of the last entry.
    pub fn last(&self) -> LogPosition {
        let term = self.entries.back().map_or(self.base.term, |entry| entry.term);
        LogPosition { term, index: self.last_index() }
    }

    /// The entry at an index.
    pub fn entry(&self, index: LogIndex) -> Option<Entry> {
        let offset = index.checked_sub(self.base.index + 1)?;
        self.entries.get(offset as usize).copied()
    }

    /// The term at an index. The place before the first entry has one too: 0.
    pub fn term_at(&self, index: LogIndex) -> Option<Term> {
        if index == self.base.index {
            return Some(self.base.term);
        }
        self.entry(index).map(|entry| entry.term)
    }

    /// The position at an index.
    pub fn position(&self, index: LogIndex) -> Option<LogPosition> {
        self.term_at(index).map(|term| LogPosition { term, index })
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push_back(entry);
    }

    /// Adds entries at the end.
    pub fn append(&mut self, entries: &[Entry]) {
        self.entries.extend(entries);
    }

    /// Deletes the entry at `index` and all that follow it.
    pub fn truncate_from(&mut self, index: LogIndex) {
        self.entries.truncate(index.saturating_sub(self.base.index + 1) as usize);
    }

    /// Copies at most `count_max` entries, the first of them at `from`.
    pub fn slice(&self, from: LogIndex, count_max: usize) -> Vec<Entry> {
        let start = from.saturating_sub(self.base.index + 1) as usize;
        let start = start.min(self.entries.len());
        let end = start.saturating_add(count_max).min(self.entries.len());
        self.entries.range(start..end).copied().collect()
    }

    /// The last position with neither a later index nor a later term than `bound`: where a log
    /// that ends in `bound` and this one may still agree (§5.3, on conflicting entries).
    ///
    /// Whoever answers a question about the other's log with this skips whole terms at a time.
    /// Terms never fall along a log, hence the binary search.
    pub fn last_at_or_below(&self, bound: LogPosition) -> LogPosition {
        let not_later = self.entries.partition_point(|entry| entry.term <= bound.term) as u64;
        let index = self.base.index + not_later.min(bound.index.saturating_sub(self.base.index));
        self.position(index).unwrap_or(self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(terms: &[Term]) -> Log {
        Log::new(terms.iter().map(|&term| Entry::no_op(term)).collect())
    }

    fn at(index: LogIndex, term: Term) -> LogPosition {
        LogPosition { term, index }
    }

    #[test]
    fn an_empty_log_ends_before_the_first_entry() {
        let log = log(&[]);
        assert_eq!(log.last(), at(0, 0));
        assert_eq!(log.position(0), Some(at(0, 0)));
        assert_eq!(log.position(1), None);
        assert_eq!(log.entry(0), None);
    }

    #[test]
    fn positions_are_counted_from_one() {
        let log = log(&[1, 1, 3]);
        assert_eq!(log.last(), at(3, 3));
        assert_eq!(log.term_at(2), Some(1));
        assert_eq!(log.term_at(4), None);
        assert_eq!(log.entry(3), Some(Entry::no_op(3)));
    }

    #[test]
    fn truncating_deletes_the_entry_and_all_that_follow() {
        let mut log = log(&[1, 1, 3]);
        log.truncate_from(4);
        assert_eq!(log.last(), at(3, 3));
        log.truncate_from(2);
        assert_eq!(log.last(), at(1, 1));
        log.truncate_from(0);
        assert_eq!(log.last(), at(0, 0));
    }

    #[test]
    fn a_slice_ends_with_the_log_or_the_limit() {
        let log = log(&[1, 2, 3, 4]);
        let terms = |from, count_max| -> Vec<Term> {
            log.slice(from, count_max).iter().map(|entry| entry.term).collect()
        };
        assert_eq!(terms(2, 2), [2, 3]);
        assert_eq!(terms(3, 9), [3, 4]);
        assert_eq!(terms(5, 9), []);
        assert_eq!(terms(99, usize::MAX), []);
    }

    #[test]
    fn the_hint_skips_later_terms_and_later_indices() {
        let log = log(&[1, 1, 2, 5, 5]);
        assert_eq!(log.last_at_or_below(at(9, 9)), at(5, 5));
        assert_eq!(log.last_at_or_below(at(4, 9)), at(4, 5));
        assert_eq!(log.last_at_or_below(at(5, 4)), at(3, 2));
        assert_eq!(log.last_at_or_below(at(2, 4)), at(2, 1));
        assert_eq!(log.last_at_or_below(at(5, 0)), at(0, 0));
        assert_eq!(log.last_at_or_below(at(0, 0)), at(0, 0));
    }

    /// The same log, and the same search, in the plainest words.
    #[test]
    fn a_log_is_a_vector_of_terms() {
        let mut chance = 7_u64;
        let mut draw = move |below: u64| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (chance >> 33) % below
        };
        let (mut log, mut model) = (Log::default(), Vec::<Term>::new());
        for _ in 0..2_000 {
            if draw(3) == 0 {
                let from = draw(model.len() as u64 + 2);
                log.truncate_from(from);
                model.truncate(from.saturating_sub(1) as usize);
            } else {
                let term = model.last().copied().unwrap_or(1) + draw(2);
                log.push(Entry::no_op(term));
                model.push(term);
            }
            let bound = at(draw(model.len() as u64 + 2), draw(12));
            let found = (1..=bound.index.min(model.len() as u64))
                .rev()
                .map(|index| at(index, model[index as usize - 1]))
                .find(|position| position.term <= bound.term);
            assert_eq!(log.last_at_or_below(bound), found.unwrap_or_default());
            assert_eq!(log.last_index(), model.len() as u64);
            assert_eq!(log.last().term, model.last().copied().unwrap_or(0));
        }
    }
}
