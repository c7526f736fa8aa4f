//! Judges for Raft: what must hold after every step, checked from facts alone.
//!
//! A [`Checker`] observes [`fact::Fact`]s, keeps a [`history::History`] of its own, and reports
//! [`Violation`]s of the invariants in [`catalogue()`]. It knows no Raft, only what was written,
//! sent and said; it works for any implementation that reveals enough.

pub mod catalogue;
mod checker;
pub mod event;
pub mod fact;
pub mod history;
pub mod invariant;
pub mod judges;
mod selection;
#[cfg(test)]
mod testing;
mod violation;
pub mod witness;

pub use catalogue::catalogue;
pub use checker::{Checker, not_sitting, sitting};
pub use invariant::{Invariant, Level};
pub use selection::{Selection, find};
pub use violation::Violation;
pub use witness::{Witness, Witnesses};
