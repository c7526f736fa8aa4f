//! raft-sim
pub mod action;
pub mod campaign;
pub mod cli;
pub mod draws;
pub mod faults;
pub mod file_error;
pub mod guests;
pub mod hash;
pub mod minimize;
pub mod mutants;
pub mod node;
pub mod report;
pub mod repro;
pub mod run;
pub mod schedule;
pub mod score;
pub mod script;
pub mod strategy;
pub mod target;
pub mod testing;
mod text;
pub mod trace;
pub mod workload;
pub mod world;

pub use testing::{check, check_script};
