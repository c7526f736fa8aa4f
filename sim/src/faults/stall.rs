//! A stalled disk: a leader may commit on the disks of others while its own does not move.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::Action;
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "stall",
    family: Family::Disk,
    summary: "a disk completes nothing for a while",
    promise: Promise::Safety,
    brings: &["stall", "unstall"],
    way: Way::Strikes { weight: 5, strike, repair: Some(Repair { weight: 40, propose: repair }) },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    if stage.has_queued_disks() {
        events.push(Event::Plain(Action::Stall(NodeId::at(draws.position(stage.hosts.len())))));
    }
}

fn repair(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let stalled: Vec<NodeId> = stage.nodes().filter(|&node| stage.host(node).stalled).collect();
    if !stalled.is_empty() {
        events.push(Event::Plain(Action::Unstall(stalled[draws.position(stalled.len())])));
    }
}
