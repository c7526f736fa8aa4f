//! The normal form: the first actor is `n1`, the next `n2`; neighbours that commute are sorted.
//! Its hash names the bucket, so that one bug found twice is one bug.

use raft_invariants::Selection;

use super::Search;
use crate::language::action::{Action, Scope};
use crate::language::hash::Hasher;
use crate::language::script::Script;
use crate::node::{NODES_MAX, NodeId};
use crate::run::{Class, Replay};
use crate::search::target::Target;

/// Renames nodes in the order in which they act, then sorts commuting neighbours.
pub(super) fn normalize(search: &mut Search<'_>) {
    let renamed = by_appearance(&search.best);
    keep_if_it_fails(search, &renamed);
    for _ in 0..search.best.actions.len() {
        let Some(position) = out_of_order(&search.best) else { return };
        let mut candidate = search.best.clone();
        candidate.actions.swap(position, position + 1);
        if !keep_if_it_fails(search, &candidate) {
            return;
        }
    }
}

/// A normal form is no shorter; it only has to fail the same way with the same length.
fn keep_if_it_fails(search: &mut Search<'_>, candidate: &Script) -> bool {
    if *candidate == search.best || search.is_spent() {
        return false;
    }
    match search.fails(candidate) {
        Some(effective) if effective.actions.len() <= search.best.actions.len() => {
            search.best = effective;
            true
        }
        _ => false,
    }
}

fn by_appearance(script: &Script) -> Script {
    let count = usize::from(script.cluster.nodes);
    let mut order: Vec<NodeId> = Vec::new();
    for action in &script.actions {
        for node in actors(action).into_iter().flatten() {
            if !order.contains(&node) {
                order.push(node);
            }
        }
    }
    order.extend(NodeId::all(count).filter(|node| !order.contains(node)).collect::<Vec<_>>());
    let mut names = [NodeId(1); NODES_MAX];
    for (slot, node) in order.iter().enumerate() {
        names[node.slot()] = NodeId::at(slot);
    }
    let actions = script.actions.iter().map(|action| action.renamed(&names)).collect();
    Script { cluster: script.cluster, actions, calm: script.calm.map(|core| core.renamed(&names)) }
}

/// The nodes of an action in the order in which it names them; none if it is everyone's.
fn actors(action: &Action) -> [Option<NodeId>; 2] {
    match action.scope() {
        Scope::Node(node) => [Some(node), None],
        Scope::Message(message) => [Some(message.from), Some(message.to)],
        Scope::Link(link) => [Some(link.from), Some(link.to)],
        Scope::Cluster => [None, None],
    }
}

/// The first pair of neighbours at different nodes that stands the wrong way round and whose order
/// does not matter: the later one does not wait for what the earlier one sends.
fn out_of_order(script: &Script) -> Option<usize> {
    script.actions.windows(2).position(|pair| {
        let [Some(first), Some(second)] = [pair[0].place(), pair[1].place()] else { return false };
        let waits = match pair[1].scope() {
            Scope::Message(message) => message.from == first,
            Scope::Node(_) | Scope::Link(_) | Scope::Cluster => false,
        };
        second < first && !waits
    })
}

/// A script as it is saved: signatures only where a line would mean something else without.
pub fn as_saved(script: &Script, target: &dyn Target, selection: &Selection) -> Script {
    let exact = script;
    let saved = |script: &Script| {
        let strict = Replay { stop: true, ..Replay::SAVED };
        target.replay(script, selection, strict)
    };
    let (wanted, _) = saved(exact);
    let same = |script: &Script| {
        let (run, skipped) = saved(script);
        skipped.is_empty() && run.hash == wanted.hash && run.actions == wanted.actions
    };
    let mut script = exact.clone();
    script.actions.iter_mut().for_each(|action| *action = action.unsigned());
    if same(&script) {
        return script;
    }
    let mut script = exact.clone();
    for position in 0..script.actions.len() {
        let exact = script.actions[position];
        script.actions[position] = exact.unsigned();
        if !same(&script) {
            script.actions[position] = exact;
        }
    }
    script
}

/// Names a failure: target, class and what is done in the normal form, without contents.
pub fn bucket(target: &str, class: &Class, script: &Script) -> u64 {
    let mut hasher = Hasher::new();
    hasher.add_str(target).add_str(class.invariant);
    hasher.add_str(class.place.as_deref().unwrap_or(""));
    for action in &script.actions {
        hasher.add_str(&action.unsigned().to_string());
    }
    hasher.finish()
}
