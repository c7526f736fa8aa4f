//! Sees calls into guests that do not come back.
//!
//! Each thread leaves a note of what it runs; whoever looks, from time to time, sees which call each
//! of them makes, and since how many looks. A call of a sane guest is over in microseconds. Looks
//! are counted and not time: when the machine sleeps, nobody looks.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::thread;
use std::time::Duration;

use memory_stats::memory_stats;

use crate::language::action::Action;
use crate::language::scenario::Scenario;
use crate::language::script::Script;
use crate::run::Replay;
use crate::schedule::config::RunConfig;
use crate::schedule::script::Matching;
use crate::world::pulse::{Pulse, pulse, refusing};

/// How long a call may take, unless somebody says otherwise.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);
/// Bytes by which the process may grow in one call.
const GROWTH_MAX: u64 = 1 << 30;

/// Nothing that could panic happens while a note is written or read.
const UNBROKEN: &str = "nobody panics while holding it";

/// Whether anybody looks; notes are not taken for nobody.
static WATCHED: AtomicBool = AtomicBool::new(false);
/// All threads that have run something.
static WORKERS: Mutex<Vec<Weak<Worker>>> = Mutex::new(Vec::new());

thread_local! {
    static WORKER: Arc<Worker> = Worker::hired();
}

/// A thread that runs something, as others see it.
#[derive(Debug)]
struct Worker {
    pulse: Arc<Pulse>,
    /// Runs that it has begun.
    runs: AtomicU64,
    work: Mutex<Option<Work>>,
}

/// Something that is run.
#[derive(Clone, Debug)]
pub struct Work {
    /// Name of the target.
    pub target: Arc<str>,
    /// The last seed that the thread ran; what is no seed's own run comes of it.
    pub seed: Option<u64>,
    /// What is run.
    pub what: What,
}

/// What is run.
#[derive(Clone, Debug)]
pub enum What {
    /// A seed.
    Seed(RunConfig),
    /// A script.
    Script(Script, Replay),
    /// A scenario.
    Scenario(Scenario, Matching),
    /// A script, and then what a seed drew.
    After(Vec<Action>, RunConfig),
    /// Every state of a scope.
    All,
}

/// A call that does not come back.
#[derive(Clone, Debug)]
pub struct Stuck {
    /// In which run.
    pub work: Work,
    /// Its number in that run, from 1.
    pub call: u64,
    /// In what it has no end.
    pub why: &'static str,
}

/// Works while somebody looks. A call of `ours` that takes longer than `patience`, or makes the
/// process grow by a gibibyte, is told to `found`, which ends the process: the work never ends.
pub fn during<T>(
    patience: Duration,
    ours: &(dyn Fn(&Work) -> bool + Sync),
    found: &(dyn Fn(&Stuck) + Sync),
    work: impl FnOnce() -> T,
) -> T {
    let looks = patience.as_millis() / PAUSE.as_millis();
    let mut watch = Watch::begin(u32::try_from(looks).unwrap_or(u32::MAX).max(1));
    let (working, over) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let watching = move || {
            while over.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                let memory = memory_stats().map_or(0, |it| it.physical_mem as u64);
                if let Some(stuck) = watch.look(memory, ours) {
                    return found(&stuck);
                }
            }
        };
        // Where no thread can be had, nobody watches.
        let _ = thread::Builder::new().spawn_scoped(scope, watching);
        let done = work();
        drop(working);
        done
    })
}

/// Whoever looks.
struct Watch {
    /// Looks after which a call that was seen in all of them is taken for endless.
    looks_max: u32,
    /// By thread: the call that it makes.
    calls: Vec<Call>,
}

/// A call that was under way at the last look.
struct Call {
    worker: Weak<Worker>,
    runs: u64,
    number: u64,
    looks: u32,
    /// Memory of the process when it was seen first, in bytes.
    memory: u64,
}

/// Leaves a note, for whoever looks, of what this thread runs from now on.
pub(super) fn note(target: &Arc<str>, what: impl FnOnce() -> What) {
    if !WATCHED.load(Ordering::Relaxed) {
        return;
    }
    WORKER.with(|worker| {
        let mut work = worker.work();
        let what = what();
        let seed = match &what {
            What::Seed(config) | What::After(_, config) => Some(config.seed),
            What::Script(..) | What::Scenario(..) | What::All => {
                work.as_ref().and_then(|before| before.seed)
            }
        };
        *work = Some(Work { target: Arc::clone(target), seed, what });
        worker.runs.fetch_add(1, Ordering::Relaxed);
        worker.pulse.restart();
    });
}

impl Worker {
    fn hired() -> Arc<Worker> {
        let (runs, work) = (AtomicU64::new(0), Mutex::new(None));
        let worker = Arc::new(Worker { pulse: pulse(), runs, work });
        let mut workers = WORKERS.lock().expect(UNBROKEN);
        workers.retain(|worker| 0 < worker.strong_count());
        workers.push(Arc::downgrade(&worker));
        worker
    }

    fn work(&self) -> MutexGuard<'_, Option<Work>> {
        self.work.lock().expect(UNBROKEN)
    }
}

impl Watch {
    /// Begins to look: from now on threads take notes. A call that is still under way after
    /// `looks_max` looks, 1 or more, is taken for endless.
    fn begin(looks_max: u32) -> Watch {
        WATCHED.store(true, Ordering::Relaxed);
        Watch { looks_max, calls: Vec::new() }
    }

    /// Looks at all threads. `memory` is that of the process, in bytes; 0 if it is not known.
    fn look(&mut self, memory: u64, ours: &dyn Fn(&Work) -> bool) -> Option<Stuck> {
        let workers = WORKERS.lock().expect(UNBROKEN).clone();
        let before = std::mem::take(&mut self.calls);
        for worker in workers {
            let Some(seen) = worker.upgrade() else { continue };
            let runs = seen.runs.load(Ordering::Relaxed);
            let Some(number) = seen.pulse.call() else { continue };
            let same = |call: &&Call| {
                call.worker.ptr_eq(&worker) && (call.runs, call.number) == (runs, number)
            };
            let (looks, memory_then) =
                before.iter().find(same).map_or((1, memory), |call| (call.looks + 1, call.memory));
            let why = if GROWTH_MAX < memory.saturating_sub(memory_then) {
                Some("memory that one call takes")
            } else if self.looks_max <= looks {
                Some("time that one call takes")
            } else {
                None
            };
            if let Some(why) = why
                && let Some(work) = seen.work().clone().filter(ours)
            {
                return Some(Stuck { work, call: number, why });
            }
            self.calls.push(Call { worker, runs, number, looks, memory: memory_then });
        }
        None
    }
}

impl Stuck {
    /// What there is to say where nobody knows the way to the call.
    pub fn words(&self) -> String {
        let Stuck { work, why, .. } = self;
        format!("a call into {} does not come back: there is no end to the {why}", work.target)
    }

    /// Why the process ends now.
    pub fn ending(&self) -> String {
        format!(
            "call {} of that run into {} does not come back (no end to the {}), and only the process \
             can be ended: this is the end",
            self.call, self.work.target, self.why
        )
    }

    /// Does something in which the call that does not come back is not made, nor any after it: runs
    /// of the same end there, as endless.
    pub fn ended<T>(&self, act: impl FnOnce() -> T) -> T {
        refusing(self.call, self.why, act)
    }
}
