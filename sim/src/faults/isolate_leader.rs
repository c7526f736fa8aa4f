//! The most telling node to isolate: its tail stays uncommitted while another leads.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "isolate-leader",
    family: Family::Network,
    summary: "the leader is cut off from all others",
    promise: Promise::Safety,
    brings: &["partition", "heal"],
    way: Way::Strikes {
        weight: 5,
        strike,
        repair: Some(Repair { weight: 25, propose: super::halves::heal }),
    },
};

fn strike(stage: &Stage, _: &mut Draws, events: &mut Vec<Event>) {
    if let Some(leader) = stage.newest_leader() {
        events.push(super::isolate::alone(stage, leader));
    }
}
