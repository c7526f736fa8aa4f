//! `Swarm`: a walk whose weights are drawn per seed, with whole kinds of faults switched off.
//!
//! A mix of everything hides the bugs that need much of one thing and none of another (Groce et
//! al., "Swarm testing", ISSTA 2012): crashes suppress long replications, deliveries suppress
//! elections. So every seed is another mix.

use super::order::Uniform;
use super::{Policy, walk};
use crate::draws::Purpose;

/// See the head of this file.
pub(super) const POLICY: Policy = Policy {
    name: "swarm",
    summary: "a walk whose weights are drawn per seed, with whole kinds of faults switched off",
    share: 15,
    make: |given, roots| {
        let named = roots.named(Purpose::Configuration).within("swarm");
        let weights = walk::Weights::fixed(given).halved(named.within("kept"));
        let weights = weights.stretched(named.within("weight"));
        Box::new(walk::Walk::new(given, weights, Box::new(Uniform), roots))
    },
};
