//! Point raft-sim at a Raft. It finds the schedule of crashes, partitions, delays and disk faults
//! that breaks it, and hands back the shortest story that does.
//!
//! | you want to | begin at |
//! |---|---|
//! | put your Raft to the test | [`Node`](node::Node), the port, with a complete small guest below |
//! | have it as a test of your crate | [`check`], one line; [`check_script`] for one schedule |
//! | have the whole command line for it | [`Main`](cli::Main), a `main` of four lines |
//! | write down what happens | [`Script`](language::script::Script) and its [`Action`](language::action::Action)s |
//! | write properties of your own | [`scripts`](language::strategy::scripts), a strategy for proptest |
//!
//! Everything that can happen to a cluster is an action. A world performs one at a time, a
//! scheduler chooses them, judges ([`raft_invariants`]) look after each one, and what fails is
//! minimized to a script that a person could have written.
//!
//! The features `cli` (the command line) and `guests` (the reference and published crates) are on
//! by default. A test needs neither:
//!
//! ```toml
//! [dev-dependencies]
//! raft-sim = { version = "0.1", default-features = false }
//! ```
//!
//! # Bring your own Raft
//!
//! Implement [`Node`](node::Node): a function from inputs to an ordered list of effects. Here is a
//! complete small guest, which elects leaders and does nothing else. Judges that need a log find
//! none revealed, and are listed as not sitting.
//!
#![doc = concat!("```\n", include_str!("../examples/elector/guest.rs"))]
//!
//! // As a test of your crate, in one line:
//! raft_sim::check::<Elector>((), 300);
//! ```
//!
//! As a program of your own, with every command of `raft-sim`, in a `main` of four lines:
//!
//! ```no_run
//! # use raft_sim::guests::raftbare::Raftbare as MyRaft;
//! fn main() -> std::process::ExitCode {
//!     let main = raft_sim::cli::Main::new().target::<MyRaft>("myraft", "my own Raft", ());
//!     main.repro_prefix("cargo run -qrp myraft-sim --").run()
//! }
//! ```
//!
//! Both together are the program `elector` in this crate's `examples`: `cargo run --example elector
//! -- lab` opens the page on it.
//!
//! [`scripts`](language::strategy::scripts) yields action scripts to proptest, for properties of
//! your own.

#[cfg(feature = "cli")]
pub mod cli;
#[doc(hidden)]
pub mod draws;
#[doc(hidden)]
pub mod explain;
#[doc(hidden)]
pub mod faults;
#[cfg(feature = "guests")]
pub mod guests;
pub mod language;
#[cfg(feature = "guests")]
#[doc(hidden)]
pub mod mutants;
pub mod node;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod run;
#[doc(hidden)]
pub mod schedule;
#[doc(hidden)]
pub mod search;
mod testing;
#[doc(hidden)]
pub mod world;

#[doc(inline)]
pub use testing::{check, check_script};
