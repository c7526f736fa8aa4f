//! Capacity: how many messages may be on their way is drawn per run, and a random one is evicted
//! when a new one finds no place, so that overload explores too (not always the newest loses).

use super::{Family, Fault, Promise, Shape, Way};

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "overload",
    family: Family::Network,
    summary: "links hold few messages; a random one is evicted when they are full",
    promise: Promise::Safety,
    brings: &["drop"],
    way: Way::Shapes(Shape::Overload),
};
