//! `Swarm`: a walk whose weights are drawn per seed, with whole kinds of faults switched off.
//!
//! A mix of everything hides the bugs that need much of one thing and none of another (Groce et
//! al., "Swarm testing", ISSTA 2012): crashes suppress long replications, deliveries suppress
//! elections. So every seed is another mix.

use super::order::Uniform;
use super::{Policy, walk};
use crate::draws::Purpose;
use crate::faults::FaultSet;

/// See the head of this file.
pub(super) const POLICY: Policy = Policy {
    name: "swarm",
    summary: "a walk whose weights are drawn per seed, with whole kinds of faults switched off",
    share: 15,
    make: |given, roots| {
        let mut draws = roots.draws(Purpose::Configuration, 1);
        let kept = FaultSet(draws.any() as u32);
        let weights = walk::Weights::fixed(given.faults.and(kept)).stretched(&mut draws);
        Box::new(walk::Walk::new(given, weights, Box::new(Uniform), roots))
    },
};
