//! One-way and symmetric cuts of a single link.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Link};
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "cut",
    family: Family::Network,
    summary: "one direction of a link stops carrying messages",
    promise: Promise::Safety,
    brings: &["cut", "mend"],
    way: Way::Strikes { weight: 6, strike, repair: Some(Repair { weight: 20, propose: repair }) },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let count = stage.hosts.len();
    let from = NodeId::at(draws.position(count));
    let to = NodeId::at(draws.position(count));
    events.push(Event::Plain(Action::Cut(Link { from, to })));
    // A symmetric cut is two one-way cuts.
    if draws.one_in(2) {
        events.push(Event::Plain(Action::Cut(Link { from: to, to: from })));
    }
}

/// Mends one cut direction, whoever cut it.
fn repair(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let count = stage.hosts.len();
    let from = NodeId::at(draws.position(count));
    let to = NodeId::at(draws.position(count));
    if !stage.reaches(from, to) {
        events.push(Event::Plain(Action::Mend(Link { from, to })));
    }
}
