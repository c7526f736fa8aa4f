//! raft-sim
pub mod action;
pub mod hash;
pub mod node;
pub mod script;
