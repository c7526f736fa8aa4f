//! Reordering: without it each link is first in, first out. Schedulers ask for it when they choose a
//! message, see `schedule::pick`.

use super::{Family, Fault, Promise, Shape, Way};

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "reorder",
    family: Family::Network,
    summary: "messages of one link overtake each other",
    promise: Promise::Safety,
    brings: &[],
    way: Way::Shapes(Shape::Reorder),
};
