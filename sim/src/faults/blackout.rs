//! Power loss of the whole cluster: nothing is left but what is durable.

use super::{Family, Fault, Model};
use crate::draws::Draws;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "blackout",
    family: Family::Process,
    summary: "all nodes lose power at once",
    model: Model::CrashRecovery,
    weight: 1,
    strike: Some(strike),
    repair_weight: 60,
    repair: Some(super::crash::restart),
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    for node in stage.nodes().filter(|&node| stage.host(node).up) {
        events.push(super::crash::power_loss(stage, draws, node));
    }
}
