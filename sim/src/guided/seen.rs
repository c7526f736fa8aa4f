//! Which abstract states were reached.

/// A set of hashes, open to the first free place: one look in most cases, and the same on every
/// machine, since nothing depends on the order of its places.
#[derive(Clone, Debug)]
pub struct Seen {
    /// A power of two of places, at least half of them free; a free one holds 0.
    places: Vec<u64>,
    len: usize,
}

/// Places of an empty set.
const PLACES: usize = 1 << 10;

impl Default for Seen {
    fn default() -> Self {
        Seen { places: vec![0; PLACES], len: 0 }
    }
}

impl Seen {
    /// How many there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a hash; false if it was there.
    pub fn insert(&mut self, hash: u64) -> bool {
        // 0 is a free place, and stands for itself and for 1.
        let hash = hash.max(1);
        if self.places.len() <= 2 * self.len {
            self.grow();
        }
        let place = self.place(hash);
        let is_new = self.places[place] == 0;
        self.places[place] = hash;
        self.len += usize::from(is_new);
        is_new
    }

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
    use crate::hash::mix;

    #[test]
    fn it_is_a_set_however_large_it_grows() {
        let (mut seen, mut set) = (Seen::default(), BTreeSet::new());
        for number in 0..20_000_u64 {
            // Many collide: their low bits are the same.
            let hash = mix(number % 7_001) << (number % 3 * 9);
            assert_eq!(seen.insert(hash), set.insert(hash.max(1)), "{number}");
            assert_eq!(seen.len(), set.len());
        }
        assert!(10_000 < seen.len());
        assert!(!seen.is_empty());
    }
}
