//! How schedulers choose one thing among many of a kind.

use crate::draws::Draws;
use crate::node::{NodeId, Role, Timer};
use crate::world::stage::{Flight, Stage};

/// How often a random guess may miss before a category counts as empty.
const GUESSES: usize = 6;

/// A message that can arrive, by its slot.
pub(super) fn any_flight(stage: &Stage, draws: &mut Draws) -> Option<usize> {
    if stage.flights.is_empty() {
        return None;
    }
    (0..GUESSES)
        .map(|_| draws.position(stage.flights.len()))
        .find(|&slot| stage.deliverable(&stage.flights[slot]))
}

/// The message that has been longest on its way on this link, which has one.
pub(super) fn oldest_of_link(stage: &Stage, from: NodeId, to: NodeId) -> usize {
    let on_link = |(_, flight): &(usize, &Flight)| flight.from == from && flight.to == to;
    let oldest = stage.flights.iter().enumerate().filter(on_link);
    oldest.min_by_key(|(_, flight)| flight.number).expect("the link has a message").0
}

/// The slot of the message with this number; `None` if it is on its way no longer.
pub(super) fn flight(stage: &Stage, number: u64) -> Option<usize> {
    stage.flights.iter().position(|flight| flight.number == number)
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
