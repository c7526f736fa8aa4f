//! Flapping: the same link fails and recovers again and again, then another one.

use super::{Family, Fault, Promise, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Link};
use crate::node::NodeId;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "flap",
    family: Family::Network,
    summary: "one link goes up and down",
    promise: Promise::Safety,
    brings: &["cut", "mend"],
    way: Way::Strikes { weight: 4, strike, repair: None },
};

/// Messages sent in the cluster before another link begins to flap.
const MESSAGES_PER_LINK: u64 = 64;

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let count = stage.hosts.len() as u64;
    if count < 2 {
        return;
    }
    let epoch = stage.sent / MESSAGES_PER_LINK;
    let from = NodeId::at((epoch % count) as usize);
    let to = NodeId::at(((epoch + 1 + epoch / count % (count - 1)) % count) as usize);
    let (from, to) = if draws.one_in(2) { (from, to) } else { (to, from) };
    let action = if stage.reaches(from, to) {
        Action::Cut(Link { from, to })
    } else {
        Action::Mend(Link { from, to })
    };
    events.push(Event::Plain(action));
}
