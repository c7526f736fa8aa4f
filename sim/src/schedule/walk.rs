//! `Walk`: any pending action, by fixed weights of its category.
//!
//! A delivery is 13 times as likely as a timeout: a walk over *uniform* choices drowns in timeouts
//! and crashes and commits nothing. Messages are chosen at random among all that can arrive, so
//! delays are unbounded and timers fire late, never early.

use super::given::Given;
use super::order::{Order, Uniform};
use super::{Policy, Scheduler, pick};
use crate::draws::{Draws, Lottery, Named, Purpose, Roots};
use crate::faults::Shape;
use crate::language::action::Action;
use crate::language::script::DiskMode;
use crate::node::Timer;
use crate::schedule::trouble::Trouble;
use crate::schedule::workload::Workload;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const POLICY: Policy = Policy {
    name: "walk",
    summary: "any pending action, by fixed weights of its category",
    share: 20,
    make: |given, roots| {
        let weights = Weights::fixed(given);
        Box::new(Walk::new(given, weights, Box::new(Uniform), roots))
    },
};

/// True time between two actions that need none: microseconds.
pub const ACTION_US: u64 = 500;
/// How often a category may turn out to be empty before all are tried in order.
const TRIES: usize = 12;

/// What a walk may do next.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Category {
    Deliver,
    Election,
    Heartbeat,
    Sync,
    Write,
    /// The fault at this position strikes.
    Strike(usize),
    /// It is repaired.
    Repair(usize),
}

/// Categories beside the faults, and what people call them. Measured, see `SCHEDULERS.md`.
const OWN: [(Category, &str, u32); 5] = [
    (Category::Deliver, "delivery", 800),
    (Category::Election, "timeout", 60),
    (Category::Heartbeat, "heartbeat", 60),
    (Category::Sync, "sync", 400),
    (Category::Write, "write", 80),
];

/// How likely each category is, against each other.
#[derive(Clone, Debug)]
pub struct Weights(Vec<Share>);

#[derive(Clone, Debug)]
struct Share {
    category: Category,
    /// The fault's name, or the category's.
    name: &'static str,
    weight: u32,
}

impl Weights {
    /// The weights of `Walk`.
    pub fn fixed(given: &Given) -> Self {
        let own = OWN.map(|(category, name, weight)| Share { category, name, weight });
        let mut weights = own.to_vec();
        if given.cluster.disk == DiskMode::Instant {
            weights.retain(|it| it.category != Category::Sync);
        }
        for (position, fault) in given.faults.iter().enumerate() {
            let strike = fault.strike().map(|(weight, _)| (Category::Strike(position), weight));
            let repair = fault.repair().map(|it| (Category::Repair(position), it.weight));
            let both = strike.into_iter().chain(repair);
            let name = fault.name;
            weights.extend(both.map(|(category, weight)| Share { category, name, weight }));
        }
        Weights(weights)
    }

    /// Leaves about half of the faults out.
    #[must_use]
    pub fn halved(mut self, named: Named) -> Self {
        self.0.retain(|it| match it.category {
            Category::Strike(_) | Category::Repair(_) => named.draws(it.name).one_in(2),
            _ => true,
        });
        self
    }

    /// Multiplies every weight by a random power of two, from 1/8 to 8.
    #[must_use]
    pub fn stretched(mut self, named: Named) -> Self {
        for Share { category, name, weight } in &mut self.0 {
            let is_repair = matches!(category, Category::Repair(_));
            let named = if is_repair { named.within("repair") } else { named };
            *weight = *weight * named.draws(name).log_uniform(1, 64) as u32 / 8 + 1;
        }
        self
    }

    fn lottery(&self) -> Lottery {
        let weights: Vec<u32> = self.0.iter().map(|it| it.weight).collect();
        Lottery::new(&weights)
    }
}

/// A random walk over pending actions.
pub struct Walk {
    weights: Weights,
    lottery: Lottery,
    order: Box<dyn Order>,
    draws: Draws,
    evictions: Draws,
    trouble: Trouble,
    workload: Workload,
    reorder: bool,
    flights_max: usize,
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
            evictions: roots.draws(Purpose::Scheduling, 2),
            trouble: Trouble::new(&given.faults, roots),
            workload: Workload::new(given.clients, roots),
            reorder: given.faults.allow(Shape::Reorder),
            flights_max: given.flights_max,
        }
    }

    fn propose(&mut self, category: Category, stage: &Stage) -> Option<Event> {
        let draws = &mut self.draws;
        match category {
            Category::Deliver => {
                let slot = self.order.next(stage, draws)?;
                let flight = &stage.flights[slot];
                let oldest = || pick::oldest_of_link(stage, flight.from, flight.to);
                Some(Event::Deliver(if self.reorder { slot } else { oldest() }))
            }
            Category::Election => {
                pick::election(stage, draws).map(|node| timeout(node, Timer::Election))
            }
            Category::Heartbeat => {
                pick::heartbeat(stage, draws).map(|node| timeout(node, Timer::Heartbeat))
            }
            Category::Sync => pick::sync(stage, draws).map(|node| Event::Plain(Action::Sync(node))),
            Category::Write => self.workload.next(stage).map(Event::Plain),
            Category::Strike(position) => self.trouble.strike(position, stage),
            Category::Repair(position) => self.trouble.repair(position, stage),
        }
    }

    fn choose(&mut self, stage: &Stage) -> Option<Event> {
        self.order.keep_up(stage);
        if let Some(event) = self.trouble.go_on() {
            return Some(event);
        }
        if self.flights_max < stage.flights.len() {
            return Some(Event::Drop(self.evictions.position(stage.flights.len())));
        }
        for _ in 0..TRIES {
            let position = self.lottery.draw(&mut self.draws)?;
            if let Some(event) = self.propose(self.weights.0[position].category, stage) {
                return Some(event);
            }
        }
        // Almost nothing is possible: take the first category that has something.
        (0..self.weights.0.len())
            .find_map(|position| self.propose(self.weights.0[position].category, stage))
    }
}

impl Scheduler for Walk {
    fn next(&mut self, stage: &Stage) -> Option<(u64, Event)> {
        let event = self.choose(stage)?;
        Some((stage.now_us + ACTION_US, event))
    }

    fn knobs(&self) -> Vec<(String, String)> {
        let knob = |Share { category, name, weight }: &Share| match category {
            Category::Repair(_) => (format!("weight of repairing {name}"), weight.to_string()),
            _ => (format!("weight of {name}"), weight.to_string()),
        };
        self.weights.0.iter().map(knob).chain(self.order.knobs()).collect()
    }
}

fn timeout(node: crate::node::NodeId, timer: Timer) -> Event {
    Event::Plain(Action::Timeout(node, timer))
}
