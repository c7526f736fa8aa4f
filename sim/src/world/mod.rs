//! The world: it holds what is pending and performs one event at a time. It never decides.
//!
//! ```text
//! scheduler.next(&stage) -> Event
//! world.perform(event)   -> Input -> Node::step -> Effects, carried out in order -> Facts
//! checker.observe(fact)  -> violations
//! ```
//!
//! One event touches one node, so the work of a step never depends on the length of the run.

mod audience;
mod carry;
mod clock;
mod disk;
mod fork;
mod guest;
mod machine;
mod mail;
mod network;
mod panic;
pub mod stage;
pub mod trace;

use raft_invariants::fact::Fact;
use raft_invariants::{Checker, Selection};

use crate::language::action::Action;
use crate::language::command::Assignment;
use crate::language::hash::Hasher;
use crate::language::script::Cluster;
use crate::node::{Boot, Effect, Input, NODES_MAX, Node, NodeId, NodeSet, Storage};
use crate::world::trace::Trace;
use audience::Audience;
use clock::clock_percent;
use machine::Process;
use mail::Mail;
use stage::{Delivered, Flight, Flights, Host, Stage};

pub use audience::Listener;
pub(crate) use guest::kinds;
pub use panic::silence_panics;

/// One thing that is pending, or could be done to the cluster now.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// The message at this position of [`Stage::flights`] arrives.
    Deliver(usize),
    /// The message at this position of [`Stage::flights`] is lost.
    Drop(usize),
    /// The message at this position of [`Stage::delivered`] arrives again.
    Duplicate(usize),
    /// Anything that needs no message.
    Plain(Action),
}

/// A cluster of simulated nodes with its judges.
pub struct World<N: Node> {
    stage: Stage,
    config: N::Config,
    /// By node: the halves of the stage's hosts that only the world holds.
    processes: Vec<Process<N>>,
    /// Contents of the messages on the stage.
    mail: Mail<N::Message>,
    /// Effects of the step at hand; kept to spare an allocation.
    effects: Vec<Effect<N::Message>>,
    audience: Audience,
    hash: Hasher,
    /// The last stamp that search left on a process.
    last_stamp: u64,
}

impl<N: Node> World<N> {
    /// A cluster whose nodes have just booted from empty disks.
    pub fn new(cluster: Cluster, config: &N::Config, selection: &Selection, trace: bool) -> Self {
        World::build(cluster, config, selection, trace.then(Box::default), None)
    }

    /// The same, with someone who hears every fact, those of the boot included.
    pub fn overheard(
        cluster: Cluster,
        config: &N::Config,
        selection: &Selection,
        listener: Listener,
    ) -> Self {
        World::build(cluster, config, selection, None, Some(listener))
    }

    fn build(
        cluster: Cluster,
        config: &N::Config,
        selection: &Selection,
        trace: Option<Box<Trace>>,
        listener: Option<Listener>,
    ) -> Self {
        silence_panics();
        let traits = N::traits(config);
        let count = usize::from(cluster.nodes);
        let kinds = guest::kinds::<N>(config);
        let stage = Stage {
            now_us: 0,
            cluster,
            storage: traits.storage,
            kinds: kinds.as_ref().map_or_else(|_| Vec::new(), |kinds| kinds.to_vec()),
            hosts: (0..count).map(|_| Host::new()).collect(),
            flights: Flights::default(),
            delivered: Delivered::default(),
            reach: [NodeSet::first(count); NODES_MAX],
            news: Vec::new(),
            sent: 0,
            written: std::collections::BTreeMap::new(),
        };
        let mut world = World {
            stage,
            config: config.clone(),
            processes: (0..count).map(|_| Process::new()).collect(),
            mail: Mail::new(),
            effects: Vec::new(),
            audience: Audience {
                trace,
                listener,
                checker: Checker::new(count, traits.reveals, selection),
            },
            hash: Hasher::new(),
            last_stamp: 0,
        };
        if let Err(place) = &kinds {
            // It is nobody's in particular, and the first thing that goes wrong.
            world.panicked(NodeId::at(0), place);
        }
        for node in NodeId::all(count) {
            world.boot(node);
        }
        world
    }

    /// What schedulers see.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The judges.
    pub fn checker(&self) -> &Checker {
        &self.audience.checker
    }

    /// Everything noted so far, if the world was asked to take notes.
    pub fn trace(&self) -> Option<&Trace> {
        self.audience.trace.as_deref()
    }

    /// One node, if it runs.
    pub fn node(&self, node: NodeId) -> Option<&N> {
        self.processes[node.slot()].node()
    }

    /// Hash of all that was done and of how nodes saw themselves after it.
    pub fn hash(&self) -> u64 {
        self.hash.finish()
    }

    /// Moves the clock to the time at which a calendar has the next event due.
    pub fn advance_to(&mut self, now_us: u64) {
        self.stage.now_us = self.stage.now_us.max(now_us);
    }

    /// Performs one event and says which action it was; `None` if it cannot happen now, and then
    /// nothing has happened.
    pub fn perform(&mut self, event: Event) -> Option<Action> {
        self.stage.news.clear();
        let action = self.name(event)?;
        self.hash_action(&action);
        if let Some(trace) = &mut self.audience.trace {
            trace.begin(action, self.stage.now_us);
        }
        match event {
            Event::Deliver(slot) => self.deliver(slot),
            Event::Drop(slot) => self.lose(slot),
            Event::Duplicate(slot) => self.deliver_again(slot),
            Event::Plain(action) => self.act(action),
        }
        Some(action)
    }

    /// The action that the event would be; `None` if it cannot happen now.
    fn name(&self, event: Event) -> Option<Action> {
        let stage = &self.stage;
        let possible = |flight: &&Flight| stage.deliverable(flight);
        match event {
            Event::Deliver(slot) => {
                stage.flights.get(slot).filter(possible).map(|f| Action::Deliver(stage.pattern(f)))
            }
            Event::Drop(slot) => stage.flights.get(slot).map(|f| Action::Drop(stage.pattern(f))),
            Event::Duplicate(slot) => stage
                .delivered
                .get(slot)
                .filter(possible)
                .map(|f| Action::Duplicate(stage.pattern(f))),
            Event::Plain(action) => self.may_act(action).then_some(action),
        }
    }

    /// Whether the action would change anything now.
    fn may_act(&self, action: Action) -> bool {
        let stage = &self.stage;
        let known = action.nodes().iter().all(|node| node.slot() < stage.hosts.len());
        known
            && match action {
                Action::Deliver(_) | Action::Duplicate(_) | Action::Drop(_) => false,
                Action::Timeout { node, timer } => stage.timer_may_fire(node, timer),
                Action::Sync(node) => stage.syncable(node),
                Action::Fail { node, keep } => {
                    stage.syncable(node) && usize::from(keep) <= stage.host(node).queue.len()
                }
                Action::Crash { node, keep } => {
                    let host = stage.host(node);
                    host.up && usize::from(keep) <= host.queue.len()
                }
                Action::Restart(node) => !stage.host(node).up,
                Action::Lose { node, writes } => {
                    let durable = stage.host(node).journal.len();
                    !stage.host(node).up && 0 < writes && usize::from(writes) <= durable
                }
                Action::Wipe(node) => !stage.host(node).up && !stage.host(node).journal.is_empty(),
                Action::Cut { from, to } => from != to && stage.reaches(from, to),
                Action::Mend { from, to } => !stage.reaches(from, to),
                Action::Partition(groups) => groups.reach(stage.hosts.len()) != stage.reach,
                Action::Heal => stage.is_cut(),
                Action::Pause(node) => stage.host(node).up && !stage.host(node).paused,
                Action::Resume(node) => stage.host(node).paused,
                Action::Stall(node) => stage.has_queued_disks() && !stage.host(node).stalled,
                Action::Unstall(node) => stage.host(node).stalled,
                Action::Skew { node, percent } => {
                    stage.host(node).clock_percent != clock_percent(percent)
                }
                Action::Jump { ms, .. } => 0 < ms,
                Action::Write { node, .. } => stage.listens(node),
            }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Deliver(_) | Action::Duplicate(_) | Action::Drop(_) => {
                unreachable!("messages come as events of their own")
            }
            Action::Timeout { node, timer } => self.fire(node, timer),
            Action::Sync(node) => self.sync(node),
            Action::Fail { node, keep } => self.fail_write(node, usize::from(keep)),
            Action::Crash { node, keep } => self.crash(node, usize::from(keep)),
            Action::Restart(node) => self.boot(node),
            Action::Lose { node, writes } => self.lose_writes(node, usize::from(writes)),
            Action::Wipe(node) => self.wipe(node),
            Action::Cut { from, to } => {
                self.stage.reach[from.slot()].remove(to);
                self.rewired();
            }
            Action::Mend { from, to } => {
                self.stage.reach[from.slot()].insert(to);
                self.rewired();
            }
            Action::Partition(groups) => {
                self.stage.reach = groups.reach(self.stage.hosts.len());
                self.rewired();
            }
            Action::Heal => {
                self.stage.reach = [NodeSet::first(self.stage.hosts.len()); NODES_MAX];
                self.rewired();
            }
            Action::Pause(node) => self.stage.host_mut(node).paused = true,
            Action::Resume(node) => self.stage.host_mut(node).paused = false,
            Action::Stall(node) => self.stage.host_mut(node).stalled = true,
            Action::Unstall(node) => self.stage.host_mut(node).stalled = false,
            Action::Skew { node, percent } => self.skew(node, clock_percent(percent)),
            Action::Jump { node, ms } => self.jump(node, ms),
            Action::Write { node, key, value } => self.invoke(node, key, value),
        }
    }

    /// A client hands in a command.
    fn invoke(&mut self, node: NodeId, key: u8, value: u32) {
        let times = self.stage.written.entry((key, value)).or_insert(0);
        let command = Assignment { key, value, before: *times }.command();
        *times += 1;
        self.observe(&Fact::Invoked { node, command });
        self.step(node, Input::Propose(command));
    }

    /// The node starts from its disk.
    fn boot(&mut self, id: NodeId) {
        let cluster = NodeSet::first(self.stage.hosts.len());
        let limits = self.stage.cluster.limits;
        let incarnation = self.stage.host_mut(id).boot();
        self.observe(&Fact::Booted { node: id, incarnation });
        let mut effects = std::mem::take(&mut self.effects);
        let boot = Boot {
            id,
            cluster,
            incarnation,
            disk: &self.stage.host(id).disk,
            limits,
            config: &self.config,
        };
        let answer = self.processes[id.slot()].boot(&boot, &mut effects);
        self.answered(id, answer, effects);
    }

    /// The node takes one step, and its effects are carried out.
    fn step(&mut self, id: NodeId, input: Input<N::Message>) {
        let mut effects = std::mem::take(&mut self.effects);
        let answer = self.processes[id.slot()].step(input, &mut effects);
        self.answered(id, answer, effects);
    }

    fn rewired(&mut self) {
        self.observe(&Fact::Rewired { reach: self.stage.reach });
    }

    fn observe(&mut self, fact: &Fact<'_>) {
        self.audience.observe(fact);
    }

    fn hash_action(&mut self, action: &Action) {
        action.hash_into(&mut self.hash);
    }

    fn is_blocking(&self) -> bool {
        self.stage.storage == Storage::Blocking
    }
}

impl Cluster {
    /// All nodes of the cluster.
    pub fn all(&self) -> NodeSet {
        NodeSet::first(usize::from(self.nodes))
    }
}
