//! The faults of one run: each with draws of its own, and what is still to come of them.

use crate::draws::{Draws, Purpose, Roots};
use crate::faults::{Fault, FaultSet, Propose};
use crate::world::Event;
use crate::world::stage::Stage;

/// See the head of this file. Positions are those of the run's [`FaultSet`].
pub(super) struct Trouble {
    faults: Vec<(&'static Fault, Draws)>,
    /// Events of the strike or repair at hand.
    proposed: Vec<Event>,
    /// How many of them have been handed out.
    done: usize,
}

impl Trouble {
    /// No fault has struck yet.
    pub(super) fn new(faults: &FaultSet, roots: &Roots) -> Self {
        let named = roots.named(Purpose::Faults);
        Trouble {
            faults: faults.iter().map(|fault| (fault, named.draws(fault.name))).collect(),
            proposed: Vec::new(),
            done: 0,
        }
    }

    /// The next event of a fault that has begun to strike.
    pub(super) fn go_on(&mut self) -> Option<Event> {
        let event = self.proposed.get(self.done).copied();
        self.done += usize::from(event.is_some());
        event
    }

    /// The fault strikes; `None` if there is nothing to break.
    pub(super) fn strike(&mut self, position: usize, stage: &Stage) -> Option<Event> {
        let (_, strike) = self.faults[position].0.strike()?;
        self.propose(position, strike, stage)
    }

    /// The fault is repaired; `None` if nothing is broken.
    pub(super) fn repair(&mut self, position: usize, stage: &Stage) -> Option<Event> {
        let repair = self.faults[position].0.repair()?;
        self.propose(position, repair.propose, stage)
    }

    /// The fault at this position.
    pub(super) fn fault(&self, position: usize) -> &'static Fault {
        self.faults[position].0
    }

    /// What the fault draws for itself.
    pub(super) fn draws(&mut self, position: usize) -> &mut Draws {
        &mut self.faults[position].1
    }

    fn propose(&mut self, position: usize, propose: Propose, stage: &Stage) -> Option<Event> {
        self.proposed.clear();
        self.done = 0;
        propose(stage, &mut self.faults[position].1, &mut self.proposed);
        self.go_on()
    }
}
