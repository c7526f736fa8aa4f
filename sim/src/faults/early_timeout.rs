//! Premature election timeouts. `Storm` draws some timers far too short; schedulers that choose any
//! pending action let timers fire late and never early, and need no such fault.

use super::{Family, Fault, Promise, Shape, Way};

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "early-timeout",
    family: Family::Time,
    summary: "election timers fire long before their time, by a clock that runs wild",
    promise: Promise::Safety,
    brings: &[],
    way: Way::Shapes(Shape::EarlyTimeout),
};
