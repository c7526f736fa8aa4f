//! The calm that a run may end in: its faults end, time passes kindly, and what must come about is
//! waited for.

use raft_invariants::progress::{Millitimeouts, Standing};

use super::Run;
use super::recorder::Recorder;
use super::rounds::{Round, Rounds};
use crate::node::{Node, NodeSet};
use crate::schedule::calm::{Calm, Excuse, sound};
use crate::world::World;

/// A calm, and what came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aftermath {
    /// Who had to make progress.
    pub core: NodeSet,
    /// Actions that it took; they are no part of the run's own.
    pub actions: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// What it did again and again, if nothing came about and it went round.
    pub round: Option<Round>,
}

/// How a calm ends.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// All that must come about has, after this time.
    Achieved(Millitimeouts),
    /// Something was violated: progress, or something else on the way to it.
    Violated,
    /// Nothing is promised.
    Excused(Excuse),
}

/// Ends a run: in a calm for these nodes, if any, and if nothing has failed so far. What is
/// witnessed and committed in the calm is no merit of the run.
pub(super) fn end<N: Node>(
    core: Option<NodeSet>,
    world: &mut World<N>,
    mut recorder: Recorder<'_>,
) -> Run {
    let (witnesses, committed) = (world.checker().witnesses(), world.checker().committed());
    let core = core.filter(|_| !recorder.has_failed());
    let calm = core.map(|core| {
        recorder.look(world);
        calm_down(world, core, &mut recorder)
    });
    Run { witnesses, committed, calm, ..recorder.into_run(world) }
}

/// Lets the calm begin for these nodes, and waits.
fn calm_down<N: Node>(
    world: &mut World<N>,
    core: NodeSet,
    recorder: &mut Recorder<'_>,
) -> Aftermath {
    let sound = match sound(core, world.stage()) {
        Ok(sound) => sound,
        Err(excuse) => {
            let outcome = Outcome::Excused(excuse);
            return Aftermath { core, actions: 0, outcome, round: None };
        }
    };
    world.calm(sound, recorder.is_observed());
    let mut calm = Calm::new(sound, world.stage());
    let mut rounds = Rounds::default();
    let outcome = loop {
        let (at_us, event) = calm.next(world.stage());
        world.advance_to(at_us);
        if let Some(action) = event.and_then(|event| world.perform(event)) {
            rounds.done(action, world.stage());
            recorder.look(world);
        }
        recorder.judge(world);
        if recorder.has_failed() {
            break Outcome::Violated;
        }
        if let Some(Standing::Achieved(after)) = world.checker().standing() {
            break Outcome::Achieved(after);
        }
    };
    let round = rounds.last().filter(|_| outcome == Outcome::Violated);
    Aftermath { core, actions: rounds.count(), outcome, round }
}
