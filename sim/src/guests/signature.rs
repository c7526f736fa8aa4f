//! How log entries go into a message's signature, the same for every guest of this crate.

use crate::language::hash::Hasher;
use crate::node::{Payload, Term};

/// Adds an entry.
pub(super) fn add_entry(hasher: &mut Hasher, term: Term, payload: Payload) {
    hasher.add(term);
    match payload {
        Payload::NoOp => hasher.add(0),
        Payload::Command(command) => hasher.add(1).add(command),
        Payload::Other(hash) => hasher.add(2).add(hash),
    };
}
