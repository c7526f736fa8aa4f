//! Outside the model: a node with amnesia votes again in terms in which it has voted. Off unless
//! asked for, and then a violation is expected.

use super::{Family, Fault, Model};
use crate::draws::Draws;
use crate::language::action::Action;
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "wipe",
    family: Family::Disk,
    summary: "a node comes back with an empty disk under its old name",
    model: Model::OutOfModel,
    weight: 4,
    strike: Some(strike),
    repair_weight: 60,
    repair: Some(super::crash::restart),
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let node = NodeId::at(draws.position(stage.hosts.len()));
    if stage.host(node).up {
        events.push(Event::Plain(Action::Crash { node, keep: 0 }));
    }
    events.push(Event::Plain(Action::Wipe(node)));
}
