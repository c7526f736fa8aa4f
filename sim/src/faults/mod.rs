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

/// All faults. The position is a fault's bit in a [`FaultSet`].
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
    /// Whether a Raft promises safety under it.
    pub model: Model,
    /// How often it strikes, against 800 for a delivery.
    pub weight: u32,
    /// Proposes what to do; proposes nothing if there is nothing to break. `None` if the fault
    /// has no moment but shapes how schedulers choose.
    pub strike: Option<Propose>,
    /// How often it is repaired while broken, against 800 for a delivery.
    pub repair_weight: u32,
    /// Proposes how to mend what it broke.
    pub repair: Option<Propose>,
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
pub enum Model {
    /// Safety must hold, and progress after it ends.
    CrashRecovery,
    /// Nothing: a violation is expected.
    OutOfModel,
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

/// A set of faults, as bits.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct FaultSet(pub u32);

impl FaultSet {
    /// None.
    pub const NONE: FaultSet = FaultSet(0);

    /// All under which a Raft promises safety.
    pub fn in_model() -> Self {
        let bits =
            FAULTS.iter().enumerate().filter(|(_, fault)| fault.model == Model::CrashRecovery);
        FaultSet(bits.fold(0, |set, (bit, _)| set | 1 << bit))
    }

    /// Faults with this name, or of the family with this name; `None` if there is no such thing.
    pub fn named(name: &str) -> Option<Self> {
        let named = FAULTS
            .iter()
            .enumerate()
            .filter(|(_, fault)| fault.name == name || fault.family.to_string() == name);
        let set = FaultSet(named.fold(0, |set, (bit, _)| set | 1 << bit));
        (set != FaultSet::NONE).then_some(set)
    }

    /// Whether the fault at this position of [`FAULTS`] is in the set.
    pub const fn has(self, position: usize) -> bool {
        self.0 & (1 << position) != 0
    }

    /// Whether the fault with this name is in the set.
    pub fn contains(self, name: &str) -> bool {
        FaultSet::named(name).is_some_and(|named| self.0 & named.0 == named.0)
    }

    /// In both sets.
    #[must_use]
    pub const fn and(self, other: FaultSet) -> Self {
        FaultSet(self.0 & other.0)
    }

    /// In this and not in the other.
    #[must_use]
    pub const fn without(self, other: FaultSet) -> Self {
        FaultSet(self.0 & !other.0)
    }

    /// In either.
    #[must_use]
    pub const fn with(self, other: FaultSet) -> Self {
        FaultSet(self.0 | other.0)
    }

    /// Names, in the order of [`FAULTS`].
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        FAULTS
            .iter()
            .enumerate()
            .filter(move |&(bit, _)| self.has(bit))
            .map(|(_, fault)| fault.name)
    }
}
