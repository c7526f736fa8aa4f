//! Ctrl-C: what may end the work early, from outside.

use std::sync::atomic::{AtomicBool, Ordering};

use super::error::Exit;

/// Set by Ctrl-C; whoever works for long looks at it now and then.
pub(super) static STOP: AtomicBool = AtomicBool::new(false);

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
