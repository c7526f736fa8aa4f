//! The list of all invariants, in the order in which reports show them.

use crate::invariant::Invariant;
use crate::judges;

/// All invariants.
pub fn catalogue() -> &'static [&'static Invariant] {
    CATALOGUE
}

static CATALOGUE: &[&Invariant] = &[
    &judges::election_safety::INVARIANT,
    &judges::log_matching::INVARIANT,
    &judges::state_machine_safety::INVARIANT,
    &judges::no_panic::INVARIANT,
];
