//! How much is still new: how likely the next run is to reach a situation that none before it
//! has reached.
//!
//! One run in 64 is looked at, chosen by its seed alone. Of n such runs, d have reached a situation
//! that none of the other n − 1 has reached. Had such a run been the last, it would have reached
//! something new; and seeds are drawn alike, so that each run is as good a last one as any other.
//! So d/n is, without bias, how likely the n-th run was to reach something new: the estimate of
//! Good and Turing, for runs instead of single observations. For the campaign it is an upper bound,
//! since the other 63 runs in 64 have reached things, too. Runs that grow out of one another are not
//! drawn alike, so of a guided campaign nothing is said.

use std::collections::BTreeMap;

use crate::language::hash::mix;
use crate::search::situation::SITUATIONS;

/// One run in so many is looked at: all looks together are 0.2 % of a campaign's instructions.
const ONE_IN: u64 = 64;
/// Distinguishes this lottery from others that are drawn from the seed.
const SALT: u64 = 0x6e_6577;
/// Fewer runs say nothing.
const RUNS_MIN: u64 = 20;

/// What the runs that were looked at have reached.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Novelty {
    /// How many they are.
    runs: u64,
    /// Situations that more than one of them reached, as bits.
    often: Vec<u64>,
    /// Situations that one of them reached, and which one.
    once: BTreeMap<u32, u64>,
    /// How many of those each has reached; who has none is not here.
    lone: BTreeMap<u64, u64>,
    /// How it was after each doubling of the runs.
    marks: Vec<Mark>,
}

/// How much was still new at some time.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Runs of the campaign then.
    pub runs: u64,
    /// How likely a run was to reach something new, in millionths.
    pub ppm: u64,
}

/// Whether the run of this seed is looked at.
pub fn is_sampled(seed: u64) -> bool {
    mix(seed ^ SALT).is_multiple_of(ONE_IN)
}

impl Novelty {
    /// Of what was written down: situations that were reached often, and those that one run alone
    /// has reached, for each such run.
    ///
    /// # Errors
    /// If there are no such situations, or not so many runs.
    pub fn read(
        runs: u64,
        often: impl Iterator<Item = u32>,
        alone: &[Vec<u32>],
        marks: Vec<Mark>,
    ) -> Result<Self, String> {
        let mut novelty = Novelty { runs, marks, ..Novelty::default() };
        if runs < alone.len() as u64 {
            return Err(format!("{} of {runs} runs were alone", alone.len()));
        }
        for situation in often {
            check(situation)?;
            novelty.set_often(situation);
        }
        for (run, situations) in alone.iter().enumerate() {
            for &situation in situations {
                check(situation)?;
                novelty.reach(situation, run as u64);
            }
        }
        Ok(novelty)
    }

    /// Enters a run, by the situations that it reached, each once, as the last of so many.
    pub fn count(&mut self, situations: &[u32], runs: u64) {
        let run = self.runs;
        self.runs += 1;
        for &situation in situations {
            self.reach(situation, run);
        }
        let last = self.marks.last().map_or(0, |mark| mark.runs);
        if let Some(ppm) = self.ppm().filter(|_| 2 * last <= runs) {
            self.marks.push(Mark { runs, ppm });
        }
    }

    /// Enters the runs of another part of the same campaign. How it was before is not known of both
    /// together.
    pub fn join(&mut self, other: &Novelty) {
        for situation in other.often() {
            self.forget_owner(situation);
            self.set_often(situation);
        }
        for (&situation, &run) in &other.once {
            self.reach(situation, self.runs + run);
        }
        self.runs += other.runs;
        self.marks.clear();
    }

    /// Runs that were looked at.
    pub const fn runs(&self) -> u64 {
        self.runs
    }

    /// Those of them that reached what no other one did.
    pub fn alone(&self) -> u64 {
        self.lone.len() as u64
    }

    /// How likely the next run is to reach something new, in millionths; `None` after too few runs.
    pub fn ppm(&self) -> Option<u64> {
        (RUNS_MIN <= self.runs).then(|| self.alone() * 1_000_000 / self.runs)
    }

    /// How it was after each doubling of the runs.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Situations that more than one run reached, in order.
    pub fn often(&self) -> impl Iterator<Item = u32> {
        (0..SITUATIONS).filter(|&situation| self.is_often(situation))
    }

    /// For each run that reached something alone, what that is.
    pub fn once(&self) -> Vec<Vec<u32>> {
        let mut by_run: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        for (&situation, &run) in &self.once {
            by_run.entry(run).or_default().push(situation);
        }
        by_run.into_values().collect()
    }

    fn reach(&mut self, situation: u32, run: u64) {
        if self.is_often(situation) {
            return;
        }
        if self.forget_owner(situation) {
            self.set_often(situation);
        } else {
            self.once.insert(situation, run);
            *self.lone.entry(run).or_default() += 1;
        }
    }

    /// Whether some run had reached it alone; it has not, any more.
    fn forget_owner(&mut self, situation: u32) -> bool {
        let Some(owner) = self.once.remove(&situation) else { return false };
        let left = self.lone.get_mut(&owner).expect("who owns a situation is counted");
        *left -= 1;
        if *left == 0 {
            self.lone.remove(&owner);
        }
        true
    }

    fn is_often(&self, situation: u32) -> bool {
        let word = self.often.get(situation as usize / 64);
        word.is_some_and(|word| word >> (situation % 64) & 1 == 1)
    }

    fn set_often(&mut self, situation: u32) {
        self.often.resize((SITUATIONS as usize).div_ceil(64), 0);
        self.often[situation as usize / 64] |= 1 << (situation % 64);
    }
}

fn check(situation: u32) -> Result<(), String> {
    if situation < SITUATIONS { Ok(()) } else { Err(format!("there is no situation {situation}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(runs: &[&[u32]]) -> Novelty {
        let mut novelty = Novelty::default();
        for (run, number) in runs.iter().zip(1..) {
            novelty.count(run, number);
        }
        novelty
    }

    #[test]
    fn who_reached_what_nobody_else_did_is_alone() {
        let novelty = of(&[&[1, 2], &[2, 3, 4], &[1, 3], &[5], &[]]);
        assert_eq!((novelty.runs(), novelty.alone()), (5, 2), "the second by 4, the fourth by 5");
        assert_eq!(novelty.often().collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(novelty.once(), [vec![4], vec![5]]);
        assert_eq!(novelty.ppm(), None, "five runs say nothing");
    }

    #[test]
    fn a_campaign_that_has_seen_everything_finds_nothing_new() {
        let seen: Vec<&[u32]> = vec![&[1, 2, 3]; 100];
        assert_eq!(of(&seen).ppm(), Some(0));
        let runs: Vec<[u32; 2]> = (0..100).map(|run| [7, run + 8]).collect();
        let runs: Vec<&[u32]> = runs.iter().map(|run| &run[..]).collect();
        assert_eq!(of(&runs).ppm(), Some(1_000_000));
        let marks: Vec<u64> = of(&runs).marks().iter().map(|mark| mark.runs).collect();
        assert_eq!(marks, [20, 40, 80]);
    }

    #[test]
    fn parts_are_worth_the_whole_in_any_order() {
        let runs: Vec<Vec<u32>> = (0..300)
            .map(|run| (0..9).map(|it| (mix(run * 9 + it) % 900) as u32).collect())
            .collect();
        let runs: Vec<&[u32]> = runs.iter().map(|run| &run[..]).collect();
        let figures = |it: &Novelty| (it.runs(), it.alone(), it.often().collect::<Vec<_>>());
        let whole = figures(&of(&runs));
        assert!((10..290).contains(&whole.1), "{}", whole.1);
        let parts = [of(&runs[..90]), of(&runs[90..91]), of(&runs[91..])];
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let mut joined = Novelty::default();
            for part in order {
                joined.join(&parts[part]);
            }
            assert_eq!(figures(&joined), whole);
        }
    }

    #[test]
    fn what_is_written_down_is_read() {
        let novelty = of(&[&[1, 2], &[2, 3, 4], &[1, 3], &[SITUATIONS - 1], &[]]);
        let marks = novelty.marks().to_vec();
        let read = Novelty::read(5, novelty.often(), &novelty.once(), marks.clone());
        let read = read.expect("it was just written");
        assert_eq!((read.alone(), read.once()), (novelty.alone(), novelty.once()));
        assert!(Novelty::read(5, [SITUATIONS].into_iter(), &[], marks.clone()).is_err());
        assert!(Novelty::read(1, novelty.often(), &novelty.once(), marks).is_err());
    }

    #[test]
    fn one_seed_in_64_is_looked_at() {
        let sampled = (0..64_000).filter(|&seed| is_sampled(seed)).count();
        assert!((900..1_100).contains(&sampled), "{sampled}");
    }
}
