//! `raft-sim fuzz`: a campaign, and everything that is to be said about it.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use clap::Args;

use super::error::{CliError, Exit};
use super::hunt::Teller;
use super::progress::{Progress, Shown};
use super::settings::{Chosen, SettingsArgs, out_of_model};
use super::shard::ShardArg;
use super::{App, duration, guided, interrupt, seed, writer};
use crate::explain::hunt::{Bag, Hunt};
use crate::report::campaign::{CampaignReport, Report};
use crate::report::place::Place;
use crate::report::words::counted;
use crate::report::{WRITERS, Writer, json};
use crate::schedule::config::RunConfig;
use crate::search;
use crate::search::campaign::clock::Stopwatch;
use crate::search::campaign::{self, Plan, Watcher};
use crate::search::guided::corpus::Corpus;
use crate::search::shard::Shard;

/// Runs of a campaign that nobody limits otherwise.
const RUNS: u64 = 10_000;
/// Seeds that `--print-config` shows.
const PRINTED: u64 = 3;

/// Search seeds for violations
#[derive(Clone, Args)]
#[command(
    after_help = "Exit codes: 0 all held, 1 violation, 3 nothing was really checked, 4 not \
                  deterministic. More with --help.",
    after_long_help = "\
Examples:
  raft-sim fuzz                                    10,000 seeds from a random one, which is printed
  raft-sim fuzz --target noraft --time 8m          as long as eight minutes
  raft-sim fuzz --target noraft,raftbare           one campaign after the other
  raft-sim fuzz --seed 0x6c --runs 1               one seed
  raft-sim fuzz --seed 0x6c --shard 2/4            the second of four machines
  raft-sim fuzz --seed-from-commit --keep-going    new seeds on each commit, reproducible for ever
  raft-sim fuzz --without network --nodes 3        only disks, crashes and clocks
  raft-sim fuzz --with wipe                        a fault that no Raft survives: what would happen
  raft-sim fuzz --scheduler guided --guided-corpus DIR   goes on where the last campaign ended
  raft-sim fuzz --format json | jq .campaigns      results go to stdout, all talk to stderr

Exit codes:
  0  all invariants held            4   the same seed gave another run
  1  an invariant was violated      70  a bug of raft-sim itself
  2  wrong command line or file     74  the result could not be written
  3  nothing was really checked     75  ended early by SIGTERM or SIGHUP, with a summary
                                    130 ended early by Ctrl-C, with a summary"
)]
pub(super) struct FuzzArgs {
    /// Runs [default: 10000; with --time: no limit]
    #[arg(long, value_name = "N")]
    runs: Option<u64>,
    /// Wall time after which no run begins: 8m, 30s, 1h30m
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    time: Option<u64>,
    /// First seed: a number (108, 0x6c) or a commit [default: random, and printed]
    #[arg(long, value_name = "SEED", conflicts_with = "seed_from_commit")]
    seed: Option<String>,
    /// First seed: a commit, by default the one that is checked out
    #[arg(long, value_name = "COMMIT", num_args = 0..=1, default_missing_value = "HEAD")]
    seed_from_commit: Option<String>,
    /// Only every N-th seed, from the K-th on; `auto` asks whatever started us
    #[arg(long, value_name = "K/N|auto")]
    shard: Option<ShardArg>,
    #[command(flatten)]
    settings: SettingsArgs,
    /// Worker threads; results never depend on it [default: cores]
    #[arg(long, value_name = "N", help_heading = "How")]
    jobs: Option<NonZero<u16>>,
    /// Share of runs that are run twice and compared, in percent
    #[arg(long, value_name = "PERCENT", default_value = "1", help_heading = "How",
          value_parser = clap::value_parser!(u64).range(0..=100))]
    check_determinism: u64,
    /// Distinct failures after which the campaign ends
    #[arg(long, value_name = "N", default_value = "1", help_heading = "How")]
    max_failures: NonZero<u32>,
    /// Go on to the end however much is found
    #[arg(long, conflicts_with = "max_failures", help_heading = "How")]
    keep_going: bool,
    /// Time to minimize each failure, or `off`
    #[arg(long, value_name = "TIME", default_value = "20s", help_heading = "How",
          value_parser = minimize_time)]
    minimize: u64,
    /// Say what each of the first seeds means, and run nothing
    #[arg(long, help_heading = "How")]
    print_config: bool,
    /// Folder for report.json and failures
    #[arg(long, value_name = "DIR", default_value = "target/raft-sim", help_heading = "Results")]
    out: PathBuf,
    /// Folder of scripts that a guided campaign begins with, and to which it adds what it keeps
    #[arg(long, value_name = "DIR", help_heading = "Results")]
    guided_corpus: Option<PathBuf>,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = WRITERS[0].name, value_parser = writer(),
          help_heading = "Results")]
    format: &'static Writer,
    /// Progress, on stderr
    #[arg(long, value_name = "HOW", default_value = "auto", help_heading = "Results")]
    progress: Shown,
}

/// `off` is no time at all.
fn minimize_time(text: &str) -> Result<u64, String> {
    if text == "off" { Ok(0) } else { duration::parse(text) }
}

impl FuzzArgs {
    fn plan(&self, chosen: &Chosen<'_>) -> Result<Plan, CliError> {
        let unlimited = if self.time.is_some() { u64::MAX } else { RUNS };
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let shard = self.shard.map(ShardArg::resolve).transpose()?.unwrap_or_default();
        Ok(Plan {
            settings: chosen.settings.clone(),
            selection: chosen.selection.clone(),
            first_seed: self.first_seed()?,
            shard,
            runs: shard.share(self.runs.unwrap_or(unlimited)),
            time_ms: self.time,
            jobs: self.jobs.map_or(cores, |jobs| usize::from(jobs.get())),
            failures_max: if self.keep_going {
                usize::MAX
            } else {
                self.max_failures.get() as usize
            },
            check_determinism_percent: self.check_determinism,
        })
    }

    /// Refuses what does not go with the way of searching.
    fn check(&self, chosen: &Chosen<'_>) -> Result<(), CliError> {
        if !chosen.is_guided && self.guided_corpus.is_some() {
            let message = "--guided-corpus is for guided campaigns";
            return Err(CliError::usage(message).hint("add --scheduler guided"));
        }
        if self.shard.is_some() && self.seed.is_none() && self.seed_from_commit.is_none() {
            let message = "shards of one campaign need one first seed, and each would draw its own";
            return Err(CliError::usage(message).hint("add --seed SEED or --seed-from-commit"));
        }
        if chosen.is_guided && self.print_config {
            let message = "what a run of a guided campaign does depends on the runs before it";
            return Err(CliError::usage(message).hint("leave out --print-config"));
        }
        Ok(())
    }

    fn first_seed(&self) -> Result<u64, CliError> {
        match (&self.seed, &self.seed_from_commit) {
            (Some(seed), _) => seed::parse(seed),
            (None, Some(head)) if head == "HEAD" => {
                let folder = std::env::current_dir();
                let folder =
                    folder.map_err(|error| CliError::unreadable(Path::new("."), &error))?;
                seed::parse(&seed::head_commit(&folder)?)
            }
            (None, Some(commit)) if commit.len() == 40 => seed::parse(commit),
            (None, Some(commit)) => {
                let message = format!("{} is not a commit", crate::language::text::quoted(commit));
                Err(CliError::usage(message).hint("a commit has 40 hexadecimal digits"))
            }
            (None, None) => Ok(seed::fresh()),
        }
    }
}

/// One campaign for each target that is named, and one report of all of them.
pub(super) fn run(app: &App, args: &FuzzArgs) -> Result<Exit, CliError> {
    let each = one_by_one(app, args)?;
    if args.print_config {
        return each
            .iter()
            .try_fold(Exit::Passed, |exit, args| print_config(app, args).map(|()| exit));
    }
    let (mut campaigns, mut exit, mut unwritten) = (Vec::new(), Exit::Passed, None);
    for args in &each {
        let ended = campaign(app, args)?;
        app.console.out(&(args.format.campaign)(&ended.report, app.console.look));
        explain(app, &ended);
        exit = exit.graver(ended.exit);
        unwritten = unwritten.or(ended.unwritten);
        campaigns.push(ended.report);
        if interrupt::asked().is_some() {
            break;
        }
    }
    app.console.out(&(args.format.end)(&Report::of(campaigns, exit as u8)));
    unwritten.map_or(Ok(exit), Err)
}

/// What each campaign would be told alone. A wrong name among several targets is told before the
/// first campaign begins, not after it.
fn one_by_one(app: &App, args: &FuzzArgs) -> Result<Vec<FuzzArgs>, CliError> {
    let targets = args.settings.targets();
    if targets.len() < 2 {
        return Ok(vec![args.clone()]);
    }
    let one = |target: String| {
        app.target(Some(&target))?;
        let mut one = args.clone();
        one.out = args.out.join(target.replace(['?', '=', '/'], "-"));
        one.settings.target = Some(target);
        Ok(one)
    };
    targets.into_iter().map(one).collect()
}

/// A campaign that is over.
struct Ended {
    report: CampaignReport,
    exit: Exit,
    /// The first file that could not be written; what was found is told all the same.
    unwritten: Option<CliError>,
}

fn campaign(app: &App, args: &FuzzArgs) -> Result<Ended, CliError> {
    let chosen = args.settings.choose(app)?;
    args.check(&chosen)?;
    let plan = args.plan(&chosen)?;
    interrupt::listen();
    announce(app, &chosen, &plan, &args.settings);
    let stopwatch = Stopwatch::start();
    let mut progress = Progress::new(&app.console, args.progress, &plan, app.quiet);
    let place = Place::at(args.out.clone());
    let teller = Teller::new(app, &chosen, &args.settings, &place, progress.voice());
    let hunt = Hunt {
        target: chosen.target,
        plan: &plan,
        minimize_ms: args.minimize,
        stop: &interrupt::STOP,
    };
    let bag = search(app, args, &hunt, &chosen, &teller, &mut progress)?;
    progress.finish();
    let (failures, unstable) = (teller.failures(&bag), teller.unstable(&bag));
    let Hunt { target, plan, .. } = hunt;
    let wall_ms = stopwatch.wall_ms();
    let mut report = CampaignReport::of(target, plan, &bag.campaign, failures, unstable, wall_ms);
    let exit = verdict(&report);
    report.exit = exit as u8;
    let document = Report::of(vec![report.clone()], report.exit);
    teller.write(&place.report(), &json::to_text(&document));
    Ok(Ended { report, exit, unwritten: teller.unwritten() })
}

/// Runs the campaign, and minimizes beside it what it finds.
fn search(
    app: &App,
    args: &FuzzArgs,
    hunt: &Hunt<'_>,
    chosen: &Chosen<'_>,
    teller: &Teller<'_>,
    progress: &mut Progress<'_>,
) -> Result<Bag, CliError> {
    let (target, plan, stop) = (hunt.target, hunt.plan, hunt.stop);
    if !chosen.is_guided {
        let search = |watcher: &mut dyn Watcher| campaign::run(target, plan, stop, watcher);
        return Ok(hunt.run(teller, progress, search));
    }
    let folder = args.guided_corpus.as_deref();
    let loaded = guided::begin(app, chosen, folder)?;
    let mut corpus = Corpus::default();
    let bag = hunt.run(teller, progress, |watcher| {
        let (campaign, learnt) = search::guided::run(target, plan, &loaded, stop, watcher);
        corpus = learnt;
        campaign
    });
    let ended = folder.map(|folder| guided::end(app, chosen, plan, folder, &corpus, loaded.len()));
    if let Some(Err(error)) = ended {
        teller.not_written(error);
    }
    Ok(bag)
}

/// What the campaign's end means.
fn verdict(report: &CampaignReport) -> Exit {
    if !report.nondeterministic.is_empty() {
        Exit::NotDeterministic
    } else if let Some(exit) = interrupt::asked() {
        exit
    } else if !report.failures.is_empty() {
        Exit::Violation
    } else if report.vacuous.is_some() {
        Exit::Vacuous
    } else {
        Exit::Passed
    }
}

/// Why the exit code is not plain from the summary.
fn explain(app: &App, ended: &Ended) {
    match ended.exit {
        Exit::Vacuous => app.console.talk(ended.report.vacuous.as_deref().unwrap_or_default()),
        Exit::Interrupted => app.console.talk("interrupted"),
        Exit::Incomplete => app.console.talk("ended before its time by a signal"),
        _ => {}
    }
}

fn print_config(app: &App, args: &FuzzArgs) -> Result<(), CliError> {
    let chosen = args.settings.choose(app)?;
    args.check(&chosen)?;
    let plan = args.plan(&chosen)?;
    let traits = chosen.target.traits();
    let seeds = (0..PRINTED.min(plan.runs)).map(|nth| plan.seed(nth));
    let configs: Vec<String> = seeds
        .map(|seed| {
            let config = RunConfig::draw(seed, &plan.settings, &traits);
            format!("{config}\n{}", config.knobs())
        })
        .collect();
    let target = format!("target     {}\n", chosen.target.name());
    app.console.out(&format!("{target}\n{}", configs.join("\n")));
    Ok(())
}

fn announce(app: &App, chosen: &Chosen<'_>, plan: &Plan, settings: &SettingsArgs) {
    let runs = match (plan.runs, plan.time_ms) {
        (u64::MAX, _) => "seeds".to_owned(),
        (runs, _) => counted(runs, "seed"),
    };
    let time = plan
        .time_ms
        .map_or_else(String::new, |ms| format!(", at most {}", crate::report::words::duration(ms)));
    let shard = match plan.shard {
        Shard::WHOLE => String::new(),
        shard => format!(", shard {shard}"),
    };
    let line = format!(
        "hunting  {}  {runs} from {:#x}{shard}{time}, {}",
        settings.words(chosen.target).trim_start().trim_start_matches("--target "),
        plan.first_seed,
        counted(plan.jobs as u64, "job"),
    );
    app.console.talk(&line);
    let outside = out_of_model(&plan.settings.faults);
    if !outside.is_empty() {
        app.console.talk(&format!(
            "no Raft survives {}: violations after it are expected, not failures",
            outside.join(" or ")
        ));
    }
}
