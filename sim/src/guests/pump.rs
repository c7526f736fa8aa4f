//! A cluster on a table top, for tests that drive a guest by hand: writes are durable at once,
//! messages wait in one queue, timers fire when the test says so.

use std::collections::VecDeque;

use super::port::{
    Boot, Claim, Command, Disk, Effect, Input, Label, Limits, LogIndex, Node, NodeId, NodeSet,
    Outcome, Payload, Role, Storage, Term, Timer, Timers, Traits, View, Write,
};

pub(super) struct Pump<N: Node> {
    config: N::Config,
    limits: Limits,
    hosts: Vec<Host<N>>,
    network: VecDeque<(NodeId, NodeId, N::Message)>,
    /// Servers that neither send nor receive.
    pub(super) isolated: NodeSet,
    /// Answers to clients, in order.
    pub(super) replies: Vec<(u64, Outcome)>,
    /// Effects of the last step, as words, to check their order.
    pub(super) order: Vec<&'static str>,
}

struct Host<N> {
    node: Option<N>,
    disk: Disk,
    incarnation: u32,
    timers: Timers<bool>,
    applied: Vec<(LogIndex, Term, Payload)>,
}

impl<N: Node> Pump<N> {
    pub(super) fn new(count: usize, config: N::Config, limits: Limits) -> Self {
        let hosts = NodeId::all(count)
            .map(|_| Host {
                node: None,
                disk: Disk::default(),
                incarnation: 0,
                timers: Timers::default(),
                applied: Vec::new(),
            })
            .collect();
        let mut pump = Pump {
            config,
            limits,
            hosts,
            network: VecDeque::new(),
            isolated: NodeSet::EMPTY,
            replies: Vec::new(),
            order: Vec::new(),
        };
        for id in NodeId::all(count) {
            pump.restart(id);
        }
        pump
    }

    pub(super) fn crash(&mut self, id: NodeId) {
        let host = &mut self.hosts[id.slot()];
        host.node = None;
        host.timers = Timers::default();
    }

    pub(super) fn restart(&mut self, id: NodeId) {
        self.crash(id);
        let cluster = NodeSet::first(self.hosts.len());
        let host = &mut self.hosts[id.slot()];
        host.incarnation += 1;
        host.applied.clear();
        let mut effects = Vec::new();
        let (incarnation, disk, config) = (host.incarnation, &host.disk, &self.config);
        let boot = Boot { id, cluster, incarnation, disk, limits: self.limits, config };
        host.node = Some(N::boot(&boot, &mut effects));
        self.carry_out(id, effects);
    }

    pub(super) fn timeout(&mut self, id: NodeId, timer: Timer) {
        let armed = &mut self.hosts[id.slot()].timers[timer];
        assert!(*armed, "{timer:?} of {id} is armed");
        *armed = false;
        self.step(id, Input::Timeout(timer));
    }

    pub(super) fn propose(&mut self, id: NodeId, command: u64) {
        self.step(id, Input::Propose(Command(command)));
    }

    /// Delivers until nothing is under way.
    pub(super) fn settle(&mut self) {
        while let Some((from, to, message)) = self.network.pop_front() {
            self.receive(from, to, message);
        }
    }

    /// Loses everything that is under way.
    pub(super) fn drop_all(&mut self) {
        self.network.clear();
    }

    /// What is under way, as (from, to, label).
    pub(super) fn under_way(&self) -> Vec<(NodeId, NodeId, Label)> {
        self.network.iter().map(|(from, to, message)| (*from, *to, N::label(message))).collect()
    }

    /// Delivers what is under way now, and not the answers to it.
    pub(super) fn round(&mut self) {
        for (from, to, message) in std::mem::take(&mut self.network) {
            self.receive(from, to, message);
        }
    }

    pub(super) fn view(&self, id: NodeId) -> View {
        self.hosts[id.slot()].node.as_ref().expect("the server is up").view()
    }

    pub(super) fn disk(&self, id: NodeId) -> &Disk {
        &self.hosts[id.slot()].disk
    }

    pub(super) fn armed(&self, id: NodeId, timer: Timer) -> bool {
        self.hosts[id.slot()].timers[timer]
    }

    /// Commands that a server has applied, in order.
    pub(super) fn commands(&self, id: NodeId) -> Vec<u64> {
        let applied = self.hosts[id.slot()].applied.iter();
        applied
            .filter_map(|&(_, _, payload)| match payload {
                Payload::Command(Command(number)) => Some(number),
                Payload::NoOp | Payload::Other(_) => None,
            })
            .collect()
    }

    /// Lets time pass for `id`, and where that is not enough for the others before it, until it
    /// leads.
    pub(super) fn elect(&mut self, id: NodeId) {
        for _ in 0..4 {
            self.timeout(id, Timer::Election);
            self.settle();
            if self.view(id).role == Some(Role::Leader) {
                return;
            }
            for other in NodeId::all(self.hosts.len()) {
                if other != id && !self.isolated.contains(other) {
                    self.timeout(other, Timer::Election);
                    self.drop_all();
                }
            }
        }
        panic!("{id} is not elected");
    }

    /// A round of heartbeats and all that follows from it.
    pub(super) fn beat(&mut self, id: NodeId) {
        self.timeout(id, Timer::Heartbeat);
        self.settle();
    }

    /// Delivers the messages of one kind on one link.
    pub(super) fn deliver(&mut self, from: NodeId, to: NodeId, kind: &str) {
        for (sender, addressee, message) in std::mem::take(&mut self.network) {
            let number = usize::from(N::label(&message).kind);
            let name = N::kinds(&self.config)[number].name.text();
            if (sender, addressee, name) == (from, to, kind) {
                self.receive(sender, addressee, message);
            } else {
                self.network.push_back((sender, addressee, message));
            }
        }
    }

    fn receive(&mut self, from: NodeId, to: NodeId, message: N::Message) {
        let cut = self.isolated.contains(from) || self.isolated.contains(to);
        if !cut && self.hosts[to.slot()].node.is_some() {
            self.step(to, Input::Receive { from, message });
        }
    }

    fn step(&mut self, id: NodeId, input: Input<N::Message>) {
        let mut effects = Vec::new();
        let node = self.hosts[id.slot()].node.as_mut().expect("the server is up");
        node.step(input, &mut effects);
        self.order.clear();
        self.carry_out(id, effects);
    }

    fn carry_out(&mut self, id: NodeId, effects: Vec<Effect<N::Message>>) {
        let mut written = None;
        let Traits { storage, .. } = N::traits(&self.config);
        for effect in effects {
            let host = &mut self.hosts[id.slot()];
            self.order.push(match effect {
                Effect::Write(write) => {
                    assert!(written < Some(write.id), "write ids grow");
                    written = Some(write.id);
                    make_durable(&mut host.disk, &write);
                    "write"
                }
                Effect::Send { to, message, after } => {
                    assert!(storage == Storage::Asynchronous || after <= written.or(after));
                    self.network.push_back((id, to, message));
                    "send"
                }
                Effect::SetTimer(timer) => {
                    host.timers[timer] = true;
                    "set"
                }
                Effect::CancelTimer(timer) => {
                    host.timers[timer] = false;
                    "cancel"
                }
                Effect::Apply { index, term, payload } => {
                    host.applied.push((index, term, payload));
                    "apply"
                }
                Effect::Reply { command, outcome } => {
                    self.replies.push((command.0, outcome));
                    "reply"
                }
                Effect::Halt => panic!("{id} halts"),
            });
        }
        let host = &self.hosts[id.slot()];
        let view = host.node.as_ref().expect("the server is up").view();
        let last = view.last_log.expect("every guest reveals its log").index;
        assert_eq!(last, host.disk.log.last().index, "memory and disk hold the same log");
        if storage == Storage::Asynchronous
            && let Some(written) = written
        {
            let order = std::mem::take(&mut self.order);
            self.step(id, Input::WriteDone(written));
            self.order.splice(0..0, order);
        }
    }
}

fn make_durable(disk: &mut Disk, write: &Write) {
    if let Some(from) = write.truncate_from {
        assert!(disk.log.entry(from).is_some(), "a truncation removes something");
    }
    disk.apply(write);
}

/// What every test here uses: small batches, so that they are seen to be kept.
pub(super) const LIMITS: Limits = Limits { batch_entries_max: 2, window_messages_max: 4 };

/// The servers of the tests.
pub(super) const N1: NodeId = NodeId(1);
pub(super) const N2: NodeId = NodeId(2);
pub(super) const N3: NodeId = NodeId(3);

/// An election, a commit, a truncation and a restart, with what every Raft shows of them.
pub(super) fn story<N: Node>(config: N::Config) {
    let mut pump = Pump::<N>::new(3, config, LIMITS);
    pump.elect(N1);
    assert!(pump.armed(N1, Timer::Heartbeat) && !pump.armed(N1, Timer::Election));
    pump.propose(N1, 10);
    pump.settle();
    pump.beat(N1);
    let place = pump.disk(N1).log.last().index;
    assert_eq!(pump.replies, [(10, Outcome::Committed(place))]);
    for id in [N1, N2, N3] {
        assert_eq!(pump.commands(id), [10]);
        assert_eq!(pump.disk(id).log, pump.disk(N1).log);
    }

    // Nobody hears of what n1 appends now; the others go on without it.
    pump.isolated.insert(N1);
    for command in 11..15 {
        pump.propose(N1, command);
    }
    pump.drop_all();
    pump.elect(N2);
    for command in 20..25 {
        pump.propose(N2, command);
        pump.settle();
    }
    pump.beat(N2);
    assert_eq!(pump.commands(N3), [10, 20, 21, 22, 23, 24]);
    assert_eq!(pump.commands(N1), [10]);

    // n1 comes back and gives up its tail, entry by entry or at once.
    pump.isolated = NodeSet::EMPTY;
    for _ in 0..8 {
        pump.timeout(N2, Timer::Heartbeat);
        while !pump.under_way().is_empty() {
            for (_, _, label) in pump.under_way() {
                if let Claim::AppendEntries { entries, .. } = label.statement.claim {
                    assert!(entries <= 2, "a message keeps to the limit");
                }
            }
            pump.round();
        }
    }
    assert_eq!(pump.view(N1).role, Some(Role::Follower));
    assert!(pump.armed(N1, Timer::Election) && !pump.armed(N1, Timer::Heartbeat));
    assert_eq!(pump.disk(N1).log, pump.disk(N2).log);
    assert_eq!(pump.commands(N1), [10, 20, 21, 22, 23, 24]);
    for &(command, outcome) in &pump.replies {
        let committed = matches!(outcome, Outcome::Committed(_));
        assert_eq!(committed, !(11..15).contains(&command));
    }
    pump.replies.clear();
    pump.propose(N1, 30);
    assert_eq!(pump.replies, [(30, Outcome::Refused)]);

    // All lose power; term and log come back from the disks.
    let term = pump.view(N2).current_term;
    for id in [N1, N2, N3] {
        pump.restart(id);
    }
    pump.drop_all();
    assert_eq!(pump.view(N2).current_term, term);
    assert_eq!(pump.view(N2).commit_index, Some(0));
    pump.elect(N3);
    pump.propose(N3, 40);
    pump.settle();
    pump.beat(N3);
    for id in [N1, N2, N3] {
        assert_eq!(pump.commands(id), [10, 20, 21, 22, 23, 24, 40]);
    }
}
