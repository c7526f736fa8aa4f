//! Reports: what a campaign or a run has found, as text for people and as JSON for programs.
//! Nothing here prints, and what is said is a function of the results alone, except times.

pub mod calm;
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
pub mod formats;
#[cfg(feature = "cli")]
pub mod issue;
pub mod json;
pub mod kept;
pub mod look;
pub mod merge;
pub mod minimized;
pub mod misfit;
pub mod novelty;
pub mod page;
pub mod parts;
pub mod picture;
pub mod place;
pub mod progress;
pub mod replayed;
pub mod scores;
pub mod sentence;
pub mod severity;
pub mod shiviz;
pub mod state;
pub mod story;
pub mod suite;
pub mod trace;
pub mod vitals;
pub mod why;
pub mod words;
