//! The minimizer: from a failing run to the shortest story that still fails the same way.
//!
//! It works on the list of actions, with forgiving matching, and only ever believes what it has
//! executed: an accepted candidate is replaced by the trace of its own run, cut at the violation.
//! The same failure is the same invariant (for a panic the same place), never anything finer; and it
//! keeps to what the campaign allows (`frame.rs`).
//! Passes run in rounds until none of them makes progress; then no single action can be left out,
//! and that has been tried, one by one.

mod cone;
mod delete;
mod frame;
mod nodes;
mod normal;
mod replace;
mod search_anew;
mod settings;
mod start_over;
mod values;

use std::collections::BTreeSet;

use raft_invariants::Selection;

use crate::language::action::Action;
use crate::language::hash::Hasher;
use crate::language::script::{DiskMode, Script};
use crate::run::{Class, Replay, Run};
use crate::schedule::config::Settings;
use crate::search::target::Target;
use frame::Frame;

pub use normal::{as_saved, bucket};

/// How long the minimizer may go on.
#[derive(Copy, Clone)]
pub struct Budget<'a> {
    /// Most replays.
    pub replays: u64,
    /// Asked between replays; `true` ends the work with what there is. For clocks and Ctrl-C,
    /// which the minimizer itself knows nothing of.
    pub stop: &'a dyn Fn() -> bool,
    /// Whether all of it is spent: the search for a shorter story goes on though nothing promises one.
    pub whole: bool,
}

impl Default for Budget<'_> {
    fn default() -> Self {
        Budget { replays: 40_000, stop: &|| false, whole: false }
    }
}

/// What one pass did, over all rounds.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct PassStatistics {
    /// Its name.
    pub name: &'static str,
    /// Candidates run.
    pub replays: u64,
    /// Candidates that failed the same way and were better.
    pub accepted: u64,
    /// Actions it took away.
    pub actions: u64,
}

/// The result.
#[derive(Clone, Debug)]
pub struct Minimized {
    /// The story.
    pub script: Script,
    /// The shortest story that is a part of the failing run, if [`script`](Self::script) is of another
    /// run that fails the same way.
    pub own: Option<Script>,
    /// How it fails.
    pub class: Class,
    /// Every action was left out once, and then it did not fail the same way.
    pub one_minimal: bool,
    /// Replays in all.
    pub replays: u64,
    /// Length before.
    pub before: usize,
    /// By pass.
    pub statistics: Vec<PassStatistics>,
}

/// Why there is nothing to minimize.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotMinimized {
    /// The script does not fail like that.
    Passes,
    /// The same script failed and then did not: the target is not deterministic.
    NotReproduced(Class),
}

/// Minimizes a script that fails with `class`, within what the settings of its campaign allow.
///
/// Only the invariant of the class sits: a lemma that is violated on the way to lost data neither
/// ends a candidate's run nor counts as the same failure.
///
/// # Errors
///
/// If the script does not fail like that, or not each time.
pub fn minimize(
    target: &dyn Target,
    script: &Script,
    class: &Class,
    settings: &Settings,
    budget: Budget<'_>,
) -> Result<Minimized, NotMinimized> {
    let selection = &Selection::only(&[class.invariant]).expect("the class names an invariant");
    let class = class.clone();
    let strict = Replay { stop: true, ..Replay::SAVED };
    let (run, _) = target.replay(script, selection, strict);
    let failure = run.failure().filter(|failure| failure.class() == class);
    let best = run.script(failure.ok_or(NotMinimized::Passes)?.actions);
    let (again, _) = target.replay(&best, selection, Replay::CANDIDATE);
    if again.failure().map(crate::run::Failure::class).as_ref() != Some(&class) {
        return Err(NotMinimized::NotReproduced(class));
    }
    let mut search = Search {
        target,
        selection,
        frame: Frame::of(settings, target, &best, selection),
        class,
        budget,
        best,
        own: None,
        tried: BTreeSet::new(),
        replays: 0,
        beginnings: 0,
        pass: 0,
        statistics: PASSES.iter().map(|pass| PassStatistics::of(pass.name)).collect(),
    };
    let one_minimal = loop {
        search.run_passes();
        let is_proven = search.proves_minimal();
        let goes_on = !is_proven || budget.whole && 1 < search.best.steps();
        if search.is_spent() || !goes_on {
            break is_proven;
        }
    };
    Ok(Minimized {
        script: as_saved(&search.best, target, selection),
        own: search.own.take().map(|own| search.finish(own)),
        one_minimal,
        replays: search.replays,
        before: script.steps(),
        statistics: search.statistics,
        class: search.class,
    })
}

/// One way to make a script smaller.
struct Pass {
    name: &'static str,
    /// Tries; what is better is kept in [`Search::best`].
    shrink: fn(&mut Search<'_>),
    /// Whether what it leaves is a part of what there was.
    stays: bool,
}

impl Pass {
    const fn stays(name: &'static str, shrink: fn(&mut Search<'_>)) -> Self {
        Pass { name, shrink, stays: true }
    }

    const fn departs(name: &'static str, shrink: fn(&mut Search<'_>)) -> Self {
        Pass { name, shrink, stays: false }
    }
}

/// In order of their price. Each round starts again from the first.
const PASSES: &[Pass] = &[
    Pass::stays("causal cone", cone::keep_the_causal_cone),
    Pass::stays("settings", settings::simplify),
    Pass::stays("fewer nodes", nodes::leave_nodes_out),
    Pass::stays("blocks", delete::halve_blocks),
    Pass::stays("pairs", delete::delete_pairs),
    Pass::stays("wider settings", settings::widen),
    Pass::departs("replace one", replace::replace_one),
    Pass::stays("triples", delete::delete_triples),
    Pass::departs("start over", start_over::start_over),
    Pass::departs("search anew", search_anew::search_anew),
    Pass::stays("values", values::simplify),
    Pass::stays("normal form", normal::normalize),
];

/// A search for the smallest script.
struct Search<'a> {
    target: &'a dyn Target,
    selection: &'a Selection,
    frame: Frame,
    class: Class,
    budget: Budget<'a>,
    best: Script,
    /// The best that was a part of the failing run, once the best is of another.
    own: Option<Script>,
    /// Hashes of candidates that did not help.
    tried: BTreeSet<u64>,
    replays: u64,
    /// New runs that were begun, in all rounds.
    beginnings: u64,
    pass: usize,
    statistics: Vec<PassStatistics>,
}

impl PassStatistics {
    const fn of(name: &'static str) -> Self {
        PassStatistics { name, replays: 0, accepted: 0, actions: 0 }
    }
}

impl Search<'_> {
    fn run_passes(&mut self) {
        loop {
            let before = cost(&self.best);
            for (position, pass) in PASSES.iter().enumerate() {
                self.run_pass(position, pass);
                // Dear passes wait until the cheap ones have nothing left to do.
                if 4 < position && cost(&self.best) < before {
                    break;
                }
            }
            if self.is_spent() || before <= cost(&self.best) {
                return;
            }
        }
    }

    /// Runs a pass; where it departs from the failing run, what was a part of it is kept.
    fn run_pass(&mut self, position: usize, pass: &Pass) {
        self.pass = position;
        let before = (!pass.stays && self.own.is_none()).then(|| self.best.clone());
        (pass.shrink)(self);
        self.own = self.own.take().or(before.filter(|before| *before != self.best));
    }

    /// Shortens what is a part of the failing run as far as that goes.
    fn finish(&mut self, own: Script) -> Script {
        let best = std::mem::replace(&mut self.best, own);
        for (position, pass) in PASSES.iter().enumerate().filter(|(_, pass)| pass.stays) {
            self.run_pass(position, pass);
        }
        let own = std::mem::replace(&mut self.best, best);
        as_saved(&own, self.target, self.selection)
    }

    fn is_spent(&self) -> bool {
        self.budget.replays <= self.replays || (self.budget.stop)()
    }

    fn count_replay(&mut self) {
        self.replays += 1;
        self.statistics[self.pass].replays += 1;
    }

    /// The trace of the candidate's own run, cut at the violation, if it fails the same way.
    fn fails(&mut self, candidate: &Script) -> Option<Script> {
        self.count_replay();
        let (run, _) = self.target.replay(candidate, self.selection, Replay::CANDIDATE);
        self.shows(&run)
    }

    /// The run up to its violation, if it fails the same way and keeps to the campaign's frame.
    fn shows(&self, run: &Run) -> Option<Script> {
        let failure = run.failure().filter(|failure| failure.class() == self.class)?;
        let script = run.script(failure.actions);
        self.frame.holds(self.target, &script, self.selection).then_some(script)
    }

    /// Runs the candidate; if it fails the same way and is better, it is the new best.
    fn attempt(&mut self, candidate: &Script) -> bool {
        if self.is_spent() || !self.tried.insert(fingerprint(candidate)) {
            return false;
        }
        match self.fails(candidate) {
            Some(effective) if cost(&effective) < cost(&self.best) => {
                self.accept(effective);
                true
            }
            _ => false,
        }
    }

    /// Makes `effective`, which fails the same way, the best if `shrink` makes it shorter than the
    /// best is.
    fn adopt_if_shorter(&mut self, effective: Script, shrink: impl FnOnce(&mut Self)) -> bool {
        let best = std::mem::replace(&mut self.best, effective);
        shrink(self);
        if self.best.actions.len() < best.actions.len() {
            return true;
        }
        self.best = best;
        false
    }

    fn accept(&mut self, effective: Script) {
        let statistics = &mut self.statistics[self.pass];
        statistics.accepted += 1;
        statistics.actions +=
            self.best.actions.len().saturating_sub(effective.actions.len()) as u64;
        self.best = effective;
    }

    /// The best without the actions at these positions (rising).
    fn without(&self, positions: &[usize]) -> Script {
        let kept = self.best.actions.iter().enumerate();
        let kept = kept.filter(|(position, _)| !positions.contains(position));
        Script { actions: kept.map(|(_, &action)| action).collect(), ..self.best.without_actions() }
    }

    /// Leaves out every action once more, whatever was tried before. What turns out to be better
    /// after all is the new best.
    fn proves_minimal(&mut self) -> bool {
        for position in 0..self.best.actions.len() {
            let candidate = self.without(&[position]);
            let shorter = self
                .fails(&candidate)
                .filter(|effective| effective.actions.len() < self.best.actions.len());
            if let Some(effective) = shorter {
                self.accept(effective);
                self.tried.clear();
                return false;
            }
        }
        true
    }
}

/// What is better: fewer actions, then fewer nodes, a calm for all, plainer settings, plainer
/// actions.
fn cost(script: &Script) -> (usize, u8, bool, bool, u16, u16, u64) {
    let limits = script.cluster.limits;
    (
        script.steps(),
        script.cluster.nodes,
        script.calm.is_some_and(|core| core != script.cluster.all()),
        script.cluster.disk == DiskMode::Queued,
        limits.window_messages_max,
        limits.batch_entries_max,
        script.actions.iter().map(Action::plainness).sum(),
    )
}

fn fingerprint(script: &Script) -> u64 {
    let mut hasher = Hasher::new();
    let limits = script.cluster.limits;
    hasher
        .add(u64::from(script.cluster.nodes))
        .add(u64::from(script.cluster.disk == DiskMode::Queued))
        .add(u64::from(limits.window_messages_max))
        .add(u64::from(limits.batch_entries_max))
        .add(script.calm.map_or(0, |core| u64::from(core.0)));
    for action in &script.actions {
        action.hash_into(&mut hasher);
    }
    hasher.finish()
}
