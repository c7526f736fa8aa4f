//! `Walk`: any pending action, by fixed weights of its category.
//!
//! A delivery is 13 times as likely as a timeout: a walk over *uniform* choices drowns in timeouts
//! and crashes and commits nothing. Messages are chosen at random among all that can arrive, so
//! delays are unbounded and timers fire late, never early.

use std::collections::VecDeque;

use super::order::{Order, Uniform};
use super::{Kind, Scheduler, pick};
use crate::draws::{Draws, Lottery, Purpose, Roots};
use crate::faults::{FAULTS, FaultSet};
use crate::language::action::Action;
use crate::node::Timer;
use crate::schedule::config::RunConfig;
use crate::schedule::workload::Workload;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const KIND: Kind = Kind {
    name: "walk",
    summary: "any pending action, by fixed weights of its category",
    share: 20,
    make: |config, roots| {
        let weights = Weights::fixed(config.faults);
        Box::new(Walk::new(config, weights, Box::new(Uniform), roots))
    },
};

/// True time between two actions that need none: microseconds.
pub const ACTION_US: u64 = 500;
/// How often a category may turn out to be empty before all are tried in order.
const TRIES: usize = 12;

/// Categories beside the faults, in the order of [`Weights::list`].
const DELIVER: usize = 0;
const ELECTION: usize = 1;
const HEARTBEAT: usize = 2;
const SYNC: usize = 3;
const WRITE: usize = 4;
const STRIKES: usize = 5;
const REPAIRS: usize = STRIKES + FAULTS.len();
const CATEGORIES: usize = REPAIRS + FAULTS.len();

/// How likely each category is, against each other.
#[derive(Clone, Debug)]
pub struct Weights([u32; CATEGORIES]);

impl Weights {
    /// The weights of `Walk`: measured, see `ARCHITECTURE.md`.
    pub fn fixed(faults: FaultSet) -> Self {
        let mut list = [0; CATEGORIES];
        list[..STRIKES].copy_from_slice(&[800, 60, 60, 400, 80]);
        for (position, fault) in FAULTS.iter().enumerate().filter(|&(bit, _)| faults.has(bit)) {
            list[STRIKES + position] = fault.weight;
            list[REPAIRS + position] = fault.repair_weight;
        }
        Weights(list)
    }

    /// Multiplies every weight by a random power of two, from 1/8 to 8.
    #[must_use]
    pub fn stretched(mut self, draws: &mut Draws) -> Self {
        for weight in &mut self.0 {
            *weight = *weight * draws.log_uniform(1, 64) as u32 / 8 + u32::from(0 < *weight);
        }
        self
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
        config: &RunConfig,
        weights: Weights,
        order: Box<dyn Order>,
        roots: &Roots,
    ) -> Self {
        Walk {
            lottery: Lottery::new(&weights.0),
            weights,
            order,
            draws: roots.draws(Purpose::Scheduling, 0),
            fault_draws: roots.draws(Purpose::Faults, 0),
            workload: Workload::new(config, roots),
            reorder: config.faults.contains("reorder"),
            flights_max: config.flights_max,
            planned: VecDeque::new(),
            proposed: Vec::new(),
        }
    }

    fn propose(&mut self, category: usize, stage: &Stage) -> Option<Event> {
        let draws = &mut self.draws;
        match category {
            DELIVER => {
                let slot = self.order.next(stage, draws)?;
                let flight = &stage.flights[slot];
                let oldest = || pick::oldest_of_link(stage, flight.from, flight.to);
                Some(Event::Deliver(if self.reorder { slot } else { oldest() }))
            }
            ELECTION => pick::election(stage, draws).map(|node| timeout(node, Timer::Election)),
            HEARTBEAT => pick::heartbeat(stage, draws).map(|node| timeout(node, Timer::Heartbeat)),
            SYNC => pick::sync(stage, draws).map(|node| Event::Plain(Action::Sync(node))),
            WRITE => self.workload.next(stage).map(Event::Plain),
            _ => {
                let propose = if category < REPAIRS {
                    FAULTS[category - STRIKES].strike?
                } else {
                    FAULTS[category - REPAIRS].repair?
                };
                propose(stage, &mut self.fault_draws, &mut self.proposed);
                self.planned.extend(self.proposed.drain(..));
                self.planned.pop_front()
            }
        }
    }

    fn choose(&mut self, stage: &Stage) -> Option<Event> {
        if let Some(event) = self.planned.pop_front() {
            return Some(event);
        }
        if self.flights_max < stage.flights.len() {
            return Some(Event::Drop(self.fault_draws.position(stage.flights.len())));
        }
        for _ in 0..TRIES {
            let category = self.lottery.draw(&mut self.draws)?;
            if let Some(event) = self.propose(category, stage) {
                return Some(event);
            }
        }
        // Almost nothing is possible: take the first category that has something.
        (0..CATEGORIES).find_map(|category| {
            if self.weights.0[category] == 0 { None } else { self.propose(category, stage) }
        })
    }
}

impl Scheduler for Walk {
    fn next(&mut self, stage: &Stage) -> Option<(u64, Event)> {
        let event = self.choose(stage)?;
        Some((stage.now_us + ACTION_US, event))
    }

    fn knobs(&self) -> Vec<(String, String)> {
        let drawn = |(category, &weight): (usize, &u32)| {
            (0 < weight).then(|| (format!("weight of {}", name(category)), weight.to_string()))
        };
        let weights = self.weights.0.iter().enumerate().filter_map(drawn);
        weights.chain(self.order.knobs()).collect()
    }
}

/// What a category is called.
fn name(category: usize) -> String {
    const OWN: [&str; STRIKES] = ["delivery", "timeout", "heartbeat", "sync", "write"];
    match category {
        _ if category < STRIKES => OWN[category].to_owned(),
        _ if category < REPAIRS => FAULTS[category - STRIKES].name.to_owned(),
        _ => format!("repairing {}", FAULTS[category - REPAIRS].name),
    }
}

fn timeout(node: crate::node::NodeId, timer: Timer) -> Event {
    Event::Plain(Action::Timeout { node, timer })
}
