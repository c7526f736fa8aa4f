//! A play that ends in calm.

use super::Play;
use crate::fact::{Fact, NodeId};
use crate::progress::Standing;

impl Play {
    /// All faults have ended among these nodes.
    pub(crate) fn calm(&mut self, core: &[u8]) -> &mut Self {
        let core = core.iter().map(|&node| NodeId(node)).collect();
        self.tell(&Fact::Calmed { core })
    }

    /// It is told all the way that the calm has lasted so many timeouts, if nothing is lost before.
    pub(crate) fn wait_for(&mut self, timeouts: u64) -> &mut Self {
        self.wait_for_tenths(10 * timeouts)
    }

    /// The same in tenths of a timeout.
    pub(crate) fn wait_for_tenths(&mut self, tenths: u64) -> &mut Self {
        while self.waited < 100 * tenths && self.broken().is_empty() && !self.has_achieved() {
            self.waited += 100;
            self.tell(&Fact::Waited { millitimeouts: self.waited });
        }
        self
    }

    /// It is told once that the calm has lasted so many timeouts.
    pub(crate) fn wait_for_exactly(&mut self, timeouts: u64) -> &mut Self {
        self.waited = 1000 * timeouts;
        self.tell(&Fact::Waited { millitimeouts: self.waited })
    }

    /// Whether everything came about that must.
    pub(crate) fn has_achieved(&self) -> bool {
        matches!(self.checker.standing(), Some(Standing::Achieved(_)))
    }
}
