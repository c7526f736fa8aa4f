//! One run: a scheduler, a world, judges. From a seed, or from a script.

use raft_invariants::{Level, Selection, Violation, Witnesses};

use crate::draws::Roots;
use crate::language::action::Action;
use crate::language::script::{Cluster, Script};
use crate::node::Node;
use crate::schedule::config::RunConfig;
use crate::schedule::script::{Matching, resolve};
use crate::world::World;
use crate::world::stage::Stage;
use crate::world::trace::{Trace, in_words};

/// Choices in a row that turn out to be impossible before a run counts as over.
const IMPOSSIBLE_MAX: u32 = 1_000;
/// Actions that a failing run may still take, to see what follows from the first violation.
const AFTERMATH: usize = 400;

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it started from.
    pub cluster: Cluster,
    /// Everything that was done.
    pub actions: Vec<Action>,
    /// Violations in the order in which they were seen, each with the number of actions done then.
    pub failures: Vec<Failure>,
    /// What was seen on the way.
    pub witnesses: Witnesses,
    /// Hash of what was done and of how the nodes saw themselves after it.
    pub hash: u64,
    /// Length of the judges' ledger.
    pub committed: u64,
    /// What happened in each action, if it was asked for.
    pub trace: Option<Trace>,
    /// How things stand at the end, if it was asked for.
    pub stage: Option<Stage>,
}

/// A violation and when it came.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Actions done, the guilty one included; 0 if nodes failed while they booted.
    pub actions: usize,
    /// What was violated.
    pub violation: Violation,
}

/// What makes two failures the same: the invariant, and for a panic its place. Never finer: finer
/// rules keep a minimizer from nothing but its work.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Class {
    /// Name of the invariant.
    pub invariant: &'static str,
    /// Where, for a panic.
    pub place: Option<String>,
}

impl Failure {
    /// Its class.
    pub fn class(&self) -> Class {
        Class { invariant: self.violation.invariant.name, place: self.violation.place.clone() }
    }

    /// Whether more than a lemma is violated.
    pub fn is_grave(&self) -> bool {
        self.violation.invariant.level != Level::Lemma
    }
}

impl Run {
    /// The first violation.
    pub fn failure(&self) -> Option<&Failure> {
        self.failures.first()
    }

    /// What the run is reported for: its first violation and, if that is a lemma's, the first graver
    /// one that followed, unless a fault outside the model came before it.
    pub fn alarms(&self) -> Vec<&Failure> {
        let first = self.failures.first();
        let is_graver = |f: &&Failure| f.is_grave() && f.violation.expected.is_none();
        let graver = match first {
            Some(first) if !first.is_grave() => self.failures.iter().find(is_graver),
            _ => None,
        };
        first.into_iter().chain(graver).collect()
    }

    /// The run as a script, up to and including action number `length`.
    pub fn script(&self, length: usize) -> Script {
        Script { cluster: self.cluster, actions: self.actions[..length].to_vec() }
    }
}

/// Runs a seed: the scheduler that the seed drew chooses until the steps are used up.
///
/// After a violation the run goes on for a while, so that it shows what follows from a lemma's.
pub fn run_seed<N: Node>(config: &RunConfig, target: &N::Config, selection: &Selection) -> Run {
    let mut world = World::<N>::new(config.cluster, target, selection, false);
    let mut recorder = Recorder::new(config.steps as usize, Ending::Aftermath);
    recorder.judge(&world);
    go_on(config, &mut world, &mut recorder, &mut |_| {});
    recorder.into_run(&world)
}

/// When a run that fails is over.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// At its first violation.
    Violation,
    /// A while later, so that it shows what follows.
    Aftermath,
}

/// Runs a beginning, forgivingly, and then what the seed drew, as [`run_seed`] does.
///
/// `observe` looks at the cluster after every action, and at what was witnessed so far.
pub fn run_after<N: Node>(
    beginning: &[Action],
    config: &RunConfig,
    target: &N::Config,
    selection: &Selection,
    ending: Ending,
    observe: Observer<'_>,
) -> Run {
    let mut world = World::<N>::new(config.cluster, target, selection, false);
    let mut recorder = Recorder::new(beginning.len() + config.steps as usize, ending);
    let mut observe = |world: &World<N>| observe(world.stage(), world.checker().witnesses());
    recorder.judge(&world);
    for action in beginning {
        if recorder.is_over(usize::MAX) {
            break;
        }
        let event = resolve(action, world.stage(), Matching::Forgiving);
        world.advance_to(world.stage().now_us + crate::schedule::walk::ACTION_US);
        if let Some(done) = event.and_then(|event| world.perform(event)) {
            recorder.done(done, &world);
            observe(&world);
        }
    }
    go_on(config, &mut world, &mut recorder, &mut observe);
    recorder.into_run(&world)
}

/// Looks at the cluster and at what was witnessed so far.
pub type Observer<'a> = &'a mut dyn FnMut(&Stage, Witnesses);

/// Lets the scheduler that the seed drew choose until its steps are used up.
fn go_on<N: Node>(
    config: &RunConfig,
    world: &mut World<N>,
    recorder: &mut Recorder,
    observe: &mut impl FnMut(&World<N>),
) {
    let mut scheduler = (config.scheduler.make)(config, &Roots::new(config.seed));
    let end = recorder.actions.len() + config.steps as usize;
    let mut impossible = 0;
    while !recorder.is_over(end) {
        let Some((now_us, event)) = scheduler.next(world.stage()) else { break };
        world.advance_to(now_us);
        let Some(action) = world.perform(event) else {
            impossible += 1;
            if impossible == IMPOSSIBLE_MAX {
                break;
            }
            continue;
        };
        impossible = 0;
        recorder.done(action, world);
        observe(world);
    }
}

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
    let mut recorder = Recorder::new(script.actions.len(), Ending::Aftermath);
    recorder.judge(&world);
    let mut skipped = Vec::new();
    for (line, action) in script.actions.iter().enumerate() {
        if how.stop && !recorder.failures.is_empty() {
            break;
        }
        let event = resolve(action, world.stage(), how.matching);
        world.advance_to(world.stage().now_us + crate::schedule::walk::ACTION_US);
        match event.and_then(|event| world.perform(event)) {
            Some(done) => recorder.done(done, &world),
            None => skipped.push(line),
        }
    }
    let mut run = recorder.into_run(&world);
    run.stage = how.trace.then(|| world.stage().clone());
    (run, skipped)
}

/// Keeps what was done and what was violated.
struct Recorder {
    actions: Vec<Action>,
    failures: Vec<Failure>,
    /// Actions that may follow the first violation.
    aftermath: usize,
}

impl Recorder {
    fn new(actions: usize, ending: Ending) -> Self {
        Recorder {
            actions: Vec::with_capacity(actions.min(1024)),
            failures: Vec::new(),
            aftermath: if ending == Ending::Violation { 0 } else { AFTERMATH },
        }
    }

    fn done<N: Node>(&mut self, action: Action, world: &World<N>) {
        self.actions.push(action);
        self.judge(world);
    }

    fn judge<N: Node>(&mut self, world: &World<N>) {
        let violations = world.checker().violations();
        for violation in &violations[self.failures.len()..] {
            let evidence = in_words(&violation.evidence);
            let violation = Violation { evidence, ..violation.clone() };
            self.failures.push(Failure { actions: self.actions.len(), violation });
        }
    }

    fn is_over(&self, steps: usize) -> bool {
        let done = self.actions.len();
        steps <= done
            || self.failures.first().is_some_and(|first| first.actions + self.aftermath <= done)
    }

    fn into_run<N: Node>(self, world: &World<N>) -> Run {
        Run {
            cluster: world.stage().cluster,
            actions: self.actions,
            failures: self.failures,
            witnesses: world.checker().witnesses(),
            hash: world.hash(),
            committed: world.checker().committed(),
            trace: world.trace().cloned(),
            stage: None,
        }
    }
}
