//! One run: what came of it, and how it fails.
//!
//! There is one loop, in `drive.rs`: a source chooses, the world performs, the recorder keeps. A
//! source is a script, what a seed drew, or one after the other; a scenario's player finds out
//! which lines its phrases stand for.

pub mod calm;
mod drive;
pub mod player;
mod recorder;
pub mod replay;
pub mod rounds;
pub mod seeded;
pub mod standing;
pub mod watched;

use raft_invariants::{Level, Reveals, Violation, Witnesses};

use crate::language::action::Action;
use crate::language::script::{Cluster, Script};
use crate::world::stage::Stage;
use crate::world::trace::Trace;
use calm::Aftermath;
use recorder::Merits;

pub use player::Played;
pub use recorder::{Ending, Observer};
pub use replay::Replay;
pub use watched::Watched;

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
    /// What is declared and was shown.
    pub shown: Reveals,
    /// What views kept silent about though it is declared.
    pub withheld: Reveals,
    /// Hash of what was done and of how the nodes saw themselves after it.
    pub hash: u64,
    /// Length of the judges' ledger.
    pub committed: u64,
    /// Elections that were won, as far as judges saw.
    pub elections: u64,
    /// What happened in each action, if it was asked for.
    pub trace: Option<Trace>,
    /// How things stand at the end, if it was asked for.
    pub stage: Option<Stage>,
    /// The calm that it ended in, if it came to that.
    pub calm: Option<Aftermath>,
}

/// A violation and when it came.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Actions done, the guilty one included; 0 if nodes failed while they booted. The calm after
    /// them counts as one.
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

    /// The run, ended by this calm: what came about in that is no merit of the run.
    fn ended(self, before: Merits, calm: Aftermath) -> Self {
        let Merits { witnesses, committed, elections } = before;
        Run { witnesses, committed, elections, calm: Some(calm), ..self }
    }

    /// Nodes that were started again.
    pub fn restarts(&self) -> u64 {
        let is_restart = |action: &&Action| matches!(action, Action::Restart(_));
        self.actions.iter().filter(is_restart).count() as u64
    }

    /// How long it is: the calm that it ended in counts as one action.
    pub fn steps(&self) -> usize {
        self.actions.len() + usize::from(self.calm.is_some())
    }

    /// The run as a script, up to and including action number `length`; the calm that it ended in
    /// is the last.
    pub fn script(&self, length: usize) -> Script {
        let calm = self.calm.as_ref().filter(|_| self.actions.len() < length);
        let calm = calm.map(|calm| calm.core);
        let actions = self.actions[..length.min(self.actions.len())].to_vec();
        Script { cluster: self.cluster, actions, calm }
    }

    /// All of it as a script.
    pub fn whole(&self) -> Script {
        self.script(self.steps())
    }
}
