//! Clock rate: from half speed to double speed. Elections and logs must not care.

use super::{Family, Fault, Promise, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Percent};
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "skew",
    family: Family::Time,
    summary: "a clock runs fast or slow",
    promise: Promise::Safety,
    brings: &["skew"],
    way: Way::Strikes { weight: 2, strike, repair: None },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let node = NodeId::at(draws.position(stage.hosts.len()));
    let percent = draws.between(0, 150) as i16 - 50;
    events.push(Event::Plain(Action::Skew(node, Percent(percent))));
}
