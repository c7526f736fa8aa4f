//! Files of a corpus and what became of them: `raft-sim-kept/1`.

use serde::Serialize;

use crate::language::version::TOOL;

/// The version of [`KeptReport`].
pub const FORMAT: &str = "raft-sim-kept/1";

/// Files of a corpus.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct KeptReport {
    /// [`FORMAT`].
    #[cfg_attr(feature = "cli", schemars(extend("const" = FORMAT)))]
    pub format: &'static str,
    /// The version of raft-sim.
    pub version: &'static str,
    /// In the order in which they were named.
    pub files: Vec<KeptFile>,
    /// The process's exit code.
    pub exit: u8,
}

/// A file of a corpus.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct KeptFile {
    /// Where it lies.
    pub file: String,
    /// What became of it.
    pub is: Fate,
}

/// What became of a file.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It was written; there was none of this name.
    Added,
    /// It was written over one of this name: the same bug was kept before.
    Replaced,
    /// It had the one form.
    Formatted,
    /// It was written anew, in the one form.
    Rewritten,
    /// It has another form, and was left as it is.
    Unformatted,
}

impl KeptReport {
    /// Of these files.
    pub fn of(files: Vec<KeptFile>, exit: u8) -> Self {
        KeptReport { format: FORMAT, version: TOOL, files, exit }
    }
}
