//! The disk of each node: a queue of atomic writes in front of what is durable.
//!
//! A crash keeps a prefix of the queue. Outside the fault model a disk can also have lied about
//! durability ([`World::lose_writes`]) or come back empty ([`World::wipe`]).

use raft_invariants::fact::{Breach, Fact, OutOfModel};

use super::World;
use super::panic::Failure;
use super::stage::{Host, News};
use crate::node::{Disk, Input, Node, NodeId, Write};

impl<N: Node> World<N> {
    pub(super) fn issue(&mut self, id: NodeId, write: Write) {
        if let Some(last) = self.processes[id.slot()].last_write.replace(write.id)
            && write.id <= last
        {
            return self.breached(id, Breach::WriteNotRising { write: write.id, last });
        }
        self.observe(&Fact::WriteIssued { node: id, write: &write });
        let through = write.id;
        self.stage.host_mut(id).queue.push_back(write);
        if self.stage.has_queued_disks() {
            self.stage.news.push(News::WriteQueued(id));
        } else {
            self.stage.host_mut(id).settle();
            self.observe(&Fact::WriteDurable { node: id, through });
        }
    }

    /// All queued writes become durable.
    pub(super) fn sync(&mut self, id: NodeId) {
        let through = self.stage.host(id).queue.back().expect("there is a write to sync").id;
        self.stage.host_mut(id).settle();
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
        let host = self.stage.host_mut(id);
        host.lose_behind(kept);
        host.settle();
        self.forget(id);
    }

    /// The disk reports an error: the node must stop, and gets the chance not to.
    pub(super) fn fail_write(&mut self, id: NodeId, kept: usize) {
        self.observe(&Fact::WriteFailed { node: id, kept });
        let host = self.stage.host_mut(id);
        host.lose_behind(kept);
        host.settle();
        self.processes[id.slot()].held.clear();
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

    /// A call that goes wrong ends the process, and the operating system keeps what it had been given
    /// to write.
    pub(super) fn failed(&mut self, id: NodeId, failure: &Failure) {
        let kept = self.stage.host(id).queue.len();
        let place = match failure {
            Failure::Panic(place) => place,
            Failure::Endless(what) => {
                self.observe(&Fact::Exploded { node: id, what });
                return self.crash(id, kept);
            }
        };
        self.observe(&Fact::Panicked { node: id, kept, place });
        self.stage.host_mut(id).settle();
        self.forget(id);
    }

    /// A node that asks for what the port does not have is stopped, as if it had panicked.
    pub(super) fn breached(&mut self, id: NodeId, breach: Breach) {
        let kept = self.stage.host(id).queue.len();
        self.observe(&Fact::Breached { node: id, kept, breach });
        self.stage.host_mut(id).settle();
        self.forget(id);
    }

    /// The disk had lied: its last `writes` durable writes are gone.
    pub(super) fn lose_writes(&mut self, id: NodeId, writes: usize) {
        let journal = &mut self.stage.host_mut(id).journal;
        journal.truncate(journal.len() - writes);
        let mut disk = Disk::default();
        for write in &*journal {
            disk.apply(write);
        }
        self.damage(id, OutOfModel::FsyncLied, disk);
    }

    /// The disk comes back empty.
    pub(super) fn wipe(&mut self, id: NodeId) {
        self.stage.host_mut(id).journal.clear();
        self.damage(id, OutOfModel::Wiped, Disk::default());
    }

    fn damage(&mut self, node: NodeId, fault: OutOfModel, disk: Disk) {
        let (hard_state, log) = (disk.hard_state, disk.log.entries());
        self.observe(&Fact::OutOfModel { node, fault, hard_state, log });
        self.stage.host_mut(node).disk = disk;
    }
}

impl Host {
    /// All queued writes become durable.
    fn settle(&mut self) {
        for write in self.queue.drain(..) {
            self.disk.apply(&write);
            self.journal.push(write);
        }
    }

    /// All queued writes but the first `kept` are lost.
    fn lose_behind(&mut self, kept: usize) {
        self.queue.truncate(kept);
    }
}
