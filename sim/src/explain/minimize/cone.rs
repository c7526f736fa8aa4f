//! One cheap try at the start: keep only what can have led to the violation.

use super::Search;
use crate::language::action::{Action, Scope};
use crate::language::script::Script;
use crate::node::NodeSet;

/// Walks back from the last action and keeps what touches a node that matters; whoever sent a
/// message that matters, matters from there on back. Cuts and heals always do.
pub(super) fn keep_the_causal_cone(search: &mut Search<'_>) {
    let Some(last) = search.best.actions.last() else { return };
    let mut cone = last.nodes();
    let mut kept: Vec<Action> = Vec::new();
    for action in search.best.actions.iter().rev() {
        if matters(action, cone) {
            cone = NodeSet(cone.0 | action.nodes().0);
            kept.push(*action);
        }
    }
    kept.reverse();
    let candidate = Script { actions: kept, ..search.best.without_actions() };
    search.attempt(&candidate);
}

fn matters(action: &Action, cone: NodeSet) -> bool {
    match action.scope() {
        Scope::Node(_) | Scope::Message(_) => {
            action.place().is_some_and(|place| cone.contains(place))
        }
        Scope::Link(_) | Scope::Cluster => true,
    }
}
