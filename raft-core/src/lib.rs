//! Raft as a pure function.
pub mod io;
pub mod message;
pub mod types;
