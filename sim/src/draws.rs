//! The one source of chance. A seed keys `ChaCha8`, which derives one root per purpose and entity;
//! a draw is an integer mix of (root, counter). So drawing more of one thing never shifts another,
//! and every draw is a pure function of the seed on every platform. Golden tests pin it: seeds in
//! bug reports depend on it.
//!
//! What a list may grow by (knobs, faults) is drawn by name: see [`Named`].

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::language::hash::{Hasher, mix};

/// What a draw is for. The number is part of what a seed means: never renumber.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Cluster, limits, scheduler, fault rates.
    Configuration = 1,
    /// Which event comes next.
    Scheduling = 2,
    /// Targets and shapes of faults.
    Faults = 3,
    /// What clients ask.
    Workload = 4,
    /// Lengths of timers, by node.
    Timers = 5,
    /// Latencies, by link.
    Latency = 6,
    /// Durations of disk writes, by node.
    Disk = 7,
    /// What a guided campaign takes from its corpus, and how it changes it.
    Mutation = 8,
}

/// Derives a root for every purpose and entity of one run.
#[derive(Clone, Debug)]
pub struct Roots {
    seed: u64,
}

impl Roots {
    /// All chance of the run with this seed.
    pub const fn new(seed: u64) -> Self {
        Roots { seed }
    }

    /// The draws for one purpose and entity (a node's slot, a link's number; 0 if there is one).
    pub fn draws(&self, purpose: Purpose, entity: u64) -> Draws {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&(purpose as u64).to_le_bytes());
        key[16..24].copy_from_slice(&entity.to_le_bytes());
        Draws { root: ChaCha8Rng::from_seed(key).next_u64(), counter: 0 }
    }

    /// The draws for one purpose that have names.
    pub fn named(&self, purpose: Purpose) -> Named {
        Named { root: self.draws(purpose, 0).root }
    }
}

/// Draws told apart by names. Each name has a stream of its own, so that one more, one less or
/// another order shifts no other.
#[derive(Copy, Clone, Debug)]
pub struct Named {
    root: u64,
}

impl Named {
    /// The draws of this name.
    pub fn draws(self, name: &str) -> Draws {
        Draws { root: self.within(name).root, counter: 0 }
    }

    /// Names of their own below this name.
    #[must_use]
    pub fn within(self, name: &str) -> Named {
        Named { root: mix(self.root ^ Hasher::new().add_str(name).finish()) }
    }
}

/// A stream of draws for one purpose.
#[derive(Clone, Debug)]
pub struct Draws {
    root: u64,
    counter: u64,
}

impl Draws {
    /// Any number.
    pub const fn any(&mut self) -> u64 {
        self.counter += 1;
        mix(self.root.wrapping_add(self.counter.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// 0 to `bound - 1`; `bound` is at least 1.
    pub const fn below(&mut self, bound: u64) -> u64 {
        assert!(0 < bound, "there is something to choose from");
        ticket(self.any(), bound)
    }

    /// `low` to `high`, both included.
    pub const fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// A position in a list of `len` things.
    pub const fn position(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// True once in `n` times.
    pub const fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// `low` to `high`, each power of two as likely as the next: rates have no natural scale.
    pub const fn log_uniform(&mut self, low: u64, high: u64) -> u64 {
        assert!(0 < low && low <= high, "a range of positive numbers");
        let exponent = self.between(low.ilog2() as u64, high.ilog2() as u64);
        let floor = 1 << exponent;
        let drawn = floor + self.below(floor);
        if drawn < low {
            low
        } else if high < drawn {
            high
        } else {
            drawn
        }
    }

    /// A position in `weights`, as likely as its weight. `None` if all are 0.
    pub fn weighted(&mut self, weights: &[u32]) -> Option<usize> {
        let total = weights.iter().map(|&weight| u64::from(weight)).sum::<u64>();
        let mut left = self.below(Some(total).filter(|&total| 0 < total)?);
        weights.iter().position(|&weight| {
            let is_drawn = left < u64::from(weight);
            left = left.saturating_sub(u64::from(weight));
            is_drawn
        })
    }
}

/// What any number means below a bound. A greater number never means less.
const fn ticket(drawn: u64, bound: u64) -> u64 {
    ((drawn as u128 * bound as u128) >> 64) as u64
}

/// Weights to draw from again and again.
#[derive(Clone, Debug)]
pub struct Lottery {
    /// Sums of all weights up to each position.
    sums: Vec<u64>,
    /// By the upper bits of what was drawn: the first position that it can mean.
    first: [u32; 1 << FIRST_BITS],
}

/// A draw is looked up by so many bits; a few steps from there lead to its position.
const FIRST_BITS: u32 = 6;

impl Lottery {
    /// Each position is as likely as its weight.
    pub fn new(weights: &[u32]) -> Self {
        let add = |sum: &mut u64, &weight: &u32| {
            *sum += u64::from(weight);
            Some(*sum)
        };
        let sums: Vec<u64> = weights.iter().scan(0, add).collect();
        let total = sums.last().copied().unwrap_or(0);
        let mut first = [0; 1 << FIRST_BITS];
        for (upper, position) in first.iter_mut().enumerate() {
            let ticket = ticket((upper as u64) << (u64::BITS - FIRST_BITS), total);
            *position = sums.partition_point(|&sum| sum <= ticket) as u32;
        }
        Lottery { sums, first }
    }

    /// A position; `None` if all weights are 0.
    pub fn draw(&self, draws: &mut Draws) -> Option<usize> {
        let total = self.sums.last().copied().filter(|&total| 0 < total)?;
        let number = draws.any();
        let ticket = ticket(number, total);
        let first = self.first[(number >> (u64::BITS - FIRST_BITS)) as usize] as usize;
        let steps = self.sums[first..].iter().position(|&sum| ticket < sum);
        Some(first + steps.expect("a ticket is less than all weights together"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_seed_draws_never_changes() {
        let mut draws = Roots::new(42).draws(Purpose::Scheduling, 3);
        let values =
            [draws.any(), draws.below(1000), draws.between(5, 9), draws.log_uniform(3, 900)];
        assert_eq!(values, GOLDEN, "the golden draws of seed 42");
    }
    const GOLDEN: [u64; 4] = [11_397_298_408_040_764_653, 892, 6, 449];

    #[test]
    fn purposes_and_entities_draw_independently() {
        let roots = Roots::new(7);
        let mut firsts: Vec<u64> = (0..4)
            .flat_map(|entity| {
                [roots.draws(Purpose::Latency, entity), roots.draws(Purpose::Disk, entity)]
            })
            .map(|mut draws| draws.any())
            .collect();
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts.len(), 8);
    }

    #[test]
    fn names_draw_independently() {
        let named = Roots::new(7).named(Purpose::Configuration);
        let firsts = ["nodes", "disk", ""].map(|name| {
            [named.draws(name), named.within(name).draws("nodes")].map(|mut draws| draws.any())
        });
        let mut firsts = firsts.concat();
        firsts.sort_unstable();
        firsts.dedup();
        assert_eq!(firsts.len(), 6);
    }

    proptest::proptest! {
        #[test]
        fn draws_stay_in_their_range(seed: u64, low in 1_u64..5000, width in 0_u64..5000) {
            let mut draws = Roots::new(seed).draws(Purpose::Faults, 0);
            for _ in 0..50 {
                let high = low + width;
                assert!((low..=high).contains(&draws.between(low, high)));
                assert!((low..=high).contains(&draws.log_uniform(low, high)));
                assert!(draws.below(low) < low);
            }
        }

        #[test]
        fn a_lottery_draws_as_its_weights_say(seed: u64, weights in proptest::collection::vec(0_u32..40, 1..60)) {
            let mut draws = Roots::new(seed).draws(Purpose::Faults, 0);
            let lottery = Lottery::new(&weights);
            for _ in 0..50 {
                let drawn = lottery.draw(&mut draws.clone());
                assert_eq!(drawn, draws.weighted(&weights));
                match drawn {
                    Some(position) => assert!(0 < weights[position]),
                    None => assert!(weights.iter().all(|&weight| weight == 0)),
                }
            }
        }
    }
}
