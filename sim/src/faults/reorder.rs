//! Reordering: without it each link is first in, first out. Schedulers ask for it when they choose a
//! message, see `schedule::pick`.

use super::{Family, Fault, Model};

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "reorder",
    family: Family::Network,
    summary: "messages of one link overtake each other",
    model: Model::CrashRecovery,
    weight: 0,
    strike: None,
    repair_weight: 0,
    repair: None,
};
