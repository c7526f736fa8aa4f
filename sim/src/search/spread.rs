//! Tasks spread over threads. Whoever does a task knows of no other, so results never depend on
//! the number of threads.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Does every task on some thread; results in the order of the tasks. `stop` may be set from
/// outside: what has not begun by then is left out, and so is what gives no result.
///
/// `told` hears after each task how many of how many are done. The thread that calls works, too:
/// where no other one can be had, it does everything.
pub(crate) fn spread<T: Sync, R: Send>(
    tasks: &[T],
    jobs: usize,
    stop: &AtomicBool,
    told: &(dyn Fn(usize, usize) + Sync),
    perform: &(dyn Fn(&T) -> Option<R> + Sync),
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(number) else { return };
            let Some(result) = perform(task) else { return };
            let mut done = done.lock().expect("no worker panics while it holds this");
            done.insert(number, result);
            told(done.len(), tasks.len());
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..jobs.clamp(1, tasks.len().max(1)) {
            if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    done.into_inner().expect("all workers have ended").into_values().collect()
}
