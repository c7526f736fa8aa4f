//! Loss: a message on its way disappears.

use super::{Family, Fate, Fault, Promise, Way};
use crate::draws::Draws;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "drop",
    family: Family::Network,
    summary: "a message is lost",
    promise: Promise::Safety,
    brings: &["drop"],
    way: Way::Befalls { fate: Fate::Lost, weight: 40, strike },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    if !stage.flights.is_empty() {
        events.push(Event::Drop(draws.position(stage.flights.len())));
    }
}
