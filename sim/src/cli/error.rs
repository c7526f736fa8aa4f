//! What can go wrong on the command line, and how a process ends.

use std::fmt;
use std::io;
use std::path::Path;

use crate::language::file_error::FileError;

/// How a process ends. Schedulers act on these numbers: they never change.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// Ran, and all invariants held.
    Passed = 0,
    /// An invariant was violated, or the target panicked.
    Violation = 1,
    /// The command line or a file is wrong.
    Usage = 2,
    /// Nothing was really checked.
    Vacuous = 3,
    /// The same seed gave another run.
    NotDeterministic = 4,
    /// A file does not do what it says it must.
    Differs = 5,
    /// Shards are missing, contradict each other, or are no parts of one campaign.
    Shards = 6,
    /// A bug of the harness.
    Internal = 70,
    /// The result could not be written.
    Output = 74,
    /// Something ended the work early: a limit of a search, SIGTERM, SIGHUP.
    Incomplete = 75,
    /// Ctrl-C.
    Interrupted = 130,
}

impl Exit {
    /// The one that a caller must hear of, if one of them: that nothing can be believed, then that
    /// there is a finding, then that little was checked.
    #[must_use]
    pub fn graver(self, other: Exit) -> Exit {
        let gravity = |exit: Exit| match exit {
            Exit::Passed => 0,
            Exit::Vacuous => 1,
            Exit::Violation => 2,
            Exit::Incomplete | Exit::Interrupted | Exit::Shards => 3,
            _ => 4,
        };
        if gravity(self) < gravity(other) { other } else { self }
    }
}

/// An error for people: what is wrong, in lower case, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CliError {
    /// How the process ends.
    pub kind: Exit,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hints: Vec<String>,
}

impl CliError {
    /// The user can mend it.
    pub fn usage(message: impl Into<String>) -> Self {
        CliError { kind: Exit::Usage, message: message.into(), hints: Vec::new() }
    }

    /// A file or folder cannot be read.
    pub fn unreadable(path: &Path, error: &io::Error) -> Self {
        let what = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
            io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
            _ => plain(error),
        };
        CliError::usage(format!("cannot read {}: {what}", path.display()))
    }

    /// A file or folder cannot be written.
    pub fn unwritable(path: &Path, error: &io::Error) -> Self {
        let message = format!("cannot write {}: {}", path.display(), plain(error));
        CliError { kind: Exit::Output, message, hints: Vec::new() }
    }

    /// With one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// With a hint, if there is one.
    #[must_use]
    pub fn hint_if(self, hint: Option<String>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for hint in &self.hints {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl From<FileError> for CliError {
    /// The error brings its own hint.
    fn from(error: FileError) -> Self {
        CliError::usage(error.to_string())
    }
}

/// An error of the system, without its number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
