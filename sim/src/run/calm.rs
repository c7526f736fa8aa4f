//! The calm that a run may end in: its faults end, time passes kindly, and what must come about is
//! waited for.

use raft_invariants::progress::{Millitimeouts, Standing};

use super::Run;
use super::recorder::{Ending, Merits, Recorder};
use super::rounds::{Round, Rounds};
use crate::language::action::Action;
use crate::node::{Node, NodeSet};
use crate::schedule::calm::{Calm, Excuse, sound};
use crate::world::World;

/// A calm, and what came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aftermath {
    /// Who had to make progress.
    pub core: NodeSet,
    /// What it took; that is no part of the run's own actions.
    pub actions: Vec<Action>,
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
    /// Something has not come about in time, or nobody waited for it after a violation.
    Lost,
    /// Nothing is promised.
    Excused(Excuse),
}

/// Ends the run of a script: in a calm for these nodes, if any. Who looks on is shown its beginning
/// and each of its actions.
pub(super) fn end<N: Node>(
    core: Option<NodeSet>,
    world: &mut World<N>,
    mut recorder: Recorder<'_>,
) -> Run {
    let Some(core) = core.filter(|_| !recorder.is_over()) else {
        return recorder.into_run(world);
    };
    let before = Merits::of(world);
    recorder.look(world);
    let calm = calm_down(world, core, &mut recorder);
    recorder.into_run(world).ended(before, calm)
}

/// Ends a run that was drawn, the same way: unless something was violated already, which is reason
/// enough. What a calm brings to light that is no lack of progress needs no calm to show itself:
/// then its actions are those of the run. Nobody looks on.
pub(super) fn end_drawn<N: Node>(
    core: Option<NodeSet>,
    world: &mut World<N>,
    mut recorder: Recorder<'_>,
) -> Run {
    let Some(core) = core.filter(|_| !recorder.has_failed()) else {
        return recorder.into_run(world);
    };
    recorder.unobserve();
    let before = Merits::of(world);
    let calm = calm_down(world, core, &mut recorder);
    if recorder.has_failed_otherwise() {
        recorder.continue_with(calm.actions);
        return recorder.into_run(world);
    }
    recorder.into_run(world).ended(before, calm)
}

/// Whether anything is violated in a calm for these nodes that begins here.
pub(crate) fn fails_in_calm<N: Node>(world: &mut World<N>, core: NodeSet) -> bool {
    let mut recorder = Recorder::new(0, Ending::Violation);
    calm_down(world, core, &mut recorder);
    recorder.has_failed()
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
            return Aftermath { core, actions: Vec::new(), outcome, round: None };
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
        match world.checker().standing() {
            Some(Standing::Achieved(after)) => break Outcome::Achieved(after),
            Some(Standing::Lost) => break Outcome::Lost,
            _ if recorder.wants_no_more_calm() => break Outcome::Lost,
            _ => {}
        }
    };
    let round = rounds.last().filter(|_| outcome == Outcome::Lost);
    Aftermath { core, actions: rounds.into_actions(), outcome, round }
}
