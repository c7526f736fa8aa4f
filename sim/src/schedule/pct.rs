//! `Pct`: probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010), with links in the
//! place of threads.
//!
//! Every link has a random priority; the oldest message of the highest link that has one arrives.
//! At a few random moments the link that is just served falls below all others. A bug that needs
//! `d` deliveries in a certain order among `n` links shows itself in a run of `k` deliveries with a
//! probability of at least 1/(n k^(d-1)), however rare that order is by chance.

use super::given::Given;
use super::ranked::{Rank, Ranked};
use super::{Policy, walk};
use crate::draws::{Named, Purpose};
use crate::node::{NODES_MAX, NodeId};

/// See the head of this file.
pub(super) const POLICY: Policy = Policy {
    name: "pct",
    summary: "a walk that serves links by random priorities, with a few changes of them",
    share: 25,
    make: |given, roots| {
        let order = Pct::new(given, roots.named(Purpose::Configuration).within("pct"));
        let weights = walk::Weights::fixed(given);
        Box::new(walk::Walk::new(given, weights, Box::new(Ranked::new(order)), roots))
    },
};

/// Fewest and most changes of priority in a run: the paper's depth `d`, less one.
const CHANGES: (u64, u64) = (2, 5);

/// Priorities of links.
struct Pct {
    /// By slots of sender and addressee; a higher one is served first.
    priorities: [[u32; NODES_MAX]; NODES_MAX],
    /// Numbers of the deliveries after which the link just served falls, rising.
    changes: Vec<u64>,
    served: u64,
    /// The lowest priority in use.
    lowest: u32,
}

impl Pct {
    fn new(given: &Given, named: Named) -> Self {
        let mut draws = named.draws("priorities");
        let mut priorities = [[0; NODES_MAX]; NODES_MAX];
        // Random numbers order as well as a permutation does, but for ties, which go by age.
        for priority in priorities.as_flattened_mut() {
            *priority = draws.between(1 << 16, u64::from(u32::MAX)) as u32;
        }
        // About half of the actions of a run are deliveries.
        let deliveries = u64::from(given.steps / 2).max(1);
        let mut draws = named.draws("changes");
        let count = draws.between(CHANGES.0, CHANGES.1);
        let mut changes: Vec<u64> = (0..count).map(|_| draws.below(deliveries)).collect();
        changes.sort_unstable();
        Pct { priorities, changes, served: 0, lowest: 1 << 16 }
    }
}

impl Rank for Pct {
    fn rank(&self, _: u64, from: NodeId, to: NodeId) -> u64 {
        u64::from(self.priorities[from.slot()][to.slot()])
    }

    /// Counts a delivery on the link; it falls if its moment has come.
    fn arrives(&mut self, from: NodeId, to: NodeId) {
        if self.changes.contains(&self.served) {
            self.lowest -= 1;
            self.priorities[from.slot()][to.slot()] = self.lowest;
        }
        self.served += 1;
    }

    fn knobs(&self) -> Vec<(String, String)> {
        let moments: Vec<String> = self.changes.iter().map(u64::to_string).collect();
        vec![("priorities change at".to_owned(), moments.join(" "))]
    }
}
