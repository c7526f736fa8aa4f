//! `raft-sim corpus fmt`: the one form of every kept run, so that a diff shows what was changed.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::error::{CliError, Exit};
use super::super::input::read_file;
use super::super::{App, Format};
use super::files_in;
use crate::report::files::write_whole;
use crate::report::json::to_text;
use crate::report::kept::{Fate, KeptFile, KeptReport};
use crate::report::words::counted;

/// Rewrite every file in the one form
#[derive(Args)]
pub(super) struct FmtArgs {
    /// Files, or folders of kept runs
    #[arg(value_name = "WHAT", default_value = "seeds")]
    what: Vec<PathBuf>,
    /// Write nothing; exit code 5 if a file has another form
    #[arg(long)]
    check: bool,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(super) fn run(app: &App, args: &FmtArgs) -> Result<Exit, CliError> {
    let mut files = Vec::new();
    for path in &args.what {
        if path.is_dir() {
            files.extend(files_in(path)?);
        } else {
            files.push(path.clone());
        }
    }
    let mut fates = Vec::new();
    for path in &files {
        let is = format(app, path, args.check)?;
        fates.push(KeptFile { file: path.display().to_string(), is });
    }
    let others = || fates.iter().filter(|file| file.is != Fate::Formatted);
    let exit = if args.check && others().next().is_some() { Exit::Differs } else { Exit::Passed };
    if args.format == Format::Json {
        app.console.out(&to_text(&KeptReport::of(fates, exit as u8)));
        return Ok(exit);
    }
    others().for_each(|file| app.console.out(&file.file));
    let others = others().count() as u64;
    if exit != Exit::Passed {
        let others = counted(others, "file");
        app.console.talk(&format!("{others} not in the one form: run `corpus fmt`"));
        return Ok(exit);
    }
    let total = counted(files.len() as u64, "file");
    let rewritten = if others == 0 { String::new() } else { format!(", {others} rewritten") };
    app.console.talk(&format!("{total} in the one form{rewritten}"));
    Ok(Exit::Passed)
}

/// Gives a file the one form.
fn format(app: &App, path: &Path, only_look: bool) -> Result<Fate, CliError> {
    let file = read_file(app, path, None)?;
    let Some(repro) = &file.repro else {
        let message = format!("{} is a plain script and has no other form", path.display());
        return Err(CliError::usage(message).hint("name files .json"));
    };
    let text = repro.to_text();
    if text == file.text {
        return Ok(Fate::Formatted);
    }
    if only_look {
        return Ok(Fate::Unformatted);
    }
    write_whole(path, &text).map_err(|error| CliError::unwritable(path, &error))?;
    Ok(Fate::Rewritten)
}
