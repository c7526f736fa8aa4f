//! The place of one campaign: the folder in which all its files lie, and nothing of another's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::files::write_whole;
use crate::explain::finding::Finding;
use crate::search::target::Target;

/// See the head of this file.
pub struct Place {
    folder: PathBuf,
}

impl Place {
    /// This folder.
    pub const fn at(folder: PathBuf) -> Self {
        Place { folder }
    }

    /// The file of the report.
    pub fn report(&self) -> PathBuf {
        self.folder.join("report.json")
    }

    /// The file of a failing run.
    pub fn failure(&self, name: &str) -> PathBuf {
        self.folder.join("failures").join(name)
    }

    /// Writes a finding as the best one so far of its class, and takes the one before it away.
    ///
    /// # Errors
    /// If it cannot be written; then the one before it is still there.
    pub fn keep(
        &self,
        finding: &Finding,
        target: &dyn Target,
        before: Option<&Path>,
    ) -> Result<PathBuf, (PathBuf, io::Error)> {
        let path = self.failure(&finding.file_name(target));
        let written = write_whole(&path, &finding.repro(target).to_text());
        written.map_err(|error| (path.clone(), error))?;
        if let Some(before) = before.filter(|before| *before != path) {
            // It is only in the way; whoever cannot delete it has two files.
            let _ = fs::remove_file(before);
        }
        Ok(path)
    }
}
