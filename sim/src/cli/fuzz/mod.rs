//! `raft-sim fuzz`: what is asked for. One campaign is in [`campaign`], what is said about it in
//! [`say`], what is kept and told while it goes on in [`teller`] and [`books`].

mod books;
mod campaign;
pub(super) mod guided;
mod invocation;
mod pages;
mod resume;
mod say;
mod teller;

use std::num::NonZero;
use std::path::{Path, PathBuf};

use clap::Args;

use super::error::{CliError, Exit};
use super::known::KnownArgs;
use super::outputs::Outputs;
use super::progress::Shown;
use super::settings::{Chosen, SettingsArgs};
use super::shard::ShardArg;
use super::{App, duration, interrupt, seed};
use crate::explain::follow::FUTURES;
use crate::report::campaign::{MadeReport, Report};
use crate::report::formats::Told;
use crate::report::place::LATEST;
use crate::search::campaign::Plan;
use crate::search::shard::Shard;
use invocation::Invocation;

/// Runs of a campaign that nobody limits otherwise.
const RUNS: u64 = 10_000;

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
  raft-sim fuzz --settings nightly                 as raft-sim.toml says; RAFT_SIM_TIME=8m counts more
  raft-sim fuzz --seed 0x6c --shard 2/4            the second of four machines
  raft-sim fuzz --seed-from-commit --keep-going    new seeds on each commit, reproducible for ever
  raft-sim fuzz --without network --nodes 3        only disks, crashes and clocks
  raft-sim fuzz --with wipe                        a fault that no Raft survives: what would happen
  raft-sim fuzz --known seeds/known                only what is new fails; --known alone means that
  raft-sim fuzz --resume                           goes on with the last campaign, after a kill
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
    /// Futures in which the harm of an alarm (of a lemma, of what is not durable) is looked for, for each run that is minimized;
    /// 0 for none
    #[arg(long, value_name = "N", default_value_t = FUTURES, help_heading = "How")]
    follow: u64,
    /// Section of raft-sim.toml that stands above `[default]`
    #[arg(long = "settings", value_name = "NAME", help_heading = "How")]
    pub(super) section: Option<String>,
    /// Say where each value comes from and what the first seeds mean, and run nothing
    #[arg(long, help_heading = "How")]
    print_config: bool,
    /// Go on with a campaign that was killed: its folder in --out [default: the last one]
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = LATEST,
          help_heading = "How",
          conflicts_with_all = ["runs", "time", "seed", "seed_from_commit", "shard", "SettingsArgs",
          "JudgesArgs", "check_determinism", "max_failures", "keep_going", "minimize",
          "follow",
          "known", "print_config"])]
    resume: Option<PathBuf>,
    /// Folder in which each campaign gets a place for its report and what it finds
    #[arg(long, value_name = "DIR", default_value = "target/raft-sim", help_heading = "Results")]
    out: PathBuf,
    /// Folder for a page of one file for each finding, to be opened in a browser
    #[arg(long, value_name = "DIR", help_heading = "Results")]
    html: Option<PathBuf>,
    /// Folder of scripts that a guided campaign begins with, and to which it adds what it keeps
    #[arg(long, value_name = "DIR", help_heading = "Results")]
    guided_corpus: Option<PathBuf>,
    #[command(flatten)]
    known: KnownArgs,
    #[command(flatten)]
    outputs: Outputs,
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
            runs: self.runs.unwrap_or(unlimited),
            time_ms: self.time,
            jobs: jobs(self.jobs, cores),
            failures_max: if self.keep_going {
                usize::MAX
            } else {
                self.max_failures.get() as usize
            },
            check_determinism_percent: self.check_determinism,
            known: self.known.read()?.remove(chosen.target.name()).unwrap_or_default(),
        })
    }

    /// Refuses settings that make no campaign, of any target that is named.
    pub(super) fn check_targets(&self, app: &App) -> Result<(), CliError> {
        invocation::one_by_one(app, self).map(drop)
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

    /// What there is to say of how the first seed is written.
    fn seed_remark(&self) -> Option<String> {
        self.seed.as_deref().and_then(seed::remark).map(|remark| format!("note: {remark}"))
    }

    /// The first seed of the whole campaign; drawn now if nothing says it.
    pub(super) fn first_seed(&self) -> Result<u64, CliError> {
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

    /// What makes the campaign what it is, in all its shards.
    fn made(&self, chosen: &Chosen<'_>, plan: &Plan) -> MadeReport {
        let folder = std::env::current_dir().ok();
        let commit = folder.and_then(|folder| seed::head_commit(&folder).ok());
        let target = chosen.target.version().map(str::to_owned);
        MadeReport { commit, target, flags: self.flags_of_all(chosen, plan) }
    }

    /// The flags that make the same campaign again, of this shard alone.
    fn flags(&self, chosen: &Chosen<'_>, plan: &Plan) -> Vec<String> {
        let mut flags = self.flags_of_all(chosen, plan);
        if plan.shard != Shard::WHOLE {
            flags.extend(["--shard".to_owned(), plan.shard.to_string()]);
        }
        if let Some(folder) = &self.html {
            flags.extend(["--html".to_owned(), folder.display().to_string()]);
        }
        if let Some(folder) = &self.guided_corpus {
            flags.extend(["--guided-corpus".to_owned(), folder.display().to_string()]);
        }
        flags
    }

    /// The flags that make the same campaign again, of all shards.
    fn flags_of_all(&self, chosen: &Chosen<'_>, plan: &Plan) -> Vec<String> {
        let mut flags = Vec::new();
        let mut flag = |name: &str, value: Option<String>| {
            flags.extend(value.map(|value| [format!("--{name}"), value]).into_iter().flatten());
        };
        for (name, values) in self.settings.flags(chosen.target) {
            flag(name, Some(values.join(",")).filter(|it| !it.is_empty()));
        }
        flag("seed", Some(format!("{:#x}", plan.first_seed)));
        flag("runs", self.runs.map(|runs| runs.to_string()));
        flag("time", self.time.map(|ms| format!("{ms}ms")));
        flag("check-determinism", Some(self.check_determinism.to_string()));
        flag("minimize", Some(format!("{}ms", self.minimize)));
        flag("follow", Some(self.follow.to_string()));
        flag("known", self.known.words());
        if self.keep_going {
            flags.push("--keep-going".to_owned());
        } else {
            flag("max-failures", Some(self.max_failures.to_string()));
        }
        flags
    }
}

/// More threads than a few for each core only cost memory.
fn jobs(wanted: Option<NonZero<u16>>, cores: usize) -> usize {
    wanted.map_or(cores, |jobs| usize::from(jobs.get()).min(4 * cores))
}

/// One campaign for each target that is named, and one report of all of them.
pub(super) fn run(app: &App, args: &FuzzArgs) -> Result<Exit, CliError> {
    app.console.talk_if(args.seed_remark());
    let mut invocation = match &args.resume {
        Some(name) => resume::read(app, args, name)?,
        None => Invocation::new(app, args)?,
    };
    if args.print_config {
        app.console.out(&app.layers.print());
        invocation.to_come.iter().try_for_each(|args| say::print_config(app, args))?;
        return Ok(Exit::Passed);
    }
    args.outputs.try_files()?;
    let (mut campaigns, mut unwritten) = (invocation.reports()?, None);
    let mut exit = campaigns.iter().map(say::verdict).fold(Exit::Passed, Exit::graver);
    while let Some((args, begun)) = invocation.next() {
        let ended = campaign::run(app, &args, begun, invocation.around(app)?)?;
        args.outputs.tell(app, &Told::Campaign(&ended.report));
        say::explain(app, &ended.report, ended.exit);
        app.console.talk(&format!("report   {}", ended.place.report().display()));
        exit = exit.graver(ended.exit);
        unwritten = unwritten.or(ended.unwritten);
        campaigns.push(ended.report);
        invocation.over.push(ended.place.folder().to_owned());
        if interrupt::asked().is_some() {
            break;
        }
    }
    args.outputs.end(app, &Report::of(campaigns, exit as u8))?;
    unwritten.map_or(Ok(exit), Err)
}
