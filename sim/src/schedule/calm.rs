//! `Calm`: what happens once the faults are over, and nothing is left to chance.
//!
//! Everyone of the core restarts, clocks run true, links and disks heal. From then on a message
//! takes a few percent of the shortest election timeout, a sync one percent, each node has an
//! election timeout of its own, and a client goes on asking whoever leads. There is no random
//! number, so that a file that ends in calm needs no seed.
//!
//! Election timeouts do not change: a node that disturbs the others goes on doing so. Chance would
//! end that some time, and hide that nothing else does.
//!
//! What the others suffer goes on: who is down stays down, who is cut off stays cut off.

use std::collections::{BTreeMap, VecDeque};

use crate::language::action::Action;
use crate::language::field::{KeyValue, Link, Percent};
use crate::node::{Label, NODES_MAX, NodeId, NodeSet, Role, Term, Timer, Timers};
use crate::schedule::pick;
use crate::world::Event;
use crate::world::stage::{Flight, News, Stage};

/// The unit of time: the shortest election timeout.
const TIMEOUT_US: u64 = Timer::Election.shortest_us();
/// One percent of it: how long a disk takes, and how long whatever cannot happen yet waits.
const PERCENT_US: u64 = TIMEOUT_US / 100;
/// Writes that a new leader is asked for without much ado.
const WRITES: u32 = 4;
/// How long the client waits for a leader to commit by itself what it has found in its log.
const PATIENCE_US: u64 = 25 * TIMEOUT_US;
/// The request with which others come at once, so that several may be served in one step.
const BURST: u32 = 3;
/// How many those are, with the first.
const AT_ONCE: u32 = 4;
/// Time between those, and between the later ones, in which followers hear of the last commit, and
/// whoever hears of nothing else than writes stands.
const BETWEEN_WRITES_US: (u64, u64) = (TIMEOUT_US / 4, 2 * TIMEOUT_US);
/// The key that the client of a calm writes: `c`.
const KEY: u8 = 2;

/// An appointment.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Due {
    /// The message with this number arrives.
    Arrive(u64),
    /// A timer fires that was set this often.
    Fire(NodeId, Timer, u64),
    /// A disk finishes what it has.
    Sync(NodeId),
    /// The client speaks.
    Client,
}

/// A calendar without chance.
pub struct Calm {
    core: NodeSet,
    /// By time and order of appointment.
    calendar: BTreeMap<(u64, u64), Due>,
    appointments: u64,
    /// What happens before the next appointment.
    first: VecDeque<Action>,
    /// How often each node has set each timer, by slot.
    set: [Timers<u64>; NODES_MAX],
    messages: u64,
    /// Who led when the client looked last, and since when.
    leader: (Option<(NodeId, Term)>, u64),
    /// How often the client has asked that one.
    asked: u32,
    value: u32,
    /// Whether something has happened since the news were read.
    has_news: bool,
}

impl Calm {
    /// Begins now, for these nodes.
    pub fn new(core: NodeSet, stage: &Stage) -> Self {
        let mut calm = Calm {
            core,
            calendar: BTreeMap::new(),
            appointments: 0,
            first: VecDeque::new(),
            set: [Timers::default(); NODES_MAX],
            messages: 0,
            leader: (None, stage.now_us),
            asked: 0,
            value: 0,
            has_news: false,
        };
        calm.take_over(stage);
        calm.end_faults(stage);
        calm
    }

    /// What is under way goes on, by the calendar.
    fn take_over(&mut self, stage: &Stage) {
        for node in stage.nodes() {
            for timer in Timer::ALL {
                self.timer_set(stage, node, timer);
            }
            self.write_queued(stage, node);
        }
        // A script does not know which of two equal messages was sent first.
        let order = |flight: &&Flight| {
            let Label { kind, yes, signature, .. } = flight.label;
            (flight.from, flight.to, kind, yes, signature, flight.number)
        };
        let mut flights: Vec<&Flight> = stage.flights.iter().collect();
        flights.sort_unstable_by_key(order);
        for flight in flights {
            self.sent(stage, flight.number);
        }
        self.appoint(stage.now_us, Due::Client);
    }

    /// The faults of the core end, at once.
    fn end_faults(&mut self, stage: &Stage) {
        for node in self.core.iter() {
            let host = stage.host(node);
            let ends = [
                (host.paused, Action::Resume(node)),
                (host.stalled, Action::Unstall(node)),
                (host.clock_percent != 100, Action::Skew(node, Percent(0))),
                (!host.up, Action::Restart(node)),
            ];
            self.first.extend(ends.into_iter().filter(|(is_so, _)| *is_so).map(|(_, end)| end));
        }
        if self.core.len() == stage.hosts.len() {
            self.first.extend(stage.is_cut().then_some(Action::Heal));
            return;
        }
        for from in self.core.iter() {
            let deaf = self.core.iter().filter(|&to| !stage.reaches(from, to));
            self.first.extend(deaf.map(|to| Action::Mend(Link { from, to })));
        }
    }

    /// The next moment, and what happens in it; there may be nothing.
    pub fn next(&mut self, stage: &Stage) -> (u64, Option<Event>) {
        if std::mem::take(&mut self.has_news) {
            self.read_news(stage);
        }
        let (at_us, event) = if let Some(action) = self.first.pop_front() {
            (stage.now_us, Some(Event::Plain(action)))
        } else {
            let next = self.calendar.pop_first();
            let ((at_us, _), due) = next.expect("the client always comes again");
            (at_us, self.keep(stage, at_us, due))
        };
        self.has_news = event.is_some();
        (at_us, event)
    }

    fn read_news(&mut self, stage: &Stage) {
        for &news in &stage.news {
            match news {
                News::TimerSet(node, timer) | News::TimerMoved(node, timer) => {
                    self.timer_set(stage, node, timer);
                }
                News::Sent(number, ..) => self.sent(stage, number),
                News::WriteQueued(node) => self.write_queued(stage, node),
                News::Gone(..) => {}
            }
        }
    }

    fn appoint(&mut self, at_us: u64, due: Due) {
        self.appointments += 1;
        self.calendar.insert((at_us, self.appointments), due);
    }

    fn timer_set(&mut self, stage: &Stage, node: NodeId, timer: Timer) {
        let host = stage.host(node);
        if host.timers[timer].is_none() {
            return;
        }
        let count = &mut self.set[node.slot()][timer];
        *count += 1;
        let count = *count;
        let length = match timer {
            Timer::Election => election_us(node),
            Timer::Heartbeat => timer.shortest_us(),
        };
        let length = (length * 100).div_ceil(host.clock_percent);
        self.appoint(stage.now_us + length, Due::Fire(node, timer, count));
    }

    /// Messages take two to six percent, by their number, so that they overtake each other.
    fn sent(&mut self, stage: &Stage, number: u64) {
        self.messages += 1;
        let latency = PERCENT_US * (2 + self.messages * 3 % 5);
        self.appoint(stage.now_us + latency, Due::Arrive(number));
    }

    fn write_queued(&mut self, stage: &Stage, node: NodeId) {
        if !stage.host(node).queue.is_empty() {
            self.appoint(stage.now_us + PERCENT_US, Due::Sync(node));
        }
    }

    /// What the appointment means now; `None` if it has lapsed or is put off.
    fn keep(&mut self, stage: &Stage, at_us: u64, due: Due) -> Option<Event> {
        match due {
            Due::Arrive(number) => {
                let slot = pick::flight(stage, number)?;
                let flight = &stage.flights[slot];
                if stage.deliverable(flight) {
                    return Some(Event::Deliver(slot));
                }
                let host = stage.host(flight.to);
                if !host.up || host.paused || !stage.reaches(flight.from, flight.to) {
                    return Some(Event::Drop(slot));
                }
                self.appoint(at_us + PERCENT_US, due);
                None
            }
            Due::Fire(node, timer, count) => {
                let is_set = stage.host(node).timers[timer].is_some();
                if !is_set || count != self.set[node.slot()][timer] {
                    return None;
                }
                if stage.timer_may_fire(node, timer) {
                    return Some(Event::Plain(Action::Timeout(node, timer)));
                }
                self.appoint(at_us + PERCENT_US, due);
                None
            }
            Due::Sync(node) if stage.syncable(node) => Some(Event::Plain(Action::Sync(node))),
            Due::Sync(_) => None,
            Due::Client => self.ask(stage, at_us),
        }
    }

    /// The client asks everyone who believes to lead. A new leader it leaves alone until that has
    /// committed what it has, for as long as it is patient.
    fn ask(&mut self, stage: &Stage, at_us: u64) -> Option<Event> {
        let leads = |&node: &NodeId| {
            stage.host(node).view.role == Some(Role::Leader) && stage.listens(node)
        };
        let leaders: Vec<NodeId> = self.core.iter().filter(leads).collect();
        let term = |node| stage.host(node).view.current_term.unwrap_or(0);
        let newest = leaders.iter().map(|&node| (node, term(node))).max_by_key(|&(_, term)| term);
        if self.leader.0 != newest {
            (self.leader, self.asked) = ((newest, at_us), 0);
        }
        let (soon, later) = BETWEEN_WRITES_US;
        let is_patient = self.asked == 0 && at_us < self.leader.1 + PATIENCE_US;
        if is_patient && newest.is_none_or(|(node, _)| has_uncommitted(stage, node)) {
            self.appoint(at_us + soon / 2, Due::Client);
            return None;
        }
        self.asked += 1;
        self.appoint(at_us + if self.asked < WRITES { soon } else { later }, Due::Client);
        for _ in 0..if self.asked == BURST { AT_ONCE } else { 1 } {
            for &node in &leaders {
                self.value += 1;
                self.first.push_back(Action::Write(node, KeyValue { key: KEY, value: self.value }));
            }
        }
        self.first.pop_front().map(Event::Plain)
    }
}

/// Whether the node says that it has more than it has committed.
fn has_uncommitted(stage: &Stage, node: NodeId) -> bool {
    let view = &stage.host(node).view;
    let behind = view.commit_index.zip(view.last_log);
    behind.is_some_and(|(committed, last)| committed < last.index)
}

/// The election timeout of a node: between one and two of the shortest, and so far from those of
/// others that a vote arrives in between.
fn election_us(node: NodeId) -> u64 {
    TIMEOUT_US + TIMEOUT_US * node.slot() as u64 / NODES_MAX as u64
}

/// Why nobody has to make progress: this node outside the core is heard, and may depose every
/// leader or lead too slowly. Plain Raft promises nothing then.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Excuse {
    /// It does not hear everyone, or is not heard by everyone.
    HalfLinked(NodeId),
    /// Its disk is stalled or its clock is wrong.
    Slow(NodeId),
}

/// Who must make progress once the faults of these nodes are over: they, and whoever else is whole
/// and linked to all of them.
///
/// # Errors
/// The excuse, if somebody is heard who is neither.
pub fn sound(core: NodeSet, stage: &Stage) -> Result<NodeSet, Excuse> {
    let others = || stage.nodes().filter(|&node| !core.contains(node));
    let is_silent = |node: NodeId| {
        let host = stage.host(node);
        !host.up || host.paused || stage.nodes().all(|to| node == to || !stage.reaches(node, to))
    };
    let loud: NodeSet = others().filter(|&node| !is_silent(node)).collect();
    let sound: NodeSet = core.iter().chain(loud.iter()).collect();
    for node in loud.iter() {
        let host = stage.host(node);
        if host.stalled || host.clock_percent != 100 {
            return Err(Excuse::Slow(node));
        }
        if !sound.iter().all(|to| stage.reaches(node, to) && stage.reaches(to, node)) {
            return Err(Excuse::HalfLinked(node));
        }
    }
    Ok(sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_for_votes_arrives_before_the_next_timeout() {
        let lengths: Vec<u64> = NodeId::all(NODES_MAX).map(election_us).collect();
        assert!(lengths.iter().all(|us| (TIMEOUT_US..2 * TIMEOUT_US).contains(us)));
        let arrives_us = PERCENT_US * (1 + 6 + 1);
        assert!(lengths.windows(2).all(|pair| arrives_us < pair[1] - pair[0]), "{lengths:?}");
    }
}
