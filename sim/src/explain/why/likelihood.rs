//! Likelihood: how many random futures fail in the same way, from the beginning and after each
//! action of the script. Where that share rises, the failure was being decided.
//!
//! A future is the script up to a moment and then whatever a scheduler of the portfolio draws. It
//! must fail before a deadline that is the same for all moments: the script's end and ten actions
//! more. With one deadline the share would stay level, on average, in a run that chance itself had
//! drawn; so a change says something of the action. A future is at most 60 actions long, since
//! chance alone finds most planted bugs within some hundred, from wherever it begins.

use std::sync::atomic::{AtomicBool, Ordering};

use raft_invariants::Selection;

use crate::language::hash::Hasher;
use crate::language::script::Script;
use crate::run::Class;
use crate::schedule::config::{RunConfig, Settings};
use crate::search::target::Target;

/// Most moments from which futures begin: of longer scripts evenly spread ones.
const MOMENTS_MAX: usize = 41;
/// Actions after the script's end within which a future may still fail.
const SLACK: usize = 10;
/// Longest future, in actions.
const HORIZON_MAX: usize = 60;
/// Changes that are smaller, in thousandths, are never worth telling.
const CHANGE_PERMILLE_MIN: u64 = 50;
/// Standard deviations that make a change more than chance.
const DEVIATIONS: u64 = 3;

/// How likely the failure is, over time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Likelihood {
    /// In rising order.
    pub moments: Vec<Point>,
    /// Futures from each of them.
    pub futures: u32,
}

/// A point of the curve: a moment between two actions, and what came of its futures.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Point {
    /// Actions that had been performed: 0 is the beginning.
    pub after: usize,
    /// Most actions of each future.
    pub horizon: u32,
    /// Futures that failed in the same way.
    pub failing: u32,
}

/// A change of the share from one moment to the next.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Jump {
    /// The moment before it.
    pub from: Point,
    /// The moment after it. The actions between them, mostly one, have brought it about.
    pub to: Point,
}

impl Likelihood {
    /// The share at a moment, in thousandths.
    pub fn permille(&self, moment: Point) -> u64 {
        u64::from(moment.failing) * 1000 / u64::from(self.futures.max(1))
    }

    /// All changes that are too large to be chance, in order of time.
    pub fn jumps(&self) -> Vec<Jump> {
        let pairs = self.moments.windows(2).map(|pair| Jump { from: pair[0], to: pair[1] });
        pairs.filter(|jump| self.is_notable(jump)).collect()
    }

    /// The largest rise, the earliest of equals: the actions that decided it.
    ///
    /// The last action makes certain what is left and would win almost always. It counts only if
    /// nothing before it stands out.
    pub fn decisive(&self) -> Option<Jump> {
        let end = self.moments.last()?.after;
        let rises: Vec<Jump> = self.jumps().into_iter().filter(Jump::is_rise).collect();
        let before = rises.iter().filter(|jump| jump.to.after < end);
        let larger =
            |best: Jump, jump: Jump| if best.change() < jump.change() { jump } else { best };
        before.copied().reduce(larger).or_else(|| rises.last().copied())
    }

    fn is_notable(&self, jump: &Jump) -> bool {
        let [from, to] = [jump.from, jump.to].map(|moment| self.permille(moment));
        let change = from.abs_diff(to);
        let variance = from * (1000 - from) + to * (1000 - to);
        CHANGE_PERMILLE_MIN <= change
            && DEVIATIONS * DEVIATIONS * variance <= change * change * u64::from(self.futures)
    }
}

impl Jump {
    /// Whether the failure becomes more likely.
    pub fn is_rise(&self) -> bool {
        self.from.failing < self.to.failing
    }

    /// By how many futures.
    fn change(&self) -> u32 {
        self.from.failing.abs_diff(self.to.failing)
    }
}

/// The moments of a script, from its beginning to its end, both included.
pub(super) fn moments(actions: usize) -> Vec<usize> {
    if actions < MOMENTS_MAX {
        return (0..=actions).collect();
    }
    (0..MOMENTS_MAX).map(|number| number * actions / (MOMENTS_MAX - 1)).collect()
}

/// A failing script with what it takes to leave it for other futures.
pub(super) struct Forks<'a> {
    pub(super) target: &'a dyn Target,
    pub(super) script: &'a Script,
    pub(super) class: &'a Class,
    pub(super) selection: &'a Selection,
    pub(super) futures: u32,
}

impl Forks<'_> {
    /// All futures from one moment; `None` if it was stopped before all of them were over.
    pub(super) fn after(&self, after: usize, stop: &AtomicBool) -> Option<Point> {
        let actions = &self.script.actions;
        let horizon = (actions.len() - after + SLACK).min(HORIZON_MAX) as u32;
        let fails = |number: &u32| {
            let config = self.config(after, *number, horizon);
            let run = self.target.run_on(&actions[..after], &config, self.selection);
            run.failure().is_some_and(|failure| failure.class() == *self.class)
        };
        let going_on = |_: &u32| !stop.load(Ordering::Relaxed);
        let failing = (0..self.futures).take_while(going_on).filter(fails).count() as u32;
        going_on(&0).then_some(Point { after, horizon, failing })
    }

    /// What one future draws: the portfolio's mix, on the script's own cluster. The seed is a
    /// function of the script, so that the same file always has the same futures.
    fn config(&self, after: usize, number: u32, horizon: u32) -> RunConfig {
        let mut hasher = Hasher::new();
        hasher.add_str(&self.script.to_string()).add_str(self.class.invariant);
        let seed = hasher.add(after as u64).add(u64::from(number)).finish();
        let settings = Settings { steps: Some(horizon), ..Settings::default() };
        let mut config = RunConfig::draw(seed, &settings, &self.target.traits());
        (config.given.cluster, config.calm) = (self.script.cluster, self.script.calm);
        config
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likelihood(shares: &[u32]) -> Likelihood {
        let moment = |(after, &failing)| Point { after, horizon: 10, failing };
        Likelihood { moments: shares.iter().enumerate().map(moment).collect(), futures: 200 }
    }

    #[test]
    fn long_scripts_are_looked_at_from_moments_that_are_evenly_spread() {
        assert_eq!(moments(2), [0, 1, 2]);
        assert_eq!(moments(40).len(), 41);
        let moments = moments(473);
        assert_eq!((moments.len(), moments[1], moments[40]), (41, 11, 473));
    }

    #[test]
    fn the_largest_rise_has_decided_it() {
        let rising = likelihood(&[2, 4, 90, 85, 40, 182, 200]);
        let after: Vec<(usize, bool)> =
            rising.jumps().iter().map(|jump| (jump.to.after, jump.is_rise())).collect();
        assert_eq!(after, [(2, true), (4, false), (5, true), (6, true)]);
        assert_eq!(rising.decisive().map(|jump| jump.to.after), Some(5));
    }

    #[test]
    fn the_violation_itself_decides_only_what_nothing_else_did() {
        let decisive = |shares| likelihood(shares).decisive().map(|jump| jump.to.after);
        assert_eq!(decisive(&[2, 40, 45, 200]), Some(1));
        assert_eq!(decisive(&[2, 4, 6, 200]), Some(3));
        assert_eq!(decisive(&[200, 200]), None);
    }

    #[test]
    fn what_may_be_chance_is_not_told() {
        assert_eq!(likelihood(&[100, 116, 96, 98]).jumps(), []);
        assert_eq!(likelihood(&[0, 4, 8]).decisive(), None);
    }
}
