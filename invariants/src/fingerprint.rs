//! A hash that does not depend on who is called what: for search that takes clusters which differ
//! only in the names of their nodes for one.
//!
//! Whoever describes a state hands in numbers, and names of nodes as names. The fingerprint puts
//! other names in their place: two states have equal fingerprints under two namings if the first
//! becomes the second when its nodes swap names. Values are the same on every machine, but not
//! for ever: they are compared within one search and never kept.

use crate::fact::{NODES_MAX, NodeId, Payload};

/// By [`NodeId::slot`], what a node is called instead. Names need not differ.
pub type Names = [u8; NODES_MAX];

/// Every node is called by its own number.
pub const OWN_NAMES: Names = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const SEED: u64 = 0x243f_6a88_85a3_08d3;
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Collects what a state consists of; order matters, except within [`Fingerprint::each`].
#[derive(Copy, Clone, Debug)]
pub struct Fingerprint<'a> {
    names: &'a Names,
    hash: u64,
}

impl<'a> Fingerprint<'a> {
    /// Nothing collected yet.
    pub const fn new(names: &'a Names) -> Self {
        Fingerprint { names, hash: SEED }
    }

    /// Nothing collected yet, under the same names.
    #[must_use]
    pub const fn afresh(&self) -> Self {
        Fingerprint::new(self.names)
    }

    /// Adds a number.
    pub const fn add(&mut self, number: u64) -> &mut Self {
        // The 128-bit product, folded: every bit of the input reaches every bit of the hash.
        let product = ((self.hash ^ number) as u128).wrapping_mul(FACTOR as u128);
        self.hash = ((product >> 64) as u64 ^ product as u64).wrapping_add(SEED);
        self
    }

    /// Adds a node, by what it is called instead.
    pub const fn node(&mut self, node: NodeId) -> &mut Self {
        self.add(self.names[node.slot()] as u64)
    }

    /// Adds a node, or that there is none.
    pub const fn node_if_any(&mut self, node: Option<NodeId>) -> &mut Self {
        match node {
            Some(node) => self.node(node),
            None => self.add(0),
        }
    }

    /// Adds what a log entry carries.
    pub fn payload(&mut self, payload: Payload) -> &mut Self {
        for number in payload.numbers() {
            self.add(number);
        }
        self
    }

    /// Adds something for each of some nodes. The order in which they come does not count: only
    /// what is said of whom.
    pub fn each(
        &mut self,
        nodes: impl Iterator<Item = NodeId>,
        mut say: impl FnMut(&mut Fingerprint<'a>, NodeId),
    ) -> &mut Self {
        let mut sum = 0_u64;
        for node in nodes {
            let mut one = self.afresh();
            one.node(node);
            say(&mut one, node);
            sum = sum.wrapping_add(one.finish());
        }
        self.add(sum)
    }

    /// The hash of everything added.
    pub const fn finish(&self) -> u64 {
        let mut hash = self.hash;
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^ (hash >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who voted for whom.
    fn of(votes: &[(u8, u8)], names: &Names) -> u64 {
        let mut print = Fingerprint::new(names);
        let candidate = |voter: NodeId| {
            let vote = votes.iter().find(|vote| vote.0 == voter.0);
            NodeId(vote.expect("it is a voter").1)
        };
        print.each(votes.iter().map(|vote| NodeId(vote.0)), |print, voter| {
            print.node(candidate(voter));
        });
        print.finish()
    }

    #[test]
    fn swapped_names_make_no_difference() {
        let swapped: Names = [2, 1, 3, 4, 5, 6, 7, 8, 9];
        let (here, there) = ([(1, 2), (2, 2), (3, 1)], [(1, 1), (2, 1), (3, 2)]);
        assert_eq!(of(&here, &OWN_NAMES), of(&there, &swapped));
        assert_ne!(of(&here, &OWN_NAMES), of(&there, &OWN_NAMES));
    }

    #[test]
    fn who_said_what_makes_a_difference_and_in_which_order_none() {
        assert_eq!(of(&[(1, 2), (3, 1)], &OWN_NAMES), of(&[(3, 1), (1, 2)], &OWN_NAMES));
        assert_ne!(of(&[(1, 2), (3, 1)], &OWN_NAMES), of(&[(1, 1), (3, 2)], &OWN_NAMES));
    }

    #[test]
    fn numbers_count_in_their_order() {
        let of = |numbers: &[u64]| {
            let mut print = Fingerprint::new(&OWN_NAMES);
            for &number in numbers {
                print.add(number);
            }
            print.finish()
        };
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        assert_ne!(of(&[0]), of(&[0, 0]));
        assert_eq!(of(&[7, 8]), of(&[7, 8]));
    }
}
