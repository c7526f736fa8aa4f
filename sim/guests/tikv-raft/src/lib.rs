//! tikv's `raft` 0.7.0 as a guest of raft-sim: [`Tikv`], in both of the crate's modes.

mod message;
mod node;
mod storage;
#[cfg(test)]
mod tests;

pub use node::{Config, ReadyMode, Tikv};
