//! The shards of a merged campaign: all of them once, or with holes and doubles.

use serde::{Deserialize, Serialize};

use super::words::counted;

/// The shards of a merged campaign.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct PartsReport {
    /// How many there are.
    pub shards: u64,
    /// How many reports there were of them.
    pub reports: u64,
    /// Seeds that nobody has run.
    pub holes: Vec<HoleReport>,
    /// Shards of which reports contradict each other.
    pub doubled: Vec<DoubledReport>,
}

/// Seeds that nobody has run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct HoleReport {
    /// The shard whose they are.
    pub shard: String,
    /// Why they were not run.
    pub why: String,
    /// The first of them.
    pub first: String,
    /// Each is so much more than the one before.
    pub step: u64,
    /// How many; `null` where nothing but time limits them.
    pub count: Option<u64>,
    /// Runs the shard.
    pub run: String,
}

/// A shard of which reports contradict each other: what is the same code in name is not, or is not
/// deterministic.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct DoubledReport {
    /// The shard.
    pub shard: String,
    /// The reports; the first is the one that counts.
    pub reports: Vec<String>,
    /// Runs the shard.
    pub run: String,
}

impl PartsReport {
    /// Whether every shard has reported, and one thing.
    pub fn is_whole(&self) -> bool {
        self.holes.is_empty() && self.doubled.is_empty()
    }

    /// What is wrong, each with what mends it.
    pub fn troubles(&self) -> Vec<(String, &str)> {
        let holes = self.holes.iter().map(|hole| (hole.in_words(), &*hole.run));
        let doubled = self.doubled.iter().map(|it| (it.in_words(), &*it.run));
        holes.chain(doubled).collect()
    }
}

impl HoleReport {
    /// `shard 3/4: no report; 250 seeds from 0x9, every 4th`
    pub fn in_words(&self) -> String {
        let HoleReport { shard, why, first, step, count, .. } = self;
        let seeds = count.map_or_else(|| "seeds".to_owned(), |count| counted(count, "seed"));
        let step = if *step == 1 { String::new() } else { format!(", one in {step}") };
        format!("shard {shard}: {why}; {seeds} from {first}{step}")
    }
}

impl DoubledReport {
    /// `shard 2/4: its reports contradict each other: a.json, b.json`
    pub fn in_words(&self) -> String {
        let DoubledReport { shard, reports, .. } = self;
        format!("shard {shard}: its reports contradict each other: {}", reports.join(", "))
    }
}
