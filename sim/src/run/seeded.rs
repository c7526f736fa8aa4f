//! A run that a seed drew, from its beginning or after a script.

use raft_invariants::Selection;

use super::Run;
use super::calm::end_drawn;
use super::drive::{Limited, Then, drive};
use super::recorder::{Ending, Observer, Recorder};
use crate::language::action::Action;
use crate::node::Node;
use crate::schedule::config::RunConfig;
use crate::schedule::script::{Lines, Matching};
use crate::world::World;

/// Runs a seed: the scheduler that the seed drew chooses until its actions are used up.
///
/// After a violation the run goes on for a while, so that it shows what follows from a lemma's.
pub fn run_seed<N: Node>(config: &RunConfig, target: &N::Config, selection: &Selection) -> Run {
    let mut world = World::<N>::new(config.given.cluster, target, selection, false);
    let mut recorder = Recorder::new(config.given.steps as usize, Ending::Aftermath);
    drive(&mut world, &mut drawn(config), &mut recorder);
    end_drawn(config.calm, &mut world, recorder)
}

/// Runs a beginning, forgivingly, and then what the seed drew, as [`run_seed`] does; `observer`
/// looks on.
pub fn run_after<N: Node>(
    beginning: &[Action],
    config: &RunConfig,
    target: &N::Config,
    selection: &Selection,
    ending: Ending,
    observer: Observer<'_>,
) -> Run {
    let mut world = World::<N>::new(config.given.cluster, target, selection, false);
    let actions = beginning.len() + config.given.steps as usize;
    let mut recorder = Recorder::new(actions, ending).observed(observer);
    let mut source = Then::new(Lines::new(beginning, Matching::Forgiving), drawn(config));
    drive(&mut world, &mut source, &mut recorder);
    end_drawn(config.calm, &mut world, recorder)
}

/// The scheduler that the seed drew, for as many actions as it drew.
fn drawn(config: &RunConfig) -> Limited {
    Limited::new(config.scheduler(), config.given.steps)
}
