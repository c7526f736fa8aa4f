//! `Pct`: probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010), with links in the
//! place of threads.
//!
//! Every link has a random priority; the oldest message of the highest link that has one arrives.
//! At a few random moments the link that is just served falls below all others. A bug that needs
//! `d` deliveries in a certain order among `n` links shows itself in a run of `k` deliveries with a
//! probability of at least 1/(n k^(d-1)), however rare that order is by chance.

use super::given::Given;
use super::order::Order;
use super::{Policy, pick, walk};
use crate::draws::{Draws, Named, Purpose};
use crate::node::{NODES_MAX, NodeId};
use crate::schedule::inboxes::Inboxes;
use crate::world::stage::Stage;

/// See the head of this file.
pub(super) const POLICY: Policy = Policy {
    name: "pct",
    summary: "a walk that serves links by random priorities, with a few changes of them",
    share: 25,
    make: |given, roots| {
        let order = Pct::new(given, roots.named(Purpose::Configuration).within("pct"));
        let weights = walk::Weights::fixed(given);
        Box::new(walk::Walk::new(given, weights, Box::new(order), roots))
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
    inboxes: Inboxes,
}

impl Pct {
    fn new(given: &Given, named: Named) -> Self {
        let mut draws = named.draws("priorities");
        let mut priorities = [[0; NODES_MAX]; NODES_MAX];
        // Random numbers order as well as a permutation does, but for ties, which go by slot.
        for priority in priorities.as_flattened_mut() {
            *priority = draws.between(1 << 16, u64::from(u32::MAX)) as u32;
        }
        // About half of the actions of a run are deliveries.
        let deliveries = u64::from(given.steps / 2).max(1);
        let mut draws = named.draws("changes");
        let count = draws.between(CHANGES.0, CHANGES.1);
        let mut changes: Vec<u64> = (0..count).map(|_| draws.below(deliveries)).collect();
        changes.sort_unstable();
        Pct { priorities, changes, served: 0, lowest: 1 << 16, inboxes: Inboxes::default() }
    }

    const fn priority(&self, from: NodeId, to: NodeId) -> u32 {
        self.priorities[from.slot()][to.slot()]
    }

    /// Counts a delivery on the link; it falls if its moment has come.
    fn serve(&mut self, from: NodeId, to: NodeId) {
        if self.changes.contains(&self.served) {
            self.lowest -= 1;
            self.priorities[from.slot()][to.slot()] = self.lowest;
        }
        self.served += 1;
    }
}

impl Order for Pct {
    fn keep_up(&mut self, stage: &Stage) {
        self.inboxes.keep_up(stage);
    }

    fn next(&mut self, stage: &Stage, _: &mut Draws) -> Option<usize> {
        let listening = stage.nodes().filter(|&to| stage.listens(to));
        let links = listening.flat_map(|to| {
            let senders = self.inboxes.of(to).iter().map(|&(_, from)| from);
            senders.filter(move |&from| stage.reaches(from, to)).map(move |from| (from, to))
        });
        let (from, to) = links.max_by_key(|&(from, to)| self.priority(from, to))?;
        self.serve(from, to);
        let mut inbox = self.inboxes.of(to).iter();
        let &(oldest, _) = inbox.find(|&&(_, sender)| sender == from)?;
        pick::flight(stage, oldest)
    }

    fn knobs(&self) -> Vec<(String, String)> {
        let moments: Vec<String> = self.changes.iter().map(u64::to_string).collect();
        vec![("priorities change at".to_owned(), moments.join(" "))]
    }
}
