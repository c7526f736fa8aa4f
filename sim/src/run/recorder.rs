//! Keeps what was done and what was violated, and says when a run is over.

use raft_invariants::{Level, Witnesses};

use super::{Failure, Run};
use crate::language::action::Action;
use crate::node::Node;
use crate::world::World;
use crate::world::stage::Stage;

/// Actions that a failing run may still take, to see what follows from the first violation.
const AFTERMATH: usize = 400;

/// Looks at the cluster and at what was witnessed so far, after every action.
pub type Observer<'a> = &'a mut dyn FnMut(&Stage, Witnesses);

/// When a run that fails is over.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// At its first violation.
    Violation,
    /// A while later, so that it shows what follows.
    Aftermath,
    /// When its source has nothing more to choose.
    Exhausted,
}

/// What a run has to its credit.
#[derive(Copy, Clone)]
pub(super) struct Merits {
    pub(super) witnesses: Witnesses,
    pub(super) committed: u64,
    pub(super) elections: u64,
}

impl Merits {
    /// So far.
    pub(super) fn of<N: Node>(world: &World<N>) -> Self {
        Merits {
            witnesses: world.checker().witnesses(),
            committed: world.checker().committed(),
            elections: world.checker().history().elections.iter().count() as u64,
        }
    }
}

/// See the head of this file.
pub(super) struct Recorder<'a> {
    actions: Vec<Action>,
    failures: Vec<Failure>,
    ending: Ending,
    observer: Option<Observer<'a>>,
}

impl<'a> Recorder<'a> {
    /// For a run of about so many actions.
    pub(super) fn new(actions: usize, ending: Ending) -> Self {
        let actions = Vec::with_capacity(actions.min(1024));
        Recorder { actions, failures: Vec::new(), ending, observer: None }
    }

    /// With somebody who looks on.
    pub(super) fn observed(self, observer: Observer<'a>) -> Self {
        Recorder { observer: Some(observer), ..self }
    }

    pub(super) fn done<N: Node>(&mut self, action: Action, world: &World<N>) {
        self.actions.push(action);
        self.judge(world);
        self.look(world);
    }

    pub(super) fn is_observed(&self) -> bool {
        self.observer.is_some()
    }

    /// Nobody looks on any more.
    pub(super) fn unobserve(&mut self) {
        self.observer = None;
    }

    /// Shows the moment to whoever looks on.
    pub(super) fn look<N: Node>(&mut self, world: &World<N>) {
        if let Some(observer) = &mut self.observer {
            observer(world.stage(), world.checker().witnesses());
        }
    }

    /// Notes what was violated since it last looked.
    pub(super) fn judge<N: Node>(&mut self, world: &World<N>) {
        let violations = world.checker().violations();
        let actions = self.actions.len() + usize::from(world.checker().standing().is_some());
        for violation in &violations[self.failures.len()..] {
            let violation = violation.clone();
            self.failures.push(Failure { actions, violation });
        }
    }

    /// What was done last.
    pub(super) fn last(&self) -> Option<Action> {
        self.actions.last().copied()
    }

    /// How many violations were noted.
    pub(super) fn failures(&self) -> usize {
        self.failures.len()
    }

    /// Whether anything was violated.
    pub(super) fn has_failed(&self) -> bool {
        !self.failures.is_empty()
    }

    /// Whether something else than progress was violated first.
    pub(super) fn has_failed_otherwise(&self) -> bool {
        let first = self.failures.first();
        first.is_some_and(|first| first.violation.invariant.level != Level::Progress)
    }

    /// Whether a calm need not go on: one that a script asks for goes on to its end, whatever is
    /// violated meanwhile, since who judges may depend on who asks, and what happens may not.
    pub(super) fn wants_no_more_calm(&self) -> bool {
        self.ending != Ending::Exhausted && self.has_failed()
    }

    /// Goes on with these actions, with the last of which everything since was violated.
    pub(super) fn continue_with(&mut self, actions: Vec<Action>) {
        let before = self.actions.len();
        self.actions.extend(actions);
        for failure in self.failures.iter_mut().filter(|failure| before < failure.actions) {
            failure.actions = self.actions.len();
        }
    }

    pub(super) fn is_over(&self) -> bool {
        let aftermath = match self.ending {
            Ending::Violation => 0,
            Ending::Aftermath => AFTERMATH,
            Ending::Exhausted => return false,
        };
        let first = self.failures.first();
        first.is_some_and(|first| first.actions + aftermath <= self.actions.len())
    }

    pub(super) fn into_run<N: Node>(self, world: &mut World<N>) -> Run {
        let Merits { witnesses, committed, elections } = Merits::of(world);
        Run {
            cluster: world.stage().cluster,
            actions: self.actions,
            failures: self.failures,
            witnesses,
            shown: world.checker().shown(),
            withheld: world.checker().withheld(),
            hash: world.hash(),
            committed,
            elections,
            trace: world.take_trace(),
            stage: None,
            calm: None,
        }
    }
}
