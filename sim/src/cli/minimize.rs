//! `raft-sim minimize`: from a failing run to the shortest story that fails the same way.

use std::path::{Path, PathBuf};

use clap::Args;
use raft_invariants::Selection;

use super::error::{CliError, Exit};
use super::failing::{self, Failing, expect};
use super::outputs::tried;
use super::settings::SettingsArgs;
use super::{App, Format, duration, interrupt};
use crate::explain::finding::short;
use crate::explain::minimize::{Budget, Minimized, NotMinimized, bucket, minimize};
use crate::language::repro::Repro;
use crate::language::script::Script;
use crate::report::files::write_whole;
use crate::report::formats::human::{indented, own_run};
use crate::report::json::to_text;
use crate::report::look::Look;
use crate::report::minimized::ShortestStoryReport;
use crate::report::words::{counted, duration as time, shell, table, wrapped};
use crate::run::{Replay, Run};
use crate::search::campaign::clock::Stopwatch;

/// Most wall time, where nobody says how much.
const USUAL_MS: u64 = 20_000;

/// Shrink a failing seed or file to the shortest story
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 minimized, 2 wrong command line or file, 4 not deterministic, 5 it does \
                  not fail.",
    after_long_help = "\
Examples:
  raft-sim minimize 0x6c --target noraft           a seed, with the flags of its campaign
  raft-sim minimize bug.json -o small.json         a file, the result beside it
  raft-sim minimize bug.json --budget 5m           five minutes long, for a shorter story still

What fails the same way violates the same invariant (for a panic: at the same place). Of several
violations the gravest of the first ones is kept; choose another one with --only. The story has no
fault that the campaign's flags, or those in the file, exclude. It may be of another run than the
failing one, and then the shortest that is a part of that is kept beside it."
)]
pub(super) struct MinimizeArgs {
    /// A seed (108, 0x6c, a commit), a file (.json, .txt), or - for stdin
    #[arg(value_name = "WHAT")]
    what: String,
    #[command(flatten)]
    settings: SettingsArgs,
    /// Wall time, all of which is spent [default: at most 20s, and less where little promises more]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    budget: Option<u64>,
    /// Replays, all of which are spent [default: at most 40000; with --budget: no limit]
    #[arg(long, value_name = "N")]
    replays: Option<u64>,
    /// File for the result [default: target/raft-sim/minimized/<invariant>-<hash>.json]
    #[arg(short = 'o', long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(super) fn run(app: &App, args: &MinimizeArgs) -> Result<Exit, CliError> {
    let failing =
        failing::read(app, &args.what, &args.settings)?.ok_or_else(|| passes(&args.what))?;
    args.out.as_deref().map_or(Ok(()), tried)?;
    interrupt::listen();
    let stopwatch = Stopwatch::start();
    let wall_ms = args.budget.unwrap_or(if args.replays.is_some() { u64::MAX } else { USUAL_MS });
    let stop = || interrupt::is_interrupted() || wall_ms <= stopwatch.wall_ms();
    let usual = if args.budget.is_some() { u64::MAX } else { Budget::default().replays };
    let budget = Budget {
        replays: args.replays.unwrap_or(usual),
        stop: &stop,
        whole: args.budget.is_some() || args.replays.is_some(),
    };
    let Failing { target, script, class, settings, .. } = &failing;
    let minimized = minimize(*target, script, class, settings, budget);
    let minimized = match minimized {
        Ok(minimized) => minimized,
        Err(NotMinimized::Passes) => return Err(passes(&args.what)),
        Err(NotMinimized::NotReproduced(class)) => {
            return Err(failing::fails_only_sometimes(&args.what, &class));
        }
    };
    let (target, before) = (failing.target, &failing.script);
    let selection = args.settings.choose(app)?.selection;
    let (told, _) = target.replay(&minimized.script, &selection, Replay::STORY);
    let ms = stopwatch.wall_ms();
    let mut report = ShortestStoryReport::of(target, before, &minimized, &told, ms);
    if args.format == Format::Human {
        app.console.out(&human(&report, app.console.look));
    }
    report.file = save(args, &failing, &minimized, &told)?;
    if let (Some(script), Some(own)) = (&minimized.own, &mut report.own_run) {
        own.file = save_own_run(&failing, &minimized, script, Path::new(&report.file))?;
    }
    report.reproduce = format!("{} replay {}", app.prefix, shell(&report.file));
    let exit = interrupt::asked().unwrap_or(Exit::Passed);
    report.exit = exit as u8;
    app.console.out(&match args.format {
        Format::Json => to_text(&report),
        Format::Human => {
            let own = report.own_run.as_ref().map(own_run).map(|own| format!("own run   {own}\n"));
            let own = own.unwrap_or_default();
            format!("file      {}\n{own}reproduce {}", report.file, report.reproduce)
        }
    });
    Ok(exit)
}

fn passes(what: &str) -> CliError {
    let message = format!("{what} does not fail: there is nothing to minimize");
    let hint = "a seed means the same only with the flags of its campaign, and in the same version";
    CliError { kind: Exit::Differs, ..CliError::usage(message).hint(hint) }
}

/// What each pass did, and the story.
fn human(report: &ShortestStoryReport, look: Look) -> String {
    let (cluster, story) = (format!("{}\n", report.cluster), report.story.text(look));
    let diagram = report.diagram.text(look);
    let parts =
        [statistics(report, look), indented(&cluster), indented(&story), indented(&diagram)];
    parts.map(|part| part + "\n").concat()
}

/// What each pass did.
fn statistics(report: &ShortestStoryReport, look: Look) -> String {
    let titles = ["pass", "replays", "accepted", "actions removed"].map(str::to_owned);
    let passes = report.passes.iter().map(|pass| {
        let numbers = [pass.replays, pass.accepted, pass.actions];
        let numbers = numbers.map(crate::report::words::grouped);
        std::iter::once(pass.name.clone()).chain(numbers).collect()
    });
    let rows: Vec<Vec<String>> = std::iter::once(titles.to_vec()).chain(passes).collect();
    let minimal = if report.one_minimal {
        "1-minimal: no action can be left out"
    } else {
        "not minimal yet: give it more with --budget and --replays"
    };
    let summary = format!(
        "{}: {} -> {}, {} -> {}, {} in {}, {minimal}",
        report.invariant,
        counted(report.before.actions as u64, "action"),
        report.after.actions,
        counted(u64::from(report.before.nodes), "node"),
        report.after.nodes,
        counted(report.replays, "replay"),
        time(report.time.wall_ms),
    );
    format!("{}\n{}\n", table(&rows, 2, look.width), wrapped(&summary, look.width).join("\n"))
}

/// Keeps the story; says in which file.
fn save(
    args: &MinimizeArgs,
    failing: &Failing<'_>,
    minimized: &Minimized,
    told: &Run,
) -> Result<String, CliError> {
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
    Ok(path.display().to_string())
}

/// Keeps the shortest story of the failing run itself beside the one of another run; says in which
/// file.
fn save_own_run(
    failing: &Failing<'_>,
    minimized: &Minimized,
    script: &Script,
    beside: &Path,
) -> Result<Option<String>, CliError> {
    if !beside.is_file() {
        return Ok(None);
    }
    let (told, _) = failing.target.replay(script, &Selection::ALL, Replay::SAVED);
    let repro = Repro {
        expect: expect(&minimized.class, &told, script),
        script: script.clone(),
        ..failing.repro.clone()
    };
    let path = beside.with_extension("own-run.json");
    write_whole(&path, &repro.to_text())
        .map_err(|error| CliError::unwritable(&path, &error).hint("choose another file with -o"))?;
    Ok(Some(path.display().to_string()))
}
