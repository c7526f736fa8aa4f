//! `Storm`: the virtual clock. Latencies, timers, disks and faults are drawn from the seed, and
//! the event that is due next happens next: discrete-event simulation in the narrow sense.
//!
//! Well-behaved timing hides bugs (its runs are heartbeats and steady replication), so what is
//! drawn is wide: latency scales, client intensity, timers that fire far too early or late.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::given::Given;
use super::{Policy, Scheduler};
use crate::draws::{Draws, Purpose, Roots};
use crate::faults::{FAULTS, Fate, FaultSet, Propose, Shape, Way};
use crate::language::action::Action;
use crate::node::{NODES_MAX, NodeId, Timer};
use crate::schedule::workload::Workload;
use crate::world::Event;
use crate::world::stage::{News, Stage};

/// See the head of this file.
pub(super) const POLICY: Policy = Policy {
    name: "storm",
    summary: "virtual time: what is due next happens next; latencies, timers and faults are drawn",
    share: 10,
    make: |given, roots| Box::new(Storm::new(given, roots)),
};

/// How long a message waits for a node that is paused or busy before it is tried again.
const RETRY_US: u64 = 2_000;

/// Appointments that may lapse in a row before the run counts as over: nothing is left but clients
/// whom nobody hears.
const LAPSED_MAX: usize = 10_000;

/// An appointment in the calendar. Ordered, so that ties are broken the same way everywhere.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Due {
    /// The message with this number arrives.
    Arrive(u64),
    /// The message with this number, which has arrived, arrives again.
    ArriveAgain(u64),
    /// The message with this number is lost.
    Lose(u64),
    /// A timer that was set at this time fires.
    Timer(NodeId, Timer, u64),
    /// A disk finishes what it has.
    Sync(NodeId),
    /// A client speaks.
    Client,
    /// The fault at this position strikes.
    Strike(usize),
    /// It is repaired.
    Repair(usize),
}

/// Rates of one run.
#[derive(Clone, Debug)]
struct Rates {
    latency_us: (u64, u64),
    slow_link_one_in: u64,
    drop_one_in: u64,
    duplicate_one_in: u64,
    sync_us: (u64, u64),
    client_us: (u64, u64),
    fault_us: [u64; 32],
    early_timer_one_in: u64,
    late_timer_one_in: u64,
}

/// A calendar of appointments.
pub struct Storm {
    rates: Rates,
    faults: FaultSet,
    calendar: BinaryHeap<Reverse<(u64, u64, Due)>>,
    appointments: u64,
    latency: Draws,
    timers: Vec<Draws>,
    disks: Draws,
    fault_draws: Draws,
    workload: Workload,
    planned: VecDeque<Event>,
    proposed: Vec<Event>,
    began: bool,
}

impl Rates {
    fn draw(given: &Given, draws: &mut Draws) -> Self {
        let scale = draws.log_uniform(200, 40_000);
        let sync = draws.log_uniform(50, 30_000);
        let client = draws.log_uniform(1_000, 200_000);
        let kept = given.faults.and(FaultSet(draws.any() as u32));
        let rate = |on: bool, draws: &mut Draws, low, high| {
            if on { draws.log_uniform(low, high) } else { u64::MAX }
        };
        let mut fault_us = [u64::MAX; 32];
        for (position, interval) in fault_us.iter_mut().enumerate().take(FAULTS.len()) {
            *interval = rate(kept.has(position), draws, 100_000, 5_000_000);
        }
        Rates {
            latency_us: (scale, scale * draws.between(2, 10)),
            slow_link_one_in: rate(kept.allow(Shape::Delay), draws, 8, 500),
            drop_one_in: rate(kept.deal(Fate::Lost), draws, 4, 500),
            duplicate_one_in: rate(kept.deal(Fate::Copied), draws, 4, 500),
            sync_us: (sync, sync * draws.between(2, 10)),
            client_us: (client, client * 2),
            fault_us,
            early_timer_one_in: rate(kept.allow(Shape::EarlyTimeout), draws, 2, 64),
            late_timer_one_in: draws.log_uniform(2, 64),
        }
    }
}

impl Storm {
    /// The storm that the run was drawn.
    pub fn new(given: &Given, roots: &Roots) -> Self {
        let nodes = u64::from(given.cluster.nodes);
        Storm {
            rates: Rates::draw(given, &mut roots.draws(Purpose::Configuration, 2)),
            faults: given.faults,
            calendar: BinaryHeap::new(),
            appointments: 0,
            latency: roots.draws(Purpose::Latency, 0),
            timers: (0..nodes).map(|node| roots.draws(Purpose::Timers, node)).collect(),
            disks: roots.draws(Purpose::Disk, 0),
            fault_draws: roots.draws(Purpose::Faults, 0),
            workload: Workload::new(given.clients, roots),
            planned: VecDeque::new(),
            proposed: Vec::new(),
            began: false,
        }
    }

    fn appoint(&mut self, at_us: u64, due: Due) {
        self.appointments += 1;
        self.calendar.push(Reverse((at_us, self.appointments, due)));
    }

    /// First appointments: whatever the nodes began while they booted, clients, faults.
    fn begin(&mut self, stage: &Stage) {
        self.began = true;
        for node in stage.nodes() {
            for timer in Timer::ALL {
                if stage.host(node).timers[timer].is_some() {
                    self.set_timer(stage, node, timer);
                }
            }
            if stage.syncable(node) {
                self.write_queued(stage, node);
            }
        }
        for flight in 1..=stage.sent {
            self.message_sent(stage, flight);
        }
        self.appoint(stage.now_us, Due::Client);
        for position in 0..FAULTS.len() {
            self.appoint_strike(stage.now_us, position);
        }
    }

    /// Makes appointments for what began with the last event.
    fn read_news(&mut self, stage: &Stage) {
        for &news in &stage.news {
            match news {
                News::TimerSet(node, timer) | News::TimerMoved(node, timer) => {
                    self.set_timer(stage, node, timer);
                }
                News::Sent(number) => self.message_sent(stage, number),
                News::WriteQueued(node) => self.write_queued(stage, node),
            }
        }
    }

    fn set_timer(&mut self, stage: &Stage, node: NodeId, timer: Timer) {
        let draws = &mut self.timers[node.slot()];
        let shortest = timer.shortest_us();
        let length = match timer {
            Timer::Heartbeat => shortest,
            Timer::Election if draws.one_in(self.rates.early_timer_one_in) => {
                draws.log_uniform(1_000, shortest)
            }
            Timer::Election => {
                let usual = draws.between(shortest, 2 * shortest);
                let late = draws.one_in(self.rates.late_timer_one_in);
                if late { usual * draws.between(2, 5) } else { usual }
            }
        };
        let set_at = stage.host(node).timers[timer].unwrap_or(stage.now_us);
        let due = set_at + length * 100 / stage.host(node).clock_percent;
        self.appoint(due, Due::Timer(node, timer, set_at));
    }

    fn message_sent(&mut self, stage: &Stage, number: u64) {
        let (low, high) = self.rates.latency_us;
        let draws = &mut self.latency;
        let mut latency = draws.between(low, high);
        if draws.one_in(self.rates.slow_link_one_in) {
            latency *= draws.log_uniform(4, 256);
        }
        let now = stage.now_us;
        if draws.one_in(self.rates.drop_one_in) {
            self.appoint(now, Due::Lose(number));
            return;
        }
        let copies = u64::from(draws.one_in(self.rates.duplicate_one_in));
        for copy in 1..=copies {
            let later = self.latency.log_uniform(1, 1_000_000);
            self.appoint(now + latency + copy * later, Due::ArriveAgain(number));
        }
        self.appoint(now + latency, Due::Arrive(number));
    }

    fn write_queued(&mut self, stage: &Stage, node: NodeId) {
        let (low, high) = self.rates.sync_us;
        let at = stage.now_us + self.disks.between(low, high);
        self.appoint(at, Due::Sync(node));
    }

    fn appoint_strike(&mut self, now_us: u64, position: usize) {
        let interval = self.rates.fault_us[position];
        // What befalls messages is decided when they are sent.
        let strikes = matches!(FAULTS[position].way, Way::Strikes { .. });
        if strikes && self.faults.has(position) && interval != u64::MAX {
            let at = now_us + self.fault_draws.between(interval / 2, interval * 2);
            self.appoint(at, Due::Strike(position));
        }
    }

    /// What the appointment means now; `None` if it has lapsed.
    fn keep(&mut self, stage: &Stage, now_us: u64, due: Due) -> Option<Event> {
        match due {
            Due::Arrive(number) => self.arrive(stage, now_us, number),
            Due::ArriveAgain(number) => {
                let same = |flight: &crate::world::stage::Flight| flight.number == number;
                stage.delivered.iter().position(same).map(Event::Duplicate)
            }
            Due::Lose(number) => flight(stage, number).map(Event::Drop),
            Due::Timer(node, timer, set_at) => self.ring(stage, now_us, (node, timer, set_at)),
            Due::Sync(node) if stage.syncable(node) => Some(Event::Plain(Action::Sync(node))),
            Due::Sync(node) => {
                if !stage.host(node).queue.is_empty() {
                    self.appoint(now_us + RETRY_US, Due::Sync(node));
                }
                None
            }
            Due::Client => {
                let (low, high) = self.rates.client_us;
                let at = now_us + self.latency.between(low, high);
                self.appoint(at, Due::Client);
                self.workload.next(stage).map(Event::Plain)
            }
            Due::Strike(position) => {
                self.appoint_strike(now_us, position);
                if FAULTS[position].repair().is_some() {
                    let after = self.fault_draws.log_uniform(20_000, 3_000_000);
                    self.appoint(now_us + after, Due::Repair(position));
                }
                self.propose(stage, FAULTS[position].strike()?.1)
            }
            Due::Repair(position) => self.propose(stage, FAULTS[position].repair()?.propose),
        }
    }

    fn arrive(&mut self, stage: &Stage, now_us: u64, number: u64) -> Option<Event> {
        let slot = flight(stage, number)?;
        let flight = &stage.flights[slot];
        if !stage.host(flight.to).up || !stage.reaches(flight.from, flight.to) {
            return Some(Event::Drop(slot));
        }
        if !stage.listens(flight.to) {
            self.appoint(now_us + RETRY_US, Due::Arrive(number));
            return None;
        }
        Some(Event::Deliver(slot))
    }

    fn ring(
        &mut self,
        stage: &Stage,
        now_us: u64,
        (node, timer, set_at): (NodeId, Timer, u64),
    ) -> Option<Event> {
        if stage.host(node).timers[timer] != Some(set_at) {
            return None;
        }
        if !stage.listens(node) {
            self.appoint(now_us + RETRY_US, Due::Timer(node, timer, set_at));
            return None;
        }
        Some(Event::Plain(Action::Timeout { node, timer }))
    }

    fn propose(&mut self, stage: &Stage, how: Propose) -> Option<Event> {
        how(stage, &mut self.fault_draws, &mut self.proposed);
        self.planned.extend(self.proposed.drain(..));
        self.planned.pop_front()
    }
}

impl Scheduler for Storm {
    fn next(&mut self, stage: &Stage) -> Option<(u64, Event)> {
        if self.began {
            self.read_news(stage);
        } else {
            self.begin(stage);
        }
        for _ in 0..LAPSED_MAX {
            if let Some(event) = self.planned.pop_front() {
                return Some((stage.now_us, event));
            }
            let Reverse((at_us, _, due)) = self.calendar.pop()?;
            if let Some(event) = self.keep(stage, at_us, due) {
                return Some((at_us, event));
            }
        }
        None
    }

    fn knobs(&self) -> Vec<(String, String)> {
        let rates = &self.rates;
        let range = |(low, high): (u64, u64)| format!("{low} to {high} us");
        let one_in =
            |n: u64| if n == u64::MAX { "never".to_owned() } else { format!("one in {n}") };
        let mut knobs = vec![
            ("latency".to_owned(), range(rates.latency_us)),
            ("sync".to_owned(), range(rates.sync_us)),
            ("between writes".to_owned(), range(rates.client_us)),
            ("slow messages".to_owned(), one_in(rates.slow_link_one_in)),
            ("lost messages".to_owned(), one_in(rates.drop_one_in)),
            ("duplicates".to_owned(), one_in(rates.duplicate_one_in)),
            ("early election timers".to_owned(), one_in(rates.early_timer_one_in)),
            ("late election timers".to_owned(), one_in(rates.late_timer_one_in)),
        ];
        for (fault, &interval) in FAULTS.iter().zip(&rates.fault_us) {
            if interval != u64::MAX && matches!(fault.way, Way::Strikes { .. }) {
                knobs.push((format!("between {}", fault.name), format!("about {interval} us")));
            }
        }
        knobs
    }
}

fn flight(stage: &Stage, number: u64) -> Option<usize> {
    stage.flights.iter().position(|flight| flight.number == number)
}

/// One clock for each node of the largest cluster.
const _: () = assert!(NODES_MAX <= 32);
