//! What there is to say about campaigns, as a value of its own: whatever writes a report reads it
//! here and nowhere else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::coverage::{Checked, ReachedReport, vacuous};
use super::failure::{FailureReport, FindingReport, hex};
use super::novelty::NoveltyReport;
use super::parts::PartsReport;
use super::severity::{are_only_lemmas, ranked};
use super::vitals::VitalsReport;
use crate::language::version::TOOL;
use crate::node::Traits;
use crate::run::Class;
use crate::search::campaign::growth::{Growth, Mark};
use crate::search::campaign::{Campaign, Plan, Sightings};
use crate::search::target::Target;

/// The version of [`Report`].
pub const FORMAT: &str = "raft-sim-report/3";

/// One or more campaigns, each against a target of its own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Report {
    /// [`FORMAT`].
    #[cfg_attr(feature = "cli", schemars(extend("const" = FORMAT)))]
    pub format: String,
    /// The version of raft-sim.
    pub version: String,
    /// In the order in which they ran.
    pub campaigns: Vec<CampaignReport>,
    /// The process's exit code.
    pub exit: u8,
}

/// A campaign and what came of it. All that depends on a clock is in `time`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct CampaignReport {
    /// What was run.
    pub target: String,
    /// What else made it what it is.
    pub made: MadeReport,
    /// The seeds that were run.
    pub seeds: Seeds,
    /// The shards of which it was merged; absent in what one process has run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub parts: Option<PartsReport>,
    /// Runs that count.
    pub runs: u64,
    /// Actions of those runs.
    pub actions: u64,
    /// Entries committed in those runs.
    pub committed: u64,
    /// The vital signs of its runs beside those of the reference; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub vitals: Option<VitalsReport>,
    /// How much was still new; absent after too few runs, and of guided campaigns.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub novelty: Option<NoveltyReport>,
    /// XOR of all run hashes: two people can compare one number.
    pub digest: String,
    /// Whether it was asked to stop before its end.
    pub interrupted: bool,
    /// What a guided campaign has collected.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub guided: Option<GuidedReport>,
    /// Who judged.
    #[serde(flatten)]
    pub checked: Checked,
    /// What was seen, of all that could be.
    pub reached: Vec<ReachedReport>,
    /// What should have been seen and was not.
    pub missing: Vec<String>,
    /// Why it has shown nothing, if it has not.
    pub vacuous: Option<String>,
    /// The bugs that are not known, the gravest first.
    pub failures: Vec<FailureReport>,
    /// Searches on where nothing but lemmas was violated.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub further: Option<String>,
    /// Failures that are known: no failures, either.
    pub known: Vec<KnownReport>,
    /// Violations after a fault that no Raft survives: no failures.
    pub expected: Vec<ClassReport>,
    /// Runs that cannot be repeated: if there are any, nothing else counts.
    pub nondeterministic: Vec<UnstableReport>,
    /// The exit code of a process with this campaign alone.
    pub exit: u8,
    /// What depends on a clock.
    pub time: CampaignTime,
}

/// What made a campaign: the same for all its shards.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct MadeReport {
    /// The commit that was checked out where it ran, if there was one.
    pub commit: Option<String>,
    /// The version of the target, if it tells one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    /// The flags that make the whole campaign again, its first seed included.
    pub flags: Vec<String>,
}

/// Seeds that were run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Seeds {
    /// The first one of the whole campaign.
    pub first: String,
    /// How many the whole campaign has; `null` where nothing but time limits them.
    pub whole: Option<u64>,
    /// Which part of the campaign was run: `2/4` is every fourth seed, from the second on.
    pub shard: String,
    /// How many of them there are in our part; `null` where nothing but time limits them.
    pub planned: Option<u64>,
    /// How many of those were run, from the first on.
    pub count: u64,
}

/// A run that cannot be repeated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct UnstableReport {
    /// Its seed.
    pub seed: String,
    /// How it is known.
    pub evidence: String,
    /// Runs it again.
    pub reproduce: String,
}

/// Violations of one class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ClassReport {
    /// The invariant.
    pub invariant: String,
    /// Where in the target's code, for panics.
    pub place: Option<String>,
    /// Runs with such a violation.
    pub runs: u64,
    /// The seed of the first of them.
    pub seed: String,
}

/// Failures of a class of which a run is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct KnownReport {
    /// Which, and how often it was seen.
    #[serde(flatten)]
    pub class: ClassReport,
    /// The file with the run.
    pub file: String,
}

/// What a guided campaign has collected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct GuidedReport {
    /// Scripts that it began with.
    pub loaded: u64,
    /// Scripts in its corpus.
    pub scripts: u64,
    /// Abstract states reached.
    pub states: u64,
    /// How the corpus grew: a row for each doubling of the runs, and one for the end.
    pub growth: Vec<Grown>,
}

/// How large a corpus was.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Grown {
    /// Runs done then.
    pub runs: u64,
    /// Scripts in it.
    pub scripts: u64,
    /// Abstract states reached.
    pub states: u64,
}

/// What of a campaign depends on a clock.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct CampaignTime {
    /// CPU time of its runs, in microseconds.
    pub cpu_us: u64,
    /// Wall time of everything, in milliseconds.
    pub wall_ms: u64,
}

/// What was known to those who merge was not known to those who ran.
const ENDED_WITH_KNOWN: &str = "nothing else was looked for: the campaign may have ended with a known \
                              failure; run its shards with --known, too";

impl Report {
    /// Campaigns that this process ran.
    pub fn of(campaigns: Vec<CampaignReport>, exit: u8) -> Self {
        let version = TOOL.to_owned();
        Report { format: FORMAT.to_owned(), version, campaigns, exit }
    }
}

impl Seeds {
    /// The seeds of a campaign, of which so many were run.
    pub fn of(plan: &Plan, count: u64) -> Self {
        let limited = |runs: u64| Some(runs).filter(|&runs| runs != u64::MAX);
        Seeds {
            first: hex(plan.first_seed),
            whole: limited(plan.runs),
            shard: plan.shard.to_string(),
            planned: limited(plan.share()),
            count,
        }
    }
}

impl CampaignReport {
    /// What came of a campaign; what made it and how the process ends is not known yet.
    pub fn of(
        target: &dyn Target,
        plan: &Plan,
        campaign: &Campaign,
        failures: Vec<FailureReport>,
        nondeterministic: Vec<UnstableReport>,
        wall_ms: u64,
    ) -> Self {
        let traits = target.traits();
        let reveals = traits.reveals.difference(campaign.withheld);
        let report = CampaignReport {
            target: target.name().to_owned(),
            made: MadeReport::default(),
            seeds: Seeds::of(plan, campaign.runs),
            parts: None,
            runs: campaign.runs,
            actions: campaign.actions,
            committed: campaign.vitals.commits,
            vitals: None,
            novelty: NoveltyReport::of(&campaign.novelty),
            digest: format!("{:016x}", campaign.digest),
            interrupted: campaign.interrupted,
            guided: campaign.guided.as_ref().map(guided),
            checked: Checked::of(
                reveals,
                campaign.shown,
                0 < plan.settings.calm_percent,
                &plan.selection,
            ),
            reached: ReachedReport::all(campaign, plan, &Traits { reveals, ..traits }),
            missing: Vec::new(),
            vacuous: None,
            failures: ranked(failures),
            known: campaign.known.iter().map(|found| known(plan, found)).collect(),
            expected: campaign.expected.iter().map(class).collect(),
            further: None,
            nondeterministic,
            exit: 0,
            time: CampaignTime { cpu_us: campaign.cpu_us, wall_ms },
        };
        report.with_silence_judged()
    }

    /// Sets failures aside that are known, each class with a file in which a run of it is kept.
    /// Where the campaign did not know of them it may have ended when it found one, and has then
    /// looked for nothing else.
    #[must_use]
    pub fn with_known_set_aside(mut self, known: &BTreeMap<Class, String>) -> Self {
        let before = self.failures.len();
        for failure in std::mem::take(&mut self.failures) {
            let FindingReport { invariant, place, seed, .. } = &failure.finding;
            let is_its =
                |class: &Class| (class.invariant, &class.place) == (invariant.as_str(), place);
            let Some((_, file)) = known.iter().find(|(class, _)| is_its(class)) else {
                self.failures.push(failure);
                continue;
            };
            let (invariant, place, seed) = (invariant.clone(), place.clone(), seed.clone());
            let class = ClassReport { invariant, place, runs: failure.runs, seed };
            self.known.push(KnownReport { class, file: file.clone() });
        }
        if self.failures.len() == before {
            return self;
        }
        let goes_on = self.made.flags.iter().any(|flag| flag == "--keep-going");
        self = self.with_silence_judged();
        if self.failures.is_empty() && !goes_on {
            self.vacuous = Some(ENDED_WITH_KNOWN.to_owned());
        }
        self
    }

    /// Says what should have been seen and was not, and why nothing was shown, if that is so: both
    /// follow from the rest. Whoever found something has shown something, and needs to be told how
    /// to look further only if it is nothing but lemmas.
    #[must_use]
    pub fn with_silence_judged(mut self) -> Self {
        self.further = self.further.filter(|_| are_only_lemmas(&self.failures));
        if self.failures.is_empty() && self.nondeterministic.is_empty() {
            let missing = self.reached.iter().filter(|it| it.is_missing(self.runs));
            self.missing = missing.map(|it| it.witness.clone()).collect();
            let why = vacuous(self.runs, self.committed, &self.checked, &self.reached);
            self.vacuous = why.map(str::to_owned);
        }
        self
    }
}

fn class((class, sightings): (&Class, &Sightings)) -> ClassReport {
    ClassReport {
        invariant: class.invariant.to_owned(),
        place: class.place.clone(),
        runs: sightings.count,
        seed: hex(sightings.origins[0].seed()),
    }
}

fn known(plan: &Plan, found: (&Class, &Sightings)) -> KnownReport {
    let file = plan.known.get(found.0).cloned().unwrap_or_default();
    KnownReport { class: class(found), file }
}

fn guided(growth: &Growth) -> GuidedReport {
    let row = |mark: &Mark| Grown { runs: mark.runs, scripts: mark.scripts, states: mark.states };
    GuidedReport {
        loaded: growth.loaded,
        scripts: growth.now.scripts,
        states: growth.now.states,
        growth: growth.marks.iter().chain([&growth.now]).map(row).collect(),
    }
}
