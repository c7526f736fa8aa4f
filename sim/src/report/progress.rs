//! What there is to say while a campaign runs.

use serde::{Deserialize, Serialize};

use super::campaign::Seeds;
use crate::search::campaign::{Campaign, Plan};
use crate::search::target::Target;

/// What a campaign is going to do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct BeginReport {
    /// What is run.
    pub target: String,
    /// The seeds that are to be run.
    pub seeds: Seeds,
}

impl BeginReport {
    /// What a campaign against this target is going to do.
    pub fn of(target: &dyn Target, plan: &Plan) -> Self {
        BeginReport { target: target.name().to_owned(), seeds: Seeds::of(plan, 0) }
    }
}

/// How far a campaign is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ProgressReport {
    /// Runs so far.
    pub runs: u64,
    /// Actions of those runs.
    pub actions: u64,
    /// Classes of failures so far.
    pub failures: u64,
    /// What depends on a clock.
    pub time: ProgressTime,
}

/// What of the progress depends on a clock.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ProgressTime {
    /// Milliseconds since the campaign began.
    pub wall_ms: u64,
}

impl ProgressReport {
    /// How far a campaign is after so many milliseconds.
    pub fn of(campaign: &Campaign, wall_ms: u64) -> Self {
        ProgressReport {
            runs: campaign.runs,
            actions: campaign.actions,
            failures: campaign.failures.len() as u64,
            time: ProgressTime { wall_ms },
        }
    }
}
