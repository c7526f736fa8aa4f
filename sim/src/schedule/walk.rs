//! `Walk`: any pending action, by fixed weights of its category.
//!
//! A delivery is 13 times as likely as a timeout: a walk over *uniform* choices drowns in timeouts
//! and crashes and commits nothing. Messages are chosen at random among all that can arrive, so
//! delays are unbounded and timers fire late, never early.

use std::collections::VecDeque;
use std::fmt;

use super::given::Given;
use super::order::{Order, Uniform};
use super::{Policy, Scheduler, pick};
use crate::draws::{Draws, Lottery, Purpose, Roots};
use crate::faults::{FAULTS, Fault, FaultSet, Shape};
use crate::language::action::Action;
use crate::node::Timer;
use crate::schedule::workload::Workload;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const POLICY: Policy = Policy {
    name: "walk",
    summary: "any pending action, by fixed weights of its category",
    share: 20,
    make: |given, roots| {
        let weights = Weights::fixed(given.faults);
        Box::new(Walk::new(given, weights, Box::new(Uniform), roots))
    },
};

/// True time between two actions that need none: microseconds.
pub const ACTION_US: u64 = 500;
/// How often a category may turn out to be empty before all are tried in order.
const TRIES: usize = 12;

/// What a walk may do next.
#[derive(Copy, Clone, Debug)]
enum Category {
    Deliver,
    Election,
    Heartbeat,
    Sync,
    Write,
    Strike(&'static Fault),
    Repair(&'static Fault),
}

/// Categories beside the faults. Measured, see `SCHEDULERS.md`.
const OWN: [(Category, u32); 5] = [
    (Category::Deliver, 800),
    (Category::Election, 60),
    (Category::Heartbeat, 60),
    (Category::Sync, 400),
    (Category::Write, 80),
];

/// How likely each category is, against each other.
#[derive(Clone, Debug)]
pub struct Weights(Vec<(Category, u32)>);

impl Weights {
    /// The weights of `Walk`; 0 for what is not in the set.
    pub fn fixed(faults: FaultSet) -> Self {
        let all = || FAULTS.iter().enumerate();
        let masked = |bit, weight| if faults.has(bit) { weight } else { 0 };
        let strike = |(bit, fault): (usize, &'static Fault)| {
            let weight = fault.strike().map_or(0, |(weight, _)| weight);
            (Category::Strike(fault), masked(bit, weight))
        };
        let repair = |(bit, fault): (usize, &'static Fault)| {
            let weight = fault.repair().map_or(0, |repair| repair.weight);
            (Category::Repair(fault), masked(bit, weight))
        };
        Weights(OWN.into_iter().chain(all().map(strike)).chain(all().map(repair)).collect())
    }

    /// Multiplies every weight by a random power of two, from 1/8 to 8.
    #[must_use]
    pub fn stretched(mut self, draws: &mut Draws) -> Self {
        for (_, weight) in &mut self.0 {
            *weight = *weight * draws.log_uniform(1, 64) as u32 / 8 + u32::from(0 < *weight);
        }
        self
    }

    fn lottery(&self) -> Lottery {
        let weights: Vec<u32> = self.0.iter().map(|&(_, weight)| weight).collect();
        Lottery::new(&weights)
    }
}

/// A random walk over pending actions.
pub struct Walk {
    weights: Weights,
    lottery: Lottery,
    order: Box<dyn Order>,
    draws: Draws,
    fault_draws: Draws,
    workload: Workload,
    reorder: bool,
    flights_max: usize,
    /// Rest of a fault that takes several events.
    planned: VecDeque<Event>,
    proposed: Vec<Event>,
}

impl Walk {
    /// A walk with these weights, in which messages arrive in this order.
    pub(super) fn new(
        given: &Given,
        weights: Weights,
        order: Box<dyn Order>,
        roots: &Roots,
    ) -> Self {
        Walk {
            lottery: weights.lottery(),
            weights,
            order,
            draws: roots.draws(Purpose::Scheduling, 0),
            fault_draws: roots.draws(Purpose::Faults, 0),
            workload: Workload::new(given.clients, roots),
            reorder: given.faults.allow(Shape::Reorder),
            flights_max: given.flights_max,
            planned: VecDeque::new(),
            proposed: Vec::new(),
        }
    }

    fn propose(&mut self, category: Category, stage: &Stage) -> Option<Event> {
        let draws = &mut self.draws;
        let how = match category {
            Category::Deliver => {
                let slot = self.order.next(stage, draws)?;
                let flight = &stage.flights[slot];
                let oldest = || pick::oldest_of_link(stage, flight.from, flight.to);
                return Some(Event::Deliver(if self.reorder { slot } else { oldest() }));
            }
            Category::Election => {
                return pick::election(stage, draws).map(|node| timeout(node, Timer::Election));
            }
            Category::Heartbeat => {
                return pick::heartbeat(stage, draws).map(|node| timeout(node, Timer::Heartbeat));
            }
            Category::Sync => {
                return pick::sync(stage, draws).map(|node| Event::Plain(Action::Sync(node)));
            }
            Category::Write => return self.workload.next(stage).map(Event::Plain),
            Category::Strike(fault) => fault.strike()?.1,
            Category::Repair(fault) => fault.repair()?.propose,
        };
        how(stage, &mut self.fault_draws, &mut self.proposed);
        self.planned.extend(self.proposed.drain(..));
        self.planned.pop_front()
    }

    fn choose(&mut self, stage: &Stage) -> Option<Event> {
        if let Some(event) = self.planned.pop_front() {
            return Some(event);
        }
        if self.flights_max < stage.flights.len() {
            return Some(Event::Drop(self.fault_draws.position(stage.flights.len())));
        }
        for _ in 0..TRIES {
            let position = self.lottery.draw(&mut self.draws)?;
            let (category, _) = self.weights.0[position];
            if let Some(event) = self.propose(category, stage) {
                return Some(event);
            }
        }
        // Almost nothing is possible: take the first category that has something.
        (0..self.weights.0.len()).find_map(|position| {
            let (category, weight) = self.weights.0[position];
            if weight == 0 { None } else { self.propose(category, stage) }
        })
    }
}

impl Scheduler for Walk {
    fn next(&mut self, stage: &Stage) -> Option<(u64, Event)> {
        let event = self.choose(stage)?;
        Some((stage.now_us + ACTION_US, event))
    }

    fn knobs(&self) -> Vec<(String, String)> {
        let drawn = |&(category, weight): &(Category, u32)| {
            (0 < weight).then(|| (format!("weight of {category}"), weight.to_string()))
        };
        let weights = self.weights.0.iter().filter_map(drawn);
        weights.chain(self.order.knobs()).collect()
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Category::Deliver => f.write_str("delivery"),
            Category::Election => f.write_str("timeout"),
            Category::Heartbeat => f.write_str("heartbeat"),
            Category::Sync => f.write_str("sync"),
            Category::Write => f.write_str("write"),
            Category::Strike(fault) => f.write_str(fault.name),
            Category::Repair(fault) => write!(f, "repairing {}", fault.name),
        }
    }
}

fn timeout(node: crate::node::NodeId, timer: Timer) -> Event {
    Event::Plain(Action::Timeout { node, timer })
}
