//! `--known`: failures of which a run is kept already. They are counted and listed, and do not
//! fail: so a campaign fails on what is new, and goes on to look for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::App;
use super::error::CliError;
use super::input::{BYTES_MAX, read_at_most, runs_in};
use super::settings::unknown_invariant;
use crate::language::file_error::FileError;
use crate::language::repro::{Repro, Verdict};
use crate::report::words::{counted, shell};
use crate::run::Class;

#[derive(Clone, clap::Args)]
pub(super) struct KnownArgs {
    /// Folders of kept runs: failures like theirs are known and do not fail [without one:
    /// seeds/known]
    #[arg(id = "known", long, value_name = "DIR", value_delimiter = ',', num_args = 0..=1,
          default_missing_value = "seeds/known", help_heading = "Results")]
    folders: Vec<PathBuf>,
}

/// A file for each class of failure, by the names of targets.
pub(super) type Known = BTreeMap<String, BTreeMap<Class, String>>;

impl KnownArgs {
    /// What is known. Where there is no such folder, nothing is.
    pub(super) fn read(&self) -> Result<Known, CliError> {
        let mut known = Known::new();
        for folder in self.folders.iter().filter(|folder| folder.exists()) {
            for path in runs_in(folder)? {
                if let Some((target, class)) = read_file(&path)? {
                    let file = path.display().to_string();
                    known.entry(target).or_default().entry(class).or_insert(file);
                }
            }
        }
        Ok(known)
    }

    /// As they are typed, if they were.
    pub(super) fn words(&self) -> Option<String> {
        let folders = self.folders.iter().map(|folder| folder.display().to_string());
        let folders: Vec<String> = folders.collect();
        (!folders.is_empty()).then(|| folders.join(","))
    }

    /// Says how much is known of a target.
    pub(super) fn announce(&self, app: &App, known: &BTreeMap<Class, String>) {
        if let Some(folders) = self.words() {
            let classes = counted(known.len() as u64, "failure");
            app.console.talk(&format!("known    {classes} in {}", shell(&folders)));
        }
    }
}

/// The target and the failure that a file keeps; `None` if it keeps none.
fn read_file(path: &Path) -> Result<Option<(String, Class)>, CliError> {
    if path.extension().is_none_or(|extension| extension != "json") {
        return Ok(None);
    }
    let bytes = read_at_most(path, BYTES_MAX)?;
    let (target, expect) = Repro::subject(FileError::utf8(path, &bytes)?, path)?;
    let Some(name) = expect.invariant.filter(|_| expect.outcome == Verdict::Violation) else {
        return Ok(None);
    };
    let invariant = raft_invariants::find(&name).ok_or_else(|| {
        let error = unknown_invariant(&name);
        CliError { message: format!("{}: {}", path.display(), error.message), ..error }
    })?;
    Ok(Some((target, Class { invariant: invariant.name, place: expect.place })))
}
