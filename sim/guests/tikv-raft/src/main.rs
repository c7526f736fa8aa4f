//! Simulates tikv's raft.

fn main() {}
