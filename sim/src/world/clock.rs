//! The clock of each node: true time at a rate of its own, with leaps. Nodes hear of it only through
//! their timers, and timers fire late or on time by the node's own clock, never early.

use raft_invariants::fact::Fact;

use super::World;
use super::stage::News;
use crate::node::{Input, Node, NodeId, NodeSet, Timer};

/// How often judges hear that time passes in a calm: ten times in a shortest election timeout.
const MARK_US: u64 = Timer::Election.shortest_us() / 10;

impl<N: Node> World<N> {
    /// Moves the clock to the time at which a calendar has the next event due.
    pub fn advance_to(&mut self, now_us: u64) {
        if let Some(since_us) = self.audience.calm_since_us {
            let marks = |at_us: u64| (at_us - since_us) / MARK_US;
            for mark in marks(self.stage.now_us) + 1..=marks(now_us.max(self.stage.now_us)) {
                self.observe(&Fact::Waited { millitimeouts: 100 * mark });
            }
        }
        self.stage.now_us = self.stage.now_us.max(now_us);
    }

    /// The run is over, and its calm begins: from now on these nodes must make progress. What timers
    /// have waited so far is forgotten: a script does not know how long it was. Of a calm that nobody
    /// looks at no notes are taken.
    pub fn calm(&mut self, core: NodeSet, is_noted: bool) {
        let now_us = self.stage.now_us;
        self.audience.calm_since_us = Some(now_us);
        self.audience.is_calm_noted = is_noted;
        for host in &mut self.stage.hosts {
            for timer in Timer::ALL {
                host.timers[timer] = host.timers[timer].map(|_| now_us);
            }
        }
        self.observe(&Fact::Calmed { core });
    }

    /// A timer fires. It may be late, never early: true time moves on to when it is due.
    pub(super) fn fire(&mut self, node: NodeId, timer: Timer) {
        let host = self.stage.host_mut(node);
        let set_at = host.timers[timer].take().expect("only a running timer fires");
        let due = set_at + (timer.shortest_us() * 100).div_ceil(host.clock_percent);
        self.stage.now_us = self.stage.now_us.max(due);
        self.step(node, Input::Timeout(timer));
    }

    /// The node's clock runs at another rate. What its running timers have waited, they have waited:
    /// they count as set when a clock of the new rate would have been set to wait as long.
    pub(super) fn skew(&mut self, node: NodeId, percent: u64) {
        let old_percent = std::mem::replace(&mut self.stage.host_mut(node).clock_percent, percent);
        self.move_timers(node, |waited_us| waited_us * old_percent / percent);
    }

    /// The node's clock leaps: its running timers have waited that much longer.
    pub(super) fn jump(&mut self, node: NodeId, ms: u32) {
        let percent = self.stage.host(node).clock_percent;
        self.move_timers(node, |waited_us| waited_us + u64::from(ms) * 1000 * 100 / percent);
    }

    /// Running timers have waited otherwise than true time says. None is older than the world.
    fn move_timers(&mut self, node: NodeId, waited_us: impl Fn(u64) -> u64) {
        let now_us = self.stage.now_us;
        for timer in Timer::ALL {
            if let Some(set_at) = &mut self.stage.host_mut(node).timers[timer] {
                *set_at = now_us.saturating_sub(waited_us(now_us - *set_at));
                self.stage.news.push(News::TimerMoved(node, timer));
            }
        }
    }
}

/// How a clock runs that is `percent` fast (slow, if negative), in percent of true time.
pub(super) fn clock_percent(percent: i16) -> u64 {
    u64::try_from(100 + i32::from(percent)).unwrap_or(1).max(1)
}
