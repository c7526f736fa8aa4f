//! `Storm`: the virtual clock. Latencies, timers, disks and faults are drawn from the seed, and
//! the event that is due next happens next: discrete-event simulation in the narrow sense.
//!
//! Well-behaved timing hides bugs (its runs are heartbeats and steady replication), so what is
//! drawn is wide: latency scales, client intensity, timers that fire far too early or late.

mod calendar;
mod rates;

use calendar::Calendar;
use rates::{Chance, Rates};

use super::given::Given;
use super::{Policy, Scheduler, pick};
use crate::draws::{Draws, Purpose, Roots};
use crate::faults::{Fate, Shape, Way};
use crate::language::action::Action;
use crate::node::{NodeId, NodeSet, Timer};
use crate::schedule::trouble::Trouble;
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

/// A storm that is none, for people who look on: time as it is meant to go. It finds nothing, so no
/// campaign draws it.
pub(super) const KINDLY: Policy = Policy {
    name: "kindly",
    summary: "virtual time without trouble: short latencies, timers on time, clients that wait",
    share: 0,
    make: |given, roots| Box::new(Storm::with(Rates::kind(&given.faults), given, roots)),
};

/// Appointments that may lapse in a row before the run counts as over: nothing is left but clients
/// whom nobody hears.
const LAPSED_MAX: usize = 10_000;

/// What an appointment is for.
#[derive(Copy, Clone, Debug)]
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

/// A calendar of appointments.
pub struct Storm {
    rates: Rates,
    calendar: Calendar<Due>,
    latency: Draws,
    clients: Draws,
    timers: Vec<Draws>,
    disks: Draws,
    trouble: Trouble,
    /// Faults that befall messages, each with its rate.
    befalling: Vec<(Fate, Chance)>,
    slow_messages: Option<Chance>,
    early_timers: Option<Chance>,
    workload: Workload,
    /// By node: messages and timers that wait until it listens or is down.
    waiting: Vec<Vec<Due>>,
    /// Nodes for which something waits.
    awaited: NodeSet,
    /// Nodes whose disks have something to finish once they can.
    unsynced: NodeSet,
    began: bool,
}

impl Storm {
    /// The storm that the run was drawn.
    pub fn new(given: &Given, roots: &Roots) -> Self {
        let named = roots.named(Purpose::Configuration).within("storm");
        Storm::with(Rates::draw(&given.faults, named), given, roots)
    }

    fn with(rates: Rates, given: &Given, roots: &Roots) -> Self {
        let nodes = u64::from(given.cluster.nodes);
        let chances = || {
            given.faults.iter().enumerate().filter_map(|(position, fault)| {
                Some((fault.way, Chance { position, one_in: rates.faults[position]? }))
            })
        };
        let shaping =
            |shape| chances().find(|(way, _)| matches!(way, Way::Shapes(it) if *it == shape));
        let befalling = chances().filter_map(|(way, chance)| match way {
            Way::Befalls { fate, .. } => Some((fate, chance)),
            Way::Strikes { .. } | Way::Shapes(_) => None,
        });
        Storm {
            befalling: befalling.collect(),
            slow_messages: shaping(Shape::Delay).map(|(_, chance)| chance),
            early_timers: shaping(Shape::EarlyTimeout).map(|(_, chance)| chance),
            calendar: Calendar::default(),
            latency: roots.draws(Purpose::Latency, 0),
            clients: roots.draws(Purpose::Workload, 1),
            timers: (0..nodes).map(|node| roots.draws(Purpose::Timers, node)).collect(),
            disks: roots.draws(Purpose::Disk, 0),
            trouble: Trouble::new(&given.faults, roots),
            workload: Workload::new(given.clients, roots),
            waiting: (0..nodes).map(|_| Vec::new()).collect(),
            awaited: NodeSet::EMPTY,
            unsynced: NodeSet::EMPTY,
            began: false,
            rates,
        }
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
            if !stage.host(node).queue.is_empty() {
                self.write_queued(stage, node);
            }
        }
        let mut numbers: Vec<u64> = stage.flights.iter().map(|flight| flight.number).collect();
        numbers.sort_unstable();
        for number in numbers {
            self.message_sent(stage, number);
        }
        self.calendar.appoint(stage.now_us, Due::Client);
        for position in 0..self.rates.faults.len() {
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
                News::Sent(number, ..) => self.message_sent(stage, number),
                News::Gone(..) => {}
                News::WriteQueued(node) => self.write_queued(stage, node),
            }
        }
    }

    /// What waits for nothing any more happens now.
    fn end_waits(&mut self, stage: &Stage) {
        for node in self.awaited.iter().filter(|&node| !must_wait(stage, node)) {
            self.awaited.remove(node);
            for due in std::mem::take(&mut self.waiting[node.slot()]) {
                self.calendar.appoint(stage.now_us, due);
            }
        }
        for node in self.unsynced.iter() {
            if stage.syncable(node) {
                self.calendar.appoint(stage.now_us, Due::Sync(node));
            }
            if stage.syncable(node) || stage.host(node).queue.is_empty() {
                self.unsynced.remove(node);
            }
        }
    }

    fn wait(&mut self, node: NodeId, due: Due) {
        self.awaited.insert(node);
        self.waiting[node.slot()].push(due);
    }

    fn set_timer(&mut self, stage: &Stage, node: NodeId, timer: Timer) {
        let shortest = timer.shortest_us();
        let length = match timer {
            Timer::Heartbeat => shortest,
            Timer::Election => {
                let draws = &mut self.timers[node.slot()];
                let usual = draws.between(shortest, 2 * shortest);
                let late = draws.one_in(self.rates.late_timer_one_in);
                let length = if late { usual * draws.between(2, 5) } else { usual };
                let early = self.early_timers.filter(|early| early.comes(&mut self.trouble));
                early.map_or(length, |early| {
                    self.trouble.draws(early.position).log_uniform(1_000, shortest)
                })
            }
        };
        let set_at = stage.host(node).timers[timer].unwrap_or(stage.now_us);
        let due = set_at + length * 100 / stage.host(node).clock_percent;
        self.calendar.appoint(due, Due::Timer(node, timer, set_at));
    }

    fn message_sent(&mut self, stage: &Stage, number: u64) {
        let (low, high) = self.rates.latency_us;
        let mut latency = self.latency.between(low, high);
        if let Some(slow) = self.slow_messages.filter(|slow| slow.comes(&mut self.trouble)) {
            latency *= self.trouble.draws(slow.position).log_uniform(4, 256);
        }
        let arrival = stage.now_us + latency;
        let mut is_lost = false;
        for position in 0..self.befalling.len() {
            let (fate, chance) = self.befalling[position];
            if chance.comes(&mut self.trouble) {
                match fate {
                    Fate::Lost => is_lost = true,
                    Fate::Copied => {
                        let later = self.trouble.draws(chance.position).log_uniform(1, 1_000_000);
                        self.calendar.appoint(arrival + later, Due::ArriveAgain(number));
                    }
                }
            }
        }
        if is_lost {
            self.calendar.appoint(stage.now_us, Due::Lose(number));
        } else {
            self.calendar.appoint(arrival, Due::Arrive(number));
        }
    }

    fn write_queued(&mut self, stage: &Stage, node: NodeId) {
        let (low, high) = self.rates.sync_us;
        let at = stage.now_us + self.disks.between(low, high);
        self.calendar.appoint(at, Due::Sync(node));
    }

    /// When the fault at this position strikes next, if it strikes in this run.
    fn appoint_strike(&mut self, now_us: u64, position: usize) {
        let way = self.trouble.fault(position).way;
        if let (Way::Strikes { .. }, Some(interval)) = (way, self.rates.faults[position]) {
            let after = self.trouble.draws(position).between(interval / 2, interval * 2);
            self.calendar.appoint(now_us + after, Due::Strike(position));
        }
    }

    /// What the appointment means now; `None` if it has lapsed.
    fn keep(&mut self, stage: &Stage, now_us: u64, due: Due) -> Option<Event> {
        match due {
            Due::Arrive(number) => self.arrive(stage, number),
            Due::ArriveAgain(number) => {
                let same = |flight: &crate::world::stage::Flight| flight.number == number;
                stage.delivered.iter().position(same).map(Event::Duplicate)
            }
            Due::Lose(number) => pick::flight(stage, number).map(Event::Drop),
            Due::Timer(node, timer, set_at) => self.ring(stage, node, timer, set_at),
            Due::Sync(node) if stage.syncable(node) => Some(Event::Plain(Action::Sync(node))),
            Due::Sync(node) => {
                self.unsynced.insert(node);
                None
            }
            Due::Client => {
                let (low, high) = self.rates.client_us;
                let at = now_us + self.clients.between(low, high);
                let request = self.workload.next(stage);
                if !self.workload.is_over() {
                    self.calendar.appoint(at, Due::Client);
                }
                request.map(Event::Plain)
            }
            Due::Strike(position) => {
                self.appoint_strike(now_us, position);
                if self.trouble.fault(position).repair().is_some() {
                    let after = self.trouble.draws(position).log_uniform(20_000, 3_000_000);
                    self.calendar.appoint(now_us + after, Due::Repair(position));
                }
                self.trouble.strike(position, stage)
            }
            Due::Repair(position) => self.trouble.repair(position, stage),
        }
    }

    fn arrive(&mut self, stage: &Stage, number: u64) -> Option<Event> {
        let slot = pick::flight(stage, number)?;
        let flight = &stage.flights[slot];
        if !stage.host(flight.to).up || !stage.reaches(flight.from, flight.to) {
            return Some(Event::Drop(slot));
        }
        if must_wait(stage, flight.to) {
            self.wait(flight.to, Due::Arrive(number));
            return None;
        }
        Some(Event::Deliver(slot))
    }

    fn ring(&mut self, stage: &Stage, node: NodeId, timer: Timer, set_at: u64) -> Option<Event> {
        if stage.host(node).timers[timer] != Some(set_at) {
            return None;
        }
        if must_wait(stage, node) {
            self.wait(node, Due::Timer(node, timer, set_at));
            return None;
        }
        Some(Event::Plain(Action::Timeout(node, timer)))
    }
}

impl Scheduler for Storm {
    fn next(&mut self, stage: &Stage) -> Option<(u64, Event)> {
        if self.began {
            self.read_news(stage);
        } else {
            self.begin(stage);
        }
        self.end_waits(stage);
        for _ in 0..LAPSED_MAX {
            if let Some(event) = self.trouble.go_on() {
                return Some((stage.now_us, event));
            }
            let (at_us, due) = self.calendar.pop()?;
            if let Some(event) = self.keep(stage, at_us, due) {
                return Some((at_us, event));
            }
        }
        None
    }

    fn knobs(&self) -> Vec<(String, String)> {
        self.rates.knobs(&self.trouble)
    }
}

/// Whether what is for this node has to wait: it runs and takes nothing in.
fn must_wait(stage: &Stage, node: NodeId) -> bool {
    stage.host(node).up && !stage.listens(node)
}
