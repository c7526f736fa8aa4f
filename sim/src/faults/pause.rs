//! A pause (garbage collection, a stopped virtual machine): the inbox grows, the clock goes on.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::Action;
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "pause",
    family: Family::Time,
    summary: "a process executes nothing for a while",
    promise: Promise::Safety,
    brings: &["pause", "resume"],
    way: Way::Strikes { weight: 4, strike, repair: Some(Repair { weight: 40, propose: repair }) },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    events.push(Event::Plain(Action::Pause(NodeId::at(draws.position(stage.hosts.len())))));
}

fn repair(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let paused: Vec<NodeId> = stage.nodes().filter(|&node| stage.host(node).paused).collect();
    if !paused.is_empty() {
        events.push(Event::Plain(Action::Resume(paused[draws.position(paused.len())])));
    }
}
