//! All campaigns that one command line asks for: one for each target, one after the other.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use super::super::App;
use super::super::error::CliError;
use super::super::input::{REPORT_BYTES_MAX, read_at_most};
use super::FuzzArgs;
use super::teller::KeptFiles;
use crate::report::campaign::{CampaignReport, Report};
use crate::report::place::Place;
use crate::search::campaign::Campaign;

/// Campaigns that are over, one that may go on, and those that are still to come.
pub(super) struct Invocation {
    /// The folders of those that are over.
    pub(super) over: Vec<PathBuf>,
    /// One that was begun before.
    pub(super) begun: Option<(FuzzArgs, Begun)>,
    /// Those that are to come.
    pub(super) to_come: VecDeque<FuzzArgs>,
}

/// A campaign that was begun before, or is about to begin.
pub(super) struct Begun {
    pub(super) place: Place,
    /// Its books.
    pub(super) campaign: Campaign,
    /// Time spent on it.
    pub(super) wall_ms: u64,
    /// The best scripts that are on disk.
    pub(super) kept: KeptFiles,
}

impl Begun {
    pub(super) fn now(place: Place) -> Self {
        Begun { place, campaign: Campaign::begin(), wall_ms: 0, kept: BTreeMap::new() }
    }
}

/// What a campaign's checkpoint says of the campaigns around it.
#[derive(Clone, Default)]
pub(super) struct Around {
    /// The folders of those that are over.
    pub(super) over: Vec<String>,
    /// The flags of those that are to come.
    pub(super) to_come: Vec<Vec<String>>,
}

impl Invocation {
    /// One campaign for each target, with the same seeds.
    pub(super) fn new(app: &App, args: &FuzzArgs) -> Result<Self, CliError> {
        let mut each = one_by_one(app, args)?;
        let seed = format!("{:#x}", args.first_seed()?);
        for one in &mut each {
            (one.seed, one.seed_from_commit) = (Some(seed.clone()), None);
        }
        Ok(Invocation { over: Vec::new(), begun: None, to_come: each.into() })
    }

    /// The next campaign, if there is one.
    pub(super) fn next(&mut self) -> Option<(FuzzArgs, Option<Begun>)> {
        match self.begun.take() {
            Some((args, begun)) => Some((args, Some(begun))),
            None => self.to_come.pop_front().map(|args| (args, None)),
        }
    }

    /// What stands around the campaign that was taken last.
    pub(super) fn around(&self, app: &App) -> Result<Around, CliError> {
        let flags = |args: &FuzzArgs| {
            let chosen = args.settings.choose(app)?;
            Ok(args.flags(&chosen, &args.plan(&chosen)?))
        };
        Ok(Around {
            over: self.over.iter().map(|folder| folder.display().to_string()).collect(),
            to_come: self.to_come.iter().map(flags).collect::<Result<_, CliError>>()?,
        })
    }

    /// The reports of those that were over before.
    pub(super) fn reports(&self) -> Result<Vec<CampaignReport>, CliError> {
        let reports = self.over.iter().map(|folder| report_in(folder));
        Ok(reports.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}

/// What each campaign would be told alone. What is wrong with any of them is told before the first
/// one begins.
pub(super) fn one_by_one(app: &App, args: &FuzzArgs) -> Result<Vec<FuzzArgs>, CliError> {
    let one = |target: Option<String>| {
        let mut one = args.clone();
        one.settings.target = target;
        one.check(&one.settings.choose(app)?)?;
        Ok(one)
    };
    match args.settings.targets() {
        targets if targets.is_empty() => Ok(vec![one(None)?]),
        targets => targets.into_iter().map(Some).map(one).collect(),
    }
}

fn report_in(folder: &Path) -> Result<Vec<CampaignReport>, CliError> {
    let path = Place::at(folder.to_owned()).report();
    let bytes = read_at_most(&path, REPORT_BYTES_MAX)?;
    let report: Report = serde_json::from_slice(&bytes)
        .map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
    Ok(report.campaigns)
}
