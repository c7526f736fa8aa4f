//! A ring: every node sees a majority of three, no two see the same one.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Groups};
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "ring",
    family: Family::Network,
    summary: "each node reaches only its two neighbours",
    promise: Promise::Safety,
    brings: &["partition", "heal"],
    way: Way::Strikes {
        weight: 2,
        strike,
        repair: Some(Repair { weight: 25, propose: super::halves::heal }),
    },
};

fn strike(stage: &Stage, _: &mut Draws, events: &mut Vec<Event>) {
    let count = stage.hosts.len();
    if count < 4 {
        return;
    }
    let mut groups = Groups::default();
    for slot in 0..count {
        groups.0[slot].insert(NodeId::at(slot));
        groups.0[slot].insert(NodeId::at((slot + 1) % count));
    }
    events.push(Event::Plain(Action::Partition(groups)));
}
