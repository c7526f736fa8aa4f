//! Power loss of the whole cluster: nothing is left but what is durable.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "blackout",
    family: Family::Process,
    summary: "all nodes lose power at once",
    promise: Promise::Safety,
    brings: &["crash", "restart"],
    way: Way::Strikes {
        weight: 1,
        strike,
        repair: Some(Repair { weight: 60, propose: super::crash::restart }),
    },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    for node in stage.nodes().filter(|&node| stage.host(node).up) {
        events.push(super::crash::power_loss(stage, draws, node));
    }
}
