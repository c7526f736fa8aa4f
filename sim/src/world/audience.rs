//! Everyone who hears of facts: whoever takes notes, whoever listens in, and the judges.

use raft_invariants::Checker;
use raft_invariants::fact::Fact;

use super::trace::Trace;

/// Hears every fact just before the judges do.
pub type Listener = Box<dyn FnMut(&Fact<'_>)>;

/// Who hears of facts in this world.
pub(super) struct Audience {
    pub(super) trace: Option<Box<Trace>>,
    pub(super) listener: Option<Listener>,
    pub(super) checker: Checker,
    /// When the calm began in which the run ends.
    pub(super) calm_since_us: Option<u64>,
    /// Whether notes are taken of it, too.
    pub(super) is_calm_noted: bool,
}

impl Audience {
    /// Where notes are taken, if they are.
    pub(super) fn notes(&mut self) -> Option<&mut Trace> {
        let is_noted = self.calm_since_us.is_none() || self.is_calm_noted;
        self.trace.as_deref_mut().filter(|_| is_noted)
    }

    /// Something has happened.
    #[inline]
    pub(super) fn observe(&mut self, fact: &Fact<'_>) {
        if let Some(trace) = self.notes() {
            trace.note(fact);
        }
        if let Some(listener) = &mut self.listener {
            listener(fact);
        }
        self.checker.observe(fact);
    }
}
