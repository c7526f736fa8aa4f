//! What a leader knows of one follower, and how many messages it lets fly towards it.
//!
//! While the logs are not known to meet (after an election, after a refusal) the leader *probes*:
//! one message in flight, `nextIndex` stands still. Once they meet it sends ahead of the answers
//! (Thesis §10.2.2): `nextIndex` advances with each message, up to a window of them. Messages get
//! lost, and nothing here counts time; the next heartbeat finds out, because it asks for the
//! follower's log just before `nextIndex`: success frees the window, refusal starts a probe.

use std::collections::VecDeque;

use crate::types::{LogIndex, NodeId};

/// A follower in its leader's eyes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Who.
    pub id: NodeId,
    /// `matchIndex`: the highest entry known to be replicated there.
    pub match_index: LogIndex,
    /// `nextIndex`: the next entry to send.
    pub next_index: LogIndex,
    /// Not known yet where the logs meet.
    probing: bool,
    /// Last index of each message in flight, rising.
    in_flight: VecDeque<LogIndex>,
}

impl Progress {
    /// Figure 2: `nextIndex` starts behind the leader's last entry, `matchIndex` at 0.
    pub const fn new(id: NodeId, last_log_index: LogIndex) -> Self {
        Progress {
            id,
            match_index: 0,
            next_index: last_log_index + 1,
            probing: true,
            in_flight: VecDeque::new(),
        }
    }

    /// Whether the leader still looks for where the logs meet.
    pub const fn is_probing(&self) -> bool {
        self.probing
    }

    /// Last index of each message with entries that is in flight, rising.
    pub fn in_flight(&self) -> impl Iterator<Item = LogIndex> {
        self.in_flight.iter().copied()
    }

    /// Whether another message may fly.
    pub(super) fn has_room(&self, window_messages_max: usize) -> bool {
        self.in_flight.len() < if self.probing { 1 } else { window_messages_max }
    }

    /// A message with entries up to `last` was sent.
    pub(super) fn sent(&mut self, last: LogIndex) {
        self.in_flight.push_back(last);
        if !self.probing {
            self.next_index = last + 1;
        }
    }

    /// The follower's log is said to match up to `acknowledged`; the leader's ends at
    /// `last_log_index`.
    pub(super) fn acknowledged(&mut self, acknowledged: LogIndex, last_log_index: LogIndex) {
        while self.in_flight.front().is_some_and(|&last| last <= acknowledged) {
            self.in_flight.pop_front();
        }
        if self.probing && self.next_index <= acknowledged + 1 {
            self.probing = false;
            self.in_flight.clear();
        }
        let next_index = self.next_index.max(self.match_index.max(acknowledged) + 1);
        // A follower that claims more than there is (a broken rule) is not sent more than there is.
        self.next_index = next_index.min(last_log_index + 1);
    }

    /// The logs do not meet at `nextIndex`: probes from another one.
    pub(super) fn refused(&mut self, next_index: LogIndex) {
        self.next_index = next_index;
        self.probing = true;
        self.in_flight.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replicating(next_index: LogIndex) -> Progress {
        let mut progress = Progress::new(NodeId(2), next_index - 1);
        progress.acknowledged(next_index - 1, next_index - 1);
        progress
    }

    #[test]
    fn a_probe_flies_alone_and_moves_nothing() {
        let mut progress = Progress::new(NodeId(2), 4);
        assert!(progress.has_room(3));
        progress.sent(7);
        assert!(!progress.has_room(3));
        assert_eq!(progress.next_index, 5);
    }

    #[test]
    fn an_old_acknowledgement_does_not_end_a_probe() {
        let mut progress = Progress::new(NodeId(2), 4);
        progress.sent(7);
        progress.acknowledged(3, 7);
        assert!(!progress.has_room(3));
    }

    #[test]
    fn the_window_fills_and_empties() {
        let mut progress = replicating(5);
        progress.sent(5);
        progress.sent(6);
        assert!(!progress.is_probing());
        assert_eq!(progress.in_flight().collect::<Vec<_>>(), [5, 6]);
        assert_eq!(progress.next_index, 7);
        assert!(!progress.has_room(2));
        progress.acknowledged(5, 9);
        assert!(progress.has_room(2));
        assert!(!progress.has_room(1));
        assert_eq!(progress.next_index, 7);
    }

    #[test]
    fn a_refusal_starts_a_probe() {
        let mut progress = replicating(5);
        progress.sent(7);
        progress.sent(8);
        progress.refused(3);
        assert_eq!(progress.next_index, 3);
        assert!(progress.is_probing());
        assert!(progress.has_room(1));
        progress.sent(6);
        assert!(!progress.has_room(3));
    }

    #[test]
    fn nothing_is_sent_behind_the_end_of_the_log() {
        let mut progress = replicating(5);
        progress.acknowledged(40, 4);
        assert_eq!(progress.next_index, 5);
    }
}
