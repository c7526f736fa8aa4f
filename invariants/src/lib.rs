//! Judges for Raft: what must hold after every step, checked from facts alone.
//!
//! A [`Checker`] observes [`fact::Fact`]s, keeps a [`history::History`] of its own, and reports
//! [`Violation`]s of the invariants in [`catalogue()`]. It knows no Raft, only what was written,
//! sent and said; it works for any implementation that reveals enough.
//!
//! The invariants are in [`judges`], one module each, with what it states, where it is said in the
//! literature, what is not flagged and an example.

pub mod bench;
pub mod censor;
mod checker;
pub mod evidence;
pub mod fact;
pub mod fingerprint;
pub mod history;
pub mod invariant;
pub mod judges;
pub mod moment;
pub mod progress;
mod reveals;
mod selection;
#[cfg(test)]
mod testing;
pub mod twin;
mod violation;
pub mod witness;

pub use checker::{Checker, not_sitting, sitting};
pub use invariant::{Invariant, Level};
pub use judges::catalogue;
pub use reveals::{Need, Reveals};
pub use selection::{Selection, find};
pub use violation::Violation;
pub use witness::{Witness, Witnesses};
