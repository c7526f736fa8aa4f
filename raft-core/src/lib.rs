//! Raft as a pure function: an [`Input`] goes in, an ordered list of
//! [`Effect`]s comes out.
//!
//! No clock, no chance, no disk, no wire, no log lines: all of these are outside, where a simulator
//! can put anything it likes in their place. The crate is meant to be read beside Figure 2 of the
//! paper ("In Search of an Understandable Consensus Algorithm", extended version, cited by section
//! alone; its dissertation is "Thesis").
//!
//! Reading order: [`types`] and [`message`] are the nouns, [`rules`] are the paper's decisions as
//! one short function each, [`raft`] is the server that asks them. [`log`] is the replicated log,
//! [`io`] the border.
//!
//! One thing goes beyond the paper, which writes to its disk before it answers and has nothing to
//! do meanwhile. Here the disk takes its time: what a step changes is one
//! [`Write`], the server goes on, and every message says which write it has to wait for.

pub mod io;
pub mod log;
pub mod message;
pub mod raft;
pub mod rules;
pub mod types;

pub use io::{Disk, Effect, Input, Options, Outcome, Timer, Write};
pub use log::Log;
pub use message::{Body, Message};
pub use raft::{Client, Journal, Progress, Raft, Role, State};
pub use rules::{Paper, Rules};
pub use types::{Command, Entry, HardState, LogIndex, LogPosition, NodeId, Term, WriteId};
