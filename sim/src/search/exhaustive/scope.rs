//! The scope of a search: how much may happen in it. What may happen next is listed from the
//! stage; everything that is listed is followed.
//!
//! A message that never arrives is lost, so losing needs no step of its own; and since messages
//! arrive in any order and timers fire late or never, neither do partitions, pauses and delays.

use raft_invariants::fact::NodeSet;

use crate::language::action::{Action, Keep, KeyValue};
use crate::language::script::{Cluster, DiskMode};
use crate::node::{Limits, NodeId, Role, Timer};
use crate::world::Event;
use crate::world::stage::{Flight, Stage};

/// The key that clients write, `x`; values count from 1.
const KEY: u8 = b'x' - b'a';

/// How much may happen. All of it is searched, nothing else is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct SmallScope {
    /// To whom.
    pub cluster: Cluster,
    /// Most actions in a row; `None` as long as anything can happen.
    pub depth: Option<u32>,
    /// How often each may happen.
    pub allowance: Allowance,
    /// Whether it is asked of every state if a calm that begins in it brings about what must come.
    pub calm: bool,
}

/// How often each may (still) happen. What is not named needs no permission: messages arrive,
/// queued writes become durable and nodes that are down restart as long as there are any.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Allowance {
    /// Election timeouts, of nodes that do not lead: bounds the terms.
    pub timeouts: u8,
    /// Heartbeats of leaders.
    pub heartbeats: u8,
    /// Commands of clients, to leaders: bounds the logs together with the terms.
    pub writes: u8,
    /// Crashes, each with every number of queued writes that may survive.
    pub crashes: u8,
    /// Messages that arrive once more.
    pub duplicates: u8,
    /// Disks that cannot write, each with every number of queued writes that may survive.
    pub fails: u8,
}

/// One step of a path: an event in two bytes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct StepCode(u16);

/// Kinds of steps, the upper bits of a [`StepCode`].
const DELIVER: u16 = 0;
const TIMEOUT: u16 = 1;
const HEARTBEAT: u16 = 2;
const WRITE: u16 = 3;
const SYNC: u16 = 4;
const RESTART: u16 = 5;
const CRASH: u16 = 6;
const DUPLICATE: u16 = 7;
const FAIL: u16 = 8;
/// Bits for what the step is about: a message's position, or a node and a number.
const BITS: u16 = 12;
const NODE_BITS: u16 = 4;

impl StepCode {
    /// A step about a message.
    const fn of(kind: u16, position: usize) -> StepCode {
        assert!(position < 1 << BITS, "there are fewer messages than that");
        StepCode(kind << BITS | position as u16)
    }

    /// A step of a node.
    fn at(kind: u16, node: NodeId, number: usize) -> StepCode {
        StepCode::of(kind, number << NODE_BITS | usize::from(node.0))
    }

    /// The first step, for those that have none.
    pub(super) const NONE: StepCode = StepCode(u16::MAX);

    const fn kind(self) -> u16 {
        self.0 >> BITS
    }

    const fn position(self) -> usize {
        (self.0 & ((1 << BITS) - 1)) as usize
    }

    const fn node(self) -> NodeId {
        NodeId((self.position() & ((1 << NODE_BITS) - 1)) as u8)
    }

    /// The event that it is; `left` says how many writes there were before.
    pub(super) fn event(self, scope: &SmallScope, left: Allowance) -> Event {
        let node = self.node();
        let number = self.position() >> NODE_BITS;
        Event::Plain(match self.kind() {
            DELIVER => return Event::Deliver(self.position()),
            DUPLICATE => return Event::Duplicate(self.position()),
            TIMEOUT => Action::Timeout(node, Timer::Election),
            HEARTBEAT => Action::Timeout(node, Timer::Heartbeat),
            WRITE => {
                let value = u32::from(scope.allowance.writes - left.writes) + 1;
                Action::Write(node, KeyValue { key: KEY, value })
            }
            SYNC => Action::Sync(node),
            RESTART => Action::Restart(node),
            CRASH => Action::Crash(node, Keep(number as u16)),
            FAIL => Action::Fail(node, Keep(number as u16)),
            kind => unreachable!("there is no step of kind {kind}"),
        })
    }

    /// The one node that it changes.
    pub(super) fn touches(self, stage: &Stage) -> NodeSet {
        let node = match self.kind() {
            DELIVER => stage.flights[self.position()].to,
            DUPLICATE => stage.delivered[self.position()].to,
            _ => self.node(),
        };
        NodeSet::from_iter([node])
    }

    /// Whether it takes a message off the way.
    pub(super) const fn is_delivery(self) -> bool {
        self.kind() == DELIVER
    }

    /// What is allowed after it.
    pub(super) const fn spend(self, mut left: Allowance) -> Allowance {
        match self.kind() {
            TIMEOUT => left.timeouts -= 1,
            HEARTBEAT => left.heartbeats -= 1,
            WRITE => left.writes -= 1,
            CRASH => left.crashes -= 1,
            DUPLICATE => left.duplicates -= 1,
            FAIL => left.fails -= 1,
            _ => {}
        }
        left
    }
}

/// Lists every step that may come next; of messages that say the same to the same node, one.
pub(super) fn steps(stage: &Stage, left: Allowance, steps: &mut Vec<StepCode>) {
    steps.clear();
    let flights = &stage.flights;
    for (slot, flight) in flights.iter().enumerate() {
        let is_first = flights[..slot].iter().all(|earlier| !is_same(earlier, flight));
        if is_first && stage.deliverable(flight) {
            steps.push(StepCode::of(DELIVER, slot));
        }
    }
    for node in stage.nodes() {
        let host = stage.host(node);
        let leads = host.up && host.view.role == Some(Role::Leader);
        let plain = |kind| StepCode::at(kind, node, 0);
        if 0 < left.timeouts && !leads && stage.timer_may_fire(node, Timer::Election) {
            steps.push(plain(TIMEOUT));
        }
        if 0 < left.heartbeats && leads && stage.timer_may_fire(node, Timer::Heartbeat) {
            steps.push(plain(HEARTBEAT));
        }
        if 0 < left.writes && leads && stage.listens(node) {
            steps.push(plain(WRITE));
        }
        if stage.has_queued_disks() && stage.syncable(node) {
            steps.push(plain(SYNC));
            if 0 < left.fails {
                steps.extend((0..=host.queue.len()).map(|keep| StepCode::at(FAIL, node, keep)));
            }
        }
        if !host.up {
            steps.push(plain(RESTART));
        } else if 0 < left.crashes {
            steps.extend((0..=host.queue.len()).map(|keep| StepCode::at(CRASH, node, keep)));
        }
    }
    if 0 < left.duplicates {
        for (slot, flight) in distinct(stage) {
            if stage.deliverable(flight) {
                steps.push(StepCode::of(DUPLICATE, slot));
            }
        }
    }
}

/// Messages that have arrived, with their positions; of those that say the same, the first.
pub(super) fn distinct(stage: &Stage) -> impl Iterator<Item = (usize, &Flight)> {
    let delivered = &stage.delivered;
    delivered.iter().enumerate().filter(|&(slot, flight)| {
        delivered.iter().take(slot).all(|earlier| !is_same(earlier, flight))
    })
}

fn is_same(one: &Flight, other: &Flight) -> bool {
    one.from == other.from && one.to == other.to && one.label == other.label
}

impl SmallScope {
    /// Three nodes with disks that write at once, of which nothing may happen yet.
    pub const THREE_NODES: SmallScope = SmallScope {
        cluster: Cluster {
            nodes: 3,
            limits: Limits { batch_entries_max: 1, window_messages_max: 1 },
            disk: DiskMode::Instant,
        },
        depth: None,
        allowance: Allowance {
            timeouts: 0,
            heartbeats: 0,
            writes: 0,
            crashes: 0,
            duplicates: 0,
            fails: 0,
        },
        calm: false,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_its_event() {
        let scope = SmallScope {
            allowance: Allowance { writes: 3, ..Allowance::default() },
            ..SmallScope::THREE_NODES
        };
        let left = Allowance { writes: 2, ..Allowance::default() };
        let check = |step: StepCode, event: Event| assert_eq!(step.event(&scope, left), event);
        let node = NodeId(9);
        check(StepCode::of(DELIVER, 4095), Event::Deliver(4095));
        check(StepCode::of(DUPLICATE, 63), Event::Duplicate(63));
        check(
            StepCode::at(WRITE, node, 0),
            Event::Plain(Action::Write(node, KeyValue { key: 23, value: 2 })),
        );
        check(StepCode::at(CRASH, node, 11), Event::Plain(Action::Crash(node, Keep(11))));
        check(StepCode::at(RESTART, node, 0), Event::Plain(Action::Restart(node)));
    }

    #[test]
    fn only_what_is_limited_is_spent() {
        let all = Allowance {
            timeouts: 1,
            heartbeats: 1,
            writes: 1,
            crashes: 1,
            duplicates: 1,
            fails: 1,
        };
        let after = |kind| StepCode::at(kind, NodeId(1), 0).spend(all);
        assert_eq!(after(DELIVER), all);
        assert_eq!(after(SYNC), all);
        assert_eq!(after(RESTART), all);
        assert_eq!(after(CRASH), Allowance { crashes: 0, ..all });
        assert_eq!(after(TIMEOUT), Allowance { timeouts: 0, ..all });
    }
}
