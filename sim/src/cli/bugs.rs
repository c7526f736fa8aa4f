//! `raft-sim bugs`: the score of the harness on its planted bugs.

mod kept;

use std::num::NonZero;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use self::kept::Kept;
use super::error::{CliError, Exit};
use super::settings::{JudgesArgs, scheduler};
use super::shard::ShardArg;
use super::{App, interrupt};
use crate::explain::score::{self, Trial};
use crate::mutants::{self, Harm};
use crate::report::comparison::ComparisonReport;
use crate::report::files::write_whole;
use crate::report::scores::{BugScore, ScoresReport};
use crate::report::{comparison, json, scores};
use crate::schedule::config::Settings;
use crate::schedule::{Policy, SCHEDULERS};
use crate::search::guided;
use crate::search::target::Target;

/// Measure how soon a campaign finds each planted bug, from several starts
#[derive(Args)]
#[command(after_help = "\
Examples:
  raft-sim bugs                                    every planted bug, 5 starts each
  raft-sim bugs vote --starts 20                   those with `vote` in their name
  raft-sim bugs --skip lemma                       without the judges that notice most bugs first
  raft-sim bugs --compare --skip lemma             which scheduler finds which bug how soon
  raft-sim bugs --shard 2/4 --format json          the second of four machines
  raft-sim bugs --out target/raft-sim/score        the table as bugs.md and bugs.json
  raft-sim bugs vote-no-log-check --bless          keep its shortest story in seeds/mutants

The correct core runs the same budget and must stay silent. Exit code 5 if it does not, or if a
bug gets away.")]
pub(super) struct BugsArgs {
    /// Only bugs with this in their name
    bug: Option<String>,
    /// Campaigns for each bug
    #[arg(long, value_name = "N", default_value = "5")]
    starts: NonZero<u16>,
    /// Actions after which a campaign gives up
    #[arg(long, value_name = "N", default_value = "20000000")]
    actions: NonZero<u64>,
    /// Who chooses what happens next [default: drawn]
    #[arg(long, value_name = "NAME", conflicts_with = "compare")]
    scheduler: Option<String>,
    #[command(flatten)]
    judges: JudgesArgs,
    /// Compare the schedulers: median actions of each to each bug that harms safety
    #[arg(long, conflicts_with_all = ["bless", "no_minimize"])]
    compare: bool,
    /// Only the K-th of N parts of the bugs; `auto` asks whatever started us
    #[arg(long, value_name = "K/N|auto")]
    shard: Option<ShardArg>,
    /// Worker threads [default: cores]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<u16>>,
    /// Do not minimize what is found
    #[arg(long, conflicts_with = "bless")]
    no_minimize: bool,
    /// Folder of kept stories, to compare lengths with [default: seeds/mutants]
    #[arg(long, value_name = "DIR")]
    kept: Option<PathBuf>,
    /// Keep the shortest story of each bug that has none or a longer one among the kept
    #[arg(long)]
    bless: bool,
    /// Folder for the table in both formats, as bugs.md and bugs.json
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How to print the table
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    format: TableFormat,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
enum TableFormat {
    /// A table that also reads as text.
    Markdown,
    /// One object, with a row for each bug.
    Json,
}

/// Runs that end in calm, in percent: some bugs cost nothing but progress. It makes all others a tenth
/// more expensive to find.
const CALM_PERCENT: u8 = 20;

/// The correct core, which is searched as long as any bug.
const CORRECT: &str = "raft-core";

pub(super) fn run(app: &App, args: &BugsArgs) -> Result<Exit, CliError> {
    let targets = chosen(app, args)?;
    let trial = trial(args)?;
    interrupt::listen();
    if args.compare {
        let rows = compare(app, &targets, &trial);
        tell(
            app,
            args,
            &comparison::markdown(&rows),
            &json::to_text(&ComparisonReport::of(&rows)),
        )?;
        return Ok(interrupt::asked().unwrap_or(Exit::Passed));
    }
    let kept = Kept::read(app, args.kept.as_deref())?;
    let bar = super::progress::counting(&app.console, app.quiet);
    bar.set_length(targets.len() as u64 * trial.starts);
    let scores = score::score(&targets, &trial, &interrupt::STOP, &|| bar.inc(1));
    bar.finish_and_clear();
    let mut shortest = kept.shortest();
    shortest.note_all(&scores);
    let begun = scores.iter().filter(|score| !score.searches.is_empty());
    let rows: Vec<BugScore> = begun.map(|score| BugScore::of(score, &shortest)).collect();
    tell(app, args, &scores::markdown(&rows), &json::to_text(&ScoresReport::of(&rows)))?;
    if args.bless {
        for (target, score) in targets.iter().zip(&scores) {
            kept.bless(app, *target, score, &trial)?;
        }
    }
    Ok(verdict(app, &rows))
}

fn trial(args: &BugsArgs) -> Result<Trial, CliError> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    Ok(Trial {
        settings: Settings {
            scheduler: args.scheduler.as_deref().map(scheduler).transpose()?,
            calm_percent: CALM_PERCENT,
            ..Settings::default()
        },
        selection: args.judges.choose()?,
        guided: false,
        starts: u64::from(args.starts.get()),
        actions_max: args.actions.get(),
        minimize: !args.no_minimize,
        jobs: args.jobs.map_or(cores, |jobs| usize::from(jobs.get())),
    })
}

fn chosen<'a>(app: &'a App, args: &BugsArgs) -> Result<Vec<&'a dyn Target>, CliError> {
    let wanted = args.bug.as_deref().unwrap_or("");
    let is_wanted = |target: &&dyn Target| {
        let bug = target.name().split_once("?bug=").map(|(_, bug)| bug);
        let is_bug = bug.is_some_and(|bug| bug.contains(wanted));
        if args.compare {
            is_bug && harm(target.name()) == Some(Harm::Safety)
        } else {
            is_bug || target.name() == CORRECT
        }
    };
    let targets: Vec<&dyn Target> = app.targets.iter().filter(is_wanted).collect();
    if targets.iter().all(|target| target.name() == CORRECT) {
        let message =
            format!("no planted bug has {} in its name", crate::language::text::quoted(wanted));
        return Err(CliError::usage(message).hint("`raft-sim list bugs` shows them all"));
    }
    let shard = args.shard.map(ShardArg::resolve).transpose()?.unwrap_or_default();
    let part = (0..).zip(targets).filter(|&(position, _)| shard.has(position));
    Ok(part.map(|(_, target)| target).collect())
}

/// How many actions each scheduler takes to each bug; guided campaigns and the portfolio stand last.
fn compare(app: &App, targets: &[&dyn Target], trial: &Trial) -> Vec<comparison::BugComparison> {
    let of_policy = |policy: &'static Policy| {
        let settings = Settings { scheduler: Some(policy), ..trial.settings.clone() };
        (policy.name, Trial { settings, ..trial.clone() })
    };
    let guided = (guided::NAME, Trial { guided: true, ..trial.clone() });
    let portfolio = ("portfolio", trial.clone());
    let trials: Vec<_> = SCHEDULERS.iter().map(of_policy).chain([guided, portfolio]).collect();
    let bar = super::progress::counting(&app.console, app.quiet);
    bar.set_length(targets.len() as u64 * trial.starts * trials.len() as u64);
    let scored = trials.into_iter().map(|(name, trial)| {
        let trial = Trial { minimize: false, ..trial };
        let scores = score::score(targets, &trial, &interrupt::STOP, &|| bar.inc(1));
        (name.to_owned(), scores)
    });
    let columns: Vec<_> = scored.collect();
    bar.finish_and_clear();
    comparison::rows(&columns)
}

/// Prints a table in one format, and writes it in both if a folder is named.
fn tell(app: &App, args: &BugsArgs, markdown: &str, json: &str) -> Result<(), CliError> {
    app.console.out(match args.format {
        TableFormat::Markdown => markdown,
        TableFormat::Json => json,
    });
    let Some(folder) = &args.out else { return Ok(()) };
    for (name, text) in [("bugs.md", markdown), ("bugs.json", json)] {
        let path = folder.join(name);
        write_whole(&path, text).map_err(|error| CliError::unwritable(&path, &error))?;
    }
    Ok(())
}

/// A harness that cries wolf or lets a bug get away is broken.
fn verdict(app: &App, rows: &[BugScore]) -> Exit {
    if let Some(exit) = interrupt::asked() {
        return exit;
    }
    let mut exit = Exit::Passed;
    for row in rows {
        if row.target == CORRECT {
            if 0 < row.found {
                app.console.talk("the correct core raised an alarm");
                exit = Exit::Differs;
            }
        } else if row.found < row.starts {
            let missed = row.starts - row.found;
            app.console.talk(&format!("{} got away in {missed} starts", row.target));
            exit = Exit::Differs;
        }
    }
    exit
}

/// What the bug that is planted in this target can break.
fn harm(target: &str) -> Option<Harm> {
    let (_, id) = target.split_once("?bug=")?;
    mutants::find(id).map(|mutant| mutant.harm)
}
