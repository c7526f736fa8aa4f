//! Campaigns: many seeds, many threads, one result.
//!
//! Seeds are handed to workers in blocks and their results are taken in the order of seeds, so
//! that what a campaign finds never depends on the number of workers: a worker that runs ahead of
//! the end has worked in vain, and nothing else.

pub mod clock;
pub mod growth;
pub mod novelty;
pub mod origin;
pub mod vacuity;
pub mod vitals;
mod work;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use raft_invariants::{Reveals, Selection};

use crate::run::{Class, Failure, Replay, Run};
use crate::schedule::config::Settings;
use crate::search::shard::Shard;
use crate::search::target::Target;
use clock::{Stopwatch, ThreadStopwatch};
use growth::Growth;
use novelty::Novelty;
use origin::Origin;
use vitals::Vitals;
use work::{alone, collect, work};

/// Seeds in one block.
const BLOCK: u64 = 32;
/// How long the campaign waits for a block before it looks whether it should end.
const LOOK_UP: Duration = Duration::from_millis(100);
/// Failing runs kept of one class: the minimizer takes the best of them.
const ORIGINS_PER_CLASS: usize = 5;

/// How much longer than it took to find the last class a campaign looks for graver ones.
const LEMMA_PATIENCE: u64 = 20;

/// What a campaign does.
#[derive(Clone)]
pub struct Plan {
    /// What is fixed for all runs.
    pub settings: Settings,
    /// Which invariants judge.
    pub selection: Selection,
    /// First seed of the whole campaign; the others follow it.
    pub first_seed: u64,
    /// Which of them are ours.
    pub shard: Shard,
    /// Most runs of the whole campaign, all shards together.
    pub runs: u64,
    /// Wall time in milliseconds after which no new run begins.
    pub time_ms: Option<u64>,
    /// Worker threads.
    pub jobs: usize,
    /// Distinct classes of failure after which the campaign ends.
    pub failures_max: usize,
    /// Share of runs that are run twice and compared, in percent.
    pub check_determinism_percent: u64,
    /// Classes of failure that are known, each with a file in which a run of it is kept: they are
    /// counted, and nothing else comes of them.
    pub known: BTreeMap<Class, String>,
}

impl Plan {
    /// Most runs of our shard.
    pub const fn share(&self) -> u64 {
        self.shard.share(self.runs)
    }

    /// The seed of our nth run, counted from 0.
    pub const fn seed(&self, nth: u64) -> u64 {
        self.first_seed.wrapping_add(self.shard.position(nth))
    }
}

/// What a campaign found.
#[derive(Clone, Debug, Default)]
pub struct Campaign {
    /// Runs that count.
    pub runs: u64,
    /// Actions of those runs.
    pub actions: u64,
    /// What shows that those runs are alive, all together.
    pub vitals: Vitals,
    /// How many runs saw each witness, by position in the judges' list.
    pub witnesses: Vec<u64>,
    /// What is declared and was shown in any of them.
    pub shown: Reveals,
    /// What views kept silent about in any of them though it is declared.
    pub withheld: Reveals,
    /// Failures by class, without those that are known.
    pub failures: BTreeMap<Class, Sightings>,
    /// Failures that are known, by class.
    pub known: BTreeMap<Class, Sightings>,
    /// The same for violations after a fault under which nothing was promised: no failures.
    pub expected: BTreeMap<Class, Sightings>,
    /// Runs that gave another hash when they were run again.
    pub nondeterministic: Vec<Origin>,
    /// XOR of all run hashes: two people can compare one number.
    pub digest: u64,
    /// CPU time of those runs, in microseconds.
    pub cpu_us: u64,
    /// Whether the campaign was asked to stop before its end.
    pub interrupted: bool,
    /// How much is still new; of a guided campaign nothing is known.
    pub novelty: Novelty,
    /// What a guided campaign has collected; `None` of any other.
    pub guided: Option<Growth>,
}

/// Failures of one class.
#[derive(Clone, Debug, Default)]
pub struct Sightings {
    /// Whether more than a lemma is violated.
    pub is_grave: bool,
    /// Failing runs counted.
    pub count: u64,
    /// The first failing runs, the first one first.
    pub origins: Vec<Origin>,
    /// Runs of the campaign up to the first of them.
    pub after_runs: u64,
    /// Actions of the campaign up to the first of them.
    pub after_actions: u64,
}

/// Told now and then how far the campaign is.
pub trait Watcher {
    /// Called for every block, in order.
    fn progress(&mut self, campaign: &Campaign);
}

/// A watcher that looks away.
pub struct Unwatched;
impl Watcher for Unwatched {
    fn progress(&mut self, _: &Campaign) {}
}

/// What is left of a run in the campaign's books.
pub(crate) struct Summary {
    origin: Origin,
    actions: u64,
    vitals: Vitals,
    witnesses: u64,
    shown: Reveals,
    withheld: Reveals,
    /// The situations that it reached, if it was looked at.
    situations: Option<Vec<u32>>,
    hash: u64,
    deterministic: bool,
    alarms: Vec<Alarm>,
    cpu_us: u64,
}

/// What a run is reported for.
struct Alarm {
    class: Class,
    is_grave: bool,
    is_expected: bool,
}

impl Alarm {
    fn of(failure: &Failure) -> Self {
        Alarm {
            class: failure.class(),
            is_grave: failure.is_grave(),
            is_expected: failure.violation.expected.is_some(),
        }
    }
}

/// Runs a campaign. `stop` may be set from outside (Ctrl-C): what has been found is given back.
pub fn run(
    target: &dyn Target,
    plan: &Plan,
    stop: &AtomicBool,
    watcher: &mut dyn Watcher,
) -> Campaign {
    go_on(Campaign::begin(), target, plan, stop, watcher)
}

/// Goes on with a campaign of the same target and plan, from where a watcher was told that it was.
pub fn go_on(
    mut campaign: Campaign,
    target: &dyn Target,
    plan: &Plan,
    stop: &AtomicBool,
    watcher: &mut dyn Watcher,
) -> Campaign {
    // What ends in the middle of a block has come to its end.
    let first_block =
        if campaign.runs.is_multiple_of(BLOCK) { campaign.runs / BLOCK } else { u64::MAX / BLOCK };
    let stopwatch = Stopwatch::start();
    let ended = AtomicBool::new(false);
    let next_block = AtomicU64::new(first_block);
    let (sender, receiver) = mpsc::sync_channel::<(u64, Vec<Summary>)>(64);
    std::thread::scope(|scope| {
        let blocks = usize::try_from(plan.share().div_ceil(BLOCK)).unwrap_or(usize::MAX);
        let mut workers = 0;
        for _ in 0..plan.jobs.min(blocks).max(1) {
            let (sender, ended, next_block) = (sender.clone(), &ended, &next_block);
            let work = move || work(target, plan, ended, next_block, &sender);
            workers += u64::from(std::thread::Builder::new().spawn_scoped(scope, work).is_ok());
        }
        drop(sender);
        let is_time_up = || {
            stop.load(Ordering::Relaxed)
                || plan.time_ms.is_some_and(|limit| limit <= stopwatch.wall_ms())
        };
        if workers == 0 {
            alone(target, plan, first_block, &mut campaign, watcher, is_time_up);
        } else {
            collect(plan, first_block, &receiver, &mut campaign, watcher, is_time_up);
        }
        ended.store(true, Ordering::Relaxed);
        // Workers may wait for a place in the channel.
        while receiver.recv().is_ok() {}
    });
    campaign.interrupted = stop.load(Ordering::Relaxed);
    campaign
}

impl Summary {
    /// Sums up a run. A failing one, and a share of all, is run once more from where it came and
    /// once more from its actions: a script that does not repeat its run would be worth nothing.
    /// The stopwatch was started with the run.
    pub(crate) fn of(
        target: &dyn Target,
        plan: &Plan,
        origin: Origin,
        run: &Run,
        again: impl Fn() -> Run,
        stopwatch: ThreadStopwatch,
    ) -> Summary {
        let ticket = crate::language::hash::mix(origin.seed() ^ 0x64_6574) % 100;
        let same = |again: &Run| again.hash == run.hash && again.actions == run.actions;
        let repeats = || {
            let script = run.whole();
            same(&again()) && same(&target.replay(&script, &plan.selection, Replay::SAVED).0)
        };
        let chosen = ticket < plan.check_determinism_percent || run.failure().is_some();
        Summary {
            origin,
            actions: run.actions.len() as u64,
            vitals: Vitals::of(run),
            witnesses: run.witnesses.0,
            shown: run.shown,
            withheld: run.withheld,
            situations: None,
            hash: run.hash,
            deterministic: !chosen || repeats(),
            alarms: run.alarms().into_iter().map(Alarm::of).collect(),
            cpu_us: stopwatch.cpu_us(),
        }
    }
}

impl Campaign {
    /// Without any runs.
    pub fn begin() -> Self {
        let witnesses = vec![0; raft_invariants::witness::list().len()];
        Campaign { witnesses, ..Campaign::default() }
    }

    /// Enters runs into the books until enough was found.
    fn enter(&mut self, summaries: Vec<Summary>, plan: &Plan) {
        for summary in summaries {
            if self.is_complete(plan) {
                return;
            }
            self.count(summary, plan);
        }
    }

    /// Enters a run into the books.
    pub(crate) fn count(&mut self, summary: Summary, plan: &Plan) {
        self.runs += 1;
        self.actions += summary.actions;
        self.vitals.add(summary.vitals);
        self.cpu_us += summary.cpu_us;
        self.digest ^= summary.hash;
        self.shown = self.shown.union(summary.shown);
        self.withheld = self.withheld.union(summary.withheld);
        if let Some(situations) = &summary.situations {
            self.novelty.count(situations, self.runs);
        }
        for (position, count) in self.witnesses.iter_mut().enumerate() {
            *count += summary.witnesses >> position & 1;
        }
        if !summary.deterministic {
            self.nondeterministic.push(summary.origin.clone());
        }
        let (runs, actions) = (self.runs, self.actions);
        for Alarm { class, is_grave, is_expected } in summary.alarms {
            let book = match is_expected {
                true => &mut self.expected,
                false if plan.known.contains_key(&class) => &mut self.known,
                false => &mut self.failures,
            };
            let found = book.entry(class).or_insert_with(|| Sightings {
                after_runs: runs,
                after_actions: actions,
                is_grave,
                ..Sightings::default()
            });
            found.count += 1;
            if found.origins.len() < ORIGINS_PER_CLASS {
                found.origins.push(summary.origin.clone());
            }
        }
    }

    /// Whether enough was found. A lemma's alarm alone does not end a campaign: it looks on for
    /// what the broken lemma leads to, for as many runs as such a thing deserves. After the last
    /// class it looks on for more runs of the same classes, as long again as it took to get
    /// there, since one of them may minimize better.
    pub(crate) fn is_complete(&self, plan: &Plan) -> bool {
        if !self.nondeterministic.is_empty() {
            return true;
        }
        let Some(last) = self.failures.values().map(|found| found.after_runs).max() else {
            return false;
        };
        if 1000.max(LEMMA_PATIENCE * last) <= self.runs {
            return plan.failures_max <= self.failures.len();
        }
        let grave = || self.failures.values().filter(|found| found.is_grave);
        let Some(last) = grave().map(|found| found.after_runs).max() else { return false };
        let has_all_origins = |found: &Sightings| found.origins.len() == ORIGINS_PER_CLASS;
        plan.failures_max <= grave().count()
            && (2 * last.max(50) <= self.runs || grave().all(has_all_origins))
    }

    /// Failures in the order in which they were found.
    pub fn in_order(&self) -> Vec<(&Class, &Sightings)> {
        let mut found: Vec<(&Class, &Sightings)> = self.failures.iter().collect();
        found.sort_by_key(|(_, found)| found.after_runs);
        found
    }
}
