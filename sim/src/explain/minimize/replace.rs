//! The way out of a local optimum: put another action in the place of one, and see whether the
//! script can then be made shorter. Deletion alone leaves Figure 8 at its shortest in 3 of 100
//! runs; with this pass in about half of them.

use super::frame::Frame;
use super::{Search, cost, delete};
use crate::language::action::{Action, Keep, KeyValue, Pattern};
use crate::language::script::Script;
use crate::node::{Kind, NodeId, Timer};

/// Unsynced writes that survive a crash, at most: what all survive is hardly a fault.
const KEPT_MAX: u16 = 2;
/// Replacements are tried in scripts up to this length.
const LENGTH_MAX: usize = 40;

/// Replaces each action by each other one that a story might have there.
pub(super) fn replace_one(search: &mut Search<'_>) {
    if LENGTH_MAX < search.best.actions.len() {
        return;
    }
    let before = search.best.actions.len();
    let vocabulary = vocabulary(&search.best, search.target.kinds(), &search.frame);
    for position in (0..search.best.actions.len()).rev() {
        for &other in &vocabulary {
            if search.is_spent() {
                return;
            }
            let mut candidate = search.best.clone();
            candidate.actions[position] = other;
            if shortens(search, &candidate) {
                assert!(search.best.actions.len() < before, "a replacement made it shorter");
                return;
            }
        }
    }
}

/// Whether the candidate fails the same way and can then be made shorter than the best.
fn shortens(search: &mut Search<'_>, candidate: &Script) -> bool {
    if !search.tried.insert(super::fingerprint(candidate)) {
        return false;
    }
    let Some(effective) = search.fails(candidate) else { return false };
    if cost(&effective) < cost(&search.best) && effective.actions.len() < search.best.actions.len()
    {
        search.accept(effective);
        return true;
    }
    // Of the same length: it helps only if something has become superfluous.
    effective.actions.len() <= search.best.actions.len()
        && search.adopt_if_shorter(effective, delete::sweep_singles)
}

/// Actions worth trying: timers, deliveries and client requests of every node and link, crashes that
/// lose all or little, a pause in their place, restarts, whatever the script itself uses.
fn vocabulary(script: &Script, kinds: &[Kind], frame: &Frame) -> Vec<Action> {
    let nodes = || NodeId::all(usize::from(script.cluster.nodes));
    let mut words: Vec<Action> = Vec::new();
    for node in nodes() {
        words.extend(Timer::ALL.map(|timer| Action::Timeout(node, timer)));
        words.push(Action::Write(node, KeyValue { key: KeyValue::KEY_X, value: 1 }));
        words.extend((0..=KEPT_MAX).map(|kept| Action::Crash(node, Keep(kept))));
        words.push(Action::Pause(node));
        words.push(Action::Restart(node));
        words.push(Action::Sync(node));
        for to in nodes().filter(|&to| to != node) {
            for kind in kinds {
                words.push(Action::Deliver(any(node, to, kind)));
            }
        }
    }
    words.extend(script.actions.iter().copied());
    words.dedup();
    words.retain(|word| frame.allows(word));
    words
}

fn any(from: NodeId, to: NodeId, kind: &Kind) -> Pattern {
    Pattern { from, to, kind: kind.name, outcome: None, signature: None }
}
