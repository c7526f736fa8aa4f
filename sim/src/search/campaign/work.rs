//! Who runs the seeds of a campaign, block by block, and who takes what comes of them in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};

use raft_invariants::Selection;

use super::clock::ThreadStopwatch;
use super::novelty;
use super::origin::Origin;
use super::{BLOCK, Campaign, LOOK_UP, Plan, Summary, Watcher};
use crate::run::{Ending, Run};
use crate::schedule::config::RunConfig;
use crate::search::situation::situation;
use crate::search::target::Target;
use crate::world::stage::Stage;

/// Runs blocks until there are none, or the campaign has ended.
pub(super) fn work(
    target: &dyn Target,
    plan: &Plan,
    ended: &AtomicBool,
    next_block: &AtomicU64,
    sender: &mpsc::SyncSender<(u64, Vec<Summary>)>,
) {
    let is_over = || ended.load(Ordering::Relaxed);
    while !is_over() {
        let block = next_block.fetch_add(1, Ordering::Relaxed);
        let Some(summaries) = perform(target, plan, block, is_over) else { return };
        if sender.send((block, summaries)).is_err() {
            return;
        }
    }
}

/// Runs the seeds of a block; `None` if there are none, or the campaign ends meanwhile.
fn perform(
    target: &dyn Target,
    plan: &Plan,
    block: u64,
    is_over: impl Fn() -> bool,
) -> Option<Vec<Summary>> {
    let traits = target.traits();
    let from = block.saturating_mul(BLOCK);
    let to = from.saturating_add(BLOCK).min(plan.share());
    let summary = |number| {
        let seed = plan.seed(number);
        let config = RunConfig::draw(seed, &plan.settings, &traits);
        let run = || target.run(&config, &plan.selection);
        let stopwatch = ThreadStopwatch::start();
        let (first, situations) = if novelty::is_sampled(seed) {
            let (run, situations) = look_at(target, &config, &plan.selection);
            (run, Some(situations))
        } else {
            (run(), None)
        };
        let origin = Origin::Seed(seed);
        let summary = Summary::of(target, plan, origin, &first, run, stopwatch);
        (!is_over()).then_some(Summary { situations, ..summary })
    };
    if from < to { (from..to).map(summary).collect() } else { None }
}

/// Runs a seed, and gives back the situations that it reached before its first violation, each
/// once: from there on it shows only what follows.
fn look_at(target: &dyn Target, config: &RunConfig, selection: &Selection) -> (Run, Vec<u32>) {
    let (mut reached, mut actions) = (Vec::<(u32, usize)>::new(), 0);
    let mut look = |stage: &Stage, _| {
        actions += 1;
        let situation = situation(stage);
        if reached.last().is_none_or(|(last, _)| *last != situation) {
            reached.push((situation, actions));
        }
    };
    let run = target.run_after(&[], config, selection, Ending::Aftermath, &mut look);
    let end = run.failure().map_or(usize::MAX, |failure| failure.actions);
    let before = reached.into_iter().filter(|(_, actions)| *actions < end);
    let mut situations: Vec<u32> = before.map(|(situation, _)| situation).collect();
    situations.sort_unstable();
    situations.dedup();
    (run, situations)
}

/// Does all the work where no other thread can be had.
pub(super) fn alone(
    target: &dyn Target,
    plan: &Plan,
    first_block: u64,
    campaign: &mut Campaign,
    watcher: &mut dyn Watcher,
    is_time_up: impl Fn() -> bool,
) {
    for block in first_block.. {
        if is_time_up() || campaign.is_complete(plan) {
            return;
        }
        let Some(summaries) = perform(target, plan, block, &is_time_up) else { return };
        campaign.enter(summaries, plan);
        watcher.progress(campaign);
    }
}

/// Takes blocks in order until the campaign is over.
pub(super) fn collect(
    plan: &Plan,
    first_block: u64,
    receiver: &mpsc::Receiver<(u64, Vec<Summary>)>,
    campaign: &mut Campaign,
    watcher: &mut dyn Watcher,
    is_time_up: impl Fn() -> bool,
) {
    let mut early: BTreeMap<u64, Vec<Summary>> = BTreeMap::new();
    let mut expected = first_block;
    while !is_time_up() && !campaign.is_complete(plan) {
        match receiver.recv_timeout(LOOK_UP) {
            Ok((block, summaries)) => drop(early.insert(block, summaries)),
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        }
        while let Some(summaries) = early.remove(&expected) {
            expected += 1;
            if campaign.is_complete(plan) {
                return;
            }
            campaign.enter(summaries, plan);
            watcher.progress(campaign);
        }
    }
}
