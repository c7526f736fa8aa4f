//! `raft-sim exhaust`: every state of a small cluster.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;

use super::error::{CliError, Exit};
use super::progress::Shown;
use super::settings::{JudgesArgs, check_nodes};
use super::{App, Format, interrupt};
use crate::explain::finding::short;
use crate::explain::minimize::{as_saved, bucket};
use crate::language::repro::{Expect, Repro, Verdict};
use crate::language::script::{Cluster, DiskMode, Script};
use crate::node::{Limits, Need, Storage};
use crate::report::coverage::{Checked, NOBODY_JUDGED};
use crate::report::explored::{self, ExploredReport, ExploredTime, ScopeReport, ShortestReport};
use crate::report::files::write_whole;
use crate::report::json;
use crate::report::place::Place;
use crate::report::words::shell;
use crate::run::Replay;
use crate::search::campaign::clock::Stopwatch;
use crate::search::exhaustive::{Allowance, End, Exploration, Explored, Likeness, SmallScope};
use crate::search::target::Target;

/// Between two lines of progress.
const LINE_MS: u64 = 30_000;

/// Visit every state of a small cluster: the shortest story, or none
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 every state was visited, 1 violation, 3 nothing was really checked, \
                  75 not every state was visited. More with --help.",
    after_long_help = "\
Examples:
  raft-sim exhaust                                 raft-core: 2 timeouts, 1 write
  raft-sim exhaust --crashes 1 --duplicates 1      unkinder: more states
  raft-sim exhaust --depth 10 --timeouts 9         whatever needs no more than 10 actions
  raft-sim exhaust --target 'raft-core?bug=vote-not-persisted' --crashes 1 --only ElectionSafety
                                                   the shortest way from a bug to two leaders
  raft-sim exhaust --disk queued --timeouts 1      writes are durable when they are synced
  raft-sim exhaust --format json | jq .states      results go to stdout, all talk to stderr

Scope:
  Timeouts, heartbeats, writes, crashes, duplicates and disk errors happen as often as allowed, at
  any moment, to any node. Messages arrive in any order or never, nodes that are down restart, queued writes are
  synced or lost: all that needs no allowance. Timeouts are of nodes that do not lead, heartbeats
  and writes of those that do. What grows without bound is bounded by these numbers, so that the
  search ends by itself; --depth ends it earlier.

  Clusters that differ only in the names of their nodes count as one state. What judges remember is
  part of the state. A message that changes nothing where it arrives is not followed further.

  With --calm the search also ends at a state from which the cluster does not recover. What is on
  its way arrives in the calm. A calm costs as much as some hundred steps.

Memory: about 25 bytes a state. Each timeout more makes some hundred times as many states.

Exit codes:
  0  every state was visited, all     3   nothing was really checked: nothing was committed
     invariants held                  75  not every state was visited: see --states-max
  1  an invariant was violated        4   the story that was found does not repeat
  2  wrong command line               130 Ctrl-C, with what was reached"
)]
pub(super) struct ExhaustArgs {
    /// Implementation to search [default: the first of `list targets`]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Nodes of the cluster
    #[arg(long, value_name = "N", default_value = "3", help_heading = "Scope")]
    nodes: u8,
    /// When writes become durable
    #[arg(long, value_name = "WHEN", default_value = "instant", help_heading = "Scope")]
    disk: Disk,
    /// Most entries in one message
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Scope",
          value_parser = clap::value_parser!(u16).range(1..))]
    batch: u16,
    /// Most appends in flight to one follower
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Scope",
          value_parser = clap::value_parser!(u16).range(1..))]
    window: u16,
    /// Election timeouts, each a term more
    #[arg(long, value_name = "N", default_value = "2", help_heading = "Scope")]
    timeouts: u8,
    /// Heartbeats
    #[arg(long, value_name = "N", default_value = "0", help_heading = "Scope")]
    heartbeats: u8,
    /// Commands of clients
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Scope")]
    writes: u8,
    /// Crashes
    #[arg(long, value_name = "N", default_value = "0", help_heading = "Scope")]
    crashes: u8,
    /// Messages that arrive once more
    #[arg(long, value_name = "N", default_value = "0", help_heading = "Scope")]
    duplicates: u8,
    /// Disk errors, with --disk queued
    #[arg(long, value_name = "N", default_value = "0", help_heading = "Scope")]
    fails: u8,
    /// Let a calm begin in every state, too: all faults end, and the cluster must recover
    #[arg(long, help_heading = "Scope")]
    calm: bool,
    /// Most actions in a row [default: as long as anything can happen]
    #[arg(long, value_name = "N", help_heading = "Scope")]
    depth: Option<u32>,
    #[command(flatten)]
    judges: JudgesArgs,
    /// Most states to keep, at about 25 bytes each
    #[arg(long, value_name = "N", default_value = "100000000", help_heading = "How",
          value_parser = clap::value_parser!(u32).range(1..))]
    states_max: u32,
    /// Folder in which each search gets a place for its report and what it finds
    #[arg(long, value_name = "DIR", default_value = "target/raft-sim", help_heading = "Results")]
    out: PathBuf,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "human", help_heading = "Results")]
    format: Format,
    /// Progress, on stderr
    #[arg(long, value_name = "HOW", default_value = "auto", help_heading = "Results")]
    progress: Shown,
}

/// [`DiskMode`] as a word of the command line.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
enum Disk {
    /// At once
    Instant,
    /// When they are synced
    Queued,
}

impl ExhaustArgs {
    fn plan(&self, target: &dyn Target) -> Result<Exploration, CliError> {
        check_nodes(&[self.nodes], target)?;
        let disk = match self.disk {
            Disk::Instant => DiskMode::Instant,
            Disk::Queued => DiskMode::Queued,
        };
        if disk == DiskMode::Queued && target.traits().storage == Storage::Blocking {
            let message = format!("{} waits for its disk in the middle of a step", target.name());
            let hint = "only the states between steps can be compared: leave out --disk queued";
            return Err(CliError::usage(message).hint(hint));
        }
        if 0 < self.fails && disk == DiskMode::Instant {
            let hint = "add --disk queued";
            return Err(CliError::usage("a disk that writes at once cannot fail").hint(hint));
        }
        let limits = Limits { batch_entries_max: self.batch, window_messages_max: self.window };
        let allowance = Allowance {
            timeouts: self.timeouts,
            heartbeats: self.heartbeats,
            writes: self.writes,
            crashes: self.crashes,
            duplicates: self.duplicates,
            fails: self.fails,
        };
        let cluster = Cluster { nodes: self.nodes, limits, disk };
        Ok(Exploration {
            scope: SmallScope { cluster, depth: self.depth, allowance, calm: self.calm },
            selection: self.judges.choose()?,
            likeness: Likeness::DEFAULT,
            states_max: u64::from(self.states_max),
        })
    }
}

pub(super) fn run(app: &App, args: &ExhaustArgs) -> Result<Exit, CliError> {
    let target = app.target(args.target.as_deref())?;
    let plan = args.plan(target)?;
    if !target.is_explorable() {
        return Err(not_explorable(app, target));
    }
    let place = Place::of_all_states(&args.out, target).map_err(|error| {
        CliError::unwritable(&args.out, &error).hint("choose another folder with --out")
    })?;
    interrupt::listen();
    app.console.talk(&format!(
        "searching  {}, {}",
        target.name(),
        ScopeReport::of(&plan.scope).in_words()
    ));
    let stopwatch = Stopwatch::start();
    let mut progress = Progress::new(app, args.progress);
    let explored =
        target.explore(&plan, &mut |so_far| progress.goes_on(so_far)).expect("it is explorable");
    progress.bar.finish_and_clear();
    let cpu_us = stopwatch.cpu_us();

    let mut keeper = Keeper { place, unwritten: None };
    let shortest = match &explored.end {
        Some(End::Violation(script)) => Some(tell(app, args, target, script, &mut keeper)?),
        _ => None,
    };
    let reveals = target.traits().reveals.difference(explored.withheld);
    let nobody =
        Checked::of(reveals, explored.shown, plan.scope.calm, &plan.selection).checked.is_empty();
    let exit = verdict(target, &explored, nobody);
    let time = ExploredTime { cpu_us, wall_ms: stopwatch.wall_ms() };
    let report = ExploredReport::of(target, &plan, &explored, shortest, exit as u8, time);
    app.console.out(&match args.format {
        Format::Human => explored::human(&report, app.console.look),
        Format::Json => json::to_text(&report),
    });
    if exit == Exit::Vacuous {
        let why = "nothing was really checked: nothing was committed; allow for more";
        app.console.talk(if nobody { NOBODY_JUDGED } else { why });
    }
    let path = keeper.place.report();
    if keeper.write(&path, &json::to_text(&report)) {
        app.console.talk(&format!("report   {}", path.display()));
    }
    keeper.unwritten.map_or(Ok(exit), Err)
}

/// Writes into the search's place, and keeps the first error: what was found is told all the same.
struct Keeper {
    place: Place,
    unwritten: Option<CliError>,
}

impl Keeper {
    fn write(&mut self, path: &Path, text: &str) -> bool {
        let written = write_whole(path, text);
        let error = written.as_ref().err().map(|error| CliError::unwritable(path, error));
        let error = error.map(|error| error.hint("choose another folder with --out"));
        self.unwritten = self.unwritten.take().or(error);
        written.is_ok()
    }
}

/// What the end means. A search in which nothing was committed shows nothing.
fn verdict(target: &dyn Target, explored: &Explored, nobody_judged: bool) -> Exit {
    let reveals = target.traits().reveals;
    let saw_commit = explored.witnesses.saw("EntryCommitted");
    match explored.end {
        Some(End::Violation(_)) => Exit::Violation,
        Some(End::Full) => Exit::Incomplete,
        Some(End::Interrupted) | None => interrupt::asked().unwrap_or(Exit::Interrupted),
        Some(End::Everything | End::Depth) if nobody_judged => Exit::Vacuous,
        Some(End::Everything | End::Depth)
            if reveals.meets(&[Need::Log, Need::CommitIndex]) && !saw_commit =>
        {
            Exit::Vacuous
        }
        Some(End::Everything | End::Depth) => Exit::Passed,
    }
}

/// Runs the story once more as a saved one, with notes, and keeps it.
fn tell(
    app: &App,
    args: &ExhaustArgs,
    target: &dyn Target,
    script: &Script,
    keeper: &mut Keeper,
) -> Result<ShortestReport, CliError> {
    let selection = args.judges.choose()?;
    let script = as_saved(script, target, &selection);
    let (run, skipped) = target.replay(&script, &selection, Replay::STORY);
    let last = script.steps();
    let failure = run.failures.iter().find(|failure| failure.actions == last);
    let Some(failure) = failure.filter(|_| skipped.is_empty()).cloned() else {
        let message = format!("{} does not repeat what it did", target.name());
        let hint = "a copy of a node differs from the node, or something outside has decided: a \
                    clock, a random number, a thread or the order of a hash map";
        let error = CliError::usage(message).hint(hint);
        return Err(CliError { kind: Exit::NotDeterministic, ..error });
    };
    let class = failure.class();
    let repro = Repro {
        title: None,
        issue: None,
        target: target.name().to_owned(),
        expect: Expect {
            outcome: Verdict::Violation,
            invariant: Some(class.invariant.to_owned()),
            place: class.place.clone(),
            actions: Some(last as u32),
            hash: Some(run.hash),
        },
        found: None,
        one_minimal: None,
        script: script.clone(),
        why: std::collections::BTreeMap::new(),
    };
    let name = repro.file_name(short(bucket(target.name(), &class, &script)));
    let path = keeper.place.failure(&name);
    let written = keeper.write(&path, &repro.to_text());
    let file = written.then(|| path.display().to_string());
    let line =
        |file: &String| format!("{} replay {}{}", app.prefix, shell(file), args.judges.words());
    let reproduce = file.as_ref().map(line);
    Ok(ShortestReport { file, reproduce, ..ShortestReport::of(target, &failure.violation, &run) })
}

fn not_explorable(app: &App, target: &dyn Target) -> CliError {
    let others = app.targets.iter().filter(|it| it.is_explorable() && !it.name().contains("?bug="));
    let others: Vec<&str> = others.map(Target::name).collect();
    let message = format!("{} cannot be searched: its nodes cannot be copied", target.name());
    let error = CliError::usage(message)
        .hint("implement `Explorable` for it and add it with `explorable_target`");
    match others[..] {
        [] => error,
        _ => error.hint(format!("these can, and their planted bugs: {}", others.join(", "))),
    }
}

/// How far a search is, on stderr: a line that changes on a terminal, a line now and then elsewhere.
struct Progress<'a> {
    app: &'a App,
    stopwatch: Stopwatch,
    bar: ProgressBar,
    lines: bool,
    next_line_ms: u64,
}

impl<'a> Progress<'a> {
    fn new(app: &'a App, shown: Shown) -> Self {
        let terminal = io::stderr().is_terminal();
        let with_bar = shown == Shown::Bar || shown == Shown::Auto && terminal;
        let lines = shown == Shown::Lines || shown == Shown::Auto && !terminal;
        let bar =
            if with_bar && !app.quiet { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        let stopwatch = Stopwatch::start();
        Progress { app, stopwatch, bar, lines, next_line_ms: LINE_MS }
    }
}

impl Progress<'_> {
    /// Shows it, and says whether the search shall go on.
    fn goes_on(&mut self, so_far: &Explored) -> bool {
        let wall_ms = self.stopwatch.wall_ms();
        if self.lines && self.next_line_ms <= wall_ms {
            self.next_line_ms = wall_ms - wall_ms % LINE_MS + LINE_MS;
            let clock = format!("{:02}:{:02}", wall_ms / 60_000, wall_ms / 1000 % 60);
            self.app.console.talk(&format!("{clock}  {}", explored::so_far(so_far)));
        } else if !self.bar.is_hidden() {
            self.bar.set_message(explored::so_far(so_far));
            self.bar.tick();
        }
        !interrupt::is_interrupted()
    }
}
