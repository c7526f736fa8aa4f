//! Formats of reports. One file a format, one line in [`WRITERS`].

#[cfg(feature = "cli")]
pub mod github;
pub mod human;
pub mod json;
#[cfg(feature = "cli")]
pub mod junit;
pub mod lines;
#[cfg(feature = "cli")]
pub mod markdown;
#[cfg(feature = "cli")]
pub mod sarif;

use super::campaign::{CampaignReport, Report};
use super::failure::FindingReport;
use super::look::Look;
use super::progress::{BeginReport, ProgressReport};

/// A format of reports.
pub struct Writer {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub summary: &'static str,
    /// Whether all of it is one document, which can stand in a file of its own.
    pub is_document: bool,
    /// What is written when there is something to tell; nothing, where that is no matter of it.
    pub write: fn(&Told<'_>, Look) -> String,
}

/// Something that there is to tell while a command runs.
#[derive(Clone)]
pub enum Told<'a> {
    /// A campaign begins.
    Begin(&'a BeginReport),
    /// How far it is.
    Progress(&'a ProgressReport),
    /// A bug was found, or a smaller script for it.
    Finding(&'a FindingReport),
    /// A campaign is over.
    Campaign(&'a CampaignReport),
    /// All is over.
    End(&'a Report),
}

/// All formats; the first is the default.
pub const WRITERS: &[Writer] = &[
    human::WRITER,
    json::WRITER,
    lines::WRITER,
    #[cfg(feature = "cli")]
    github::WRITER,
    #[cfg(feature = "cli")]
    markdown::WRITER,
    #[cfg(feature = "cli")]
    junit::WRITER,
    #[cfg(feature = "cli")]
    sarif::WRITER,
];
