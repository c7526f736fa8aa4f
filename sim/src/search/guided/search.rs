//! How soon guided search finds something: one search, in one thread, to the first failure.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use raft_invariants::Selection;

use super::GENERATION;
use super::corpus::Corpus;
use super::recipe::Recipe;
use crate::run::Class;
use crate::schedule::config::Settings;
use crate::search::campaign::origin::Origin;
use crate::search::target::Target;

/// What a search came to.
#[derive(Clone, Debug)]
pub struct FirstFailure {
    /// The failing run and what it violates first; `None` if the budget was spent.
    pub found: Option<(Origin, Class)>,
    /// Runs, the failing one included.
    pub runs: u64,
    /// Actions up to the violation, those of kept beginnings included each time they are run.
    pub actions: u64,
    /// The corpus, without the generation in which the search ended.
    pub corpus: Corpus,
}

/// Searches from an empty corpus until a run fails or `actions_max` actions are done; the runs
/// are those of [`run`](super::run) with the same first seed.
pub fn first_failure(
    target: &dyn Target,
    settings: &Settings,
    selection: &Selection,
    first_seed: u64,
    actions_max: u64,
    stop: &AtomicBool,
) -> FirstFailure {
    let traits = target.traits();
    let mut search = FirstFailure { found: None, runs: 0, actions: 0, corpus: Corpus::default() };
    loop {
        let lottery = search.corpus.lottery();
        let mut lessons = Vec::new();
        for _ in 0..GENERATION {
            if actions_max <= search.actions || stop.load(Ordering::Relaxed) {
                return search;
            }
            let seed = first_seed.wrapping_add(search.runs);
            let recipe = Recipe::draw(seed, settings, &traits, &search.corpus, &lottery);
            let (run, lesson) = recipe.run_and_learn(target, selection);
            search.runs += 1;
            if let Some(failure) = run.failure() {
                search.actions += failure.actions as u64;
                let origin = Origin::Guided { seed, script: Arc::clone(&lesson.run) };
                search.found = Some((origin, failure.class()));
                return search;
            }
            search.actions += run.actions.len() as u64;
            lessons.push(lesson);
        }
        for lesson in &lessons {
            search.corpus.learn(lesson);
        }
        search.corpus.shrink();
    }
}
