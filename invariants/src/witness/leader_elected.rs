//! Somebody came to lead.

use super::{Sight, Witness};

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "LeaderElected",
    statement: "A leader was elected.",
    required: true,
    needs_faults: &[],
    needs: |reveals| reveals.term_and_role,
    seen: &[Sight::BecameLeader(|_, _| true)],
};
