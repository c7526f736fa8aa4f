//! Calls into a target that never come back. A thread cannot be ended, so the process is: with the
//! run up to that call, told and kept like any other violation.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process;

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
use crate::search::watch::{self, Stuck};

/// Actions of a long run that are told.
const TAIL: usize = 20;

/// Works while somebody watches. If a call does not come back, `found` tells it and says how the
/// process ends.
pub(super) fn during<T>(
    app: &App,
    found: &(dyn Fn(&Stuck) -> Exit + Sync),
    work: impl FnOnce() -> T,
) -> T {
    let end = |stuck: &Stuck| {
        let told = catch_unwind(AssertUnwindSafe(|| found(stuck)));
        process::exit(told.unwrap_or(Exit::Internal) as i32)
    };
    watch::during(app.patience, &|_| true, &end, work)
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
            app.console.talk(&stuck.ending());
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

/// Where nobody knows the way to the call.
pub(super) fn without_script(stuck: &Stuck) -> CliError {
    let error =
        CliError::usage(stuck.words()).hint("`fuzz` finds such calls with a seed and a script");
    CliError { kind: Exit::Violation, ..error }
}
