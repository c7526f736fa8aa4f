//! Delay: `Storm` stretches latencies now and then. Schedulers that choose any pending message
//! delay all others by nature.

use super::{Family, Fault, Model};

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "delay",
    family: Family::Network,
    summary: "some links are slow for a while",
    model: Model::CrashRecovery,
    weight: 0,
    strike: None,
    repair_weight: 0,
    repair: None,
};
