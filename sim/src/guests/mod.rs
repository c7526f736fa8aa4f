//! Raft implementations as nodes, one file each.

pub mod article;
pub mod noraft;
pub mod raft_core;
pub mod raftbare;
mod side_table;
mod signature;

#[cfg(test)]
use crate::node as port;
#[cfg(test)]
mod pump;
