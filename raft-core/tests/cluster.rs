//! A whole cluster under random unkindness: messages lost, doubled and late, slow disks, power
//! losses. A toy, so that this crate can be trusted without the simulator that is built on it.
//!
//! Three promises: what is applied is the same everywhere; messages do not breed; and once the
//! network and the disks are kind again, everything gets everywhere.

use std::collections::VecDeque;

use raft_core::{Disk, Effect, Entry, Input, Message, NodeId, Options, Paper, Raft, Timer, Write};

struct Flight {
    from: NodeId,
    to: NodeId,
    message: Message,
}

struct Host {
    raft: Raft,
    disk: Disk,
    queue: VecDeque<Write>,
    waiting: Vec<(u64, Flight)>,
    applied: u64,
}

struct Cluster {
    chance: u64,
    options: Options,
    ids: Vec<NodeId>,
    hosts: Vec<Host>,
    network: Vec<Flight>,
    applied: Vec<Entry>,
    next_command: u64,
}

impl Cluster {
    fn new(seed: u64) -> Self {
        let mut cluster = Cluster {
            chance: seed,
            options: Options { batch_entries_max: 1, window_messages_max: 1 },
            ids: Vec::new(),
            hosts: Vec::new(),
            network: Vec::new(),
            applied: Vec::new(),
            next_command: 1,
        };
        cluster.options.batch_entries_max = 1 + cluster.draw(4);
        cluster.options.window_messages_max = 1 + cluster.draw(4);
        cluster.ids = (1..=1 + cluster.draw(5) as u8).map(NodeId).collect();
        for slot in 0..cluster.ids.len() {
            let host = cluster.boot(slot, Disk::default());
            cluster.hosts.push(host);
        }
        cluster
    }

    fn draw(&mut self, below: usize) -> usize {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.chance >> 33) as usize % below
    }

    fn boot(&self, slot: usize, disk: Disk) -> Host {
        let id = self.ids[slot];
        let raft = Raft::boot(id, &self.ids, self.options, &Paper, disk.clone(), &mut Vec::new());
        Host { raft, disk, queue: VecDeque::new(), waiting: Vec::new(), applied: 0 }
    }

    fn step(&mut self, slot: usize, input: Input) {
        let mut effects = Vec::new();
        let host = &mut self.hosts[slot];
        host.raft.step(input, &mut effects);
        for effect in effects {
            match effect {
                Effect::Write(write) => host.queue.push_back(write),
                Effect::Send { to, message, after } => {
                    let flight = Flight { from: self.ids[slot], to, message };
                    match after {
                        Some(write) => host.waiting.push((write, flight)),
                        None => self.network.push(flight),
                    }
                }
                Effect::Apply { index, entry } => {
                    host.applied += 1;
                    assert_eq!(index, host.applied, "entries are applied one by one");
                    if self.applied.len() < index as usize {
                        self.applied.push(entry);
                    }
                    assert_eq!(self.applied[index as usize - 1], entry, "all apply the same");
                }
                Effect::SetTimer(_) | Effect::Reply { .. } => {}
                Effect::Halt => panic!("no disk failed"),
            }
        }
    }

    /// The oldest write of a host becomes durable, and what waited for it leaves.
    fn sync(&mut self, slot: usize) {
        let host = &mut self.hosts[slot];
        let Some(write) = host.queue.pop_front() else { return };
        let id = write.id;
        perform(&mut host.disk, write);
        let (free, waiting) =
            std::mem::take(&mut host.waiting).into_iter().partition(|(after, _)| *after <= id);
        host.waiting = waiting;
        let free: Vec<(u64, Flight)> = free;
        self.network.extend(free.into_iter().map(|(_, flight)| flight));
        self.step(slot, Input::WriteDone(id));
    }

    fn crash(&mut self, slot: usize) {
        let kept = self.draw(self.hosts[slot].queue.len() + 1);
        let host = &mut self.hosts[slot];
        for write in host.queue.drain(..kept) {
            perform(&mut host.disk, write);
        }
        let disk = std::mem::take(&mut host.disk);
        self.hosts[slot] = self.boot(slot, disk);
    }

    fn deliver(&mut self, position: usize) {
        let Flight { from, to, message } = self.network.swap_remove(position);
        self.step(usize::from(to.0) - 1, Input::Receive { from, message });
    }

    fn propose(&mut self, slot: usize) {
        self.step(slot, Input::ClientRequest(self.next_command));
        self.next_command += 1;
    }

    fn unkind_action(&mut self) {
        let slot = self.draw(self.ids.len());
        match self.draw(100) {
            0..1 => self.crash(slot),
            1..4 => self.step(slot, Input::Timeout(Timer::Election)),
            4..12 => self.step(slot, Input::Timeout(Timer::Heartbeat)),
            12..20 => self.propose(slot),
            20..40 => self.sync(slot),
            _ if self.network.is_empty() => {}
            40..46 => {
                let position = self.draw(self.network.len());
                self.network.swap_remove(position);
            }
            46..50 => {
                let position = self.draw(self.network.len());
                let Flight { from, to, ref message } = self.network[position];
                let message = message.clone();
                self.network.push(Flight { from, to, message });
            }
            _ => {
                let position = self.draw(self.network.len());
                self.deliver(position);
            }
        }
    }

    /// All disks and all messages get their turn until nothing is left.
    fn settle(&mut self) {
        for _ in 0..100_000 {
            for slot in 0..self.ids.len() {
                while !self.hosts[slot].queue.is_empty() {
                    self.sync(slot);
                }
            }
            if self.network.is_empty() {
                return;
            }
            self.deliver(0);
        }
        panic!("messages breed");
    }

    fn leader(&self) -> Option<usize> {
        let leads = |host: &&Host| host.raft.state().leads();
        let leader =
            self.hosts.iter().filter(leads).max_by_key(|host| host.raft.state().current_term)?;
        Some(usize::from(leader.raft.state().id.0) - 1)
    }

    /// A kind world: one server at a time runs for office, then heartbeats come and go.
    fn heal(&mut self) {
        self.settle();
        for candidate in 0..2 * self.ids.len() {
            self.step(candidate % self.ids.len(), Input::Timeout(Timer::Election));
            self.settle();
        }
        let leader = self.leader().expect("without rivals someone wins");
        self.propose(leader);
        self.settle();
        for _ in 0..3 {
            self.step(leader, Input::Timeout(Timer::Heartbeat));
            self.settle();
        }
        let last = self.hosts[leader].raft.state().log.last_index();
        for host in &self.hosts {
            assert_eq!(host.applied, last, "everything gets everywhere");
        }
    }
}

fn perform(disk: &mut Disk, write: Write) {
    if let Some(hard_state) = write.hard_state {
        disk.hard_state = hard_state;
    }
    if let Some(from) = write.truncate_from {
        disk.log.truncate(from as usize - 1);
    }
    disk.log.extend(write.append);
}

#[test]
fn a_cluster_survives_unkindness() {
    let (mut applied, mut crowd) = (0, 0);
    for seed in 1..=400 {
        let mut cluster = Cluster::new(seed);
        for _ in 0..3_000 {
            cluster.unkind_action();
            crowd = crowd.max(cluster.network.len());
        }
        cluster.heal();
        applied += cluster.applied.len();
    }
    assert!(crowd < 2_000, "messages do not breed: {crowd} in flight");
    assert!(10_000 < applied, "something happened: {applied} entries");
}
