//! Ctrl-C and deadlines: what may end the work early, from outside.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::error::Exit;
use crate::search::campaign::clock::Stopwatch;

/// Set by Ctrl-C; whoever works for long looks at it now and then.
pub(super) static STOP: AtomicBool = AtomicBool::new(false);

/// When the minimizer must have ended, in milliseconds of [`clock`].
static DEADLINE_MS: AtomicU64 = AtomicU64::new(u64::MAX);

/// The first Ctrl-C asks for an end with a summary, the second one does not ask.
pub(super) fn listen() {
    // Without a handler Ctrl-C still ends the process; there is nothing to say about it.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(Exit::Interrupted as i32);
        }
    });
}

pub(super) fn is_interrupted() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Lets [`is_over`] come true in so many milliseconds.
pub(super) fn set_deadline(ms: u64) {
    DEADLINE_MS.store(clock().wall_ms().saturating_add(ms), Ordering::Relaxed);
}

/// Whether the deadline has passed, or Ctrl-C was pressed.
pub(super) fn is_over() -> bool {
    is_interrupted() || DEADLINE_MS.load(Ordering::Relaxed) <= clock().wall_ms()
}

/// Runs since it was first looked at.
fn clock() -> &'static Stopwatch {
    static CLOCK: OnceLock<Stopwatch> = OnceLock::new();
    CLOCK.get_or_init(Stopwatch::start)
}
