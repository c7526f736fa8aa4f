//! tikv raft guest.
fn main() {}
