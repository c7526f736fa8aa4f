//! Everything unkind that can happen, one file a fault, one line in [`FAULTS`].
//!
//! A fault strikes through the world: it proposes events and never reaches into a node. What it
//! breaks it can repair, so that runs go on.

mod blackout;
mod bridge;
mod crash;
mod cut;
mod delay;
mod drop;
mod duplicate;
mod early_timeout;
mod flap;
mod fsync_lies;
mod halves;
mod isolate;
mod isolate_leader;
mod jump;
mod overload;
mod pause;
mod reorder;
mod ring;
mod skew;
mod stall;
mod sync_error;
mod wipe;

use std::fmt;

use crate::draws::Draws;
use crate::world::Event;
use crate::world::stage::Stage;

/// All faults.
pub const FAULTS: &[Fault] = &[
    drop::FAULT,
    duplicate::FAULT,
    reorder::FAULT,
    delay::FAULT,
    overload::FAULT,
    cut::FAULT,
    halves::FAULT,
    isolate::FAULT,
    isolate_leader::FAULT,
    bridge::FAULT,
    ring::FAULT,
    flap::FAULT,
    crash::FAULT,
    blackout::FAULT,
    sync_error::FAULT,
    stall::FAULT,
    pause::FAULT,
    skew::FAULT,
    jump::FAULT,
    early_timeout::FAULT,
    fsync_lies::FAULT,
    wipe::FAULT,
];

/// One way in which the world is unkind.
#[derive(Copy, Clone, Debug)]
pub struct Fault {
    /// What `--without` calls it.
    pub name: &'static str,
    /// What it belongs to; `--without` takes families too.
    pub family: Family,
    /// One sentence for `raft-sim list faults`.
    pub summary: &'static str,
    /// What a Raft promises under it.
    pub promise: Promise,
    /// Verbs of the actions by which it shows and is repaired: where no fault that may strike brings a
    /// verb, no story has it.
    pub brings: &'static [&'static str],
    /// How it comes about.
    pub way: Way,
}

/// How a fault comes about. Weights are against 800 for a delivery.
#[derive(Copy, Clone, Debug)]
pub enum Way {
    /// At moments of its own it strikes the cluster.
    Strikes {
        /// How often.
        weight: u32,
        /// Proposes what to do; proposes nothing if there is nothing to break.
        strike: Propose,
        /// How it ends, if it does not end by itself.
        repair: Option<Repair>,
    },
    /// It befalls single messages: as they are sent, where a calendar says what becomes of each,
    /// and else at moments of its own.
    Befalls {
        /// What becomes of such a message.
        fate: Fate,
        /// How often, at moments of its own.
        weight: u32,
        /// Proposes a message; proposes nothing if there is none.
        strike: Propose,
    },
    /// It has no moment: it shapes how schedulers choose.
    Shapes(Shape),
}

/// What mends a fault.
#[derive(Copy, Clone, Debug)]
pub struct Repair {
    /// How often it is tried.
    pub weight: u32,
    /// Proposes how to mend; proposes nothing if nothing is broken.
    pub propose: Propose,
}

/// What becomes of a message that a fault befalls.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It never arrives.
    Lost,
    /// It arrives twice.
    Copied,
}

/// What a fault without a moment lets schedulers do.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Messages of one link overtake each other.
    Reorder,
    /// Messages stay on their way for long, where time is what decides.
    Delay,
    /// Election timers fire before their time, where time is what decides.
    EarlyTimeout,
    /// Few messages are on their way at once; others are evicted.
    Overload,
}

/// Puts the events of a fault into the list, to be performed one after the other.
pub type Propose = fn(&Stage, &mut Draws, &mut Vec<Event>);

/// What a fault hits.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Family {
    /// Messages and links.
    Network,
    /// Processes and machines.
    Process,
    /// Durable state.
    Disk,
    /// Clocks and timers.
    Time,
}

/// What a Raft promises under a fault.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Promise {
    /// Safety, and progress after it ends.
    Safety,
    /// Nothing: it is outside the fault model, and a violation is expected.
    Nothing,
}

impl Fault {
    /// What it does at a moment of its own, and how often; `None` if it has no moment.
    pub const fn strike(&self) -> Option<(u32, Propose)> {
        match self.way {
            Way::Strikes { weight, strike, .. } | Way::Befalls { weight, strike, .. } => {
                Some((weight, strike))
            }
            Way::Shapes(_) => None,
        }
    }

    /// What mends it.
    pub const fn repair(&self) -> Option<Repair> {
        match self.way {
            Way::Strikes { repair, .. } => repair,
            Way::Befalls { .. } | Way::Shapes(_) => None,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Family::Network => "network",
            Family::Process => "process",
            Family::Disk => "disk",
            Family::Time => "time",
        })
    }
}

/// Faults that may strike, each once, in the order of [`FAULTS`]; after them those that are not
/// listed there.
#[derive(Clone, Default, Debug)]
pub struct FaultSet(Vec<&'static Fault>);

impl FaultSet {
    /// All, those outside the fault model included.
    pub fn all() -> Self {
        FAULTS.iter().collect()
    }

    /// All under which a Raft promises safety.
    pub fn in_model() -> Self {
        FAULTS.iter().filter(|fault| fault.promise == Promise::Safety).collect()
    }

    /// Faults with this name, or of the family with this name; `None` if there is no such thing.
    pub fn named(name: &str) -> Option<Self> {
        let is_named = |fault: &&Fault| fault.name == name || fault.family.to_string() == name;
        let set: FaultSet = FAULTS.iter().filter(is_named).collect();
        (!set.0.is_empty()).then_some(set)
    }

    /// Whether the fault is in the set.
    pub fn has(&self, fault: &Fault) -> bool {
        self.0.iter().any(|it| it.name == fault.name)
    }

    /// Whether a fault is in both sets.
    pub fn meets(&self, other: &FaultSet) -> bool {
        other.iter().any(|fault| self.has(fault))
    }

    /// Whether schedulers may do this.
    pub fn allow(&self, shape: Shape) -> bool {
        self.iter().any(|fault| matches!(fault.way, Way::Shapes(it) if it == shape))
    }

    /// Whether this may become of messages.
    pub fn deal(&self, fate: Fate) -> bool {
        self.iter().any(|fault| matches!(fault.way, Way::Befalls { fate: it, .. } if it == fate))
    }

    /// Verbs of all actions by which they show and are repaired.
    pub fn bring(&self) -> impl Iterator<Item = &'static str> {
        self.iter().flat_map(|fault| fault.brings.iter().copied())
    }

    /// In this and not in the other.
    #[must_use]
    pub fn without(self, other: &FaultSet) -> Self {
        self.0.into_iter().filter(|fault| !other.has(fault)).collect()
    }

    /// In either.
    #[must_use]
    pub fn with(self, other: FaultSet) -> Self {
        self.0.into_iter().chain(other.0).collect()
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &'static Fault> {
        self.0.iter().copied()
    }

    /// As few words as name exactly these: a family of which all are here is one.
    pub fn words(&self) -> String {
        let word = |fault: &'static Fault| {
            let family = fault.family.to_string();
            let is_whole =
                FAULTS.iter().filter(|it| it.family == fault.family).all(|it| self.has(it));
            if is_whole { family } else { fault.name.to_owned() }
        };
        let mut words: Vec<String> = self.iter().map(word).collect();
        words.sort_unstable();
        words.dedup();
        words.join(",")
    }

    /// Their names, in the same order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.iter().map(|fault| fault.name)
    }
}

impl FromIterator<&'static Fault> for FaultSet {
    fn from_iter<I: IntoIterator<Item = &'static Fault>>(faults: I) -> Self {
        let place = |fault: &&Fault| FAULTS.iter().position(|it| it.name == fault.name);
        let mut faults: Vec<&'static Fault> = faults.into_iter().collect();
        faults.sort_by_key(|fault| (place(fault).unwrap_or(FAULTS.len()), fault.name));
        faults.dedup_by_key(|fault| fault.name);
        FaultSet(faults)
    }
}
