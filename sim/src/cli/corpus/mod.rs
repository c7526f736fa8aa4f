//! `raft-sim corpus`: the folder of kept runs. One file a command.

mod add;
mod check;
mod fmt;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::App;
use super::error::{CliError, Exit};
use super::input::runs_in;
use crate::explain::finding::short;
use crate::explain::minimize::bucket;
use crate::language::repro::{Repro, Verdict};
use crate::run::Class;

/// Look after the folder of kept runs: check, fmt, add
#[derive(Args)]
#[command(after_help = "\
Examples:
  raft-sim corpus check                  everything in seeds/ does what it must
  raft-sim corpus fmt --check            every file has the one form
  raft-sim corpus add target/raft-sim/latest/failures/election-safety-9c1e77d0.json")]
pub(super) struct CorpusArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::CheckArgs),
    Fmt(fmt::FmtArgs),
    Add(add::AddArgs),
}

pub(super) fn run(app: &App, args: &CorpusArgs) -> Result<Exit, CliError> {
    match &args.command {
        Command::Check(args) => check::run(app, args),
        Command::Fmt(args) => fmt::run(app, args),
        Command::Add(args) => add::run(app, args),
    }
}

/// What a folder says about the files in it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Shelf {
    name: &'static str,
    outcome: Verdict,
    what: &'static str,
}

/// All folders of a corpus.
const SHELVES: [Shelf; 3] = [
    Shelf { name: "regressions", outcome: Verdict::Pass, what: "bugs that are fixed" },
    Shelf { name: "known", outcome: Verdict::Violation, what: "bugs that are open" },
    Shelf { name: "mutants", outcome: Verdict::Violation, what: "bugs planted on purpose" },
];

/// The folder in which a file belongs: planted bugs say so in the target's name.
fn shelf_of(repro: &Repro) -> Shelf {
    let [regressions, known, mutants] = SHELVES;
    match repro.expect.outcome {
        Verdict::Pass => regressions,
        Verdict::Violation if repro.target.contains("?bug=") => mutants,
        Verdict::Violation => known,
    }
}

/// The name under which a run is kept.
fn file_name(repro: &Repro) -> String {
    let invariant = repro.expect.invariant.as_deref();
    let known = invariant.and_then(raft_invariants::find).map_or("", |invariant| invariant.name);
    let class = Class { invariant: known, place: repro.expect.place.clone() };
    repro.file_name(short(bucket(&repro.target, &class, &repro.script)))
}

/// All `.json` files of a corpus.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let hint = "name the folder, or run this where seeds/ is";
    let mut files = runs_in(folder).map_err(|error| error.hint(hint))?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    Ok(files)
}
