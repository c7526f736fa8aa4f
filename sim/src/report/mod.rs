//! Reports: what a campaign or a run has found, as text for people and as JSON for programs.
//! Nothing here prints, and what is said is a function of the results alone, except times.

pub mod campaign;
pub mod checkpoint;
mod columns;
pub mod comparison;
pub mod coverage;
pub mod diagram;
pub mod evidence;
pub mod explored;
pub mod failure;
pub mod files;
pub mod human;
pub mod json;
pub mod look;
pub mod place;
pub mod scores;
pub mod sentence;
pub mod state;
pub mod story;
pub mod why;
pub mod words;

use campaign::{CampaignReport, Report};
use look::Look;

/// A format of reports.
pub struct Writer {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub summary: &'static str,
    /// What is said of a campaign as soon as it is over.
    pub campaign: fn(&CampaignReport, Look) -> String,
    /// What is said at the end.
    pub end: fn(&Report) -> String,
}

/// All formats; the first is the default.
pub const WRITERS: &[Writer] = &[human::WRITER, json::WRITER];
