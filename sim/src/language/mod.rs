//! What can be written down: an action a line, scripts of them, and the files that keep scripts.
//!
//! Everything above speaks this language: schedulers choose actions, the world performs them,
//! minimizers leave some out, and reports print what the parser reads back.

pub mod action;
pub mod command;
#[doc(hidden)]
pub mod field;
#[doc(hidden)]
pub mod file_error;
pub mod hash;
#[doc(hidden)]
pub mod phrase;
#[doc(hidden)]
pub mod repro;
#[doc(hidden)]
pub mod scenario;
pub mod script;
pub mod strategy;
pub(crate) mod text;
#[doc(hidden)]
pub mod version;
