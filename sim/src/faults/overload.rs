//! Capacity: how many messages may be on their way is drawn per run, and a random one is evicted
//! when a new one finds no place, so that overload explores too (not always the newest loses).

use super::{Family, Fault, Model};

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "overload",
    family: Family::Network,
    summary: "links hold few messages; a random one is evicted when they are full",
    model: Model::CrashRecovery,
    weight: 0,
    strike: None,
    repair_weight: 0,
    repair: None,
};
