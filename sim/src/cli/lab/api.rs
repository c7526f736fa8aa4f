//! What the page asks: each answer is a function of what is handed in and of the linked targets.

use std::sync::atomic::{AtomicBool, Ordering};

use raft_invariants::Selection;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::http::{Response, Status};
use crate::cli::interrupt;
use crate::explain::minimize::{Budget, minimize};
use crate::explain::why::{Effort, why};
use crate::faults::FaultSet;
use crate::language::script::Script;
use crate::report::trace::Recording;
use crate::report::why as told;
use crate::run::{Class, Replay, Watched};
use crate::schedule::config::{RunConfig, Settings};
use crate::schedule::{self, KINDLY};
use crate::search::campaign::clock::Stopwatch;
use crate::search::target::{Target, Targets};

/// Actions that chance may add to it at once.
const STEPS_MAX: u32 = 5_000;
/// Milliseconds that may be spent on minimizing or explaining.
const WORK_MS: u64 = 20_000;
/// Random futures after each action, if the page does not say.
const FUTURES_MAX: u32 = 400;

/// See the head of this file.
pub(super) struct Api<'a> {
    pub(super) targets: &'a Targets,
    pub(super) selection: Selection,
    /// What the page is told first, as JSON.
    pub(super) start: String,
}

/// A script for a target.
#[derive(Deserialize)]
struct Asked {
    target: String,
    script: String,
    /// When the script's first lines happened, in microseconds.
    #[serde(default)]
    times_us: Vec<u64>,
}

/// And how chance goes on from its end.
#[derive(Deserialize)]
struct AskedOn {
    #[serde(flatten)]
    asked: Asked,
    scheduler: String,
    seed: u64,
    steps: u32,
}

/// And how it fails.
#[derive(Deserialize)]
struct AskedWhy {
    #[serde(flatten)]
    asked: Asked,
    invariant: String,
    #[serde(default)]
    futures: u32,
}

/// What is wrong with a request, for the person at the page.
struct Wrong(String);

impl Api<'_> {
    /// Answers a request.
    pub(super) fn answer(&self, name: &str, body: &[u8]) -> Response {
        let answer = match name {
            "start" => Ok(self.start.clone()),
            "replay" => read(body).and_then(|asked| self.replay(&asked)),
            "continue" => read(body).and_then(|asked| self.go_on(&asked)),
            "minimize" => read(body).and_then(|asked| self.minimize(&asked)),
            "why" => read(body).and_then(|asked| self.why(&asked)),
            _ => return Response::text(Status::NOT_FOUND, "there is no such question"),
        };
        match answer {
            Ok(text) => Response::json(text),
            Err(Wrong(message)) => Response::text(Status::BAD, &message),
        }
    }

    fn replay(&self, asked: &Asked) -> Result<String, Wrong> {
        let (target, script) = self.understand(asked)?;
        let watched = Watched { script: &script, times_us: &asked.times_us, then: None };
        Ok(Recording::take(target, &watched, &self.selection).to_json())
    }

    fn go_on(&self, AskedOn { asked, scheduler, seed, steps }: &AskedOn) -> Result<String, Wrong> {
        let (target, script) = self.understand(asked)?;
        if script.calm.is_some() {
            let message =
                "nothing comes after a calm: switch its line off, and chance goes on there";
            return Err(Wrong(message.to_owned()));
        }
        if STEPS_MAX < *steps {
            return Err(Wrong(format!("chance adds at most {STEPS_MAX} actions at once")));
        }
        let policy =
            if scheduler == KINDLY.name { Some(KINDLY) } else { schedule::named(scheduler) };
        let policy = policy.ok_or_else(|| Wrong(format!("there is no scheduler {scheduler:?}")))?;
        let settings =
            Settings { steps: Some(*steps), scheduler: Some(policy), ..Settings::default() };
        let mut config = RunConfig::draw(*seed, &settings, &target.traits());
        config.given.cluster = script.cluster;
        if scheduler == KINDLY.name {
            config.given.faults = FaultSet::all().without(&FaultSet::all());
            config.given.clients.writes_max = 0;
        }
        let watched = Watched { script: &script, times_us: &asked.times_us, then: Some(&config) };
        Ok(Recording::take(target, &watched, &self.selection).to_json())
    }

    fn minimize(&self, AskedWhy { asked, invariant, .. }: &AskedWhy) -> Result<String, Wrong> {
        let (target, script) = self.understand(asked)?;
        let (class, script) = self.failing(target, &script, invariant)?;
        let clock = Stopwatch::start();
        let stop = || WORK_MS < clock.wall_ms() || interrupt::is_interrupted();
        let budget = Budget { stop: &stop, ..Budget::default() };
        let minimized = minimize(target, &script, &class, &Settings::default(), budget)
            .map_err(|_| Wrong(format!("the script does not fail with {invariant} each time")))?;
        Ok(json!({
            "script": minimized.script.to_string(),
            "one_minimal": minimized.one_minimal,
            "replays": minimized.replays,
            "before": minimized.before,
        })
        .to_string())
    }

    fn why(&self, AskedWhy { asked, invariant, futures }: &AskedWhy) -> Result<String, Wrong> {
        let (target, script) = self.understand(asked)?;
        let (class, script) = self.failing(target, &script, invariant)?;
        let effort = Effort { futures: (*futures).clamp(1, FUTURES_MAX), jobs: 1 };
        let (clock, stop) = (Stopwatch::start(), AtomicBool::new(false));
        let look = |_: usize, _: usize| {
            if WORK_MS < clock.wall_ms() || interrupt::is_interrupted() {
                stop.store(true, Ordering::Relaxed);
            }
        };
        why(target, &script, &class, effort, &stop, &look)
            .map(|explained| told::json(target.name(), &explained))
            .map_err(|_| Wrong(format!("the script does not fail with {invariant} each time")))
    }

    /// The target and the script that are meant.
    fn understand(&self, asked: &Asked) -> Result<(&dyn Target, Script), Wrong> {
        let target = self.targets.find(&asked.target);
        let target =
            target.ok_or_else(|| Wrong(format!("there is no target {:?}", asked.target)))?;
        let script = Script::parse(&asked.script, "script".as_ref(), target.kinds())
            .map_err(|error| Wrong(error.to_string()))?;
        let (low, high) = target.traits().nodes;
        if !(low..=high).contains(&usize::from(script.cluster.nodes)) {
            let message = format!("{} forms clusters of {low} to {high} nodes", target.name());
            return Err(Wrong(message));
        }
        Ok((target, script))
    }

    /// How the script fails with this invariant, and the script up to there as it really went.
    fn failing(
        &self,
        target: &dyn Target,
        script: &Script,
        invariant: &str,
    ) -> Result<(Class, Script), Wrong> {
        let how = Replay { stop: false, ..Replay::CANDIDATE };
        let (run, _) = target.replay(script, &self.selection, how);
        let failure = run.failures.iter().find(|it| it.violation.invariant.name == invariant);
        let failure =
            failure.ok_or_else(|| Wrong(format!("the script does not fail with {invariant}")))?;
        Ok((failure.class(), run.script(failure.actions)))
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Wrong> {
    serde_json::from_slice(body)
        .map_err(|error| Wrong(format!("the request is malformed: {error}")))
}
