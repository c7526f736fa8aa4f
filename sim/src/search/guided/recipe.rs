//! What one run of a guided campaign does: where it begins and how it goes on. A pure function of
//! its seed and of the corpus as it was when the run's generation began.

use std::sync::Arc;

use super::abstraction::abstract_state;
use super::corpus::{Corpus, Lesson, Reached};
use super::mutate::mutate;
use crate::draws::{Draws, Lottery, Purpose, Roots};
use crate::faults::{Fate, Shape};
use crate::language::action::Action;
use crate::language::script::{ACTIONS_MAX, Script};
use crate::node::Traits;
use crate::run::{Ending, Run};
use crate::schedule::config::{RunConfig, Settings};
use crate::search::target::Target;
use crate::world::stage::Stage;
use raft_invariants::{Selection, Witnesses};

/// Runs that begin from nothing, in percent: a corpus alone would breed only its own kind.
const FRESH_PERCENT: u64 = 40;
/// One in this many beginnings stays as it was, up to where it is cut.
const UNCHANGED_ONE_IN: u64 = 5;
/// How many actions chance adds to a beginning.
const STEPS: (u64, u64) = (100, 400);

/// What one run does.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    config: RunConfig,
    beginning: Vec<Action>,
    /// Position of the entry that the beginning comes from.
    parent: Option<usize>,
    is_loaded: bool,
}

impl Recipe {
    /// Draws what the run with this seed does.
    pub(super) fn draw(
        seed: u64,
        settings: &Settings,
        traits: &Traits,
        corpus: &Corpus,
        lottery: &Lottery,
    ) -> Self {
        let mut config = RunConfig::draw(seed, settings, traits);
        let mut draws = Roots::new(seed).draws(Purpose::Mutation, 0);
        let fresh = draws.below(100) < FRESH_PERCENT;
        let Some(parent) = lottery.draw(&mut draws).filter(|_| !fresh) else {
            return Recipe { config, beginning: Vec::new(), parent: None, is_loaded: false };
        };
        let entry = &corpus.entries()[parent];
        config.set_cluster(entry.cluster(), settings);
        // A cut at random did better than one at what was new: what matters may have happened
        // before it.
        let kept = draws.position(entry.actions().len() + 1);
        let mut beginning = entry.actions()[..kept].to_vec();
        // An edited script may deliver out of order and twice.
        let may_edit =
            config.given.faults.allow(Shape::Reorder) && config.given.faults.deal(Fate::Copied);
        if may_edit && !draws.one_in(UNCHANGED_ONE_IN) {
            mutate(&mut beginning, config.given.cluster, corpus, &mut draws);
        }
        follow(&mut config, settings, &mut beginning, &mut draws);
        Recipe { config, beginning, parent: Some(parent), is_loaded: false }
    }

    /// Runs a script that the campaign began with, as it is.
    pub(super) fn again(seed: u64, script: &Script, settings: &Settings, traits: &Traits) -> Self {
        let mut config = RunConfig::draw(seed, settings, traits);
        config.set_cluster(script.cluster, settings);
        config.given.steps = 0;
        Recipe { config, beginning: script.actions.clone(), parent: None, is_loaded: true }
    }

    /// The seed from which its chance comes.
    pub(super) const fn seed(&self) -> u64 {
        self.config.seed
    }

    /// Runs it.
    pub(super) fn run(&self, target: &dyn Target, selection: &Selection) -> Run {
        let (config, ending) = (&self.config, Ending::Aftermath);
        target.run_after(&self.beginning, config, selection, ending, &mut |_, _| {})
    }

    /// Runs it, and notes what it reaches.
    pub(super) fn run_and_learn(
        &self,
        target: &dyn Target,
        selection: &Selection,
    ) -> (Run, Lesson) {
        let (mut states, mut witnesses) = (Vec::<Reached>::new(), Vec::<Reached>::new());
        let mut actions = 0;
        let mut observe = |stage: &Stage, seen: Witnesses| {
            actions += 1;
            let state = abstract_state(stage);
            let is_last = |list: &[Reached], what| list.last().is_some_and(|it| it.what == what);
            if !is_last(&states, state) {
                states.push(Reached { what: state, actions });
            }
            if !is_last(&witnesses, seen.0) {
                witnesses.push(Reached { what: seen.0, actions });
            }
        };
        let (config, ending) = (&self.config, Ending::Aftermath);
        let run = target.run_after(&self.beginning, config, selection, ending, &mut observe);
        // From a violation on, the run shows only what follows from it.
        let end = run.failure().map_or(usize::MAX, |failure| failure.actions);
        witnesses.retain(|reached| reached.actions < end);
        states.retain(|reached| reached.actions < end);
        let script = Arc::new(run.whole());
        let states = each_once(states);
        let Recipe { parent, is_loaded, .. } = *self;
        (run, Lesson { run: script, is_loaded, parent, states, witnesses })
    }
}

/// A few actions by chance after the beginning, within the length that the settings allow.
fn follow(
    config: &mut RunConfig,
    settings: &Settings,
    beginning: &mut Vec<Action>,
    draws: &mut Draws,
) {
    let steps_max = settings.steps.unwrap_or(ACTIONS_MAX as u32);
    beginning.truncate(steps_max as usize);
    config.given.steps = draws.log_uniform(STEPS.0, STEPS.1) as u32;
    config.given.steps = config.given.steps.min(steps_max - beginning.len() as u32);
}

/// The first time that each state was reached, in order.
fn each_once(mut states: Vec<Reached>) -> Vec<Reached> {
    states.sort_unstable_by_key(|reached| (reached.what, reached.actions));
    states.dedup_by_key(|reached| reached.what);
    states.sort_unstable_by_key(|reached| reached.actions);
    states
}
