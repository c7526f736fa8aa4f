//! A failed fsync: what it covered may or may not be on the disk, and asking again does not tell
//! (the page cache forgets). So a node must stop, and believe only what it reads after a restart.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Keep};
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "sync-error",
    family: Family::Disk,
    summary: "a disk reports an error; the node must stop",
    promise: Promise::Safety,
    brings: &["fail", "restart"],
    way: Way::Strikes {
        weight: 4,
        strike,
        repair: Some(Repair { weight: 60, propose: super::crash::restart }),
    },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let node = NodeId::at(draws.position(stage.hosts.len()));
    if stage.syncable(node) {
        let keep = draws.between(0, stage.host(node).queue.len() as u64) as u16;
        events.push(Event::Plain(Action::Fail(node, Keep(keep))));
    }
}
