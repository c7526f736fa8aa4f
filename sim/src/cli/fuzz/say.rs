//! What is said about a campaign before it begins and after it has ended.

use super::super::error::{CliError, Exit};
use super::super::settings::{Chosen, SettingsArgs, out_of_model};
use super::super::{App, interrupt};
use super::FuzzArgs;
use crate::report::campaign::CampaignReport;
use crate::report::words::counted;
use crate::schedule::config::RunConfig;
use crate::search::campaign::{Campaign, Plan};
use crate::search::shard::Shard;

/// Seeds that `--print-config` shows.
const PRINTED: u64 = 3;

/// What the campaign's end means.
pub(super) fn verdict(report: &CampaignReport) -> Exit {
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
pub(super) fn explain(app: &App, report: &CampaignReport, exit: Exit) {
    match exit {
        Exit::Vacuous => app.console.talk(report.vacuous.as_deref().unwrap_or_default()),
        Exit::Interrupted => app.console.talk("interrupted"),
        Exit::Incomplete => app.console.talk("ended before its time by a signal"),
        _ => {}
    }
}

pub(super) fn print_config(app: &App, args: &FuzzArgs) -> Result<(), CliError> {
    let chosen = args.settings.choose(app)?;
    args.check(&chosen)?;
    let plan = args.plan(&chosen)?;
    let traits = chosen.target.traits();
    let seeds = (0..PRINTED.min(plan.share())).map(|nth| plan.seed(nth));
    let configs: Vec<String> = seeds
        .map(|seed| {
            let config = RunConfig::draw(seed, &plan.settings, &traits);
            format!("{config}\n{}", config.knobs())
        })
        .collect();
    let text = format!("target     {}\n\n{}", chosen.target.name(), configs.join("\n"));
    let comments = text.lines().map(|line| format!("# {line}").trim_end().to_owned());
    app.console.out(&format!("\n{}", comments.collect::<Vec<_>>().join("\n")));
    Ok(())
}

pub(super) fn announce(
    app: &App,
    chosen: &Chosen<'_>,
    plan: &Plan,
    settings: &SettingsArgs,
    campaign: &Campaign,
) {
    let runs = match (plan.share(), plan.time_ms) {
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
    let begun = match campaign.runs {
        0 => String::new(),
        runs => format!(", going on after {}", counted(runs, "run")),
    };
    let line = format!(
        "hunting  {}  {runs} from {:#x}{shard}{time}{begun}, {}",
        settings.words(chosen.target).trim_start().trim_start_matches("--target "),
        plan.first_seed,
        counted(plan.jobs as u64, "job"),
    );
    app.console.talk(&line);
    if let Some(settings) = app.layers.summary() {
        app.console.talk(&format!("settings {settings}"));
    }
    let outside = out_of_model(&plan.settings.faults);
    if !outside.is_empty() {
        app.console.talk(&format!(
            "no Raft survives {}: violations after it are expected, not failures",
            outside.join(" or ")
        ));
    }
}
