//! Something was committed.

use super::{Sight, Witness};

/// See [`Witness::statement`].
pub const WITNESS: Witness = Witness {
    name: "EntryCommitted",
    statement: "An entry was committed.",
    required: true,
    needs_faults: &[],
    needs: |reveals| reveals.commit_index && reveals.log,
    seen: &[Sight::Committed(|_, _| true)],
};
