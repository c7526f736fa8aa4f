//! Where a run comes from, and so what repeats it.

use std::sync::Arc;

use crate::language::script::Script;
use crate::run::{Replay, Run};
use crate::schedule::config::{RunConfig, Settings};
use crate::search::target::Target;
use raft_invariants::Selection;

/// What chose in a run of a guided campaign.
pub const GUIDED: &str = "guided";

/// Where a run comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A seed, which says it all.
    Seed(u64),
    /// A guided campaign. Its seed meant something only beside the corpus of that moment, so the
    /// run itself is kept.
    Guided {
        /// The seed.
        seed: u64,
        /// All actions of the run.
        script: Arc<Script>,
    },
}

impl Origin {
    /// The seed from which chance came.
    pub const fn seed(&self) -> u64 {
        match self {
            Origin::Seed(seed) | Origin::Guided { seed, .. } => *seed,
        }
    }

    /// The run itself, where the seed alone does not repeat it.
    pub fn script(&self) -> Option<&Script> {
        match self {
            Origin::Seed(_) => None,
            Origin::Guided { script, .. } => Some(script),
        }
    }

    /// Who chose: the scheduler that the seed drew, or `guided`.
    pub fn scheduler(&self, target: &dyn Target, settings: &Settings) -> &'static str {
        match self {
            Origin::Seed(seed) => RunConfig::draw(*seed, settings, &target.traits()).scheduler.name,
            Origin::Guided { .. } => GUIDED,
        }
    }

    /// The run once more.
    pub fn run(&self, target: &dyn Target, settings: &Settings, selection: &Selection) -> Run {
        match self {
            Origin::Seed(seed) => {
                target.run(&RunConfig::draw(*seed, settings, &target.traits()), selection)
            }
            Origin::Guided { script, .. } => target.replay(script, selection, Replay::SAVED).0,
        }
    }
}
