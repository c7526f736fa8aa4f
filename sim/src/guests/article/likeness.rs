//! What one server of the engine's shares with another that would answer as it does.

use super::Article;
use crate::node::{Explorable, Fingerprint};

impl Explorable for Article {
    /// Calls carry the incarnation of their caller.
    const COUNTS_STARTS: bool = true;

    fn fork(&self) -> Self {
        self.clone()
    }

    fn fingerprint(&self, print: &mut Fingerprint<'_>) {
        // All but what is the same for good (`node_id`, `gaps`, `cluster`, `batch_entries_max`) and
        // what only counts (`write_id`).
        let Article { current_term, voted_for, log, commit_index, last_applied, .. } = self;
        let Article { state, leader_id, elections, pending, stored, stored_log, .. } = self;
        print.add(*current_term).node_if_any(*voted_for).add(*commit_index).add(*last_applied);
        print.add(*state as u64).node_if_any(*leader_id);
        for entry in log {
            print.add(entry.term).payload(entry.payload);
        }
        print.add(u64::MAX);
        for (&term, voters) in elections {
            print.add(term).each(voters.iter(), |_, _| {});
        }
        print.each(self.cluster.iter(), |print, node| {
            print.add(self.next_index[node.slot()]).add(self.match_index[node.slot()]);
        });
        for &(position, command) in pending {
            print.add(position.term).add(position.index).add(command.0);
        }
        print.add(stored.current_term).node_if_any(stored.voted_for);
        print.add(stored_log.0 as u64).add(stored_log.1 as u64);
    }
}
