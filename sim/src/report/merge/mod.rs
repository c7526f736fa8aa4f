//! Joins the reports of shards to the report of the campaign of which they are parts.
//!
//! Reports are handed in one after the other, in any order. Of each only its figures are kept, and
//! of each class of failure only the shortest story, so that thousands of them fit into little
//! memory.

mod coverage;
mod failures;
mod part;
pub mod read;
mod tries;

use std::collections::BTreeMap;

use self::coverage::{checked, novelty, reached};
use self::failures::{Stories, expected, known};
use self::part::Part;
use self::tries::sort_out;
use super::campaign::{CampaignReport, CampaignTime, MadeReport, Report, Seeds};
use crate::report::vitals::VitalsReport;
use crate::search::shard::Shard;

/// More shards than any engine runs: a report that names more is none of ours.
const SHARDS_MAX: u64 = 1_000_000;

/// Reports that are being joined: a campaign for each target.
#[derive(Default)]
pub struct Merge {
    campaigns: BTreeMap<String, Joining>,
}

/// Why a report cannot be joined with those before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// It is no report of a shard.
    Unfit(String),
    /// It is of another campaign, or other code.
    Other(String),
}

/// A campaign that is being joined.
struct Joining {
    common: Common,
    parts: BTreeMap<u64, Vec<Part>>,
    stories: Stories,
}

/// What all parts of a campaign have in common.
#[derive(Clone)]
struct Common {
    /// A report that says so.
    source: String,
    version: String,
    made: MadeReport,
    first: String,
    whole: Option<u64>,
    shards: u64,
}

impl Merge {
    /// Adds a report; `source` is what people know it by.
    ///
    /// # Errors
    /// If it does not belong to those before it.
    pub fn add(&mut self, source: &str, report: Report) -> Result<(), Refusal> {
        for campaign in report.campaigns {
            if campaign.parts.is_some() {
                let message = "it was merged already; name the reports of the shards instead";
                return Err(Refusal::Unfit(message.to_owned()));
            }
            self.add_campaign(source, &report.version, campaign)?;
        }
        Ok(())
    }

    fn add_campaign(
        &mut self,
        source: &str,
        version: &str,
        mut campaign: CampaignReport,
    ) -> Result<(), Refusal> {
        let shard: Shard = campaign.seeds.shard.parse().map_err(Refusal::Unfit)?;
        if SHARDS_MAX < shard.of() {
            return Err(Refusal::Unfit(format!("{} shards are too many", shard.of())));
        }
        let common = Common {
            source: source.to_owned(),
            version: version.to_owned(),
            made: campaign.made.clone(),
            first: campaign.seeds.first.clone(),
            whole: campaign.seeds.whole,
            shards: shard.of(),
        };
        let neighbour = self.campaigns.values().next();
        neighbour.map_or(Ok(()), |it| it.common.check_code(&common))?;
        let target = campaign.target.clone();
        let joining = self.campaigns.entry(target).or_insert_with(|| Joining {
            common: common.clone(),
            parts: BTreeMap::new(),
            stories: Stories::default(),
        });
        joining.common.check_campaign(&common)?;
        let failures = std::mem::take(&mut campaign.failures);
        let part = Part::of(source, shard, campaign, &failures).map_err(Refusal::Unfit)?;
        for failure in failures {
            joining.stories.tell(failure);
        }
        joining.parts.entry(shard.number()).or_default().push(part);
        Ok(())
    }

    /// The campaigns as if each had been run as a whole, by the names of their targets. `program`
    /// begins the lines to type.
    pub fn finish(self, program: &str) -> Vec<CampaignReport> {
        let campaigns = self.campaigns.into_iter();
        campaigns.map(|(target, joining)| joining.finish(target, program)).collect()
    }
}

impl Common {
    /// Refuses what other code has run.
    fn check_code(&self, other: &Common) -> Result<(), Refusal> {
        let none = || "no commit".to_owned();
        let commit = |common: &Common| common.made.commit.clone().unwrap_or_else(none);
        self.same("version of raft-sim", other, |common| common.version.clone())?;
        self.same("commit", other, commit)
    }

    /// Refuses a part of another campaign against the same target.
    fn check_campaign(&self, other: &Common) -> Result<(), Refusal> {
        let none = || "none told".to_owned();
        let version = |common: &Common| common.made.target.clone().unwrap_or_else(none);
        self.same("version of the target", other, version)?;
        self.same("first seed", other, |common| common.first.clone())?;
        self.same("number of shards", other, |common| common.shards.to_string())?;
        self.same("settings", other, |common| common.made.flags.join(" "))?;
        self.same("number of seeds", other, |common| {
            common.whole.map_or_else(|| "no limit".to_owned(), |whole| whole.to_string())
        })
    }

    fn same(
        &self,
        what: &str,
        other: &Common,
        of: impl Fn(&Common) -> String,
    ) -> Result<(), Refusal> {
        let (own, others) = (of(self), of(other));
        if own == others {
            return Ok(());
        }
        Err(Refusal::Other(format!(
            "another {what} than in {}\n  here   {others}\n  there  {own}",
            self.source
        )))
    }
}

impl Joining {
    fn finish(self, target: String, program: &str) -> CampaignReport {
        let Joining { common, parts, stories } = self;
        let (parts, told) = sort_out(&common, parts, program);
        let sum = |figure: fn(&CampaignReport) -> u64| -> u64 {
            parts.iter().map(|part| figure(&part.report)).sum()
        };
        let report = CampaignReport {
            target,
            seeds: Seeds {
                first: common.first,
                whole: common.whole,
                shard: Shard::WHOLE.to_string(),
                planned: common.whole,
                count: sum(|report| report.seeds.count),
            },
            made: common.made,
            runs: sum(|report| report.runs),
            actions: sum(|report| report.actions),
            vitals: VitalsReport::of_all(
                parts.iter().filter_map(|part| part.report.vitals.as_ref()),
                sum(|report| report.runs),
            ),
            novelty: novelty(&parts),
            committed: sum(|report| report.committed),
            digest: format!("{:016x}", parts.iter().fold(0, |all, part| all ^ part.digest)),
            interrupted: parts.iter().any(|part| part.report.interrupted),
            guided: None,
            checked: checked(&parts),
            reached: reached(&parts),
            missing: Vec::new(),
            vacuous: None,
            failures: stories.into_failures(&parts),
            known: known(&parts),
            expected: expected(&parts),
            nondeterministic: parts
                .iter()
                .flat_map(|part| part.report.nondeterministic.clone())
                .collect(),
            further: parts.iter().find_map(|part| part.report.further.clone()),
            exit: 0,
            time: CampaignTime {
                cpu_us: sum(|report| report.time.cpu_us),
                wall_ms: parts.iter().map(|part| part.report.time.wall_ms).max().unwrap_or(0),
            },
            parts: Some(told),
        };
        report.with_silence_judged()
    }
}
