//! A part of a campaign as it is kept while others are still to come.

use std::collections::BTreeMap;

use crate::report::campaign::CampaignReport;
use crate::report::failure::FailureReport;
use crate::search::shard::Shard;

/// What a failure is known by: its invariant and, for a panic, its place.
pub(super) type ClassName = (String, Option<String>);

/// What a shard has reported, without its stories.
pub(super) struct Part {
    /// What people know the report by.
    pub(super) source: String,
    pub(super) shard: Shard,
    pub(super) digest: u64,
    /// Seeds are told from here.
    pub(super) first_seed: u64,
    /// Its failures are not in it.
    pub(super) report: CampaignReport,
    pub(super) sightings: BTreeMap<ClassName, Sighting>,
}

/// How often something failed.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Sighting {
    pub(super) runs: u64,
    /// Runs of the part up to the first of them.
    pub(super) after_runs: u64,
}

/// The class of a failure.
pub(super) fn class_of(failure: &FailureReport) -> ClassName {
    (failure.finding.invariant.clone(), failure.finding.place.clone())
}

impl Part {
    /// What a report says of its shard; `failures` were taken out of it.
    pub(super) fn of(
        source: &str,
        shard: Shard,
        report: CampaignReport,
        failures: &[FailureReport],
    ) -> Result<Part, String> {
        let sighting = |it: &FailureReport| Sighting { runs: it.runs, after_runs: it.after_runs };
        let sightings = failures.iter().map(|failure| (class_of(failure), sighting(failure)));
        Ok(Part {
            source: source.to_owned(),
            shard,
            digest: number(&report.digest)?,
            first_seed: number(&report.seeds.first)?,
            sightings: sightings.collect(),
            report,
        })
    }

    /// Whether a second try of the same shard came to the same.
    pub(super) fn says_the_same(&self, other: &Part) -> bool {
        let figures = |part: &Part| {
            let CampaignReport { runs, actions, committed, .. } = part.report;
            (part.digest, runs, actions, committed, part.report.nondeterministic.len())
        };
        figures(self) == figures(other)
            && self.report.checked == other.report.checked
            && self.report.reached == other.report.reached
            && self.report.expected == other.report.expected
            && self.report.known == other.report.known
            && self.sightings == other.sightings
    }

    /// Whether it ended where a try of the same shard may end that had less time.
    pub(super) fn may_begin(&self, other: &Part) -> bool {
        let is_by_time = self.report.made.flags.iter().any(|flag| flag == "--time");
        let figures = |part: &Part| [part.report.runs, part.report.actions, part.report.committed];
        let is_within = figures(self).iter().zip(figures(other)).all(|(own, its)| *own <= its);
        is_within && (self.report.interrupted || is_by_time)
    }

    /// How many runs the whole campaign would have done up to this run of ours.
    pub(super) fn in_whole(&self, runs: u64) -> u64 {
        self.shard.position(runs.saturating_sub(1)).saturating_add(1)
    }

    /// How many seeds from the first one of the campaign on a seed is.
    pub(super) fn distance(&self, seed: &str) -> u64 {
        number(seed).map_or(u64::MAX, |seed| seed.wrapping_sub(self.first_seed))
    }
}

/// A hexadecimal number, as seeds and digests are written.
pub(super) fn number(text: &str) -> Result<u64, String> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    u64::from_str_radix(digits, 16).map_err(|_| format!("{text:?} is no hexadecimal number"))
}
