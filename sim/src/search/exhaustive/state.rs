//! What makes two states the same: one fingerprint of everything that the future depends on.
//!
//! It covers each node (up or down, its disk and the queue before it, messages that wait for that,
//! running timers, its state machine, and what [`Explorable::fingerprint`] says), the messages on
//! their way as a multiset, those that may arrive once more, what may still happen, and what
//! judges remember (`History::add_to` and `Mirror::add_to`). A message is its signature, kind and
//! term, as in a script: contents that no script can tell apart count as one. Times, numbers of
//! messages and writes, incarnations and run hashes stay out.
//!
//! Clusters that differ only in the names of their nodes count as one. The names of a state are
//! chosen by the state itself: nodes are put in order by what can be said of each without naming
//! the others, and where that is equal, all orders are tried and the smallest fingerprint counts.

use raft_invariants::fingerprint::{Fingerprint, Names, OWN_NAMES};

use super::scope::{Allowance, StepCode, distinct};
use crate::node::{Disk, Explorable, NODES_MAX, NodeId, Timer, Write};
use crate::world::World;
use crate::world::stage::{Flight, Host, Stage};

/// Whether nodes may swap names, and whether judges remember.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Likeness {
    /// Clusters that differ only in the names of their nodes are the same.
    pub symmetry: bool,
    /// States after which judges remember different things differ.
    pub memory: bool,
}

impl Likeness {
    /// What is sound and merges most.
    pub const DEFAULT: Likeness = Likeness { symmetry: true, memory: true };

    /// The state's fingerprint; the same for all that count as one with it.
    pub(super) fn fingerprint<N: Explorable>(self, world: &World<N>, left: Allowance) -> u64 {
        let count = world.stage().hosts.len();
        let whole = |names: &Names| self.named(world, left, names);
        if !self.symmetry || count == 1 {
            return whole(&OWN_NAMES);
        }
        let mut order: Order = std::array::from_fn(|slot| (0, slot as u8));
        for node in NodeId::all(count) {
            order[node.slot()].0 = self.alone(world, node);
        }
        let order = &mut order[..count];
        order.sort_unstable();
        least(order, 0, &whole)
    }

    /// Whether nothing came of a step but that a message is gone or an allowance spent: then all
    /// that can happen afterwards could have happened before, and the state needs no visit.
    pub(super) fn is_idle<N: Explorable>(
        self,
        before: &World<N>,
        after: &World<N>,
        step: StepCode,
    ) -> bool {
        let arrived = usize::from(step.is_delivery());
        let is_silent = after.stage().flights.len() + arrived == before.stage().flights.len();
        let same = |node| self.of_node(before, node) == self.of_node(after, node);
        is_silent && step.touches(before.stage()).iter().all(same)
    }

    fn of_node<N: Explorable>(self, world: &World<N>, node: NodeId) -> u64 {
        let mut print = Fingerprint::new(&OWN_NAMES);
        self.add_node(world, node, &mut print);
        print.finish()
    }

    /// What can be said of a node if all others are called the same.
    fn alone<N: Explorable>(self, world: &World<N>, node: NodeId) -> u64 {
        let mut names = [2; NODES_MAX];
        names[node.slot()] = 1;
        let mut print = Fingerprint::new(&names);
        self.add_node(world, node, &mut print);
        let flights = world.stage().flights.iter().enumerate();
        let own = flights.filter(|(_, flight)| flight.from == node || flight.to == node);
        let own = own.map(|(slot, flight)| message::<N>(flight, world.message(slot), &names));
        print.add(own.fold(0, u64::wrapping_add)).finish()
    }

    /// The whole state, with the nodes under these names.
    fn named<N: Explorable>(self, world: &World<N>, left: Allowance, names: &Names) -> u64 {
        let stage = world.stage();
        let Stage {
            now_us: _,  // any step may come at any time
            cluster: _, // never changes
            storage: _, // never changes
            kinds: _,   // never changes
            hosts: _,   // node by node
            flights,
            delivered: _, // where they may arrive again, those that differ
            reach: _,     // links are never cut
            news: _,      // nobody keeps a calendar
            sent: _,      // numbers of messages mean nothing
            written: _,   // what is written next follows from what is left
        } = stage;
        let mut print = Fingerprint::new(names);
        print.each(stage.nodes(), |print, node| self.add_node(world, node, print));
        let flights = flights.iter().enumerate();
        let flights = flights.map(|(slot, it)| message::<N>(it, world.message(slot), names));
        print.add(flights.fold(0, u64::wrapping_add));
        if 0 < left.duplicates {
            let arrived = distinct(stage);
            let arrived = arrived.map(|(slot, it)| message::<N>(it, world.delivered(slot), names));
            print.add(arrived.fold(0, u64::wrapping_add));
        }
        let Allowance { timeouts, heartbeats, writes, crashes, duplicates, fails } = left;
        let numbers = [timeouts, heartbeats, writes, crashes, duplicates, fails];
        print.add(numbers.into_iter().fold(0, |all, number| all << 8 | u64::from(number)));
        if self.memory {
            world.checker().history().add_to(&mut print);
        }
        print.finish()
    }

    fn add_node<N: Explorable>(self, world: &World<N>, node: NodeId, print: &mut Fingerprint<'_>) {
        let Host {
            up,
            paused: _,  // nobody pauses a process
            stalled: _, // nor a disk
            busy: _,    // as long as something is queued
            incarnation,
            clock_percent: _, // nor a clock
            disk: Disk { hard_state, log: _ },
            queue,
            journal: _, // disks do not forget
            timers,
            view: _, // the node speaks for itself, and what it said is in the mirror
            state,
        } = world.stage().host(node);
        let mirror = world.checker().history().node(node);
        let timers = Timer::ALL.map(|timer| timers[timer].is_some());
        let flags = std::iter::once(*up).chain(timers);
        print.add(flags.fold(1, |all, flag| all << 1 | u64::from(flag)));
        if N::COUNTS_STARTS {
            print.add(u64::from(*incarnation));
        }

        print.add(hard_state.current_term).node_if_any(hard_state.voted_for);
        // The judges' copy of the disk has a hash of the whole log.
        let log = &mirror.durable.log;
        print.add(log.hash_at(log.last_index()).unwrap_or(0));
        for write in queue {
            add_write(write, print);
        }
        // Whatever waits leaves at once, when everything is durable: its order has no consequences.
        let waiting = world.waiting(node).map(|waiting| {
            let mut one = print.afresh();
            one.node(waiting.to).add(waiting.writes as u64);
            N::fingerprint_message(waiting.message, waiting.label, &mut one);
            one.finish()
        });
        let waiting = waiting.fold(0, u64::wrapping_add);
        print.add(waiting);
        if self.memory {
            mirror.add_to(print);
        }
        if let Some(node) = world.node(node) {
            print.add(state.hash());
            node.fingerprint(print);
        }
    }
}

/// Nodes by slot, each with what can be said of it alone, in that order.
type Order = [(u64, u8); NODES_MAX];

/// The smallest of the fingerprints under all names that respect the order; `from` on it is still
/// open.
fn least(order: &mut [(u64, u8)], from: usize, whole: &impl Fn(&Names) -> u64) -> u64 {
    let Some(&(alone, _)) = order.get(from) else {
        let mut names = OWN_NAMES;
        for (position, &(_, slot)) in order.iter().enumerate() {
            names[usize::from(slot)] = position as u8 + 1;
        }
        return whole(&names);
    };
    let mut smallest = u64::MAX;
    for other in from..order.len() {
        if order[other].0 == alone {
            order.swap(from, other);
            smallest = smallest.min(least(order, from + 1, whole));
            order.swap(from, other);
        }
    }
    smallest
}

fn message<N: Explorable>(flight: &Flight, message: &N::Message, names: &Names) -> u64 {
    let mut print = Fingerprint::new(names);
    print.node(flight.from).node(flight.to);
    N::fingerprint_message(message, &flight.label, &mut print);
    print.finish()
}

fn add_write(write: &Write, print: &mut Fingerprint<'_>) {
    print.add(1).add(write.truncate_from.map_or(0, |from| 1 + from));
    if let Some(hard_state) = write.hard_state {
        print.add(2).add(hard_state.current_term).node_if_any(hard_state.voted_for);
    }
    for entry in &write.append {
        print.add(3).add(entry.term).payload(entry.payload);
    }
}
