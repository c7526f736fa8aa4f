//! The score of the harness: how soon a campaign finds each planted bug, and how short its story
//! gets, from several starts.
//!
//! A start is a first seed derived from the target's name and the start's number, so a score can
//! be repeated, and is no selection of lucky seeds.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use raft_invariants::Selection;

use crate::explain::minimize::{Budget, minimize};
use crate::language::hash::Hasher;
use crate::run::{Class, Run};
use crate::schedule::config::{RunConfig, Settings};
use crate::search::campaign::clock::ThreadStopwatch;
use crate::search::campaign::origin::Origin;
use crate::search::guided::search::first_failure;
use crate::search::spread::spread;
use crate::search::target::Target;

/// How to score.
#[derive(Clone)]
pub struct Trial {
    /// What is fixed for all runs.
    pub settings: Settings,
    /// Which invariants judge.
    pub selection: Selection,
    /// Whether runs grow out of one another; the first alarm is then all that is told.
    pub guided: bool,
    /// Starts for each target.
    pub starts: u64,
    /// Actions after which a start gives up.
    pub actions_max: u64,
    /// Whether each finding is minimized.
    pub minimize: bool,
    /// Worker threads.
    pub jobs: usize,
}

/// One search, from one start.
#[derive(Clone, Debug)]
pub struct Search {
    /// What it found; `None` if the budget was spent.
    pub found: Option<Catch>,
    /// Runs, the failing one included.
    pub runs: u64,
    /// Actions, up to the violation.
    pub actions: u64,
    /// CPU time until it was found, in milliseconds.
    pub cpu_ms: u64,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Catch {
    /// The failing seed.
    pub seed: u64,
    /// What it violates first.
    pub class: Class,
    /// Invariants violated later in the failing run, in order.
    pub followed_by: Vec<&'static str>,
    /// Its story, if stories were asked for.
    pub story: Option<ShortStory>,
}

/// How a failing run was minimized.
#[derive(Copy, Clone, Debug)]
pub struct ShortStory {
    /// Its length, in actions.
    pub actions: usize,
    /// Nodes of its cluster.
    pub nodes: u8,
    /// Whether it is proven 1-minimal.
    pub one_minimal: bool,
    /// Replays spent.
    pub replays: u64,
    /// CPU time spent, in milliseconds.
    pub cpu_ms: u64,
}

/// All searches for one target.
#[derive(Clone, Debug)]
pub struct Score {
    /// The target's name.
    pub target: String,
    /// By start.
    pub searches: Vec<Search>,
}

/// First seed of a start.
pub fn first_seed(target: &str, start: u64) -> u64 {
    Hasher::new().add_str(target).add(start).finish()
}

/// Scores all targets; `told` hears of each search that ends.
pub fn score(
    targets: &[&dyn Target],
    trial: &Trial,
    stop: &AtomicBool,
    told: &(dyn Fn() + Sync),
) -> Vec<Score> {
    let tasks: Vec<(usize, u64)> = (0..targets.len())
        .flat_map(|target| (0..trial.starts).map(move |start| (target, start)))
        .collect();
    let look = if trial.guided { search_guided } else { search };
    let perform =
        |&(target, start): &(usize, u64)| Some((target, look(targets[target], start, trial, stop)));
    let done = spread(&tasks, trial.jobs, stop, &|_, _| told(), &perform);
    let of = |number: usize| {
        let own = done.iter().filter(move |(target, _)| *target == number);
        own.map(|(_, search)| search.clone()).collect()
    };
    targets
        .iter()
        .enumerate()
        .map(|(number, target)| Score { target: target.name().to_owned(), searches: of(number) })
        .collect()
}

/// Runs seeds one after the other until one fails.
fn search(target: &dyn Target, start: u64, trial: &Trial, stop: &AtomicBool) -> Search {
    let stopwatch = ThreadStopwatch::start();
    let traits = target.traits();
    let first = first_seed(target.name(), start);
    let mut search = Search { found: None, runs: 0, actions: 0, cpu_ms: 0 };
    while search.actions < trial.actions_max && !stop.load(Ordering::Relaxed) {
        let seed = first.wrapping_add(search.runs);
        let config = RunConfig::draw(seed, &trial.settings, &traits);
        let run = target.run(&config, &trial.selection);
        search.runs += 1;
        let Some(failure) = run.failure() else {
            search.actions += run.actions.len() as u64;
            continue;
        };
        search.actions += failure.actions as u64;
        search.cpu_ms = stopwatch.cpu_ms();
        let later = run.failures[1..].iter();
        search.found = Some(Catch {
            seed,
            class: failure.class(),
            followed_by: later.map(|failure| failure.violation.invariant.name).collect(),
            story: if trial.minimize { story(target, &run, &trial.settings) } else { None },
        });
        return search;
    }
    search.cpu_ms = stopwatch.cpu_ms();
    search
}

/// Lets runs grow out of one another until one fails.
fn search_guided(target: &dyn Target, start: u64, trial: &Trial, stop: &AtomicBool) -> Search {
    let stopwatch = ThreadStopwatch::start();
    let first = first_seed(target.name(), start);
    let (settings, selection) = (&trial.settings, &trial.selection);
    let done = first_failure(target, settings, selection, first, trial.actions_max, stop);
    let told = |(origin, class): (Origin, Class)| Catch {
        seed: origin.seed(),
        class,
        followed_by: Vec::new(),
        story: None,
    };
    Search {
        found: done.found.map(told),
        runs: done.runs,
        actions: done.actions,
        cpu_ms: stopwatch.cpu_ms(),
    }
}

/// Minimizes the first violation of a run; `None` if it does not replay.
fn story(target: &dyn Target, run: &Run, settings: &Settings) -> Option<ShortStory> {
    let stopwatch = ThreadStopwatch::start();
    let failure = run.failure()?;
    let failing = run.script(failure.actions);
    let (class, budget) = (failure.class(), Budget::default());
    let minimized = minimize(target, &failing, &class, settings, budget).ok()?;
    Some(ShortStory {
        actions: minimized.script.steps(),
        nodes: minimized.script.cluster.nodes,
        one_minimal: minimized.one_minimal,
        replays: minimized.replays,
        cpu_ms: stopwatch.cpu_ms(),
    })
}

impl Score {
    /// What was found, by start.
    pub fn finds(&self) -> impl Iterator<Item = &Catch> {
        self.searches.iter().filter_map(|search| search.found.as_ref())
    }

    /// The value below which `percent` of the searches lie. A search that found nothing counts
    /// with what it spent.
    pub fn quantile(&self, percent: usize, value: impl Fn(&Search) -> u64) -> u64 {
        quantile(self.searches.iter().map(value).collect(), percent)
    }
}

/// The value below which `percent` of the values lie; 0 if there are none.
pub fn quantile(mut values: Vec<u64>, percent: usize) -> u64 {
    values.sort_unstable();
    let rank = (values.len() * percent).div_ceil(100).max(1) - 1;
    values.get(rank).copied().unwrap_or(0)
}

/// How often each thing occurs, the most frequent first.
pub fn counts<T: Ord>(things: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for thing in things {
        *counts.entry(thing).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_occur() {
        assert_eq!(quantile(vec![5, 1, 9], 50), 5);
        assert_eq!(quantile(vec![4, 1, 9, 7], 50), 4);
        assert_eq!(quantile((1..=20).collect(), 90), 18);
        assert_eq!(quantile(Vec::new(), 50), 0);
    }

    #[test]
    fn the_most_frequent_comes_first() {
        assert_eq!(counts(["b", "a", "b", "c"].into_iter()), [("b", 2), ("a", 1), ("c", 1)]);
    }

    #[test]
    fn starts_differ_by_target_and_number() {
        assert_ne!(first_seed("a", 0), first_seed("a", 1));
        assert_ne!(first_seed("a", 0), first_seed("b", 0));
    }
}
