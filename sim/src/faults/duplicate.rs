//! Duplication: a network may deliver a message twice, also late and across restarts.

use super::{Family, Fate, Fault, Promise, Way};
use crate::draws::Draws;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "duplicate",
    family: Family::Network,
    summary: "a message that has arrived arrives again, also much later and after restarts",
    promise: Promise::Safety,
    brings: &["duplicate"],
    way: Way::Befalls { fate: Fate::Copied, weight: 60, strike },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    if stage.delivered.is_empty() {
        return;
    }
    // Half of all copies come at once, as a network makes them; the others come from long ago.
    let latest = stage.delivered.len() - 1;
    let slot = if draws.one_in(2) { latest } else { draws.position(latest + 1) };
    if stage.deliverable(&stage.delivered[slot]) {
        events.push(Event::Duplicate(slot));
    }
}
