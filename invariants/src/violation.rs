//! A broken promise, with its evidence.

use std::fmt;

use crate::evidence::Evidence;
use crate::fact::{NodeId, OutOfModel};
use crate::invariant::Invariant;

/// The first time that an invariant did not hold in a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// What was broken.
    pub invariant: &'static Invariant,
    /// Who was acting.
    pub node: Option<NodeId>,
    /// What was seen.
    pub evidence: Evidence,
    /// Where in the guest's code, for panics.
    pub place: Option<String>,
    /// A fault outside the model that came before: safety was no longer promised.
    pub expected: Option<OutOfModel>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant.name, self.evidence)
    }
}
