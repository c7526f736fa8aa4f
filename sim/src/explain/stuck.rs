//! What a call that never comes back shows: the run once more, without that call.

use std::sync::Arc;

use raft_invariants::Selection;

use super::finding::{Finding, short};
use super::minimize::bucket;
use crate::run::{Ending, Replay, Run};
use crate::schedule::config::Settings;
use crate::search::campaign::origin::Origin;
use crate::search::target::Target;
use crate::search::watch::{Stuck, What};

/// What objects to such a call.
pub const INVARIANT: &str = "ResourceExplosion";
/// Who chose in a script that somebody wrote or minimized.
const NOBODY: &str = "no";

/// Runs it again, up to the call that does not come back. `None` if that is not the only way in
/// which it can go, or nobody knows the way.
pub fn finding(target: &dyn Target, stuck: &Stuck, settings: &Settings) -> Option<Finding> {
    let selection = Selection::only(&[INVARIANT]).ok()?;
    let (run, told) = stuck.ended(|| {
        let run = run(&stuck.work.what, target, &selection)?;
        let script = run.script(run.failure()?.actions);
        let (told, _) = target.replay(&script, &selection, Replay::STORY);
        Some((run, told))
    })?;
    let at = run.failure()?.actions;
    let script = run.script(at);
    let violation = told.failure()?.violation.clone();
    let class = told.failure()?.class();
    let origin = match &stuck.work.what {
        What::Seed(config) => Origin::Seed(config.seed),
        What::Script(..) | What::Scenario(..) | What::After(..) | What::All => {
            let seed = stuck.work.seed.unwrap_or_default();
            Origin::Guided { seed, script: Arc::new(script.clone()) }
        }
    };
    let scheduler = match &stuck.work.what {
        What::Seed(config) | What::After(_, config) => config.scheduler.name,
        What::Script(..) | What::Scenario(..) | What::All => NOBODY,
    };
    Some(Finding {
        bucket: short(bucket(target.name(), &class, &script)),
        class,
        origin,
        scheduler,
        settings: settings.words(),
        at,
        of: at,
        nodes: run.cluster.nodes,
        later: Vec::new(),
        violation,
        script,
        own: None,
        run: told,
        minimized: None,
        followed: None,
    })
}

fn run(what: &What, target: &dyn Target, selection: &Selection) -> Option<Run> {
    match what {
        What::Seed(config) => Some(target.run(config, selection)),
        What::Script(script, how) => Some(target.replay(script, selection, *how).0),
        What::Scenario(scenario, matching) => Some(target.play(scenario, selection, *matching).run),
        What::After(beginning, config) => {
            let ending = Ending::Violation;
            Some(target.run_after(beginning, config, selection, ending, &mut |_, _| {}))
        }
        What::All => None,
    }
}
