//! Outside the model: Raft promises nothing to whom the disk lies. Off unless asked for, and then a
//! violation is expected.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Keep, Writes};
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "fsync-lies",
    family: Family::Disk,
    summary: "a disk loses writes that it had acknowledged",
    promise: Promise::Nothing,
    brings: &["crash", "lose", "restart"],
    way: Way::Strikes {
        weight: 6,
        strike,
        repair: Some(Repair { weight: 60, propose: super::crash::restart }),
    },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let node = NodeId::at(draws.position(stage.hosts.len()));
    if stage.host(node).up {
        events.push(Event::Plain(Action::Crash(node, Keep(0))));
    }
    let writes = draws.between(1, 4) as u16;
    events.push(Event::Plain(Action::Lose(node, Writes(writes))));
}
