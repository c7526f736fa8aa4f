//! `raft-sim minimize`: from a failing run to the shortest story that fails the same way.

use std::path::PathBuf;

use clap::Args;

use super::error::{CliError, Exit};
use super::failing::{self, Failing, expect};
use super::settings::SettingsArgs;
use super::{App, duration, interrupt};
use crate::explain::finding::short;
use crate::explain::minimize::{Budget, Minimized, NotMinimized, bucket, minimize};
use crate::explain::why::remarks::Remarks;
use crate::language::repro::Repro;
use crate::language::script::Script;
use crate::report::diagram::diagram;
use crate::report::files::write_whole;
use crate::report::formats::human::indented;
use crate::report::look::Look;
use crate::report::story::{Detail, story};
use crate::report::words::{counted, duration as time, shell, table, wrapped};
use crate::run::{Replay, Run};
use crate::search::campaign::clock::Stopwatch;

/// Shrink a failing seed or file to the shortest story
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 minimized, 2 wrong command line or file, 4 not deterministic, 5 it does \
                  not fail.",
    after_long_help = "\
Examples:
  raft-sim minimize 0x6c --target noraft           a seed, with the flags of its campaign
  raft-sim minimize bug.json -o small.json         a file, the result beside it
  raft-sim minimize bug.json --budget 5m           longer

What fails the same way violates the same invariant (for a panic: at the same place). Of several
violations the gravest of the first ones is kept; choose another one with --only."
)]
pub(super) struct MinimizeArgs {
    /// A seed (108, 0x6c, a commit), a file (.json, .txt), or - for stdin
    #[arg(value_name = "WHAT")]
    what: String,
    #[command(flatten)]
    settings: SettingsArgs,
    /// Most wall time
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = duration::parse)]
    budget: u64,
    /// Most replays
    #[arg(long, value_name = "N", default_value_t = Budget::default().replays)]
    replays: u64,
    /// File for the result [default: target/raft-sim/minimized/<invariant>-<hash>.json]
    #[arg(short = 'o', long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(app: &App, args: &MinimizeArgs) -> Result<Exit, CliError> {
    let failing =
        failing::read(app, &args.what, &args.settings)?.ok_or_else(|| passes(&args.what))?;
    interrupt::listen();
    let stopwatch = Stopwatch::start();
    let stop = || interrupt::is_interrupted() || args.budget <= stopwatch.wall_ms();
    let budget = Budget { replays: args.replays, stop: &stop };
    let minimized = minimize(failing.target, &failing.script, &failing.class, budget);
    let minimized = match minimized {
        Ok(minimized) => minimized,
        Err(NotMinimized::Passes) => return Err(passes(&args.what)),
        Err(NotMinimized::NotReproduced(class)) => {
            return Err(failing::fails_only_sometimes(&args.what, &class));
        }
    };
    let look = app.console.look;
    let selection = args.settings.choose(app)?.selection;
    let (told, _) = failing.target.replay(&minimized.script, &selection, Replay::STORY);
    app.console
        .out(&format!("{}\n", statistics(&minimized, &failing.script, stopwatch.wall_ms(), look)));
    app.console.out(&format!("{}\n", indented(&format!("{}\n", minimized.script.cluster))));
    let remarks = Remarks::of(failing.target, &told);
    let story = story(&told, &remarks, 0, Detail::Story).text(look);
    app.console.out(&format!("{}\n", indented(&story)));
    app.console.out(&format!("{}\n", indented(&diagram(&told, 0).text(look))));
    save(app, args, &failing, &minimized, &told)?;
    Ok(interrupt::asked().unwrap_or(Exit::Passed))
}

fn passes(what: &str) -> CliError {
    let message = format!("{what} does not fail: there is nothing to minimize");
    let hint = "a seed means the same only with the flags of its campaign, and in the same version";
    CliError { kind: Exit::Differs, ..CliError::usage(message).hint(hint) }
}

/// What each pass did.
fn statistics(minimized: &Minimized, before: &Script, ms: u64, look: Look) -> String {
    let titles = ["pass", "replays", "accepted", "actions removed"].map(str::to_owned);
    let passes = minimized.statistics.iter().map(|pass| {
        let numbers = [pass.replays, pass.accepted, pass.actions];
        let numbers = numbers.map(crate::report::words::grouped);
        std::iter::once(pass.name.to_owned()).chain(numbers).collect()
    });
    let rows: Vec<Vec<String>> = std::iter::once(titles.to_vec()).chain(passes).collect();
    let minimal = if minimized.one_minimal {
        "1-minimal: no action can be left out"
    } else {
        "not minimal yet: give it more with --budget and --replays"
    };
    let summary = format!(
        "{}: {} -> {}, {} -> {}, {} in {}, {minimal}",
        minimized.class.invariant,
        counted(before.actions.len() as u64, "action"),
        minimized.script.actions.len(),
        counted(u64::from(before.cluster.nodes), "node"),
        minimized.script.cluster.nodes,
        counted(minimized.replays, "replay"),
        time(ms),
    );
    format!("{}\n{}\n", table(&rows, 2, look.width), wrapped(&summary, look.width).join("\n"))
}

fn save(
    app: &App,
    args: &MinimizeArgs,
    failing: &Failing<'_>,
    minimized: &Minimized,
    told: &Run,
) -> Result<(), CliError> {
    let script = &minimized.script;
    let repro = Repro {
        expect: expect(&minimized.class, told, script),
        one_minimal: Some(minimized.one_minimal),
        script: script.clone(),
        ..failing.repro.clone()
    };
    let name = repro.file_name(short(bucket(&repro.target, &minimized.class, script)));
    let path =
        args.out.clone().unwrap_or_else(|| PathBuf::from("target/raft-sim/minimized").join(name));
    write_whole(&path, &repro.to_text())
        .map_err(|error| CliError::unwritable(&path, &error).hint("choose another file with -o"))?;
    let file = path.display().to_string();
    app.console.out(&format!("file      {file}\nreproduce {} replay {}", app.prefix, shell(&file)));
    Ok(())
}
