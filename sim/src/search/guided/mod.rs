//! Guided campaigns: runs that reached something first are kept, and later runs begin like them.
//!
//! What counts as something is an [abstract state](abstraction::abstract_state) of the cluster, or
//! a set of witnesses. A run begins from nothing or from an entry of the corpus, cut and changed a
//! little, and goes on by chance.
//!
//! Runs come in generations. All runs of a generation are drawn from the same frozen corpus and
//! run in parallel; then the corpus learns from them in the order of their seeds. So what a guided
//! campaign finds is a function of target, plan and initial corpus, whatever the number of
//! workers. One run of it is not a function of its seed: it is kept as a script, see
//! [`Origin`](crate::search::campaign::origin::Origin::Guided).

pub mod abstraction;
pub mod corpus;
mod mutate;
mod recipe;
pub mod search;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::language::script::Script;
use crate::search::campaign::clock::{Stopwatch, ThreadStopwatch};
use crate::search::campaign::growth::{Growth, Mark};
use crate::search::campaign::origin::{GUIDED, Origin};
use crate::search::campaign::{Campaign, Plan, Summary, Watcher};
use crate::search::spread::spread;
use crate::search::target::Target;
use corpus::{Corpus, Lesson};
use recipe::Recipe;

/// What `--scheduler` calls it.
pub const NAME: &str = GUIDED;
/// One sentence for `raft-sim list schedulers`.
pub const SUMMARY: &str =
    "keeps runs that reach new abstract states or witnesses, changes them a little and goes on";

/// Runs that are drawn from the same corpus.
const GENERATION: u64 = 64;

/// Runs a guided campaign, the `loaded` scripts first and as they are: they count as runs, beyond
/// the plan's. `stop` may be set from outside: what has been found is given back, and the corpus.
pub fn run(
    target: &dyn Target,
    plan: &Plan,
    loaded: &[Script],
    stop: &AtomicBool,
    watcher: &mut dyn Watcher,
) -> (Campaign, Corpus) {
    let stopwatch = Stopwatch::start();
    let mut campaign = Campaign::begin();
    let mut corpus = Corpus::default();
    let mut growth = Growth { loaded: loaded.len() as u64, ..Growth::default() };
    let runs = plan.share().saturating_add(growth.loaded);
    let mut next = 0;
    while next < runs && !campaign.is_complete(plan) {
        let end = runs.min(next + GENERATION);
        let recipes = recipes(target, plan, loaded, next..end, &corpus);
        next = end;
        for (summary, lesson) in perform(target, plan, &recipes) {
            if campaign.is_complete(plan) {
                break;
            }
            campaign.count(summary, plan);
            corpus.learn(&lesson);
        }
        corpus.shrink();
        growth.mark(now(campaign.runs, &corpus));
        campaign.guided = Some(growth.clone());
        watcher.progress(&campaign);
        let is_time_up = plan.time_ms.is_some_and(|limit| limit <= stopwatch.wall_ms());
        if is_time_up || stop.load(Ordering::Relaxed) {
            break;
        }
    }
    campaign.guided = Some(growth);
    campaign.interrupted = stop.load(Ordering::Relaxed);
    (campaign, corpus)
}

/// What the runs with these numbers do.
fn recipes(
    target: &dyn Target,
    plan: &Plan,
    loaded: &[Script],
    numbers: std::ops::Range<u64>,
    corpus: &Corpus,
) -> Vec<Recipe> {
    let (settings, traits, lottery) = (&plan.settings, target.traits(), corpus.lottery());
    let recipe = |number: u64| {
        let seed = plan.seed(number);
        match loaded.get(usize::try_from(number).unwrap_or(usize::MAX)) {
            Some(script) => Recipe::again(seed, script, settings, &traits),
            None => Recipe::draw(seed, settings, &traits, corpus, &lottery),
        }
    };
    numbers.map(recipe).collect()
}

/// Runs a generation, in parallel; results are in order. Nothing ends it early: the corpus learns
/// from whole generations.
fn perform(target: &dyn Target, plan: &Plan, recipes: &[Recipe]) -> Vec<(Summary, Lesson)> {
    let perform = |recipe: &Recipe| Some(perform_one(target, plan, recipe));
    spread(recipes, plan.jobs, &AtomicBool::new(false), &|_, _| (), &perform)
}

fn perform_one(target: &dyn Target, plan: &Plan, recipe: &Recipe) -> (Summary, Lesson) {
    let stopwatch = ThreadStopwatch::start();
    let (run, lesson) = recipe.run_and_learn(target, &plan.selection);
    let origin = Origin::Guided { seed: recipe.seed(), script: Arc::clone(&lesson.run) };
    let again = || recipe.run(target, &plan.selection);
    (Summary::of(target, plan, origin, &run, again, stopwatch), lesson)
}

/// How large the corpus is after so many runs.
fn now(runs: u64, corpus: &Corpus) -> Mark {
    Mark { runs, scripts: corpus.entries().len() as u64, states: corpus.states() as u64 }
}
