//! Follows an alarm: a lemma broke, or something was not durable, and what harm can come of it? From
//! the state in which it broke futures are run, by all schedulers and with all faults of the
//! campaign, judged by what lies deeper: what must be durable, what the paper promises, what clients
//! see. Where one does harm, what lies between the alarm and the harm is made as short as it gets by
//! leaving actions out.
//!
//! The alarm's own past stays as it is, so that harm and alarm are of one run.

use raft_invariants::{Level, Selection};

use crate::language::hash::Hasher;
use crate::language::script::Script;
use crate::run::{Class, Ending, Replay, Run};
use crate::schedule::config::{RunConfig, Settings};
use crate::search::target::Target;

/// Futures of one alarm, where nobody says how many.
pub const FUTURES: u64 = 4_000;
/// Longest future, in actions: deep harm takes a few elections.
const HORIZON: u64 = 300;
/// Futures after the first harm in which graver or sooner harm is looked for, for each one before it.
const PATIENCE: u64 = 2;

/// What came of following an alarm.
#[derive(Clone, Debug)]
pub struct Followed {
    /// Futures that were run.
    pub futures: u64,
    /// The gravest harm that was found, by the shortest way.
    pub harm: Option<Harm>,
}

/// Harm that a broken lemma does.
#[derive(Clone, Debug)]
pub struct Harm {
    /// What is violated.
    pub class: Class,
    /// How deep that lies.
    pub level: Level,
    /// The alarm, what follows, and the harm.
    pub script: Script,
    /// Actions up to the alarm.
    pub alarm: usize,
}

impl Harm {
    /// Actions from the alarm to the harm.
    pub fn actions_later(&self) -> usize {
        self.script.steps() - self.alarm
    }

    /// What is better to tell: what clients see and the paper promises, then what comes soon.
    fn rank(&self) -> (bool, usize) {
        (!matches!(self.level, Level::Client | Level::Paper), self.actions_later())
    }
}

impl Followed {
    /// What both have found.
    #[must_use]
    pub fn and(self, other: Followed) -> Followed {
        let harms = [self.harm, other.harm].into_iter().flatten();
        Followed { futures: self.futures + other.futures, harm: harms.min_by_key(Harm::rank) }
    }
}

/// An alarm, and what may be done about it.
pub struct Alarm<'a> {
    /// Where it was raised.
    pub target: &'a dyn Target,
    /// What broke.
    pub class: &'a Class,
    /// How deep it lies; harm lies deeper.
    pub level: Level,
    /// Scripts that end with it: a short story, and the run in which it was found, whose logs and
    /// messages are richer.
    pub scripts: &'a [&'a Script],
    /// What the campaign allows.
    pub settings: &'a Settings,
    /// Most futures.
    pub futures: u64,
    /// Asked between futures; `true` ends the work with what there is.
    pub stop: &'a dyn Fn() -> bool,
}

impl Alarm<'_> {
    /// Whether a violation of this level does harm of which something could be said.
    pub fn is_raised_by(level: Level) -> bool {
        Level::Lemma <= level && level < Level::Paper
    }

    /// Looks for harm.
    pub fn follow(&self) -> Followed {
        let (mut futures, mut found_after) = (0, None);
        let mut best: Option<Harm> = None;
        let judges = self.judges();
        while futures < self.futures && !(self.stop)() {
            let enough = found_after.is_some_and(|after| PATIENCE * after + 50 <= futures);
            if enough && best.as_ref().is_some_and(|best| !best.rank().0) {
                break;
            }
            let script = self.scripts[futures as usize % self.scripts.len()];
            let found = self.future(script, futures, &judges);
            futures += 1;
            let Some(harm) =
                found.filter(|it| best.as_ref().is_none_or(|best| it.rank() < best.rank()))
            else {
                continue;
            };
            found_after = found_after.or(Some(futures));
            let harm = self.shortened(harm, &judges);
            best = best.into_iter().chain([harm]).min_by_key(Harm::rank);
        }
        Followed { futures, harm: best }
    }

    /// A future of the alarm, and the first harm in it.
    fn future(&self, script: &Script, number: u64, judges: &Selection) -> Option<Harm> {
        let seed = Hasher::new().add(number).add(script.steps() as u64).finish();
        let steps = Some((HORIZON / 4 + seed % HORIZON * 3 / 4) as u32);
        let settings = Settings { steps, scheduler: None, ..self.settings.clone() };
        let mut config = RunConfig::draw(seed, &settings, &self.target.traits());
        (config.given.cluster, config.calm) = (script.cluster, None);
        let ending = Ending::Exhausted;
        let run = self.target.run_after(&script.actions, &config, judges, ending, &mut |_, _| {});
        self.harm_in(&run)
    }

    /// The first harm after the alarm, which must be raised.
    fn harm_in(&self, run: &Run) -> Option<Harm> {
        let place = run.failures.iter().position(|it| it.class() == *self.class)?;
        let alarm = run.failures[place].actions;
        let does_harm = |level: Level| self.level < level;
        let harm = run.failures[place..].iter().find(|it| {
            does_harm(it.violation.invariant.level) && it.violation.expected.is_none()
        })?;
        let (class, level) = (harm.class(), harm.violation.invariant.level);
        Some(Harm { class, level, script: run.script(harm.actions), alarm })
    }

    /// The same harm, sooner after the alarm.
    fn shortened(&self, mut harm: Harm, judges: &Selection) -> Harm {
        let mut block = harm.actions_later().div_ceil(2).max(1);
        loop {
            let mut is_shorter = false;
            let mut end = harm.script.actions.len();
            while harm.alarm < end {
                let start = end.saturating_sub(block).max(harm.alarm);
                let mut candidate = harm.script.clone();
                candidate.actions.drain(start..end);
                end = start;
                if let Some(shorter) = self.still(&harm, &candidate, judges) {
                    (harm, is_shorter) = (shorter, true);
                    end = start.min(harm.script.actions.len());
                }
            }
            if block == 1 && !is_shorter {
                return harm;
            }
            block = (block / 2).max(1);
        }
    }

    /// The candidate, if it does the same harm after the same alarm with fewer actions.
    fn still(&self, harm: &Harm, candidate: &Script, judges: &Selection) -> Option<Harm> {
        let how = Replay { stop: false, ..Replay::CANDIDATE };
        let (run, _) = self.target.replay(candidate, judges, how);
        let found = run.failures.iter().find(|it| it.class() == harm.class)?;
        let script = run.script(found.actions);
        let past = |script: &Script| script.actions.get(..harm.alarm).map(<[_]>::to_vec);
        let is_same =
            past(&script) == past(&harm.script) && self.harm_in(&run)?.alarm == harm.alarm;
        (is_same && script.steps() < harm.script.steps()).then(|| Harm { script, ..harm.clone() })
    }

    /// Who judges futures: whoever raised the alarm, and all who see harm.
    fn judges(&self) -> Selection {
        let levels = [Level::Durability, Level::History, Level::Paper, Level::Client];
        let deeper = levels.into_iter().filter(|level| self.level < *level);
        let mut names: Vec<String> = deeper.map(|level| level.to_string()).collect();
        names.push(self.class.invariant.to_owned());
        Selection::only(&names).expect("these are levels, and an invariant")
    }
}
