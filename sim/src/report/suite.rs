//! A report as continuous integration systems see one: suites of cases that passed, failed or were
//! skipped.
//!
//! A case is an invariant and never a seed, so that its name stays and a history can be kept of it.

use super::campaign::{CampaignReport, KnownReport, Report, UnstableReport};
use super::failure::FailureReport;
use super::formats::human;
use super::look::Look;
use super::words::counted;

/// Cases that were tried together.
pub struct Suite {
    /// Its name: `raft-sim.fuzz.noraft`.
    pub name: String,
    /// What else is to be known about it.
    pub properties: Vec<(&'static str, String)>,
    /// In an order that stays.
    pub cases: Vec<Case>,
    /// Wall time of everything, in milliseconds.
    pub wall_ms: u64,
}

/// One thing that must hold.
pub struct Case {
    /// Its name: `ElectionSafety`.
    pub name: String,
    /// Why nobody could look, if nobody could.
    pub skipped: Option<String>,
    /// What is wrong; nothing, if it holds.
    pub troubles: Vec<Trouble>,
    /// What is wrong and known.
    pub known: Vec<Trouble>,
}

/// Something that is wrong.
pub struct Trouble {
    /// What kind of thing: the level of the invariant, say.
    pub kind: String,
    /// What it is, in a line: `ElectionSafety (noraft, seed 0x6c)`.
    pub title: String,
    /// What was seen, in a sentence.
    pub message: String,
    /// The whole story; empty if there is none.
    pub details: String,
    /// Where it is kept.
    pub file: Option<String>,
    /// What repeats it.
    pub reproduce: Option<String>,
    /// What is the same whenever it is the same bug.
    pub bucket: Option<String>,
}

impl Case {
    fn new(name: &str, troubles: Vec<Trouble>) -> Self {
        Case { name: name.to_owned(), skipped: None, troubles, known: Vec::new() }
    }
}

impl Report {
    /// A suite for each campaign.
    pub fn suites(&self) -> Vec<Suite> {
        self.campaigns.iter().map(|campaign| suite(&self.version, campaign)).collect()
    }
}

fn suite(version: &str, campaign: &CampaignReport) -> Suite {
    let unstable = campaign.nondeterministic.iter().map(|it| of_unstable(campaign, it));
    let vacuous = campaign.vacuous.iter().map(|why| of_vacuous(campaign, why));
    let judged = campaign.checked.checked.iter().map(|name| {
        let failures = campaign.failures.iter().filter(|it| it.finding.invariant == *name);
        let failures = failures.map(|failure| of_failure(campaign, failure));
        let known = campaign.known.iter().filter(|it| it.class.invariant == *name);
        let known = known.map(|known| of_known(campaign, known)).collect();
        Case { known, ..Case::new(name, failures.collect()) }
    });
    let absent = campaign.checked.not_checked.iter().map(|absent| Case {
        skipped: Some(format!("the target does not reveal {}", absent.missing.join(", "))),
        ..Case::new(&absent.invariant, Vec::new())
    });
    let unfed = campaign.checked.never_fed.iter().map(|unfed| Case {
        skipped: Some(format!("no run showed {}", unfed.missing.join(", "))),
        ..Case::new(&unfed.invariant, Vec::new())
    });
    let mut own = vec![
        Case::new("IsDeterministic", unstable.collect()),
        Case::new("ShowsSomething", vacuous.collect()),
    ];
    if let Some(parts) = &campaign.parts {
        let troubles = parts.troubles().into_iter();
        let troubles = troubles.map(|(what, line)| of_shard(campaign, &what, line));
        own.push(Case::new("HasAllShards", troubles.collect()));
    }
    Suite {
        name: format!("raft-sim.fuzz.{}", campaign.target),
        properties: vec![
            ("version", version.to_owned()),
            ("first seed", campaign.seeds.first.clone()),
            ("shard", campaign.seeds.shard.clone()),
            ("runs", campaign.runs.to_string()),
            ("actions", campaign.actions.to_string()),
            ("committed", campaign.committed.to_string()),
            ("digest", campaign.digest.clone()),
        ],
        cases: own.into_iter().chain(judged).chain(absent).chain(unfed).collect(),
        wall_ms: campaign.time.wall_ms,
    }
}

fn of_failure(campaign: &CampaignReport, failure: &FailureReport) -> Trouble {
    let FailureReport { finding, file, reproduce, .. } = failure;
    Trouble {
        kind: finding.level.clone(),
        title: format!("{} ({}, seed {})", finding.invariant, campaign.target, finding.seed),
        message: finding.evidence.clone(),
        details: human::failure(failure, Look::default()),
        file: file.clone(),
        reproduce: reproduce.clone().or_else(|| failure.reproduce_seed.clone()),
        bucket: Some(finding.bucket.clone()),
    }
}

fn of_known(campaign: &CampaignReport, KnownReport { class, file }: &KnownReport) -> Trouble {
    let runs = counted(class.runs, "run");
    Trouble {
        kind: "known".to_owned(),
        title: format!("known: {} ({}, seed {})", class.invariant, campaign.target, class.seed),
        message: format!("in {runs}, as in {file}"),
        details: String::new(),
        file: Some(file.clone()),
        reproduce: None,
        bucket: None,
    }
}

fn of_unstable(campaign: &CampaignReport, unstable: &UnstableReport) -> Trouble {
    Trouble {
        kind: "not deterministic".to_owned(),
        title: format!("not deterministic ({}, seed {})", campaign.target, unstable.seed),
        message: unstable.evidence.clone(),
        details: human::unstable(unstable, Look::default()),
        file: None,
        reproduce: Some(unstable.reproduce.clone()),
        bucket: None,
    }
}

fn of_shard(campaign: &CampaignReport, what: &str, line: &str) -> Trouble {
    Trouble {
        kind: "shards".to_owned(),
        title: format!("not all shards ({})", campaign.target),
        message: what.to_owned(),
        details: format!("{what}\n  {line}\n"),
        file: None,
        reproduce: Some(line.to_owned()),
        bucket: None,
    }
}

fn of_vacuous(campaign: &CampaignReport, why: &str) -> Trouble {
    Trouble {
        kind: "vacuous".to_owned(),
        title: format!("nothing was really checked ({})", campaign.target),
        message: why.to_owned(),
        details: human::summary(campaign, Look::default()),
        file: None,
        reproduce: None,
        bucket: None,
    }
}
