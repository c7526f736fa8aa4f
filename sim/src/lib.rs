//! raft-sim
pub mod action;
pub mod file_error;
pub mod hash;
pub mod node;
pub mod repro;
pub mod script;
mod text;
