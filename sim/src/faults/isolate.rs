//! A node alone.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Groups};
use crate::node::{NodeId, NodeSet};
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "isolate",
    family: Family::Network,
    summary: "one node is cut off from all others",
    promise: Promise::Safety,
    brings: &["partition", "heal"],
    way: Way::Strikes {
        weight: 5,
        strike,
        repair: Some(Repair { weight: 25, propose: super::halves::heal }),
    },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let node = NodeId::at(draws.position(stage.hosts.len()));
    events.push(alone(stage, node));
}

/// One node alone, all others together.
pub(super) fn alone(stage: &Stage, node: NodeId) -> Event {
    let mut groups = Groups::default();
    groups.0[0].insert(node);
    groups.0[1] = NodeSet::first(stage.hosts.len());
    groups.0[1].remove(node);
    Event::Plain(Action::Partition(groups))
}
