//! What the server has handed to its disk, and how much of it is durable by now.
//!
//! A step collects its changes in one [`Write`]; whoever sends a message asks here which write
//! holds what the message promises. Entries are remembered by *write*, never by index alone: index
//! 5 may be written, cut and written anew while the first write is still under way, and its
//! completion says nothing of the second (the "ABA" race of asynchronous storage).

use std::collections::VecDeque;

use crate::io::Write;
use crate::rules::{NO_WRITE, Rules};
use crate::types::{Entry, HardState, LogIndex, WriteId};

/// The server's side of its disk.
#[derive(Clone, Default, Debug)]
pub struct Journal {
    /// What the current step has changed so far.
    staged: Write,
    /// Last write handed out.
    issued: WriteId,
    /// All writes up to this one are durable.
    durable_through: WriteId,
    /// The write that holds the current term.
    term_write: WriteId,
    /// The write that holds the current vote.
    vote_write: WriteId,
    /// Writes under way that append to the log.
    log_writes: VecDeque<LogWrite>,
    /// The log as it is now is durable up to here.
    durable_index: LogIndex,
}

#[derive(Copy, Clone, Debug)]
struct LogWrite {
    id: WriteId,
    /// When it is done, the log as it is now is durable up to here.
    last_index: LogIndex,
}

impl Journal {
    /// Everything up to `last_index` was found on disk.
    pub(crate) fn new(last_index: LogIndex) -> Self {
        Journal { durable_index: last_index, ..Journal::default() }
    }

    /// The log as it is now is durable up to here.
    pub const fn durable_index(&self) -> LogIndex {
        self.durable_index
    }

    /// Writes handed out and not yet known to be durable.
    pub const fn pending(&self) -> u64 {
        self.issued - self.durable_through
    }

    /// The write that holds the current term.
    pub const fn term_write(&self) -> WriteId {
        self.term_write
    }

    /// The write that holds the current vote.
    pub const fn vote_write(&self) -> WriteId {
        self.vote_write
    }

    /// Whether a write is durable.
    pub const fn is_durable(&self, write: WriteId) -> bool {
        write <= self.durable_through
    }

    /// The write that makes the log durable up to `index`.
    pub fn write_holding(&self, index: LogIndex) -> WriteId {
        if index <= self.durable_index {
            return NO_WRITE;
        }
        let holding = self.log_writes.iter().find(|write| index <= write.last_index);
        holding.or(self.log_writes.back()).map_or(NO_WRITE, |write| write.id)
    }

    /// Which of the pending writes holds the current term, and which the current vote, counted
    /// from 1; 0 if it is durable.
    pub fn hard_state_writes(&self) -> (u64, u64) {
        let pending = |write: WriteId| write.saturating_sub(self.durable_through);
        (pending(self.term_write), pending(self.vote_write))
    }

    /// Pending writes that append to the log, counted from 1, each with the index up to which the
    /// log as it is now is durable when it is done.
    pub fn log_writes(&self) -> impl Iterator<Item = (u64, LogIndex)> {
        self.log_writes.iter().map(|write| (write.id - self.durable_through, write.last_index))
    }

    /// Notes a new term or vote.
    pub(crate) fn stage_hard_state(&mut self, hard_state: HardState, new_term: bool) {
        self.vote_write = self.issued + 1;
        if new_term {
            self.term_write = self.vote_write;
        }
        self.staged.hard_state = Some(hard_state);
    }

    /// Notes that the log was cut at `from`: what older writes hold behind it counts no more.
    pub(crate) fn stage_truncation(&mut self, from: LogIndex, rules: &dyn Rules) {
        self.staged.truncate_from = Some(from);
        self.durable_index = rules.durable_index_after_truncation(self.durable_index, from);
        for write in &mut self.log_writes {
            write.last_index = rules.write_vouches_after_truncation(write.last_index, from);
        }
    }

    /// Notes new entries at the end of the log, which now ends at `last_index`.
    pub(crate) fn stage_append(&mut self, entries: Vec<Entry>, last_index: LogIndex) {
        assert!(self.staged.append.is_empty(), "a step appends once");
        self.staged.append = entries;
        self.log_writes.push_back(LogWrite { id: self.issued + 1, last_index });
    }

    /// The step's changes as one write, if there are any.
    pub(crate) fn take_write(&mut self) -> Option<Write> {
        let staged = &self.staged;
        if staged.hard_state.is_none() && staged.truncate_from.is_none() && staged.append.is_empty()
        {
            return None;
        }
        self.issued += 1;
        Some(Write { id: self.issued, ..std::mem::take(&mut self.staged) })
    }

    /// All writes up to `through` are durable.
    pub(crate) fn complete(&mut self, through: WriteId) {
        self.durable_through = self.durable_through.max(through.min(self.issued));
        while let Some(write) = self.log_writes.front()
            && write.id <= self.durable_through
        {
            self.durable_index = self.durable_index.max(write.last_index);
            self.log_writes.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Paper;

    fn append(journal: &mut Journal, last_index: LogIndex) -> WriteId {
        journal.stage_append(vec![Entry::no_op(1)], last_index);
        journal.take_write().expect("an append is a change").id
    }

    #[test]
    fn a_step_without_changes_writes_nothing() {
        assert_eq!(Journal::new(3).take_write(), None);
    }

    #[test]
    fn changes_of_a_step_are_one_write() {
        let mut journal = Journal::new(3);
        let hard_state = HardState { current_term: 2, voted_for: None };
        journal.stage_hard_state(hard_state, true);
        journal.stage_truncation(3, &Paper);
        journal.stage_append(vec![Entry::no_op(2)], 3);
        let write = Write {
            id: 1,
            hard_state: Some(hard_state),
            truncate_from: Some(3),
            append: vec![Entry::no_op(2)],
        };
        assert_eq!(journal.take_write(), Some(write));
        assert_eq!(journal.take_write(), None);
    }

    #[test]
    fn entries_are_durable_with_their_write() {
        let mut journal = Journal::new(0);
        let (first, second) = (append(&mut journal, 1), append(&mut journal, 2));
        assert_eq!(journal.write_holding(1), first);
        assert_eq!(journal.write_holding(2), second);
        journal.complete(first);
        assert_eq!(journal.durable_index(), 1);
        assert_eq!(journal.write_holding(1), NO_WRITE);
        assert_eq!(journal.write_holding(2), second);
        journal.complete(second);
        assert_eq!(journal.durable_index(), 2);
    }

    #[test]
    fn an_old_write_does_not_vouch_for_a_newer_entry_at_its_index() {
        let mut journal = Journal::new(0);
        let (_, old) = (append(&mut journal, 1), append(&mut journal, 2));
        journal.stage_truncation(2, &Paper);
        let new = append(&mut journal, 2);
        assert_eq!(journal.write_holding(2), new);
        journal.complete(old);
        assert_eq!(journal.durable_index(), 1);
        journal.complete(new);
        assert_eq!(journal.durable_index(), 2);
    }

    #[test]
    fn a_cut_takes_back_what_was_durable() {
        let mut journal = Journal::new(5);
        journal.stage_truncation(3, &Paper);
        assert_eq!(journal.durable_index(), 2);
        assert_eq!(append(&mut journal, 3), journal.write_holding(3));
    }

    #[test]
    fn pending_writes_are_counted_from_the_durable_ones() {
        let mut journal = Journal::new(2);
        for last_index in 3..=5 {
            append(&mut journal, last_index);
        }
        let hard_state = HardState { current_term: 2, voted_for: None };
        for new_term in [true, false] {
            journal.stage_hard_state(hard_state, new_term);
            journal.take_write();
        }
        for (through, pending, hard_state, log) in [
            (0, 5, (4, 5), &[(1, 3), (2, 4), (3, 5)][..]),
            (2, 3, (2, 3), &[(1, 5)]),
            (4, 1, (0, 1), &[]),
            (5, 0, (0, 0), &[]),
        ] {
            journal.complete(through);
            assert_eq!(journal.pending(), pending);
            assert_eq!(journal.hard_state_writes(), hard_state);
            assert_eq!(journal.log_writes().collect::<Vec<_>>(), log);
        }
    }

    #[test]
    fn a_completion_may_come_twice() {
        let mut journal = Journal::new(0);
        let (first, second) = (append(&mut journal, 1), append(&mut journal, 2));
        journal.complete(second);
        journal.complete(first);
        assert!(journal.is_durable(second));
        assert_eq!(journal.durable_index(), 2);
    }
}
