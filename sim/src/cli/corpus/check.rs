//! `raft-sim corpus check`: everything that is kept does what it must.

use std::path::{Path, PathBuf};

use clap::Args;
use raft_invariants::Selection;

use super::super::error::{CliError, Exit};
use super::super::input::{File, read_file};
use super::super::outcome::{Outcome, gravest};
use super::super::{App, Format};
use super::{SHELVES, files_in, shelf_of};
use crate::report::json::to_text;
use crate::report::replayed::{ReplayedReport, SeenReport};
use crate::report::words::{counted, table};
use crate::run::Replay;

/// Replay everything strictly: regressions pass, the others fail as they say
///
/// Every file must also have the one form and stand in the folder in which it belongs.
#[derive(Args)]
pub(super) struct CheckArgs {
    /// The folder of kept runs
    #[arg(value_name = "DIR", default_value = "seeds")]
    folder: PathBuf,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(super) fn run(app: &App, args: &CheckArgs) -> Result<Exit, CliError> {
    let files = files_in(&args.folder)?;
    if files.is_empty() {
        let message = format!("nothing was checked: {} has no kept runs", args.folder.display());
        return Err(CliError { kind: Exit::Vacuous, ..CliError::usage(message) }
            .hint("`corpus add` keeps one"));
    }
    let (mut exits, mut rows, mut runs) = (Vec::new(), Vec::new(), Vec::new());
    for path in &files {
        let name = path.strip_prefix(&args.folder).unwrap_or(path).display().to_string();
        let what = path.display().to_string();
        match check(app, &args.folder, path) {
            Ok((outcome, seen)) => {
                exits.push(outcome.exit);
                let mark = if outcome.exit == Exit::Passed { "ok" } else { "FAIL" };
                rows.push(vec![mark.to_owned(), name, outcome.with_notes()]);
                runs.push(outcome.report(&what, Some(seen)));
            }
            Err(error) => {
                exits.push(error.kind);
                app.console.error(&error);
                rows.push(vec!["ERROR".to_owned(), name, "see above".to_owned()]);
                runs.push(Outcome::of_error(&error).report(&what, None));
            }
        }
    }
    if args.format == Format::Json {
        let exit = gravest(&exits);
        app.console.out(&to_text(&ReplayedReport::of(runs, exit as u8)));
        return Ok(exit);
    }
    app.console.out(&table(&rows, 2, app.console.look.width));
    let ok = exits.iter().filter(|&&exit| exit == Exit::Passed).count() as u64;
    let bad = exits.len() as u64 - ok;
    let bad = if bad == 0 { String::new() } else { format!(", {bad} not") };
    let total = counted(files.len() as u64, "kept run");
    app.console.out(&format!("{total}: {ok} as they must be{bad}"));
    Ok(gravest(&exits))
}

fn check(app: &App, corpus: &Path, path: &Path) -> Result<(Outcome, SeenReport), CliError> {
    let file = read_file(app, path, None)?;
    check_place(corpus, &file)?;
    check_form(&file)?;
    let (script, run) = file.run(app, &Selection::ALL)?;
    let (again, _) = file.target.replay(&script, &Selection::ALL, Replay::SAVED);
    let outcome = if again.hash == run.hash {
        Outcome::of(&run, file.repro.as_ref().map(|repro| &repro.expect), false)
    } else {
        Outcome::not_deterministic()
    };
    Ok((outcome, SeenReport::of(file.target, &run)))
}

/// A diff shows what was changed only if all files have the one form.
fn check_form(file: &File<'_>) -> Result<(), CliError> {
    if file.repro.as_ref().is_none_or(|repro| repro.to_text() == file.text) {
        return Ok(());
    }
    let error = CliError::usage(format!("{} has not the one form", file.path.display()));
    Err(CliError { kind: Exit::Differs, ..error.hint("run `corpus fmt`") })
}

/// A file says what must come of it, and so does its folder.
fn check_place(corpus: &Path, file: &File<'_>) -> Result<(), CliError> {
    let repro = file.repro.as_ref().expect("a .json file is read as a repro");
    let inside = file.path.strip_prefix(corpus).unwrap_or(&file.path);
    let folder = inside.components().next().map(|part| part.as_os_str().to_string_lossy());
    let folder = folder.unwrap_or_default();
    let right = shelf_of(repro);
    let path = file.path.display();
    let Some(shelf) = SHELVES.iter().find(|shelf| shelf.name == folder) else {
        return Err(CliError::usage(format!("{path} stands in none of the folders"))
            .hint(format!("it belongs into {}/, with {}", right.name, right.what)));
    };
    if *shelf == right {
        return Ok(());
    }
    Err(CliError::usage(format!(
        "{path} expects `{}` of {} and stands among {}",
        repro.expect.outcome.name(),
        repro.target,
        shelf.what
    ))
    .hint(format!("it belongs into {}/, with {}", right.name, right.what)))
}
