//! The states that were seen, in about twenty bytes each: a set of 64-bit fingerprints, and a tree
//! that says of each state how it was reached first.
//!
//! Two states with the same fingerprint count as one. Among n states the chance that any two of
//! different kind share one is about n²/2^65: one in 3,700 for a hundred million. A violation that
//! is found is real all the same, since its story is run again.

use super::scope::Step;

/// Parts of the set, each grown on its own, so that growing never doubles all of it at once.
const SHARDS: usize = 256;
/// A part is full at 7/8.
const FULL: (usize, usize) = (7, 8);
/// Places of an empty part.
const PLACES: usize = 16;

/// A set of fingerprints.
pub(super) struct Seen {
    shards: Vec<Shard>,
}

#[derive(Clone)]
struct Shard {
    /// A power of two; 0 is a free place.
    places: Vec<u64>,
    count: usize,
}

impl Seen {
    pub(super) fn new() -> Self {
        Seen { shards: vec![Shard { places: vec![0; PLACES], count: 0 }; SHARDS] }
    }

    /// Adds a fingerprint; whether it is new.
    pub(super) fn insert(&mut self, fingerprint: u64) -> bool {
        // 0 marks free places; one state in 2^64 is taken for another one.
        let fingerprint = fingerprint.max(1);
        let shard = &mut self.shards[(fingerprint >> 56) as usize];
        let place = shard.place(fingerprint);
        if shard.places[place] == fingerprint {
            return false;
        }
        shard.places[place] = fingerprint;
        shard.count += 1;
        if shard.places.len() * FULL.0 <= shard.count * FULL.1 {
            shard.grow();
        }
        true
    }

    /// Bytes that it occupies.
    pub(super) fn bytes(&self) -> u64 {
        self.shards.iter().map(|shard| shard.places.capacity() as u64 * 8).sum()
    }
}

impl Shard {
    /// Where the fingerprint is, or would be.
    fn place(&self, fingerprint: u64) -> usize {
        let mask = self.places.len() - 1;
        let mut place = fingerprint as usize & mask;
        while self.places[place] != 0 && self.places[place] != fingerprint {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let places = vec![0; 2 * self.places.len()];
        for fingerprint in std::mem::replace(&mut self.places, places) {
            if fingerprint != 0 {
                let place = self.place(fingerprint);
                self.places[place] = fingerprint;
            }
        }
    }
}

/// How every state was reached first: from which one, by which step. The first state is 0; states
/// are in the order in which they were found, so children of one state stand together.
pub(super) struct Tree {
    parents: Vec<u32>,
    steps: Vec<Step>,
}

impl Tree {
    /// The first state.
    pub(super) fn new() -> Self {
        Tree { parents: vec![0], steps: vec![Step::NONE] }
    }

    pub(super) fn add(&mut self, parent: usize, step: Step) {
        self.parents.push(u32::try_from(parent).expect("the limit of states is below 2^32"));
        self.steps.push(step);
    }

    pub(super) fn len(&self) -> usize {
        self.parents.len()
    }

    pub(super) fn parent(&self, state: usize) -> usize {
        self.parents[state] as usize
    }

    pub(super) fn step(&self, state: usize) -> Step {
        self.steps[state]
    }

    /// Bytes that it occupies.
    pub(super) fn bytes(&self) -> u64 {
        (self.parents.capacity() * size_of::<u32>() + self.steps.capacity() * size_of::<Step>())
            as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::mix;

    #[test]
    fn what_was_seen_is_known_again() {
        let mut seen = Seen::new();
        assert!((0..100_000).all(|number| seen.insert(mix(number))));
        assert!((0..100_000).all(|number| !seen.insert(mix(number))));
        let per_state = seen.bytes() / 100_000;
        assert!((9..=20).contains(&per_state), "{per_state} bytes");
    }

    #[test]
    fn the_fingerprint_of_free_places_is_a_fingerprint_too() {
        let mut seen = Seen::new();
        assert!(seen.insert(0));
        assert!(!seen.insert(0));
    }
}
