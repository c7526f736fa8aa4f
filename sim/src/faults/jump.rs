//! A clock that leaps: running timers are due that much sooner.

use super::{Family, Fault, Promise, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Milliseconds};
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "jump",
    family: Family::Time,
    summary: "a clock leaps forward",
    promise: Promise::Safety,
    brings: &["jump"],
    way: Way::Strikes { weight: 2, strike, repair: None },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let node = NodeId::at(draws.position(stage.hosts.len()));
    let ms = draws.log_uniform(1, 10_000) as u32;
    events.push(Event::Plain(Action::Jump(node, Milliseconds(ms))));
}
