//! Calls into a target that never come back. A thread cannot be ended, so the process is: with the
//! run up to that call, told and kept like any other violation.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use memory_stats::memory_stats;

use super::App;
use super::error::{CliError, Exit};
use super::outcome::violated;
use crate::explain::finding::Finding;
use crate::explain::stuck;
use crate::explain::why::remarks::Remarks;
use crate::language::repro::Repro;
use crate::report::files::write_whole;
use crate::report::formats::human::indented;
use crate::report::story::{Detail, story};
use crate::report::words::{counted, shell};
use crate::run::Failure;
use crate::schedule::config::Settings;
use crate::search::target::Target;
use crate::search::watch::{Stuck, Watch};

/// How long one call may take, unless the program says otherwise.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);
/// Actions of a long run that are told.
const TAIL: usize = 20;

/// Works while somebody watches. If a call does not come back, `found` tells it and says how the
/// process ends.
pub(super) fn during<T>(
    app: &App,
    found: &(dyn Fn(&Stuck) -> Exit + Sync),
    work: impl FnOnce() -> T,
) -> T {
    let looks = app.patience.as_millis() / PAUSE.as_millis();
    let mut watch = Watch::begin(u32::try_from(looks).unwrap_or(u32::MAX).max(1));
    let (working, over) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let watching = move || {
            while over.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                let memory = memory_stats().map_or(0, |it| it.physical_mem as u64);
                if let Some(stuck) = watch.look(memory) {
                    let told = catch_unwind(AssertUnwindSafe(|| found(&stuck)));
                    process::exit(told.unwrap_or(Exit::Internal) as i32);
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

/// Tells it where no campaign does.
pub(super) fn tell(app: &App, stuck: &Stuck) -> Exit {
    let target = app.targets.find(&stuck.work.target);
    let settings = Settings::default();
    let finding =
        target.and_then(|target| Some((target, stuck::finding(target, stuck, &settings)?)));
    match finding {
        Some((target, finding)) => {
            tell_finding(app, target, &finding);
            app.console.talk(&ending(stuck));
        }
        None => app.console.error(&without_script(stuck)),
    }
    Exit::Violation
}

fn tell_finding(app: &App, target: &dyn Target, finding: &Finding) {
    let look = app.console.look;
    let failure = Failure { actions: finding.at, violation: finding.violation.clone() };
    let from = finding.script.actions.len().saturating_sub(TAIL);
    let before = match from as u64 {
        0 => String::new(),
        from => format!("... {} before\n", counted(from, "action")),
    };
    let told = story(&finding.run, &Remarks::default(), from, Detail::Story).text(look);
    let text = format!("{}\n{before}{told}", finding.script.cluster);
    app.console.out(&format!("{}\n", indented(&text)));
    app.console.out(&violated(&failure, look));
    // Whoever gave us a seed or a file knows where it comes from.
    let repro = Repro { found: None, ..finding.repro(target) };
    let path = PathBuf::from("target/raft-sim/endless").join(finding.file_name(target));
    match write_whole(&path, &repro.to_text()) {
        Ok(()) => app.console.out(&kept(app, &path)),
        Err(error) => app.console.error(&CliError::unwritable(&path, &error)),
    }
}

fn kept(app: &App, path: &Path) -> String {
    let file = path.display().to_string();
    format!("file      {file}\nreproduce {} replay {}", app.prefix, shell(&file))
}

/// Why the process ends now.
pub(super) fn ending(stuck: &Stuck) -> String {
    format!(
        "call {} of that run into {} does not come back (no end to the {}), and only the process can \
         be ended: this is the end",
        stuck.call, stuck.work.target, stuck.why
    )
}

/// Where nobody knows the way to the call.
pub(super) fn without_script(stuck: &Stuck) -> CliError {
    let target = &stuck.work.target;
    let message =
        format!("a call into {target} does not come back: there is no end to the {}", stuck.why);
    let error = CliError::usage(message).hint("`fuzz` finds such calls with a seed and a script");
    CliError { kind: Exit::Violation, ..error }
}
