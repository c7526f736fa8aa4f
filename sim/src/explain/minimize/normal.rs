//! The normal form: the first actor is `n1`, the next `n2`; neighbours that commute are sorted.
//! Its hash names the bucket, so that one bug found twice is one bug.

use raft_invariants::Selection;

use super::Search;
use crate::language::action::Action;
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
    Script { cluster: script.cluster, actions }
}

/// The nodes of an action in the order in which it names them.
fn actors(action: &Action) -> [Option<NodeId>; 2] {
    match action {
        Action::Deliver(pattern) | Action::Duplicate(pattern) | Action::Drop(pattern) => {
            [Some(pattern.from), Some(pattern.to)]
        }
        Action::Cut { from, to } | Action::Mend { from, to } => [Some(*from), Some(*to)],
        Action::Partition(_) | Action::Heal => [None, None],
        other => [other.nodes().iter().next(), None],
    }
}

/// The node whose state an action changes; `None` if it is the network's.
fn place(action: &Action) -> Option<NodeId> {
    match action {
        Action::Deliver(pattern) | Action::Duplicate(pattern) => Some(pattern.to),
        Action::Drop(_)
        | Action::Cut { .. }
        | Action::Mend { .. }
        | Action::Partition(_)
        | Action::Heal => None,
        other => other.nodes().iter().next(),
    }
}

/// The first pair of neighbours at different nodes that stands the wrong way round and whose order
/// does not matter: the later one does not wait for what the earlier one sends.
fn out_of_order(script: &Script) -> Option<usize> {
    script.actions.windows(2).position(|pair| {
        let (Some(first), Some(second)) = (place(&pair[0]), place(&pair[1])) else { return false };
        let waits = match &pair[1] {
            Action::Deliver(pattern) | Action::Duplicate(pattern) => pattern.from == first,
            _ => false,
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
    script.actions.iter_mut().for_each(forget_signature);
    if same(&script) {
        return script;
    }
    let mut script = exact.clone();
    for position in 0..script.actions.len() {
        let exact = script.actions[position];
        forget_signature(&mut script.actions[position]);
        if !same(&script) {
            script.actions[position] = exact;
        }
    }
    script
}

fn forget_signature(action: &mut Action) {
    if let Action::Deliver(pattern) | Action::Duplicate(pattern) | Action::Drop(pattern) = action {
        pattern.signature = None;
    }
}

/// Names a failure: target, class and what is done in the normal form, without contents.
pub fn bucket(target: &str, class: &Class, script: &Script) -> u64 {
    let mut hasher = Hasher::new();
    hasher.add_str(target).add_str(class.invariant);
    hasher.add_str(class.place.as_deref().unwrap_or(""));
    for action in &script.actions {
        let mut action = *action;
        forget_signature(&mut action);
        hasher.add_str(&action.to_string());
    }
    hasher.finish()
}
