//! Facts about disks: what was written, what became durable, what was lost.

use super::Checker;
use crate::fact::{Breach, Entry, HardState, LogIndex, LogPosition, NodeId, Term, Write, WriteId};
use crate::history::canon::Known;
use crate::moment::{
    Appended, Breached, Durable, HardStateWritten, Panicked, Restarted, Stopped, Truncated, Voted,
};

impl Checker {
    pub(super) fn booted(&mut self, node: NodeId, incarnation: u32) {
        let mirror = self.history.node_mut(node);
        mirror.boot(incarnation);
        let lost_writes = std::mem::take(&mut mirror.lost_writes);
        self.emit(&Restarted { node, lost_writes });
    }

    pub(super) fn crashed(&mut self, node: NodeId, kept: usize) {
        self.settle(node, kept);
        self.stopped(node);
    }

    pub(super) fn write_failed(&mut self, node: NodeId, kept: usize) {
        self.settle(node, kept);
        self.history.node_mut(node).lose_writes();
    }

    pub(super) fn stopped(&mut self, node: NodeId) {
        let mirror = self.history.node_mut(node);
        let led = mirror.leads();
        mirror.stop();
        self.emit(&Stopped { node, led });
    }

    pub(super) fn panicked(&mut self, node: NodeId, kept: usize, place: &str) {
        self.emit(&Panicked { node, place: place.to_owned() });
        self.crashed(node, kept);
    }

    pub(super) fn breached(&mut self, node: NodeId, kept: usize, breach: Breach) {
        self.emit(&Breached { node, breach });
        self.crashed(node, kept);
    }

    pub(super) fn disk_replaced(&mut self, node: NodeId, hard_state: HardState, log: &[Entry]) {
        let mirror = self.history.node_mut(node);
        let before = mirror.durable.hard_state;
        mirror.replace_disk(hard_state, log);
        self.emit(&Durable { node, before, cut_from: Some(1) });
    }

    pub(super) fn write_issued(&mut self, node: NodeId, write: &Write) {
        self.history.node_mut(node).notes.acted = true;
        if let Some(after) = write.hard_state {
            let hard_state = &mut self.history.node_mut(node).memory.hard_state;
            let before = std::mem::replace(hard_state, after);
            self.emit(&HardStateWritten { node, before, after });
        }

        // Entries that a write deletes and puts back in one go were never gone.
        let log = &self.history.node(node).memory.log;
        let end = log.last_index() + 1;
        let start = write.truncate_from.map_or(end, |from| from.clamp(1, end));
        let same = |(old, new): &(&crate::history::log::Mirrored, &Entry)| old.entry == **new;
        let kept = log.suffix(start).iter().zip(&write.append).take_while(same).count();
        let from = start + kept as LogIndex;
        let deletes = from < end;
        if deletes {
            self.truncate(node, from);
        }
        let added = &write.append[kept..];
        for &entry in added {
            self.append(node, entry);
        }

        let mirror = self.history.node_mut(node);
        if !added.is_empty() {
            mirror.notes.appended_from = mirror.notes.appended_from.or(Some(from)).min(Some(from));
            self.history.active.insert(node);
        }
        let mirror = self.history.node_mut(node);
        mirror.enqueue(write.id, write.hard_state, from, deletes, added.len());
    }

    fn truncate(&mut self, node: NodeId, from: LogIndex) {
        let term = self.history.node(node).memory.hard_state.current_term;
        self.emit(&Truncated { node, from, term });
        let mirror = self.history.node_mut(node);
        mirror.memory.log.truncate_from(from);
        mirror.verified.index = mirror.verified.index.min(from - 1);
        mirror.notes.truncated_from = mirror.notes.truncated_from.or(Some(from)).min(Some(from));
    }

    fn append(&mut self, node: NodeId, entry: Entry) {
        let mirror = self.history.node(node);
        let step = mirror.step;
        let parent = mirror.memory.log.last();
        let next = mirror.memory.log.next(entry);
        let index = parent.index + 1;
        let position = LogPosition { term: entry.term, index };
        let sight = Known { hash: next.hash, parent: parent.term, creator: node };
        let known = self.history.canon.learn(position, sight, step);
        let mirror = self.history.node_mut(node);
        mirror.append(next);
        if known.is_none() {
            mirror.notes.created.push(position);
        }
        let hash = next.hash;
        self.emit(&Appended { node, index, entry, hash, parent: parent.term, known });
    }

    pub(super) fn write_durable(&mut self, node: NodeId, through: WriteId) {
        while self.history.node(node).next_write().is_some_and(|id| id <= through) {
            self.settle(node, 1);
        }
    }

    /// Moves the oldest `count` queued writes to the disk.
    fn settle(&mut self, node: NodeId, count: usize) {
        for _ in 0..count {
            let Some(settled) = self.history.node_mut(node).settle() else { return };
            let HardState { current_term, voted_for } = self.history.node(node).durable.hard_state;
            if settled.hard_state != self.history.node(node).durable.hard_state {
                self.own_vote(node, current_term, voted_for);
            }
            self.emit(&Durable { node, before: settled.hard_state, cut_from: settled.cut_from });
        }
    }

    /// A vote for oneself counts as cast once it is durable, even if nobody hears of it.
    fn own_vote(&mut self, node: NodeId, term: Term, voted_for: Option<NodeId>) {
        if voted_for == Some(node) {
            self.vote(node, term, node);
        }
    }

    pub(super) fn vote(&mut self, node: NodeId, term: Term, candidate: NodeId) {
        let earlier = self.history.votes.cast(node, term, candidate);
        self.emit(&Voted { node, term, candidate, earlier });
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::{HardState, NodeId};
    use crate::testing::Play;

    #[test]
    fn what_was_on_a_disk_that_is_replaced_is_gone() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).durable(1).replicate(1, 2, 1);
        play.crash(2, 0).wipe(2);
        let follower = play.checker.history().node(NodeId(2));
        assert_eq!(follower.durable.hard_state, HardState::default());
        assert_eq!(follower.memory.log.last_index(), 0);
    }

    #[test]
    fn who_appends_is_active_and_who_only_votes_is_not() {
        let mut play = Play::new(3);
        play.hard_state(2, 1, Some(3)).append(1, &[1]);
        let active = play.checker.history().active;
        assert!(active.contains(NodeId(1)) && !active.contains(NodeId(2)));
    }
}
