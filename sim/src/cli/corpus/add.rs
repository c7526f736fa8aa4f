//! `raft-sim corpus add`: keeps a run that a campaign has found.

use std::path::PathBuf;

use clap::Args;
use raft_invariants::Selection;

use super::super::error::{CliError, Exit};
use super::super::input::read_file;
use super::super::outcome::Outcome;
use super::super::{App, Format};
use super::{file_name, shelf_of};
use crate::language::repro::Repro;
use crate::report::files::write_whole;
use crate::report::json::to_text;
use crate::report::kept::{Fate, KeptFile, KeptReport};

/// Keep a run: it is replayed, and copied to its folder under its name
#[derive(Args)]
pub(super) struct AddArgs {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder of kept runs
    #[arg(long, value_name = "DIR", default_value = "seeds")]
    to: PathBuf,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(super) fn run(app: &App, args: &AddArgs) -> Result<Exit, CliError> {
    let file = read_file(app, &args.file, None)?;
    let named = args.file.display();
    let Some(mut repro) = file.repro.clone() else {
        return Err(CliError::usage(format!(
            "{named} is a plain script: it does not say what must come of it"
        ))
        .hint("`minimize` makes a file of a failing one"));
    };
    let (_, run) = file.run(app, &Selection::ALL)?;
    let outcome = Outcome::of(&run, Some(&repro.expect), false);
    if outcome.exit != Exit::Passed {
        let message = format!("{named} does not do what it says: {}", outcome.text);
        let error = CliError::usage(message).hint("change what its `expect` says, or the run");
        return Err(CliError { kind: outcome.exit, ..error });
    }
    // Advice of another version of the target would be a note at every check.
    repro.expect.hash = Some(run.hash);
    let path = args.to.join(shelf_of(&repro).name).join(file_name(&repro));
    let known = path.exists();
    if let Some(before) = read_file(app, &path, None).ok().and_then(|file| file.repro) {
        keep_words(&mut repro, before);
    }
    write_whole(&path, &repro.to_text()).map_err(|error| {
        CliError::unwritable(&path, &error).hint("choose another folder with --to")
    })?;
    let written = path.display().to_string();
    if args.format == Format::Json {
        let is = if known { Fate::Replaced } else { Fate::Added };
        let files = vec![KeptFile { file: written, is }];
        app.console.out(&to_text(&KeptReport::of(files, Exit::Passed as u8)));
    } else {
        app.console.out(&written);
    }
    app.console.talk(if known { "the same bug was kept before: replaced" } else { "kept" });
    if repro.title.is_none() {
        app.console.talk("say in its `title`, in one sentence, what goes wrong");
    }
    Ok(Exit::Passed)
}

/// What people have written about the same bug stays, where the new file says nothing.
fn keep_words(repro: &mut Repro, before: Repro) {
    repro.title = repro.title.take().or(before.title);
    repro.issue = repro.issue.take().or(before.issue);
    if repro.why.is_empty() && repro.script == before.script {
        repro.why = before.why;
    }
}
