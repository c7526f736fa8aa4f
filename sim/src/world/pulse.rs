//! The pulse of a thread: which call into a guest it makes.
//!
//! A call that never comes back cannot be ended, since a thread cannot be killed. But runs repeat:
//! whoever runs the same again, on another thread, and refuses the call that did not come back, has
//! a run that ends there, with a violation, a script and a story.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Read from any thread, and moved by its own.
#[derive(Debug, Default)]
pub struct Pulse {
    /// Twice the calls that were made and have come back; one more while a call is under way.
    beats: AtomicU64,
}

impl Pulse {
    /// The number of the call that is under way, from 1; `None` between calls.
    pub fn call(&self) -> Option<u64> {
        let beats = self.beats.load(Ordering::Relaxed);
        (beats % 2 == 1).then_some(beats / 2 + 1)
    }

    /// From now on calls are counted from 1.
    pub fn restart(&self) {
        self.beats.store(0, Ordering::Relaxed);
    }
}

/// What a thread knows of its own calls.
struct Own {
    pulse: Arc<Pulse>,
    /// The first call that is not made any more.
    refused_from: Cell<u64>,
    why: Cell<&'static str>,
}

thread_local! {
    static OWN: Own = Own {
        pulse: Arc::default(),
        refused_from: Cell::new(u64::MAX),
        why: Cell::new(""),
    };
}

/// The pulse of the thread that asks.
pub fn pulse() -> Arc<Pulse> {
    OWN.with(|own| Arc::clone(&own.pulse))
}

/// Does something in which this thread makes no call from the `first` one of a run on: each comes
/// back at once, as one that has no end.
pub fn refusing<T>(first: u64, why: &'static str, act: impl FnOnce() -> T) -> T {
    let set = |first, why| {
        OWN.with(|own| {
            own.refused_from.set(first);
            own.why.set(why);
        });
    };
    set(first, why);
    let done = act();
    set(u64::MAX, "");
    done
}

/// A call begins.
///
/// # Errors
/// Why it may not.
#[inline]
pub(super) fn begin() -> Result<(), &'static str> {
    OWN.with(|own| {
        let beats = own.pulse.beats.load(Ordering::Relaxed);
        if own.refused_from.get() <= beats / 2 + 1 {
            return Err(own.why.get());
        }
        own.pulse.beats.store(beats + 1, Ordering::Relaxed);
        Ok(())
    })
}

/// The call has come back.
#[inline]
pub(super) fn end() {
    OWN.with(|own| {
        let beats = own.pulse.beats.load(Ordering::Relaxed);
        own.pulse.beats.store(beats + 1, Ordering::Relaxed);
    });
}

/// Whether this thread is in the middle of a call.
pub(super) fn is_within() -> bool {
    OWN.try_with(|own| own.pulse.call().is_some()).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_which_call_is_made() {
        let pulse = pulse();
        pulse.restart();
        for call in 1..=3 {
            assert_eq!(pulse.call(), None);
            begin().expect("nothing is refused");
            assert_eq!(pulse.call(), Some(call));
            assert!(is_within());
            end();
        }
        assert!(!is_within());
    }

    #[test]
    fn what_is_refused_is_not_begun() {
        pulse().restart();
        let begun = || begin().inspect(|()| end());
        let begun = refusing(3, "too long", || [begun(), begun(), begun(), begun()]);
        assert_eq!(begun, [Ok(()), Ok(()), Err("too long"), Err("too long")]);
        assert_eq!(begin(), Ok(()), "only so long as it lasts");
        end();
    }
}
