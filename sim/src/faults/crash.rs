//! Power loss of one machine.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Keep};
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "crash",
    family: Family::Process,
    summary: "a node loses power; of its unsynced writes a prefix survives",
    promise: Promise::Safety,
    brings: &["crash", "restart"],
    way: Way::Strikes { weight: 9, strike, repair: Some(Repair { weight: 100, propose: restart }) },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let node = NodeId::at(draws.position(stage.hosts.len()));
    if stage.host(node).up {
        events.push(power_loss(stage, draws, node));
        // The nastiest crashes are over before anyone has noticed.
        if draws.one_in(3) {
            events.push(Event::Plain(Action::Restart(node)));
        }
    }
}

/// The node crashes; a random prefix of its unsynced writes survives.
pub(super) fn power_loss(stage: &Stage, draws: &mut Draws, node: NodeId) -> Event {
    let keep = draws.between(0, stage.host(node).queue.len() as u64) as u16;
    Event::Plain(Action::Crash(node, Keep(keep)))
}

/// Starts a node that is down.
pub(super) fn restart(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let down: Vec<NodeId> = stage.nodes().filter(|&node| !stage.host(node).up).collect();
    if !down.is_empty() {
        events.push(Event::Plain(Action::Restart(down[draws.position(down.len())])));
    }
}
