//! The flags that change what a seed means. A printed line that repeats a seed carries exactly
//! those that were given.

use raft_invariants::{Selection, catalogue};

use super::App;
use super::error::CliError;
use crate::faults::{FAULTS, FaultSet};
use crate::language::script::ACTIONS_MAX;
use crate::language::text::{did_you_mean, quoted, suggest};
use crate::node::NODES_MAX;
use crate::report::words::shell;
use crate::schedule::config::{CALM_PERCENT, RunConfig, Settings};
use crate::schedule::{self, Policy, SCHEDULERS};
use crate::search::guided;
use crate::search::target::Target;

#[derive(Clone, clap::Args)]
#[command(next_help_heading = "What a seed means")]
pub(super) struct SettingsArgs {
    /// Implementation to run [default: the first of `list targets`]
    #[arg(long, value_name = "NAME")]
    pub(super) target: Option<String>,
    /// Cluster sizes to draw from [default: 1 to 9, mostly 3 and 5]
    #[arg(long, value_name = "SIZES", value_delimiter = ',')]
    nodes: Vec<u8>,
    /// Most actions of one run [default: drawn, 150 to 600]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=ACTIONS_MAX as i64))]
    steps: Option<u32>,
    /// Who chooses what happens next
    #[arg(long, value_name = "NAME", help = scheduler_help())]
    scheduler: Option<String>,
    /// Faults or families of faults that may not strike
    #[arg(long, value_name = "FAULTS", value_delimiter = ',')]
    without: Vec<String>,
    /// Faults that may strike although no Raft survives them
    #[arg(long, value_name = "FAULTS", value_delimiter = ',')]
    with: Vec<String>,
    /// Runs that end in calm, in which progress is judged, in percent [default: 0]
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    calm: Option<u8>,
    #[command(flatten)]
    judges: JudgesArgs,
}

/// Which invariants judge.
#[derive(Clone, clap::Args)]
#[command(next_help_heading = "Who judges")]
pub(super) struct JudgesArgs {
    /// Invariants that judge, and no others; a level stands for all of it
    #[arg(long, value_name = "INVARIANTS", value_delimiter = ',')]
    only: Vec<String>,
    /// Invariants or levels that do not judge
    #[arg(long, value_name = "INVARIANTS", value_delimiter = ',')]
    skip: Vec<String>,
}

/// What the flags stand for.
pub(super) struct Chosen<'a> {
    pub(super) target: &'a dyn Target,
    pub(super) settings: Settings,
    pub(super) selection: Selection,
    /// Whether runs grow out of one another, so that no seed stands for one.
    pub(super) is_guided: bool,
}

impl Chosen<'_> {
    /// What a seed means.
    pub(super) fn draw(&self, seed: u64) -> Result<RunConfig, CliError> {
        if self.is_guided {
            let message = "a seed of a guided campaign means nothing without the runs before it";
            let hint = "replay the file that the campaign has kept, in its folder `failures`";
            return Err(CliError::usage(message).hint(hint));
        }
        Ok(RunConfig::draw(seed, &self.settings, &self.target.traits()))
    }
}

impl SettingsArgs {
    /// The targets that are named, one after the other.
    pub(super) fn targets(&self) -> Vec<String> {
        let names = self.target.iter().flat_map(|names| names.split(','));
        names.map(str::to_owned).collect()
    }

    /// Looks everything up.
    pub(super) fn choose<'a>(&self, app: &'a App) -> Result<Chosen<'a>, CliError> {
        let target = app.target(self.target.as_deref())?;
        check_nodes(&self.nodes, target)?;
        let mut faults = FaultSet::in_model();
        for name in &self.with {
            faults = faults.with(fault(name)?);
        }
        for name in &self.without {
            faults = faults.without(&fault(name)?);
        }
        let settings = Settings {
            nodes: self.nodes.clone(),
            steps: self.steps,
            faults,
            scheduler: self.scheduler().map(scheduler).transpose()?,
            calm_percent: self.calm.unwrap_or(CALM_PERCENT),
        };
        let is_guided = self.scheduler.as_deref() == Some(guided::NAME);
        Ok(Chosen { target, settings, selection: self.judges.choose()?, is_guided })
    }

    /// The scheduler that drives all runs from beginning to end, if one does.
    fn scheduler(&self) -> Option<&str> {
        self.scheduler.as_deref().filter(|&name| name != guided::NAME)
    }

    /// Whether anything was given that only a seed has use for.
    pub(super) fn concern_seeds(&self) -> bool {
        !(self.nodes.is_empty() && self.without.is_empty() && self.with.is_empty())
            || self.steps.is_some()
            || self.scheduler.is_some()
            || self.calm.is_some()
    }

    /// The flags as they were given, the target always: ` --target noraft --nodes 3,5`.
    pub(super) fn words(&self, target: &dyn Target) -> String {
        self.flags(target).iter().map(|(name, values)| flag(name, values)).collect()
    }

    /// The same as names and values; what was not given has no values.
    pub(super) fn flags(&self, target: &dyn Target) -> Vec<(&'static str, Vec<String>)> {
        vec![
            ("target", vec![target.name().to_owned()]),
            ("nodes", self.nodes.iter().map(u8::to_string).collect()),
            ("steps", self.steps.iter().map(u32::to_string).collect()),
            ("scheduler", self.scheduler.iter().cloned().collect()),
            ("without", self.without.clone()),
            ("with", self.with.clone()),
            ("calm", self.calm.iter().map(u8::to_string).collect()),
            ("only", self.judges.only.clone()),
            ("skip", self.judges.skip.clone()),
        ]
    }

    /// The flags that a file has use for.
    pub(super) fn judges(&self) -> &JudgesArgs {
        &self.judges
    }
}

impl JudgesArgs {
    pub(super) fn choose(&self) -> Result<Selection, CliError> {
        let selection = if self.only.is_empty() {
            Selection::ALL
        } else {
            Selection::only(&self.only).map_err(|name| unknown_invariant(&name))?
        };
        selection.without(&self.skip).map_err(|name| unknown_invariant(&name))
    }

    /// Whether nobody was chosen and nobody left out.
    pub(super) fn are_all(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }

    pub(super) fn words(&self) -> String {
        flag("only", &self.only) + &flag("skip", &self.skip)
    }
}

/// ` --name a,b`, or nothing.
fn flag(name: &str, values: &[String]) -> String {
    if values.is_empty() {
        String::new()
    } else {
        format!(" --{name} {}", shell(&values.join(",")))
    }
}

pub(super) fn check_nodes(nodes: &[u8], target: &dyn Target) -> Result<(), CliError> {
    let (low, high) = target.traits().nodes;
    for &size in nodes {
        let size = usize::from(size);
        if !(1..=NODES_MAX).contains(&size) {
            let message = format!("a cluster cannot have {size} nodes");
            let hint = format!("--nodes takes sizes from 1 to {NODES_MAX}, such as --nodes 3,5");
            return Err(CliError::usage(message).hint(hint));
        }
        if !(low..=high).contains(&size) {
            let message = format!("{} cannot form a cluster of {size} nodes", target.name());
            let hint = format!("it forms clusters of {low} to {high} nodes");
            return Err(CliError::usage(message).hint(hint));
        }
    }
    Ok(())
}

fn fault(name: &str) -> Result<FaultSet, CliError> {
    FaultSet::named(name).ok_or_else(|| {
        let families = FAULTS.iter().map(|fault| fault.family.to_string());
        let names = FAULTS.iter().map(|fault| fault.name.to_owned());
        let names: Vec<String> = names.chain(families).collect();
        let meant = suggest(name, names.iter().map(String::as_str));
        CliError::usage(format!("unknown fault {}", quoted(name)))
            .hint_if(meant.map(did_you_mean))
            .hint("`list faults` has all faults and their families")
    })
}

/// All that `--scheduler` takes.
fn scheduler_names() -> Vec<&'static str> {
    SCHEDULERS.iter().map(|policy| policy.name).chain([guided::NAME]).collect()
}

fn scheduler_help() -> String {
    let names = scheduler_names().join(", ");
    format!("Who chooses what happens next: {names} [default: drawn, never guided]")
}

/// The scheduler of that name.
pub(super) fn scheduler(name: &str) -> Result<&'static Policy, CliError> {
    if name == guided::NAME {
        let message = "guided drives whole campaigns, not single runs";
        return Err(CliError::usage(message).hint("`fuzz` takes it"));
    }
    schedule::named(name).ok_or_else(|| {
        let names = scheduler_names();
        let hint = suggest(name, names.iter().copied())
            .map_or_else(|| format!("there are {}", names.join(", ")), did_you_mean);
        CliError::usage(format!("unknown scheduler {}", quoted(name))).hint(hint)
    })
}

/// No invariant has this name.
pub(super) fn unknown_invariant(name: &str) -> CliError {
    let levels: Vec<String> = catalogue().iter().map(|it| it.level.to_string()).collect();
    let names = catalogue().iter().flat_map(|invariant| [invariant.name, invariant.id]);
    let names = names.chain(levels.iter().map(String::as_str));
    CliError::usage(format!("unknown invariant {}", quoted(name)))
        .hint_if(suggest(name, names).map(did_you_mean))
        .hint("`list invariants` has all of them, with their levels")
}

/// Faults outside the model that may strike, for people.
pub(super) fn out_of_model(faults: &FaultSet) -> Vec<&'static str> {
    faults.clone().without(&FaultSet::in_model()).names().collect()
}
