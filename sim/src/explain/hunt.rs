//! A hunt: a campaign, and beside it the minimizer at work on what it has found so far.
//!
//! A failure is handed on the moment it is in the campaign's books: first as it was found, then
//! every smaller script of it. The campaign never waits for the minimizer, so what it finds is the
//! same with and without. Of each class the first failing runs are minimized one after the other,
//! and the smallest result counts; so what comes of a hunt that is given enough time depends
//! neither on the pace of the minimizer nor on the number of threads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};

use super::finding::{Finding, NoFinding};
use super::follow::{Alarm, Followed};
use super::minimize::Budget;
use crate::run::Class;
use crate::search::campaign::clock::Stopwatch;
use crate::search::campaign::origin::Origin;
use crate::search::campaign::{Campaign, Plan, Watcher};
use crate::search::target::Target;

/// What is hunted, and how.
#[derive(Copy, Clone)]
pub struct Hunt<'a> {
    /// What is run.
    pub target: &'a dyn Target,
    /// The campaign.
    pub plan: &'a Plan,
    /// Time to minimize the failures of each class, in milliseconds; 0 for not at all.
    pub minimize_ms: u64,
    /// Futures in which the harm of an alarm is looked for, for each run that is minimized.
    pub futures: u64,
    /// May be set from outside: the hunt then ends with what there is.
    pub stop: &'a AtomicBool,
}

/// Hears of findings at once, on whatever thread they are made.
pub trait Keeper: Sync {
    /// A class of failures was found, or a smaller script for it.
    fn keep(&self, finding: &Finding);
}

/// A keeper that forgets: the findings are given back at the end all the same.
pub struct Forgetful;
impl Keeper for Forgetful {
    fn keep(&self, _: &Finding) {}
}

/// What came of a hunt.
pub struct Bag {
    /// The campaign's books.
    pub campaign: Campaign,
    /// The findings in the order in which their classes were found, each with the milliseconds
    /// that minimizing took.
    pub findings: Vec<(Finding, u64)>,
    /// Classes whose failing runs do not fail again when their actions are replayed, by a run.
    pub not_reproduced: Vec<Origin>,
}

impl Hunt<'_> {
    /// Hunts: `search` runs the campaign and tells its watcher how it goes on.
    pub fn run(
        &self,
        keeper: &dyn Keeper,
        watcher: &mut dyn Watcher,
        search: impl FnOnce(&mut dyn Watcher) -> Campaign,
    ) -> Bag {
        let desk = &Desk::default();
        let campaign = std::thread::scope(|scope| {
            let closed = Closing(desk);
            let minimizer = || {
                let work = move || self.work(desk, keeper);
                std::thread::Builder::new().spawn_scoped(scope, work).is_ok()
            };
            let has_minimizer = 0 < self.minimize_ms && minimizer();
            let campaign = search(&mut Lookout { hunt: self, desk, keeper, watcher });
            self.look(desk, keeper, &campaign);
            drop(closed);
            // The campaign's threads are free now.
            let waiting = desk.lock().cases.iter().filter(|case| self.is_waiting(case)).count();
            if has_minimizer {
                let _ = (1..waiting.min(self.plan.jobs)).all(|_| minimizer());
            } else {
                // Where no thread could be had, what is left to be done is done here.
                self.work(desk, keeper);
            }
            campaign
        });
        let (mut findings, mut not_reproduced) = (Vec::new(), Vec::new());
        let cases = std::mem::take(&mut desk.lock().cases);
        let unstable = &campaign.nondeterministic;
        for case in cases {
            if case.origins.iter().all(|origin| unstable.contains(origin)) {
                continue;
            }
            match case.best {
                Ok(finding) => findings.push((finding, case.spent_ms)),
                Err(_) => not_reproduced.push(case.origins[0].clone()),
            }
        }
        Bag { campaign, findings, not_reproduced }
    }

    /// Puts on the desk what is new in the books.
    fn look(&self, desk: &Desk, keeper: &dyn Keeper, campaign: &Campaign) {
        let mut state = desk.lock();
        if campaign.failures.len() == state.cases.len()
            && state.cases.iter().all(|case| !case.is_outdated(campaign))
        {
            return;
        }
        let (plan, known) = (self.plan, state.cases.len());
        for case in &mut state.cases {
            let origins = &campaign.failures[&case.class].origins;
            case.origins.extend_from_slice(&origins[case.origins.len()..]);
        }
        drop(state);
        for (class, sightings) in campaign.in_order().into_iter().skip(known) {
            let origins = sightings.origins.clone();
            let raw = Finding::of(self.target, &origins[0], class, &plan.settings, &plan.selection);
            if let Ok(finding) = &raw {
                keeper.keep(finding);
            }
            let class = class.clone();
            desk.lock().cases.push(Case {
                class,
                origins,
                minimized: 0,
                best: raw,
                spent_ms: 0,
                busy: false,
            });
        }
        desk.news.notify_all();
    }

    /// Minimizes what lies on the desk, until it is closed and empty.
    fn work(&self, desk: &Desk, keeper: &dyn Keeper) {
        let mut state = desk.lock();
        loop {
            let Some(position) = state.cases.iter().position(|case| self.is_waiting(case)) else {
                if state.closed {
                    return;
                }
                state = desk.news.wait(state).expect("no minimizer panics while it holds the desk");
                continue;
            };
            let case = &mut state.cases[position];
            case.busy = true;
            let origin = case.origins[case.minimized].clone();
            let (class, spent_ms) = (case.class.clone(), case.spent_ms);
            drop(state);
            let stopwatch = Stopwatch::start();
            let result = self.minimize(&origin, &class, spent_ms);
            state = desk.lock();
            let case = &mut state.cases[position];
            case.busy = false;
            case.minimized += 1;
            case.spent_ms += stopwatch.wall_ms();
            case.take(result, keeper);
        }
    }

    fn minimize(
        &self,
        origin: &Origin,
        class: &Class,
        spent_ms: u64,
    ) -> Result<Finding, NoFinding> {
        let (settings, selection) = (&self.plan.settings, &self.plan.selection);
        let stopwatch = Stopwatch::start();
        let stop = || self.is_stopped() || self.minimize_ms <= spent_ms + stopwatch.wall_ms();
        let budget = Budget { stop: &stop, ..Budget::default() };
        let raw = Finding::of(self.target, origin, class, settings, selection)?;
        let minimized = raw.minimized(self.target, settings, selection, budget)?;
        Ok(Finding { followed: self.follow(&raw, &minimized, &stop), ..minimized })
    }

    /// What harm comes of an alarm.
    fn follow(&self, raw: &Finding, story: &Finding, stop: &dyn Fn() -> bool) -> Option<Followed> {
        let level = story.violation.invariant.level;
        let alarm = Alarm {
            target: self.target,
            class: &story.class,
            level,
            scripts: &[&raw.script, &story.script],
            settings: &self.plan.settings,
            futures: self.futures,
            stop,
        };
        (Alarm::is_raised_by(level) && 0 < self.futures).then(|| alarm.follow())
    }

    /// Whether there is something to be done about a class, and nobody does it.
    fn is_waiting(&self, case: &Case) -> bool {
        let in_time = case.minimized == 0 || case.spent_ms < self.minimize_ms;
        0 < self.minimize_ms
            && !case.busy
            && case.minimized < case.origins.len()
            && case.best.is_ok()
            && in_time
            && !self.is_stopped()
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Failures of one class on the desk.
struct Case {
    class: Class,
    /// Runs that fail like that, the first one first.
    origins: Vec<Origin>,
    /// How many of them are minimized.
    minimized: usize,
    best: Result<Finding, NoFinding>,
    spent_ms: u64,
    /// Whether somebody is at work on it.
    busy: bool,
}

impl Case {
    fn is_outdated(&self, campaign: &Campaign) -> bool {
        self.origins.len() < campaign.failures[&self.class].origins.len()
    }

    fn take(&mut self, mut result: Result<Finding, NoFinding>, keeper: &dyn Keeper) {
        if let (Ok(best), Ok(finding)) = (&mut self.best, &mut result) {
            let both = [best.followed.take(), finding.followed.take()].into_iter().flatten();
            finding.followed = both.reduce(Followed::and);
            best.followed.clone_from(&finding.followed);
        }
        let better = match (&self.best, &result) {
            (Ok(best), Ok(finding)) => best.minimized.is_none() || finding.is_smaller_than(best),
            _ => true,
        };
        if better {
            let result = match (&self.best, result) {
                (Ok(first), Ok(finding)) => Ok(finding.told_of(first)),
                (_, result) => result,
            };
            if let Ok(finding) = &result {
                keeper.keep(finding);
            }
            self.best = result;
        }
    }
}

/// Where the campaign puts what it finds and minimizers take it from.
#[derive(Default)]
struct Desk {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    /// In the order in which the classes were found.
    cases: Vec<Case>,
    /// Whether nothing more will come.
    closed: bool,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no minimizer panics while it holds the desk")
    }
}

/// Closes the desk even if the campaign panics: whoever waits there would wait for ever.
struct Closing<'a>(&'a Desk);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.news.notify_all();
    }
}

/// Looks into the campaign's books whenever they have grown.
struct Lookout<'a> {
    hunt: &'a Hunt<'a>,
    desk: &'a Desk,
    keeper: &'a dyn Keeper,
    watcher: &'a mut dyn Watcher,
}

impl Watcher for Lookout<'_> {
    fn progress(&mut self, campaign: &Campaign) {
        self.hunt.look(self.desk, self.keeper, campaign);
        self.watcher.progress(campaign);
    }
}
