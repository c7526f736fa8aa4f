//! How schedulers choose one thing among many of a kind.

use crate::draws::Draws;
use crate::node::{NodeId, Role, Timer};
use crate::world::Event;
use crate::world::stage::{Flight, Stage};

/// How often a random guess may miss before a category counts as empty.
const GUESSES: usize = 6;

/// A message that can arrive. Without `reorder`, the oldest of its link.
pub(super) fn delivery(stage: &Stage, draws: &mut Draws, reorder: bool) -> Option<Event> {
    if stage.flights.is_empty() {
        return None;
    }
    let guess = (0..GUESSES)
        .map(|_| draws.position(stage.flights.len()))
        .find(|&slot| stage.deliverable(&stage.flights[slot]))?;
    let slot = if reorder { guess } else { oldest_of_link(stage, &stage.flights[guess]) };
    Some(Event::Deliver(slot))
}

fn oldest_of_link(stage: &Stage, of: &Flight) -> usize {
    let same_link = |flight: &&Flight| flight.from == of.from && flight.to == of.to;
    let oldest = stage.flights.iter().filter(same_link).map(|flight| flight.number).min();
    let is_oldest = |flight: &Flight| Some(flight.number) == oldest;
    stage.flights.iter().position(is_oldest).expect("the link has a message")
}

/// An election timer of a node that does not lead.
pub(super) fn election(stage: &Stage, draws: &mut Draws) -> Option<NodeId> {
    (0..GUESSES).map(|_| node(stage, draws)).find(|&node| {
        stage.timer_may_fire(node, Timer::Election)
            && stage.host(node).view.role != Some(Role::Leader)
    })
}

/// A heartbeat timer of a node that leads.
pub(super) fn heartbeat(stage: &Stage, draws: &mut Draws) -> Option<NodeId> {
    let first = draws.position(stage.hosts.len());
    stage.nodes().cycle().skip(first).take(stage.hosts.len()).find(|&node| {
        stage.timer_may_fire(node, Timer::Heartbeat)
            && stage.host(node).view.role.is_none_or(|role| role == Role::Leader)
    })
}

/// A disk that has something to write.
pub(super) fn sync(stage: &Stage, draws: &mut Draws) -> Option<NodeId> {
    let first = draws.position(stage.hosts.len());
    stage.nodes().cycle().skip(first).take(stage.hosts.len()).find(|&node| stage.syncable(node))
}

/// Any node.
pub(super) fn node(stage: &Stage, draws: &mut Draws) -> NodeId {
    NodeId::at(draws.position(stage.hosts.len()))
}
