//! The place of one campaign: the folder in which all its files lie, and nothing of another's.
//!
//! ```text
//! target/raft-sim/                   what `--out` names
//!   latest -> raftbare-0x9c41        the last campaign
//!   raft-core-exhaust/               an exhaustive search, without a checkpoint
//!   raftbare-0x9c41/                 target and first seed
//!     report.json                    written now and then, and at the end
//!     checkpoint.json                from which it goes on after a kill
//!     failures/                      the best script so far of each class of failure
//!     harm/                          what an alarm leads to
//!     own-runs/                      where that is of another run: the best of the failing one
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::files::{is_draft, write_whole};
use crate::explain::finding::Finding;
use crate::language::repro::Repro;
use crate::search::campaign::Plan;
use crate::search::shard::Shard;
use crate::search::target::Target;

/// The link to the place of the last campaign.
pub const LATEST: &str = "latest";

/// See the head of this file.
pub struct Place {
    folder: PathBuf,
}

impl Place {
    /// Makes a new one for this campaign below `out`, which is made too.
    ///
    /// # Errors
    /// If the system does not let us.
    pub fn new(out: &Path, target: &dyn Target, plan: &Plan) -> io::Result<Place> {
        Place::named(out, &name(target, plan))
    }

    /// Makes a new one for an exhaustive search.
    ///
    /// # Errors
    /// If the system does not let us.
    pub fn of_all_states(out: &Path, target: &dyn Target) -> io::Result<Place> {
        Place::named(out, &format!("{}-exhaust", target.name()))
    }

    /// Makes a new one of this name; of another one, if that is taken.
    fn named(out: &Path, name: &str) -> io::Result<Place> {
        let harmless = |char: char| {
            if char.is_ascii_alphanumeric() || "-_.".contains(char) { char } else { '-' }
        };
        let name: String = name.chars().map(harmless).collect();
        fs::create_dir_all(out)?;
        let mut folder = out.join(&name);
        for number in 2.. {
            match fs::create_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    folder = out.join(format!("{name}-{number}"));
                }
                made => {
                    made?;
                    break;
                }
            }
        }
        let place = Place { folder };
        place.is_latest();
        Ok(place)
    }

    /// One that was made before.
    pub const fn at(folder: PathBuf) -> Place {
        Place { folder }
    }

    /// Where all of it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes it ready for more: what was being written when its campaign was killed is swept away.
    pub fn revive(&self) {
        for folder in [&self.folder, &self.failures()] {
            for path in files_in(folder).into_iter().filter(|path| is_draft(path)) {
                // Whoever cannot delete it has one file more.
                let _ = fs::remove_file(path);
            }
        }
        self.is_latest();
    }

    /// The file of the report.
    pub fn report(&self) -> PathBuf {
        self.folder.join("report.json")
    }

    /// The file from which a campaign goes on.
    pub fn checkpoint(&self) -> PathBuf {
        self.folder.join("checkpoint.json")
    }

    /// The file of a failing run.
    pub fn failure(&self, name: &str) -> PathBuf {
        self.failures().join(name)
    }

    /// All files of failing runs.
    pub fn all_failures(&self) -> Vec<PathBuf> {
        files_in(&self.failures())
    }

    /// Writes a finding as the best one so far of its class.
    ///
    /// # Errors
    /// With the path, if it cannot be written.
    pub fn keep(
        &self,
        finding: &Finding,
        target: &dyn Target,
    ) -> Result<PathBuf, (PathBuf, io::Error)> {
        let path = self.failure(&finding.file_name(target));
        match write_whole(&path, &finding.repro(target).to_text()) {
            Ok(()) => Ok(path),
            Err(error) => Err((path, error)),
        }
    }

    /// Writes the shortest script that is a part of the failing run, where the finding's own is of
    /// another one.
    ///
    /// # Errors
    /// With the path, if it cannot be written.
    pub fn keep_own_run(
        &self,
        finding: &Finding,
        target: &dyn Target,
    ) -> Result<Option<PathBuf>, (PathBuf, io::Error)> {
        self.keep_beside("own-runs", finding.file_name(target), finding.own_repro(target))
    }

    /// Writes what an alarm leads to.
    ///
    /// # Errors
    /// With the path, if it cannot be written.
    pub fn keep_harm(
        &self,
        finding: &Finding,
        target: &dyn Target,
    ) -> Result<Option<PathBuf>, (PathBuf, io::Error)> {
        self.keep_beside("harm", finding.file_name(target), finding.harm_repro(target))
    }

    fn keep_beside(
        &self,
        folder: &str,
        name: String,
        repro: Option<Repro>,
    ) -> Result<Option<PathBuf>, (PathBuf, io::Error)> {
        let Some(repro) = repro else { return Ok(None) };
        let path = self.folder.join(folder).join(name);
        match write_whole(&path, &repro.to_text()) {
            Ok(()) => Ok(Some(path)),
            Err(error) => Err((path, error)),
        }
    }

    fn failures(&self) -> PathBuf {
        self.folder.join("failures")
    }

    /// Points to it as the last one. It is a convenience: where there are no links, or something
    /// else has that name, it is left out.
    fn is_latest(&self) {
        let Some(name) = self.folder.file_name() else { return };
        let link = self.folder.with_file_name(LATEST);
        let is_ours = fs::symlink_metadata(&link).map_or(true, |it| it.is_symlink());
        let draft = self.folder.with_file_name(format!(".{LATEST}.{}", std::process::id()));
        if is_ours
            && link != self.folder
            && symlink(Path::new(name), &draft).is_ok()
            && fs::rename(&draft, &link).is_err()
        {
            let _ = fs::remove_file(&draft);
        }
    }
}

#[cfg(unix)]
fn symlink(to: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, link)
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// What the folder is called: whatever of the campaign a person would know it by.
fn name(target: &dyn Target, plan: &Plan) -> String {
    let shard = match plan.shard {
        Shard::WHOLE => String::new(),
        shard => format!("-{}-of-{}", shard.number(), shard.of()),
    };
    format!("{}-{:#x}{shard}", target.name(), plan.first_seed)
}

/// Sorted by name; none if there is no such folder.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}
