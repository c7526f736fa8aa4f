//! What is durable of one server: all that it boots from.

use raft_invariants::fact::{Entry, HardState, LogIndex, LogPosition, Term, Write};

/// The durable state of one server, owned by the harness.
#[derive(PartialEq, Eq, Default, Debug)]
pub struct Disk {
    /// Term and vote.
    pub hard_state: HardState,
    /// The log.
    pub log: Log,
}

/// A log on a disk: its entries, and the position that they follow. Indexes are Raft's.
#[derive(PartialEq, Eq, Default, Debug)]
pub struct Log {
    base: LogPosition,
    entries: Vec<Entry>,
}

impl Disk {
    /// Makes a write durable.
    pub fn apply(&mut self, write: &Write) {
        // Every field has its turn here; a new one does not compile until it has, too.
        let Write { id: _, hard_state, truncate_from, append } = write;
        if let Some(hard_state) = hard_state {
            self.hard_state = *hard_state;
        }
        if let Some(from) = truncate_from {
            self.log.truncate_from(*from);
        }
        self.log.append(append);
    }
}

impl Log {
    /// The position that the first entry follows; (0, 0), since nothing is compacted.
    pub fn base(&self) -> LogPosition {
        self.base
    }

    /// Position of the last entry, [`Log::base`] if there is none.
    pub fn last(&self) -> LogPosition {
        let Some(entry) = self.entries.last() else { return self.base };
        LogPosition { term: entry.term, index: self.base.index + self.entries.len() as LogIndex }
    }

    /// The entry at an index; `None` where the log does not reach, or no longer.
    pub fn entry(&self, index: LogIndex) -> Option<Entry> {
        self.place(index).and_then(|place| self.entries.get(place)).copied()
    }

    /// Term of the entry at an index, also if that is [`Log::base`]; `None` where nothing is known.
    pub fn term_at(&self, index: LogIndex) -> Option<Term> {
        if index == self.base.index {
            return Some(self.base.term);
        }
        self.entry(index).map(|entry| entry.term)
    }

    /// The entries behind [`Log::base`], the oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries with their indexes, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (LogIndex, Entry)> + '_ {
        let first = self.base.index + 1;
        let places = 0..self.entries.len();
        places.map(move |place| (first + place as LogIndex, self.entries[place]))
    }

    /// Deletes the entry at this index and all that follow it, if there are any.
    pub fn truncate_from(&mut self, index: LogIndex) {
        self.entries.truncate(self.place(index).unwrap_or(0));
    }

    /// Adds entries at the end.
    pub fn append(&mut self, entries: &[Entry]) {
        self.entries.extend_from_slice(entries);
    }

    /// Where among the entries that of an index would stand; `None` up to the base.
    fn place(&self, index: LogIndex) -> Option<usize> {
        let behind = index.checked_sub(self.base.index + 1)?;
        Some(usize::try_from(behind).unwrap_or(usize::MAX))
    }
}

/// A log from index 1.
impl From<Vec<Entry>> for Log {
    fn from(entries: Vec<Entry>) -> Self {
        Log { base: LogPosition::default(), entries }
    }
}

/// Search copies disks all the time: it does so in the room that is there.
impl Clone for Disk {
    fn clone(&self) -> Self {
        let Disk { hard_state, log } = self;
        Disk { hard_state: *hard_state, log: log.clone() }
    }

    fn clone_from(&mut self, other: &Self) {
        let Disk { hard_state, log } = other;
        self.hard_state = *hard_state;
        self.log.clone_from(log);
    }
}

/// As for [`Disk`].
impl Clone for Log {
    fn clone(&self) -> Self {
        let Log { base, entries } = self;
        Log { base: *base, entries: entries.clone() }
    }

    fn clone_from(&mut self, other: &Self) {
        let Log { base, entries } = other;
        self.base = *base;
        self.entries.clone_from(entries);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Payload;

    fn entries(terms: &[Term]) -> Vec<Entry> {
        terms.iter().map(|&term| Entry { term, payload: Payload::NoOp }).collect()
    }

    #[test]
    fn a_log_counts_from_its_base() {
        let base = LogPosition { term: 2, index: 5 };
        let mut log = Log { base, entries: Vec::new() };
        assert_eq!((log.base(), log.last()), (base, base));
        log.append(&entries(&[2, 3, 3]));
        assert_eq!(log.last(), LogPosition { term: 3, index: 8 });
        let terms: Vec<_> = (3..11).map(|index| log.term_at(index)).collect();
        assert_eq!(terms, [None, None, Some(2), Some(2), Some(3), Some(3), None, None]);
        assert_eq!((log.entry(5), log.entry(6)), (None, Some(log.entries()[0])));
        let indexes: Vec<_> = log.iter().rev().map(|(index, entry)| (index, entry.term)).collect();
        assert_eq!(indexes, [(8, 3), (7, 3), (6, 2)]);
    }

    #[test]
    fn a_log_is_cut_from_an_index_on() {
        let cut = |from| {
            let base = LogPosition { term: 2, index: 5 };
            let mut log = Log { base, entries: entries(&[2, 3, 3]) };
            log.truncate_from(from);
            log.last().index
        };
        assert_eq!([9, 8, 7, 6, 5, 0].map(cut), [8, 7, 6, 5, 5, 5]);
        assert_eq!(cut(u64::MAX), 8);
    }

    #[test]
    fn a_write_is_applied_in_the_order_of_its_fields() {
        let mut disk = Disk { log: Log::from(entries(&[1, 1])), ..Disk::default() };
        let hard_state = HardState { current_term: 2, voted_for: None };
        let append = entries(&[2, 2]);
        let write = Write { id: 1, hard_state: Some(hard_state), truncate_from: Some(2), append };
        disk.apply(&write);
        assert_eq!(disk, Disk { hard_state, log: Log::from(entries(&[1, 2, 2])) });
    }

    #[test]
    fn a_copy_into_another_disk_is_one_of_everything() {
        let hard_state = HardState { current_term: 7, voted_for: None };
        let log = Log { base: LogPosition { term: 1, index: 3 }, entries: entries(&[7]) };
        let disk = Disk { hard_state, log };
        let mut other = Disk { log: Log::from(entries(&[1, 2, 3])), ..Disk::default() };
        other.clone_from(&disk);
        assert_eq!((&other, &disk.clone()), (&disk, &disk));
    }
}
