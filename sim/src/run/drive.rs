//! The one loop of a run: a source chooses, the world performs, the recorder keeps.

use super::recorder::Recorder;
use crate::node::Node;
use crate::schedule::Scheduler;
use crate::world::Event;
use crate::world::World;
use crate::world::stage::Stage;

/// Choices in a row that turn out to be impossible before a source counts as exhausted.
const IMPOSSIBLE_MAX: u32 = 1_000;

/// Lets a source choose until it has nothing more to choose, or the run is over.
pub(super) fn drive<N: Node>(
    world: &mut World<N>,
    source: &mut impl Scheduler,
    recorder: &mut Recorder<'_>,
) {
    recorder.judge(world);
    while !recorder.is_over() {
        let Some((now_us, event)) = source.next(world.stage()) else { return };
        world.advance_to(now_us);
        let done = world.perform(event);
        source.heard(done.is_some());
        if let Some(action) = done {
            recorder.done(action, world);
        }
    }
}

/// A scheduler that chooses so many actions and no more.
pub(super) struct Limited {
    scheduler: Box<dyn Scheduler>,
    left: u32,
    impossible: u32,
}

impl Limited {
    pub(super) fn new(scheduler: Box<dyn Scheduler>, actions: u32) -> Self {
        Limited { scheduler, left: actions, impossible: 0 }
    }
}

impl Scheduler for Limited {
    fn next(&mut self, stage: &Stage) -> Option<(u64, Event)> {
        if self.left == 0 || self.impossible == IMPOSSIBLE_MAX {
            return None;
        }
        self.scheduler.next(stage)
    }

    fn heard(&mut self, happened: bool) {
        self.left -= u32::from(happened);
        self.impossible = if happened { 0 } else { self.impossible + 1 };
        self.scheduler.heard(happened);
    }
}

/// One source after the other.
pub(super) struct Then<A, B> {
    first: A,
    second: B,
    is_first: bool,
}

impl<A: Scheduler, B: Scheduler> Then<A, B> {
    pub(super) const fn new(first: A, second: B) -> Self {
        Then { first, second, is_first: true }
    }

    /// The first, when all is over.
    pub(super) fn into_first(self) -> A {
        self.first
    }
}

impl<A: Scheduler, B: Scheduler> Scheduler for Then<A, B> {
    fn next(&mut self, stage: &Stage) -> Option<(u64, Event)> {
        let chosen = if self.is_first { self.first.next(stage) } else { None };
        self.is_first = chosen.is_some();
        chosen.or_else(|| self.second.next(stage))
    }

    fn heard(&mut self, happened: bool) {
        if self.is_first {
            self.first.heard(happened);
        } else {
            self.second.heard(happened);
        }
    }
}
