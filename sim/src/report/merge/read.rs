//! Reports as they lie in files: one JSON document, or several one after the other.

use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::report::campaign::{FORMAT, Report};

/// Why a text is no report.
#[derive(Debug)]
pub enum NoReport {
    /// It is no JSON, or has not what a report has.
    Broken(serde_json::Error),
    /// It is something else, of this format.
    Foreign(String),
    /// It is a report of this format, which another version of raft-sim has written.
    OfOtherVersion(String),
}

#[derive(Deserialize)]
struct Head {
    format: String,
}

/// All reports in a text.
///
/// # Errors
/// At the first document that is none.
pub fn read_all(bytes: &[u8]) -> Result<Vec<Report>, NoReport> {
    let documents = serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>();
    documents.map(|document| read(document?.get())).collect()
}

fn read(document: &str) -> Result<Report, NoReport> {
    let Head { format } = serde_json::from_str(document)?;
    if format == FORMAT {
        return Ok(serde_json::from_str(document)?);
    }
    let name = |format: &str| format.split('/').next().map(str::to_owned);
    let is_ours = name(&format) == name(FORMAT);
    Err(if is_ours { NoReport::OfOtherVersion(format) } else { NoReport::Foreign(format) })
}

impl From<serde_json::Error> for NoReport {
    fn from(error: serde_json::Error) -> Self {
        NoReport::Broken(error)
    }
}

impl fmt::Display for NoReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoReport::Broken(error) => write!(f, "it is no report: {error}"),
            NoReport::Foreign(format) | NoReport::OfOtherVersion(format) => {
                write!(f, "its format is `{format}`, not {FORMAT}")
            }
        }
    }
}
