//! `raft-sim corpus fmt`: the one form of every kept run, so that a diff shows what was changed.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::App;
use super::super::error::{CliError, Exit};
use super::super::input::read_file;
use super::files_in;
use crate::report::files::write_whole;
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
    let mut others = 0;
    for path in &files {
        if format(app, path, args.check)? {
            others += 1;
            app.console.out(&path.display().to_string());
        }
    }
    let others_text = counted(others, "file");
    if args.check && 0 < others {
        app.console.talk(&format!("{others_text} not in the one form: run `corpus fmt`"));
        return Ok(Exit::Differs);
    }
    let total = counted(files.len() as u64, "file");
    let rewritten = if others == 0 { String::new() } else { format!(", {others} rewritten") };
    app.console.talk(&format!("{total} in the one form{rewritten}"));
    Ok(Exit::Passed)
}

/// Whether the file had another form.
fn format(app: &App, path: &Path, only_look: bool) -> Result<bool, CliError> {
    let file = read_file(app, path, None)?;
    let Some(repro) = &file.repro else {
        let message = format!("{} is a plain script and has no other form", path.display());
        return Err(CliError::usage(message).hint("name files .json"));
    };
    let text = repro.to_text();
    if text == file.text {
        return Ok(false);
    }
    if !only_look {
        write_whole(path, &text).map_err(|error| CliError::unwritable(path, &error))?;
    }
    Ok(true)
}
