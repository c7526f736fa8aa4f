//! Outside the model: a node with amnesia votes again in terms in which it has voted. Off unless
//! asked for, and then a violation is expected.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Keep};
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "wipe",
    family: Family::Disk,
    summary: "a node comes back with an empty disk under its old name",
    promise: Promise::Nothing,
    brings: &["crash", "wipe", "restart"],
    way: Way::Strikes {
        weight: 4,
        strike,
        repair: Some(Repair { weight: 60, propose: super::crash::restart }),
    },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let node = NodeId::at(draws.position(stage.hosts.len()));
    if stage.host(node).up {
        events.push(Event::Plain(Action::Crash(node, Keep(0))));
    }
    events.push(Event::Plain(Action::Wipe(node)));
}
