//! Signals: what may end the work early, from outside.
//!
//! Whoever works for long looks at [`STOP`] now and then and ends with what there is. Ctrl-C is
//! somebody who waits; SIGTERM, or the end of the terminal, is a machine that wants its processor
//! back, so that it is worth while to begin again elsewhere.

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::error::Exit;

/// Set by the first signal.
pub(super) static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// How to end then; 0 while nobody has asked.
static EXIT: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// The first signal asks for an end with a summary, the second one does not ask.
pub(super) fn listen() {
    end_with(SIGINT, Exit::Interrupted);
    end_with(SIGTERM, Exit::Incomplete);
    #[cfg(unix)]
    if !hears_no_hangup() {
        end_with(signal_hook::consts::SIGHUP, Exit::Incomplete);
    }
}

/// Without a handler the signal still ends the process, so there is nothing to say if it cannot be
/// set.
fn end_with(signal: i32, exit: Exit) {
    let _ = flag::register_conditional_shutdown(signal, exit as i32, Arc::clone(&STOP));
    let _ = flag::register_usize(signal, Arc::clone(&EXIT), exit as usize);
    let _ = flag::register(signal, Arc::clone(&STOP));
}

/// Whether we were started (by `nohup`) so that the end of the terminal does not reach us. Where
/// the system does not tell, we had better not listen.
#[cfg(unix)]
fn hears_no_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_none_or(|mask| mask >> (signal_hook::consts::SIGHUP - 1) & 1 == 1)
}

/// How to end, if somebody has asked for it.
pub(super) fn asked() -> Option<Exit> {
    match EXIT.load(Ordering::Relaxed) {
        _ if !STOP.load(Ordering::Relaxed) => None,
        exit if exit == Exit::Incomplete as usize => Some(Exit::Incomplete),
        _ => Some(Exit::Interrupted),
    }
}

pub(super) fn is_interrupted() -> bool {
    STOP.load(Ordering::Relaxed)
}
