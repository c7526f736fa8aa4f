//! A set of 64-bit hashes of states: who searches states asks it which ones are new.
//!
//! Two states with the same hash count as one. Among n states the chance that any two of different
//! kind share one is about n²/2^65: one in 3,700 for a hundred million. It has an order of its own
//! on no machine, since nobody can list it.

/// Parts of the set, each grown on its own, so that growing never doubles all of it at once.
const STRIPES: usize = 256;
/// A part is full at 7/8.
const FULL: (usize, usize) = (7, 8);
/// Places of an empty part.
const PLACES: usize = 16;

/// A set of hashes.
#[derive(Clone, Debug)]
pub struct Seen {
    stripes: Vec<Stripe>,
}

#[derive(Clone, Debug)]
struct Stripe {
    /// A power of two of them, open to the next free place; 0 is a free one.
    places: Vec<u64>,
    count: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Seen { stripes: vec![Stripe { places: vec![0; PLACES], count: 0 }; STRIPES] }
    }
}

impl Seen {
    /// Adds a hash; whether it is new.
    pub fn insert(&mut self, hash: u64) -> bool {
        // 0 marks free places; one state in 2^64 is taken for another one.
        let hash = hash.max(1);
        let stripe = &mut self.stripes[(hash >> 56) as usize];
        let place = stripe.place(hash);
        if stripe.places[place] == hash {
            return false;
        }
        stripe.places[place] = hash;
        stripe.count += 1;
        if stripe.places.len() * FULL.0 <= stripe.count * FULL.1 {
            stripe.grow();
        }
        true
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.stripes.iter().map(|stripe| stripe.count).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that it occupies: 9 to 20 for each hash.
    pub fn bytes(&self) -> u64 {
        self.stripes.iter().map(|stripe| stripe.places.capacity() as u64 * 8).sum()
    }
}

impl Stripe {
    /// Where the hash is, or would be.
    fn place(&self, hash: u64) -> usize {
        let mask = self.places.len() - 1;
        let mut place = hash as usize & mask;
        while self.places[place] != 0 && self.places[place] != hash {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let larger = vec![0; 2 * self.places.len()];
        for hash in std::mem::replace(&mut self.places, larger) {
            if hash != 0 {
                let place = self.place(hash);
                self.places[place] = hash;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::language::hash::mix;

    #[test]
    fn it_is_a_set_however_large_it_grows() {
        let (mut seen, mut set) = (Seen::default(), BTreeSet::new());
        assert!(seen.is_empty());
        for number in 0..20_000_u64 {
            // Many collide: their low bits are the same.
            let hash = mix(number % 7_001) << (number % 3 * 9);
            assert_eq!(seen.insert(hash), set.insert(hash.max(1)), "{number}");
            assert_eq!(seen.len(), set.len());
        }
        assert!(10_000 < seen.len());
    }

    #[test]
    fn a_state_takes_a_few_bytes() {
        let mut seen = Seen::default();
        assert!((0..100_000).all(|number| seen.insert(mix(number))));
        assert!((0..100_000).all(|number| !seen.insert(mix(number))));
        let per_state = seen.bytes() / 100_000;
        assert!((9..=20).contains(&per_state), "{per_state} bytes");
    }

    #[test]
    fn the_hash_of_free_places_is_a_hash_too() {
        let mut seen = Seen::default();
        assert!(seen.insert(0));
        assert!(!seen.insert(0));
    }
}
