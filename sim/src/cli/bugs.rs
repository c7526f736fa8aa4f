//! `raft-sim bugs`: the score of the harness on its planted bugs.

use std::num::NonZero;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::error::{CliError, Exit};
use super::{App, interrupt, write_file};
use crate::campaign::config::Settings;
use crate::minimize::Budget;
use crate::report::finding::Finding;
use crate::report::json;
use crate::report::scores::{self, Row};
use crate::score::{self, Plan, Score};
use crate::target::Target;

/// Measure how soon a campaign finds each planted bug, from several starts
#[derive(Args)]
#[command(after_help = "\
Examples:
  raft-sim bugs                                    every planted bug, 5 starts each
  raft-sim bugs vote --starts 20                   those with `vote` in their name
  raft-sim bugs --format markdown > table.md
  raft-sim bugs --corpus target/raft-sim/mutants   keep the shortest story of each

The correct core runs the same budget and must stay silent. Exit code 5 if it does not, or if a
safety bug gets away.")]
pub(super) struct BugsArgs {
    /// Only bugs with this in their name
    bug: Option<String>,
    /// Campaigns for each bug
    #[arg(long, value_name = "N", default_value = "5")]
    starts: NonZero<u16>,
    /// Actions after which a campaign gives up
    #[arg(long, value_name = "N", default_value = "20000000")]
    actions: NonZero<u64>,
    /// Worker threads [default: cores]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<u16>>,
    /// Do not minimize what is found
    #[arg(long, conflicts_with = "corpus")]
    no_minimize: bool,
    /// Folder for the shortest story of each bug
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// How to write the table
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    format: TableFormat,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
enum TableFormat {
    /// A table that also reads as text.
    Markdown,
    /// An array of objects.
    Json,
}

/// The correct core, which is searched as long as any bug.
const CORRECT: &str = "raft-core";

pub(super) fn run(app: &App, args: &BugsArgs) -> Result<Exit, CliError> {
    let targets = chosen(app, args)?;
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let plan = Plan {
        settings: Settings::default(),
        starts: u64::from(args.starts.get()),
        actions_max: args.actions.get(),
        minimize: !args.no_minimize,
        jobs: args.jobs.map_or(cores, |jobs| usize::from(jobs.get())),
    };
    interrupt::listen();
    let bar = super::progress::counting(&app.console, app.quiet);
    let scores = score::score(&targets, &plan, &interrupt::STOP, &|done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let rows: Vec<Row> =
        scores.iter().filter(|score| !score.searches.is_empty()).map(Row::of).collect();
    app.console.out(&match args.format {
        TableFormat::Markdown => scores::markdown(&rows),
        TableFormat::Json => json::to_text(&rows),
    });
    if let Some(folder) = &args.corpus {
        for (target, score) in targets.iter().zip(&scores) {
            keep_shortest(app, *target, score, folder)?;
        }
    }
    Ok(verdict(app, &rows))
}

fn chosen<'a>(app: &'a App, args: &BugsArgs) -> Result<Vec<&'a dyn Target>, CliError> {
    let wanted = args.bug.as_deref().unwrap_or("");
    let is_wanted = |target: &&dyn Target| {
        let bug = target.name().split_once("?bug=").map(|(_, bug)| bug);
        target.name() == CORRECT || bug.is_some_and(|bug| bug.contains(wanted))
    };
    let targets: Vec<&dyn Target> = app.targets.iter().filter(is_wanted).collect();
    if targets.iter().any(|target| target.name() != CORRECT) {
        return Ok(targets);
    }
    let message = format!("no planted bug has {} in its name", crate::text::quoted(wanted));
    Err(CliError::usage(message).hint("`raft-sim list bugs` shows them all"))
}

/// Writes the shortest story of all starts.
fn keep_shortest(
    app: &App,
    target: &dyn Target,
    score: &Score,
    folder: &std::path::Path,
) -> Result<(), CliError> {
    let found = score.searches.iter().filter(|search| search.minimized.is_some());
    let Some(search) = found.min_by_key(|search| search.minimized) else { return Ok(()) };
    let Some((seed, class)) = &search.found else { return Ok(()) };
    let selection = raft_invariants::Selection::default();
    let finding = Finding::of_seed(target, *seed, class, &Settings::default(), &selection)
        .and_then(|finding| finding.minimized(target, &selection, Budget::default()));
    let Ok(finding) = finding else {
        let message = format!("seed {seed:#x} of {} does not fail again", target.name());
        return Err(CliError { kind: Exit::NotDeterministic, message, hints: Vec::new() });
    };
    let path = folder.join(finding.file_name(target));
    let text = finding.repro(target).to_text();
    write_file(&path, &text).map_err(|error| CliError::unwritable(&path, &error))?;
    app.console.talk(&format!("kept {}", path.display()));
    Ok(())
}

/// A harness that cries wolf or lets a safety bug get away is broken.
fn verdict(app: &App, rows: &[Row]) -> Exit {
    if interrupt::is_interrupted() {
        return Exit::Interrupted;
    }
    let mut exit = Exit::Passed;
    for row in rows {
        if row.target == CORRECT {
            if 0 < row.found {
                app.console.talk("the correct core raised an alarm");
                exit = Exit::Differs;
            }
        } else if row.found < row.starts && !is_liveness(&row.target) {
            let missed = row.starts - row.found;
            app.console.talk(&format!("{} got away in {missed} starts", row.target));
            exit = Exit::Differs;
        }
    }
    exit
}

/// Bugs that only cost progress leave no trace that a judge of safety could see.
fn is_liveness(target: &str) -> bool {
    let id = target.split_once("?bug=").map_or("", |(_, id)| id);
    let mutant = crate::mutants::find(id);
    mutant.is_some_and(|mutant| mutant.harm == crate::mutants::Harm::Liveness)
}
