//! Every judge once more, alone, seeing no more than it says it needs: it must find what those find
//! who see everything, and be silent where they are.

use crate::censor::censored;
use crate::fact::Fact;
use crate::{Checker, Reveals, Selection, sitting};

/// A court for each judge, and what is told there.
pub(super) struct Least {
    courts: Vec<(Reveals, Checker)>,
}

impl Least {
    /// Those who judge a guest that reveals this much.
    pub(super) fn new(nodes: usize, reveals: Reveals) -> Self {
        let courts = sitting(reveals).map(|invariant| {
            let least = Reveals::only(invariant.needs);
            let alone = Selection::only(&[invariant.name]).expect("it is in the catalogue");
            (least, Checker::new(nodes, least, &alone))
        });
        Least { courts: courts.collect() }
    }

    pub(super) fn observe(&mut self, fact: &Fact<'_>) {
        for (least, checker) in &mut self.courts {
            censored(fact, *least, &mut |fact| checker.observe(fact));
        }
    }

    pub(super) fn broken(&self) -> Vec<&'static str> {
        let violations = self.courts.iter().flat_map(|(_, checker)| checker.violations());
        violations.map(|violation| violation.invariant.name).collect()
    }
}
