//! Delay: `Storm` stretches latencies now and then. Schedulers that choose any pending message
//! delay all others by nature.

use super::{Family, Fault, Promise, Shape, Way};

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "delay",
    family: Family::Network,
    summary: "some links are slow for a while",
    promise: Promise::Safety,
    brings: &[],
    way: Way::Shapes(Shape::Delay),
};
