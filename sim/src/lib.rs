//! raft-sim
pub mod action;
pub mod campaign;
pub mod draws;
pub mod faults;
pub mod file_error;
pub mod hash;
pub mod minimize;
pub mod node;
pub mod repro;
pub mod run;
pub mod schedule;
pub mod script;
pub mod strategy;
pub mod target;
mod text;
pub mod trace;
pub mod workload;
pub mod world;
