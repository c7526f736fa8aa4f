//! A run that somebody looks at: a script, perhaps with the times at which its lines happened, and
//! what chance makes of it from there on, or the calm that it ends in. It takes notes, of the calm
//! too, and an observer sees every moment.

use raft_invariants::Selection;

use super::Run;
use super::calm::end;
use super::drive::{Limited, Then, drive};
use super::recorder::{Ending, Observer, Recorder};
use crate::language::script::Script;
use crate::node::Node;
use crate::schedule::Scheduler;
use crate::schedule::config::RunConfig;
use crate::schedule::script::{Lines, Matching};
use crate::world::stage::Stage;
use crate::world::{Event, World};

/// What is to be looked at.
#[derive(Copy, Clone, Debug)]
pub struct Watched<'a> {
    /// What happens, in order. A line that means nothing is skipped.
    pub script: &'a Script,
    /// When its first lines happen, in microseconds of true time; the others follow as in any
    /// replay. A script itself carries no times: this is for who has lived through them.
    pub times_us: &'a [u64],
    /// What chooses after the script, and how often: as this seed drew it.
    pub then: Option<&'a RunConfig>,
}

/// Runs it; positions of lines that meant nothing are given back. `observer` looks at the cluster
/// that has just booted, then after every action, then when the calm begins, if it ends in one, and
/// after every action of the calm.
pub fn run_watched<N: Node>(
    watched: &Watched<'_>,
    target: &N::Config,
    selection: &Selection,
    observer: Observer<'_>,
) -> (Run, Vec<usize>) {
    let script = watched.script;
    let mut world = World::<N>::new(script.cluster, target, selection, true);
    observer(world.stage(), world.checker().witnesses());
    let mut recorder = Recorder::new(script.actions.len(), Ending::Exhausted).observed(observer);
    let lines = Timed {
        lines: Lines::new(&script.actions, Matching::Forgiving),
        times_us: watched.times_us.iter(),
    };
    let lines = if let Some(config) = watched.then {
        let mut source = Then::new(lines, Limited::new(config.scheduler(), config.given.steps));
        drive(&mut world, &mut source, &mut recorder);
        source.into_first()
    } else {
        let mut lines = lines;
        drive(&mut world, &mut lines, &mut recorder);
        lines
    };
    let mut run = end(script.calm, &mut world, recorder);
    run.stage = Some(world.stage().clone());
    (run, lines.lines.skipped())
}

/// Lines of which the first happen at given times.
struct Timed<'a> {
    lines: Lines<'a>,
    times_us: std::slice::Iter<'a, u64>,
}

impl Scheduler for Timed<'_> {
    fn next(&mut self, stage: &Stage) -> Option<(u64, Event)> {
        let (usual_us, event) = self.lines.next(stage)?;
        Some((self.times_us.next().copied().unwrap_or(usual_us), event))
    }

    fn heard(&mut self, happened: bool) {
        self.lines.heard(happened);
    }
}
