//! The invariants, one file each. `catalogue.rs` lists them.

pub mod election_safety;
pub mod log_matching;
pub mod no_panic;
pub mod state_machine_safety;
