//! A run from a script.

use raft_invariants::Selection;

use super::Run;
use super::calm::end;
use super::drive::drive;
use super::recorder::{Ending, Recorder};
use crate::language::script::Script;
use crate::node::Node;
use crate::schedule::script::{Lines, Matching};
use crate::world::World;

/// How a script is to be run.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Replay {
    /// What a line may mean.
    pub matching: Matching,
    /// Stop at the first violation instead of going on to the end of the script.
    pub stop: bool,
    /// Take notes.
    pub trace: bool,
}

impl Replay {
    /// As a saved script runs: strictly, to its end.
    pub const SAVED: Replay = Replay { matching: Matching::Strict, stop: false, trace: false };
    /// As a minimizer's candidate runs: forgivingly, to the first violation.
    pub const CANDIDATE: Replay =
        Replay { matching: Matching::Forgiving, stop: true, trace: false };
    /// As a story is told: strictly, to the end, with notes.
    pub const STORY: Replay = Replay { matching: Matching::Strict, stop: false, trace: true };
}

/// Runs a script. Lines that mean nothing are skipped, and their positions are given back.
pub fn run_script<N: Node>(
    script: &Script,
    target: &N::Config,
    selection: &Selection,
    how: Replay,
) -> (Run, Vec<usize>) {
    let mut world = World::<N>::new(script.cluster, target, selection, how.trace);
    let ending = if how.stop { Ending::Violation } else { Ending::Exhausted };
    let mut recorder = Recorder::new(script.actions.len(), ending);
    let mut lines = Lines::new(&script.actions, how.matching);
    drive(&mut world, &mut lines, &mut recorder);
    let mut run = end(script.calm, &mut world, recorder);
    run.stage = how.trace.then(|| world.stage().clone());
    (run, lines.skipped())
}
