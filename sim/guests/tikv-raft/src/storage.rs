//! What the crate reads back of what it has asked to be written.
//!
//! The whole log stays in memory and starts at index 1, since nothing is ever compacted. Term,
//! vote and log come from the disk at boot; the configuration is all servers, the same on each of
//! them, as if it were part of the empty log (the crate's own `MemStorage` does likewise,
//! storage.rs:397). `HardState.commit` starts at 0: the crate takes any value
//! from the snapshot's index to the last one (raft.rs:2784) and learns the true one from the next
//! leader, as the paper's `commitIndex` does.

use raft::eraftpb::{ConfState, Entry, HardState, Snapshot};
use raft::util::limit_size;
use raft::{Error, GetEntriesContext, RaftState, Storage, StorageError};

/// Hard state, log and configuration of one server.
pub(crate) struct Store {
    hard_state: HardState,
    conf_state: ConfState,
    entries: Vec<Entry>,
}

impl Store {
    /// What a server finds when it boots.
    pub(crate) fn new(hard_state: HardState, voters: Vec<u64>, entries: Vec<Entry>) -> Self {
        let mut conf_state = ConfState::default();
        conf_state.set_voters(voters);
        Store { hard_state, conf_state, entries }
    }

    /// Replaces the log from the first of these entries on, and says whether that cuts something.
    pub(crate) fn append(&mut self, entries: &[Entry]) -> bool {
        let Some(first) = entries.first() else { return false };
        let kept = first.index as usize - 1;
        assert!(kept <= self.entries.len(), "an append leaves no gap");
        let cuts = kept < self.entries.len();
        self.entries.truncate(kept);
        self.entries.extend_from_slice(entries);
        cuts
    }
}

impl Storage for Store {
    fn initial_state(&self) -> raft::Result<RaftState> {
        Ok(RaftState::new(self.hard_state.clone(), self.conf_state.clone()))
    }

    fn entries(
        &self,
        low: u64,
        high: u64,
        max_size: impl Into<Option<u64>>,
        _context: GetEntriesContext,
    ) -> raft::Result<Vec<Entry>> {
        assert!(0 < low, "the log starts at index 1");
        let mut entries = self.entries[low as usize - 1..high as usize - 1].to_vec();
        limit_size(&mut entries, max_size.into());
        Ok(entries)
    }

    fn term(&self, index: u64) -> raft::Result<u64> {
        match index.checked_sub(1) {
            None => Ok(0),
            Some(place) => match self.entries.get(place as usize) {
                Some(entry) => Ok(entry.term),
                None => Err(Error::Store(StorageError::Unavailable)),
            },
        }
    }

    fn first_index(&self) -> raft::Result<u64> {
        Ok(1)
    }

    fn last_index(&self) -> raft::Result<u64> {
        Ok(self.entries.len() as u64)
    }

    fn snapshot(&self, _request_index: u64, _to: u64) -> raft::Result<Snapshot> {
        unreachable!("nothing is ever compacted, so nobody needs a snapshot")
    }
}
