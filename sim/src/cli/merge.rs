//! `raft-sim merge`: the reports of shards as the report of the campaign that they are parts of.

mod corpora;

use std::path::{Path, PathBuf};

use clap::Args;

use self::corpora::Corpora;
use super::App;
use super::error::{CliError, Exit};
use super::input::{REPORT_BYTES_MAX, read_at_most, read_bounded, runs_in};
use super::known::KnownArgs;
use super::outputs::Outputs;
use crate::report::campaign::{CampaignReport, Report};
use crate::report::formats::Told;
use crate::report::merge::read::{NoReport, read_all};
use crate::report::merge::{Merge, Refusal};
use crate::report::parts::PartsReport;
use crate::report::words::shell;

/// Join the reports of shards to the report of the whole campaign
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 all held, 1 violation, 6 shards are missing, contradict each \
                  other or belong to different campaigns. More with --help.",
    after_long_help = "\
Examples:
  raft-sim merge shards/                     all reports in a folder and below it, in any order
  raft-sim merge a/report.json b/report.json
  cat */report.json | raft-sim merge -
  raft-sim merge shards/ --junit junit.xml --markdown summary.md
  raft-sim merge shards/ corpora/ --guided-corpus DIR    the corpora of guided shards, too

Totals, digest and findings are those that one process would have had that ran all seeds. A shard
may have been tried several times. Seeds that nobody has run are named, with the line that runs them.

Exit codes:
  0  all invariants held            4   a shard was not deterministic
  1  an invariant was violated      6   shards are missing, contradict each other, or are of
  2  a file is no report                different campaigns or code
  3  nothing was really checked     74  the result could not be written"
)]
pub(super) struct MergeArgs {
    /// Reports of shards, or folders with them; `-` is stdin
    #[arg(value_name = "REPORTS", required = true)]
    reports: Vec<PathBuf>,
    /// Folder to which the scripts of guided corpora are added that lie among the reports
    #[arg(long, value_name = "DIR", help_heading = "Results")]
    guided_corpus: Option<PathBuf>,
    #[command(flatten)]
    known: KnownArgs,
    #[command(flatten)]
    outputs: Outputs,
}

pub(super) fn run(app: &App, args: &MergeArgs) -> Result<Exit, CliError> {
    let (mut merge, mut corpora) = (Merge::default(), Corpora::default());
    let mut scripts = args.guided_corpus.is_some().then_some(&mut corpora);
    for path in &args.reports {
        if path.is_dir() {
            add_folder(&mut merge, scripts.as_deref_mut(), path)?;
        } else {
            add_file(&mut merge, path)?;
        }
    }
    let mut known = args.known.read()?;
    let set_aside = |campaign: CampaignReport| {
        let known = known.remove(&campaign.target).unwrap_or_default();
        campaign.with_known_set_aside(&known)
    };
    let mut campaigns: Vec<_> = merge.finish(&app.prefix).into_iter().map(set_aside).collect();
    if campaigns.is_empty() {
        return Err(CliError::usage("there is no report in what was named")
            .hint("a campaign writes report.json into its folder in --out"));
    }
    if let Some(folder) = &args.guided_corpus {
        corpora.add_to(app, folder)?;
    }
    let mut exit = Exit::Passed;
    for campaign in &mut campaigns {
        let own = verdict(campaign);
        campaign.exit = own as u8;
        exit = exit.graver(own);
        args.outputs.tell(app, &Told::Campaign(campaign));
        explain(app, campaign);
    }
    args.outputs.end(app, &Report::of(campaigns, exit as u8))?;
    Ok(exit)
}

/// What the whole campaign means. That seeds are missing counts more than what was found in others:
/// whoever hears of it can do something about it, and what was found is told all the same.
fn verdict(report: &CampaignReport) -> Exit {
    if !report.nondeterministic.is_empty() {
        Exit::NotDeterministic
    } else if !report.parts.as_ref().is_some_and(PartsReport::is_whole) {
        Exit::Shards
    } else if !report.failures.is_empty() {
        Exit::Violation
    } else if report.vacuous.is_some() {
        Exit::Vacuous
    } else {
        Exit::Passed
    }
}

/// Why the exit code is what it is.
fn explain(app: &App, report: &CampaignReport) {
    let parts = report.parts.iter().flat_map(PartsReport::troubles);
    for (what, line) in parts {
        app.console.talk(&format!("{what}\n  {line}"));
    }
    if let Some(why) = &report.vacuous {
        app.console.talk(why);
    }
}

/// Adds every report in a folder and below it, and the scripts of corpora where they are wanted.
/// What else lies there is passed over, and so is what was merged before.
fn add_folder(
    merge: &mut Merge,
    mut scripts: Option<&mut Corpora>,
    folder: &Path,
) -> Result<(), CliError> {
    for path in runs_in(folder)? {
        let bytes = bytes_of(&path)?;
        let reports = match read_all(&bytes) {
            Err(NoReport::Foreign(_)) => {
                if let Some(corpora) = &mut scripts {
                    corpora.offer(&path, &bytes);
                }
                continue;
            }
            reports => reports.map_err(|error| no_report(&path, &error))?,
        };
        let is_of_a_shard =
            |report: &Report| report.campaigns.iter().all(|campaign| campaign.parts.is_none());
        for report in reports.into_iter().filter(is_of_a_shard) {
            add(merge, &path, report)?;
        }
    }
    Ok(())
}

fn add_file(merge: &mut Merge, path: &Path) -> Result<(), CliError> {
    let reports = read_all(&bytes_of(path)?).map_err(|error| no_report(path, &error))?;
    reports.into_iter().try_for_each(|report| add(merge, path, report))
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, CliError> {
    if path == Path::new("-") {
        return read_bounded(std::io::stdin().lock(), path, REPORT_BYTES_MAX);
    }
    read_at_most(path, REPORT_BYTES_MAX)
}

fn no_report(path: &Path, error: &NoReport) -> CliError {
    let (kind, hint) = match error {
        NoReport::OfOtherVersion(_) => (Exit::Shards, "merge with the version that ran the shards"),
        _ => (Exit::Usage, "a campaign writes report.json into its folder in --out"),
    };
    CliError { kind, ..CliError::usage(format!("{}: {error}", path.display())) }.hint(hint)
}

fn add(merge: &mut Merge, path: &Path, mut report: Report) -> Result<(), CliError> {
    for campaign in &mut report.campaigns {
        moved_to(path, campaign);
    }
    let source = path.display().to_string();
    merge.add(&source, report).map_err(|refusal| match refusal {
        Refusal::Unfit(why) => CliError::usage(format!("{source}: {why}")),
        Refusal::Other(why) => {
            let error = CliError::usage(format!("{source}: {why}"));
            CliError { kind: Exit::Shards, ..error }
                .hint("shards of one campaign differ in nothing but --shard; merge others apart")
        }
    })
}

/// Where a report was brought here with the files beside it, it names them where they lie now.
fn moved_to(path: &Path, campaign: &mut CampaignReport) {
    let Some(folder) = path.parent() else { return };
    for failure in &mut campaign.failures {
        let Some(file) = failure.file.clone() else { continue };
        let name = Path::new(&file).file_name().unwrap_or_default();
        let moved = folder.join("failures").join(name);
        if !moved.exists() {
            continue;
        }
        let moved = moved.display().to_string();
        for line in [&mut failure.reproduce, &mut failure.why].into_iter().flatten() {
            *line = line.replace(&shell(&file), &shell(&moved));
        }
        failure.file = Some(moved);
    }
}
