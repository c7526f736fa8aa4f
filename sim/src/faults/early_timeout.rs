//! Premature election timeouts. `Storm` draws some timers far too short; schedulers that choose any
//! pending action let timers fire late and never early, and need no such fault.

use super::{Family, Fault, Model};

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "early-timeout",
    family: Family::Time,
    summary: "election timers fire long before their time, by a clock that runs wild",
    model: Model::CrashRecovery,
    weight: 0,
    strike: None,
    repair_weight: 0,
    repair: None,
};
