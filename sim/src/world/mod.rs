//! The world: it holds what is pending and performs one event at a time. It never decides.
//!
//! ```text
//! scheduler.next(&stage) -> Event
//! world.perform(event)   -> Input -> Node::step -> Effects, carried out in order -> Facts
//! checker.observe(fact)  -> violations
//! ```
//!
//! One event touches one node, so the work of a step never depends on the length of the run.

mod act;
mod audience;
mod carry;
mod clock;
mod disk;
mod fork;
mod guest;
pub mod key_value;
mod machine;
mod mail;
mod network;
mod panic;
pub mod pulse;
pub mod stage;
pub mod trace;

use raft_invariants::fact::Fact;
use raft_invariants::{Checker, Selection};

use crate::language::action::Action;
use crate::language::hash::Hasher;
use crate::language::script::Cluster;
use crate::node::{Boot, Effect, Input, NODES_MAX, Node, NodeId, NodeSet, Storage};
use crate::world::trace::Trace;
use audience::Audience;
use machine::Process;
use mail::Mail;
use stage::{Delivered, Flights, Host, Stage};

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
                calm_since_us: None,
                is_calm_noted: false,
            },
            hash: Hasher::new(),
            last_stamp: 0,
        };
        if let Err(failure) = &kinds {
            // It is nobody's in particular, and the first thing that goes wrong.
            world.failed(NodeId::at(0), failure);
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

    /// Everything noted, if the world was asked to take notes; it takes none from now on.
    pub fn take_trace(&mut self) -> Option<Trace> {
        self.audience.trace.take().map(|trace| *trace)
    }

    /// One node, if it runs.
    pub fn node(&self, node: NodeId) -> Option<&N> {
        self.processes[node.slot()].node()
    }

    /// Hash of all that was done and of how nodes saw themselves after it.
    pub fn hash(&self) -> u64 {
        self.hash.finish()
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

    fn observe(&mut self, fact: &Fact<'_>) {
        self.audience.observe(fact);
    }

    fn is_blocking(&self) -> bool {
        self.stage.storage == Storage::Blocking
    }
}
