//! Actions as numbers, for trace hashes and for remembering what was tried.

use super::{Action, Pattern};
use crate::language::hash::Hasher;
use crate::node::NodeId;

impl Action {
    /// Adds the action to a hash. A message with a signature is its signature.
    pub fn hash_into(&self, hasher: &mut Hasher) {
        let node = |node: NodeId| u64::from(node.0);
        match *self {
            Action::Timeout { node: n, timer } => hasher.add(1 << 32 | node(n) << 8 | timer as u64),
            Action::Deliver(pattern) => message(hasher, 2, pattern),
            Action::Duplicate(pattern) => message(hasher, 3, pattern),
            Action::Drop(pattern) => message(hasher, 4, pattern),
            Action::Sync(n) => hasher.add(5 << 32 | node(n)),
            Action::Fail { node: n, keep } => hasher.add(6 << 32 | u64::from(keep) << 8 | node(n)),
            Action::Crash { node: n, keep } => hasher.add(7 << 32 | u64::from(keep) << 8 | node(n)),
            Action::Restart(n) => hasher.add(8 << 32 | node(n)),
            Action::Lose { node: n, writes } => {
                hasher.add(9 << 32 | u64::from(writes) << 8 | node(n))
            }
            Action::Wipe(n) => hasher.add(10 << 32 | node(n)),
            Action::Cut { from, to } => hasher.add(11 << 32 | node(from) << 8 | node(to)),
            Action::Mend { from, to } => hasher.add(12 << 32 | node(from) << 8 | node(to)),
            Action::Partition(groups) => {
                hasher.add(13 << 32);
                groups.0.iter().fold(hasher, |hasher, group| hasher.add(u64::from(group.0)))
            }
            Action::Heal => hasher.add(14 << 32),
            Action::Pause(n) => hasher.add(15 << 32 | node(n)),
            Action::Resume(n) => hasher.add(16 << 32 | node(n)),
            Action::Stall(n) => hasher.add(17 << 32 | node(n)),
            Action::Unstall(n) => hasher.add(18 << 32 | node(n)),
            Action::Skew { node: n, percent } => {
                hasher.add(19 << 32 | u64::from(percent.cast_unsigned()) << 8 | node(n))
            }
            Action::Jump { node: n, ms } => hasher.add(20 << 32 | node(n)).add(u64::from(ms)),
            Action::Write { node: n, key, value } => {
                hasher.add(21 << 32 | u64::from(key) << 8 | node(n)).add(u64::from(value))
            }
        };
    }
}

fn message(hasher: &mut Hasher, verb: u64, pattern: Pattern) -> &mut Hasher {
    hasher.add(verb << 32 | u64::from(pattern.from.0) << 8 | u64::from(pattern.to.0));
    match pattern.signature {
        Some(signature) => hasher.add(u64::from(signature)),
        None => hasher.add_str(pattern.kind).add_str(pattern.outcome.unwrap_or("")),
    }
}
