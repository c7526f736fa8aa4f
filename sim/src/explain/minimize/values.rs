//! Plainer actions: small values, one key, nothing that survives a crash by chance.

use super::Search;
use crate::language::action::Action;

/// How far an action is from the plainest of its verb; only its own kind compares.
pub(super) fn plainness(action: &Action) -> u64 {
    match *action {
        Action::Write { key, value, .. } => {
            u64::from(key.abs_diff(KEY_X)) * 1000 + u64::from(value)
        }
        Action::Crash { keep, .. } | Action::Fail { keep, .. } => u64::from(keep),
        Action::Lose { writes, .. } => u64::from(writes),
        Action::Jump { ms, .. } => u64::from(ms),
        Action::Skew { percent, .. } => u64::from(percent.unsigned_abs()),
        // A cut is plainer than a partition, a delivery than a duplicate.
        Action::Partition(_) | Action::Duplicate(_) => 1,
        _ => 0,
    }
}

/// Everyone's first key.
const KEY_X: u8 = b'x' - b'a';

/// Tries the plainest form of each action.
pub(super) fn simplify(search: &mut Search<'_>) {
    let mut writes = 0;
    for position in 0..search.best.actions.len() {
        let Some(&action) = search.best.actions.get(position) else { return };
        if let Action::Write { .. } = action {
            writes += 1;
        }
        for plain in plainer(action, writes).into_iter().flatten() {
            if search.is_spent() {
                return;
            }
            let mut candidate = search.best.clone();
            candidate.actions[position] = plain;
            if search.attempt(&candidate) {
                break;
            }
        }
    }
}

fn plainer(action: Action, writes: u32) -> [Option<Action>; 2] {
    match action {
        Action::Write { node, .. } => {
            [Some(Action::Write { node, key: KEY_X, value: writes }), None]
        }
        Action::Crash { node, keep } => [
            Some(Action::Crash { node, keep: 0 }),
            keep.checked_sub(1).map(|keep| Action::Crash { node, keep }),
        ],
        Action::Fail { node, keep } => [
            Some(Action::Fail { node, keep: 0 }),
            keep.checked_sub(1).map(|keep| Action::Fail { node, keep }),
        ],
        Action::Lose { node, .. } => [Some(Action::Lose { node, writes: 1 }), None],
        Action::Duplicate(pattern) => [Some(Action::Deliver(pattern)), None],
        _ => [None, None],
    }
}
