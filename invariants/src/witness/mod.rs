//! What a campaign must have seen to mean anything: a run without an election proves nothing.

pub mod acknowledged_write;
pub mod both_sides_active;
pub mod commit_across_terms;
pub mod duplicate_delivered;
pub mod entry_committed;
pub mod leader_change_with_uncommitted_tail;
pub mod leader_crashed;
pub mod leader_elected;
pub mod log_truncated;
pub mod refused_write;
pub mod restart_lost_unsynced_writes;
pub mod split_vote;
pub mod two_leaders_at_once;

use std::fmt;

pub use crate::bench::Sight;
pub use crate::reveals::Need;

/// Something interesting and legal that may happen in a run.
pub struct Witness {
    /// A past moment: `LeaderElected`.
    pub name: &'static str,
    /// One sentence.
    pub statement: &'static str,
    /// Whether a campaign that never saw it is worthless.
    pub required: bool,
    /// Nodes of the smallest cluster in which it can be seen.
    pub nodes_min: u8,
    /// Faults or families of faults of which one is needed for it to be seen; if none is named,
    /// none is needed.
    pub needs_faults: &'static [&'static str],
    /// What must be seen of a guest for it to show.
    pub needs: &'static [Need],
    /// When it is seen.
    pub seen: &'static [Sight],
}

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// All witnesses; a witness's place in this list is its bit in [`Witnesses`].
pub fn list() -> &'static [&'static Witness] {
    WITNESSES
}

static WITNESSES: &[&Witness] = &[
    &leader_elected::WITNESS,
    &entry_committed::WITNESS,
    &split_vote::WITNESS,
    &leader_change_with_uncommitted_tail::WITNESS,
    &log_truncated::WITNESS,
    &commit_across_terms::WITNESS,
    &duplicate_delivered::WITNESS,
    &restart_lost_unsynced_writes::WITNESS,
    &both_sides_active::WITNESS,
    &two_leaders_at_once::WITNESS,
    &leader_crashed::WITNESS,
    &acknowledged_write::WITNESS,
    &refused_write::WITNESS,
];

/// There is a bit for each.
const _: () = assert!(WITNESSES.len() <= u64::BITS as usize);

/// A set of witnesses, as bits by their place in [`list`].
#[derive(Copy, Clone, PartialEq, Eq, Default, Hash)]
pub struct Witnesses(pub u64);

impl Witnesses {
    /// None of them.
    pub const NONE: Witnesses = Witnesses(0);

    /// Whether the witness with this place in the list is in the set.
    pub const fn contains(self, number: usize) -> bool {
        self.0 & (1 << number) != 0
    }

    /// Whether the witness of this name is in the set.
    pub fn saw(self, name: &str) -> bool {
        self.iter().any(|witness| witness.name == name)
    }

    /// Those of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Witnesses(self.0 | other.0)
    }

    /// The witnesses in the set, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = &'static Witness> {
        self.numbers().map(|number| list()[number])
    }

    pub(crate) fn numbers(self) -> impl Iterator<Item = usize> {
        (0..list().len()).filter(move |&number| self.contains(number))
    }

    pub(crate) const fn insert(&mut self, number: usize) {
        self.0 |= 1 << number;
    }
}

impl fmt::Debug for Witnesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
