//! What a healed cluster must achieve.
//!
//! Raft promises progress only once the faults are over and timing is kind (§5.6): a run that ends
//! in *calm* is judged by monitors. A monitor is hot while something that users wait for has not
//! happened, and cold when it has; one that stays hot for longer than its bound is violated. When
//! all are cold at once the calm has achieved what it must.
//!
//! Time is counted in the shortest election timeout. Bounds are far beyond what a correct Raft
//! needs (`BOUND`): the last word on a cluster that is slow is that it arrives.
//!
//! One file a monitor, one line in [`MONITORS`].

mod calm;
pub mod monitors;

use crate::evidence::{Evidence, Part, evidence};
use crate::fact::{Fact, NodeSet};
use crate::history::History;
use crate::invariant::Invariant;

pub use calm::{Calm, Millitimeouts};

/// How long a monitor may be hot, unless it says otherwise: fifty shortest election timeouts. The
/// slowest of a hundred thousand measured elections took six.
pub const BOUND: Millitimeouts = 50_000;

/// How long a calm may last in which monitors go on and off and are never all cold at once.
pub const LAST: Millitimeouts = 4 * BOUND;

/// Something that must come about.
pub struct Monitor {
    /// What it is called, and what it means.
    pub invariant: Invariant,
    /// How long it may stay hot without a break.
    pub bound: Millitimeouts,
    /// What has not come about yet; `None` while it is cold.
    pub heat: fn(&History, &Calm) -> Option<Evidence>,
}

/// All monitors. Where several have been hot for equally long, the first one is told.
pub static MONITORS: &[&Monitor] = &[
    &monitors::leader_emerges::MONITOR,
    &monitors::earlier_writes_committed::MONITOR,
    &monitors::writes_served::MONITOR,
    &monitors::operations_answered::MONITOR,
    &monitors::followers_catch_up::MONITOR,
    &monitors::commits_reach_all::MONITOR,
    &monitors::elections_cease::MONITOR,
    &monitors::terms_bounded::MONITOR,
    &monitors::messages_bounded::MONITOR,
];

/// How a calm stands.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Something has not come about yet.
    Waiting,
    /// Everything has: this many thousandths of a timeout after the calm began.
    Achieved(Millitimeouts),
    /// Something has not come about in time, or memory runs out meanwhile.
    Lost,
}

/// A calm and those who watch it. All monitors do: when a calm ends does not depend on who is asked
/// to judge it.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    calm: Calm,
    /// By position in [`MONITORS`].
    watch: Vec<Watch>,
    standing: Standing,
}

/// One monitor's watch.
#[derive(Clone, Debug)]
struct Watch {
    /// Whether it was asked to judge.
    sits: bool,
    /// Since when it has been hot.
    hot_since: Option<Millitimeouts>,
}

/// A monitor that was hot for too long.
pub(crate) struct Overdue {
    pub(crate) invariant: &'static Invariant,
    pub(crate) evidence: Evidence,
}

impl Progress {
    /// A calm among these nodes, judged by those monitors that sit.
    pub(crate) fn begin(
        core: NodeSet,
        history: &History,
        sits: impl Fn(&Invariant) -> bool,
    ) -> Self {
        let watch = |monitor: &&Monitor| Watch { sits: sits(&monitor.invariant), hot_since: None };
        Progress {
            calm: Calm::begin(core, history),
            watch: MONITORS.iter().map(watch).collect(),
            standing: Standing::Waiting,
        }
    }

    pub(crate) fn standing(&self) -> Standing {
        self.standing
    }

    /// Takes note of what happens in the calm.
    pub(crate) fn hear(&mut self, fact: &Fact<'_>, history: &History) {
        if matches!(fact, Fact::Exploded { .. }) {
            self.standing = Standing::Lost;
        }
        self.calm.hear(fact, history);
    }

    /// So much time has passed since the calm began: asks everyone. The hottest monitor is told, if
    /// it sits.
    pub(crate) fn wait(&mut self, now: Millitimeouts, history: &History) -> Option<Overdue> {
        self.calm.wait(now);
        if self.standing == Standing::Lost {
            return None;
        }
        let mut hottest: Option<(Millitimeouts, usize, Evidence)> = None;
        let mut is_cold = true;
        for (position, monitor) in MONITORS.iter().enumerate() {
            let hot_since = &mut self.watch[position].hot_since;
            let sees = history.reveals.meets(monitor.invariant.needs);
            let heat = if sees { (monitor.heat)(history, &self.calm) } else { None };
            let Some(evidence) = heat else {
                *hot_since = None;
                continue;
            };
            is_cold = false;
            let waited = now - *hot_since.get_or_insert(now);
            let is_hotter = hottest.as_ref().is_none_or(|(longest, ..)| *longest < waited);
            if (monitor.bound <= waited || LAST <= now) && is_hotter {
                hottest = Some((waited, position, evidence));
            }
        }
        if is_cold {
            self.standing = Standing::Achieved(now);
        }
        let (waited, position, evidence) = hottest?;
        self.standing = Standing::Lost;
        let times = waited / 1000;
        let since =
            evidence!("; so it has been for {} election timeouts of calm", Part::Number(times));
        let invariant = &MONITORS[position].invariant;
        self.watch[position].sits.then(|| Overdue {
            invariant,
            evidence: if times == 0 { evidence } else { evidence.then(since) },
        })
    }
}
