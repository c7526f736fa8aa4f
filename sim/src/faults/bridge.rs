//! A bridge: both sides have a majority in sight of one node, and not of each other.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Groups};
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "bridge",
    family: Family::Network,
    summary: "two sides that only one node still joins",
    promise: Promise::Safety,
    brings: &["partition", "heal"],
    way: Way::Strikes {
        weight: 3,
        strike,
        repair: Some(Repair { weight: 25, propose: super::halves::heal }),
    },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let count = stage.hosts.len();
    if count < 3 {
        return;
    }
    let bridge = NodeId::at(draws.position(count));
    let mut groups = Groups::default();
    for node in stage.nodes() {
        groups.0[draws.position(2)].insert(node);
    }
    groups.0[0].insert(bridge);
    groups.0[1].insert(bridge);
    events.push(Event::Plain(Action::Partition(groups)));
}
