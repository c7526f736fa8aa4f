//! Facts about the calm that a run may end in.

use super::Checker;
use crate::fact::NodeSet;
use crate::progress::{Millitimeouts, Progress, Standing};
use crate::violation::Violation;

impl Checker {
    /// How the calm stands; `None` before it begins.
    pub fn standing(&self) -> Option<Standing> {
        self.progress.as_ref().map(|progress| progress.standing())
    }

    pub(super) fn calmed(&mut self, core: NodeSet) {
        let sitting = &self.sitting;
        let progress =
            Progress::begin(core, &self.history, |invariant| sitting.contains(&invariant));
        self.progress = Some(Box::new(progress));
    }

    pub(super) fn waited(&mut self, millitimeouts: Millitimeouts) {
        let progress = self.progress.as_mut().expect("a calm begins before it goes on");
        if let Some(overdue) = progress.wait(millitimeouts, &self.history) {
            self.violations.push(Violation {
                invariant: overdue.invariant,
                node: None,
                evidence: overdue.evidence,
                place: None,
                expected: self.fault,
            });
        }
    }
}
