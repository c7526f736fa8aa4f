//! Judges for Raft.
pub mod fact;
