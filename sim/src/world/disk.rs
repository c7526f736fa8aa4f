//! The disk of each node: a queue of atomic writes in front of what is durable.
//!
//! A crash keeps a prefix of the queue. Outside the fault model a disk can also have lied about
//! durability ([`World::lose_writes`]) or come back empty ([`World::wipe`]).

use raft_invariants::fact::{Fact, OutOfModel};

use super::World;
use super::stage::News;
use crate::node::{Disk, Input, Node, NodeId, Write};

impl<N: Node> World<N> {
    pub(super) fn issue(&mut self, id: NodeId, write: Write) {
        self.observe(&Fact::WriteIssued { node: id, write: &write });
        let through = write.id;
        self.stage.host_mut(id).queue.push_back(write);
        if self.stage.has_queued_disks() {
            self.stage.news.push(News::WriteQueued(id));
        } else {
            self.settle(id, self.stage.host(id).queue.len());
            self.observe(&Fact::WriteDurable { node: id, through });
        }
    }

    /// All queued writes become durable.
    pub(super) fn sync(&mut self, id: NodeId) {
        let queue = &self.stage.host(id).queue;
        let (through, count) = (queue.back().expect("there is a write to sync").id, queue.len());
        self.settle(id, count);
        self.observe(&Fact::WriteDurable { node: id, through });
        self.release(id, through);
        if self.is_blocking() {
            self.carry_on(id);
        } else {
            self.step(id, Input::WriteDone(through));
        }
    }

    /// Power loss: the first `kept` queued writes survive.
    pub(super) fn crash(&mut self, id: NodeId, kept: usize) {
        self.observe(&Fact::Crashed { node: id, kept });
        self.settle(id, kept);
        self.lose_queue(id);
        self.forget(id);
    }

    /// The disk reports an error: the node must stop, and gets the chance not to.
    pub(super) fn fail_write(&mut self, id: NodeId, kept: usize) {
        self.observe(&Fact::WriteFailed { node: id, kept });
        self.settle(id, kept);
        self.lose_queue(id);
        self.held[id.slot()].clear();
        if self.is_blocking() {
            self.halt(id);
        } else {
            self.step(id, Input::WriteFailed);
        }
    }

    /// The node stops by itself; the operating system keeps what it had been given to write.
    pub(super) fn halt(&mut self, id: NodeId) {
        self.crash(id, self.stage.host(id).queue.len());
        self.observe(&Fact::Halted { node: id });
    }

    /// A panic ends the process, and the operating system keeps what it had been given to write.
    pub(super) fn panicked(&mut self, id: NodeId, place: &str) {
        let kept = self.stage.host(id).queue.len();
        self.observe(&Fact::Panicked { node: id, kept, place });
        self.settle(id, kept);
        self.forget(id);
    }

    /// The disk had lied: its last `writes` durable writes are gone.
    pub(super) fn lose_writes(&mut self, id: NodeId, writes: usize) {
        let journal = &mut self.journal[id.slot()];
        journal.truncate(journal.len() - writes);
        let mut disk = Disk::default();
        for write in &*journal {
            disk.apply(write);
        }
        self.damage(id, OutOfModel::FsyncLied, disk);
    }

    /// The disk comes back empty.
    pub(super) fn wipe(&mut self, id: NodeId) {
        self.journal[id.slot()].clear();
        self.damage(id, OutOfModel::Wiped, Disk::default());
    }

    fn damage(&mut self, node: NodeId, fault: OutOfModel, disk: Disk) {
        let (hard_state, log) = (disk.hard_state, disk.log.clone());
        self.stage.host_mut(node).disk = disk;
        self.observe(&Fact::OutOfModel { node, fault, hard_state, log: log.entries() });
    }

    /// The first `count` queued writes become durable; the others stay where they are.
    fn settle(&mut self, id: NodeId, count: usize) {
        let host = self.stage.host_mut(id);
        for write in host.queue.drain(..count) {
            host.disk.apply(&write);
            self.journal[id.slot()].push(write);
        }
    }

    /// What is not durable by now never will be.
    fn lose_queue(&mut self, id: NodeId) {
        self.stage.host_mut(id).queue.clear();
    }
}
