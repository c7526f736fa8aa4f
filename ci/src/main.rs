//! `cargo ci`: what continuous integration runs.
fn main() {}
