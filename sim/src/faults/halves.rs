//! The split of the article: two sides, each whole in itself.

use super::{Family, Fault, Promise, Repair, Way};
use crate::draws::Draws;
use crate::language::action::{Action, Groups};
use crate::node::NodeSet;
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const FAULT: Fault = Fault {
    name: "halves",
    family: Family::Network,
    summary: "the cluster splits into two sides",
    promise: Promise::Safety,
    brings: &["partition", "heal"],
    way: Way::Strikes { weight: 6, strike, repair: Some(Repair { weight: 25, propose: heal }) },
};

fn strike(stage: &Stage, draws: &mut Draws, events: &mut Vec<Event>) {
    let count = stage.hosts.len();
    if count < 2 {
        return;
    }
    // Every side from one node to all but one.
    let side = draws.between(1, (1 << count) - 2) as u16;
    let other = NodeSet::first(count).0 & !side;
    let mut groups = Groups::default();
    groups.0[0] = NodeSet(side);
    groups.0[1] = NodeSet(other);
    events.push(Event::Plain(Action::Partition(groups)));
}

/// Joins the network again.
pub(super) fn heal(stage: &Stage, _: &mut Draws, events: &mut Vec<Event>) {
    if stage.is_cut() {
        events.push(Event::Plain(Action::Heal));
    }
}
