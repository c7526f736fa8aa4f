//! `raft-sim why`: which actions of a failing script matter, and when the failure was decided.

use std::num::NonZero;

use clap::Args;

use super::error::{CliError, Exit};
use super::failing::{self, Failing};
use super::settings::SettingsArgs;
use super::{App, Format, interrupt};
use crate::explain::why::{Effort, NotExplained, Why, why};
use crate::language::action::Action;
use crate::report::why::{human, json};
use crate::report::words::shell;
use crate::search::target::Target;

/// Say which actions of a failing run matter, and when it was decided
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 explained, 2 wrong command line or file, 4 not deterministic, 5 it \
                  does not fail. More with --help.",
    after_long_help = "\
Examples:
  raft-sim why seeds/known/leader-completeness-2ebf64fb.json
  raft-sim why bug.txt --target noraft             a script
  raft-sim why 0x6c --target noraft                a seed, with the flags of its campaign
  raft-sim why FILE --futures 2000                 finer shares

Which actions matter? Each action is left out once and the rest is run: does it still fail? What is
missing then tells what it was good for: the first turn of the story that no longer comes (a leader,
a commit, a truncation), or the first action that can no longer happen.
Scripts of more than 60 actions are taken apart in blocks; minimize them first.

When was it decided? After each action many random futures begin, drawn as those of a campaign; told
is the share of them that violates the same invariant before the script's end and 10 actions more,
each at most 60 actions long. A rise says that the failure came closer with that action, a fall that
it was nearly averted. Told are changes of 5 % and more that chance does not make (3 standard
deviations). The futures are drawn from the script: the same file always gives the same answer."
)]
pub(super) struct WhyArgs {
    /// A file (.json, .txt), a seed (108, 0x6c, a commit), or - for stdin
    #[arg(value_name = "WHAT")]
    what: String,
    #[command(flatten)]
    settings: SettingsArgs,
    /// Random futures after each action
    #[arg(long, value_name = "N", default_value = "200", help_heading = "How",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    futures: u32,
    /// Worker threads; results never depend on it [default: cores]
    #[arg(long, value_name = "N", help_heading = "How")]
    jobs: Option<NonZero<u16>>,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "human", help_heading = "Results")]
    format: Format,
}

pub(super) fn run(app: &App, args: &WhyArgs) -> Result<Exit, CliError> {
    let failing =
        failing::read(app, &args.what, &args.settings)?.ok_or_else(|| passes(&args.what))?;
    let explained = explain(app, args, &failing)?;
    app.console.out(&match args.format {
        Format::Json => json(failing.target.name(), &explained),
        Format::Human => {
            let heading = format!("{} of {}\n", args.what, failing.target.name());
            heading
                + &human(&explained, app.console.look)
                + &look_here(app, args, failing.target, &explained)
        }
    });
    if let Some(exit) = interrupt::asked() {
        app.console.talk(&format!("interrupted: {} replays left undone", explained.undone));
        return Ok(exit);
    }
    Ok(Exit::Passed)
}

fn explain(app: &App, args: &WhyArgs, failing: &Failing<'_>) -> Result<Why, CliError> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let jobs = args.jobs.map_or(cores, |jobs| usize::from(jobs.get()));
    let effort = Effort { futures: args.futures, jobs };
    interrupt::listen();
    let bar = super::progress::counting(&app.console, app.quiet);
    let Failing { target, script, class, .. } = failing;
    let explained = why(*target, script, class, effort, &interrupt::STOP, &|done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    explained.map_err(|error| match error {
        NotExplained::Passes => passes(&args.what),
        NotExplained::NotReproduced => failing::fails_only_sometimes(&args.what, class),
    })
}

/// The command that shows how things stand where it was decided.
fn look_here(app: &App, args: &WhyArgs, target: &dyn Target, explained: &Why) -> String {
    let Some(jump) = explained.likelihood.decisive().filter(|_| args.what != "-") else {
        return String::new();
    };
    let last = explained.run.actions[..jump.to.after].last();
    let named = |action: &Action| action.place().or_else(|| action.nodes().iter().next());
    let node = last.and_then(named);
    let state = node.map_or_else(String::new, |node| format!(" --state {node}"));
    let (what, words) = (shell(&args.what), args.settings.words(target));
    format!("\nlook here {} replay {what}{words} --until {}{state}\n", app.prefix, jump.to.after)
}

fn passes(what: &str) -> CliError {
    let message = format!("{what} does not fail: there is nothing to explain");
    let hint = "a seed means the same only with the flags of its campaign, and in the same version";
    CliError { kind: Exit::Differs, ..CliError::usage(message).hint(hint) }
}
