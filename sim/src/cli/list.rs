//! `raft-sim list`: what there is.

use clap::{Args, ValueEnum};
use raft_invariants::{catalogue, witness};
use serde::Serialize;

use super::error::Exit;
use super::{App, Format};
use crate::faults::{FAULTS, Promise};
use crate::language::version::TOOL;
use crate::report::json;
use crate::report::words::{counted, table};
use crate::schedule::SCHEDULERS;
use crate::search::guided;
use crate::search::target::Target;

/// List what there is: targets, invariants, witnesses, faults, schedulers, bugs
#[derive(Args)]
#[command(after_help = "\
Examples:
  raft-sim list targets
  raft-sim list invariants --format json | jq -r '.items[].name'")]
pub(super) struct ListArgs {
    /// What to list
    what: What,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
enum What {
    /// Implementations that can be run
    Targets,
    /// What must hold after every action
    Invariants,
    /// What a campaign must have seen to mean anything
    Witnesses,
    /// What can go wrong
    Faults,
    /// Who can choose what happens next
    Schedulers,
    /// Targets with a planted bug
    Bugs,
}

/// The version of [`ListReport`].
pub(super) const FORMAT: &str = "raft-sim-list/1";

/// What there is, for programs.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct ListReport {
    /// [`FORMAT`].
    #[schemars(extend("const" = FORMAT))]
    format: &'static str,
    /// The version of raft-sim.
    version: &'static str,
    /// In the order in which people are told.
    items: Vec<Item>,
}

/// One thing.
#[derive(Serialize, schemars::JsonSchema)]
struct Item {
    /// As it is typed.
    name: String,
    /// What it belongs to.
    #[serde(skip_serializing_if = "String::is_empty")]
    kind: String,
    /// What it is, in a sentence.
    summary: String,
}

pub(super) fn run(app: &App, args: &ListArgs) -> Exit {
    let items = items(app, args.what);
    if args.format == Format::Json {
        let report = ListReport { format: FORMAT, version: TOOL, items };
        app.console.out(&json::to_text(&report));
        return Exit::Passed;
    }
    let row = |item: &Item| {
        let (name, summary) = (item.name.clone(), item.summary.clone());
        if item.kind.is_empty() {
            vec![name, summary]
        } else {
            vec![name, item.kind.clone(), summary]
        }
    };
    let rows: Vec<Vec<String>> = items.iter().map(row).collect();
    app.console.out(&table(&rows, 0, app.console.look.width));
    if args.what == What::Targets {
        let bugs = app.targets.iter().filter(|target| is_bug(*target)).count() as u64;
        if 0 < bugs {
            let bugs = counted(bugs, "target");
            app.console.talk(&format!("\nand {bugs} with a planted bug: `list bugs`"));
        }
    }
    Exit::Passed
}

fn items(app: &App, what: What) -> Vec<Item> {
    let item = |name: &str, kind: String, summary: &str| Item {
        name: name.to_owned(),
        kind,
        summary: summary.to_owned(),
    };
    let target = |target: &dyn Target| item(target.name(), String::new(), target.summary());
    match what {
        What::Targets => app.targets.iter().filter(|target| !is_bug(*target)).map(target).collect(),
        What::Bugs => app.targets.iter().filter(|target| is_bug(*target)).map(target).collect(),
        What::Invariants => {
            let all = catalogue().iter();
            all.map(|it| item(it.name, format!("{} {}", it.id, it.level), it.statement)).collect()
        }
        What::Witnesses => {
            let kind = |required| if required { "required" } else { "optional" };
            let all = witness::list().iter();
            all.map(|it| item(it.name, kind(it.required).to_owned(), it.statement)).collect()
        }
        What::Faults => {
            let kind = |promise| match promise {
                Promise::Safety => "",
                Promise::Nothing => ", only with --with",
            };
            let all = FAULTS.iter();
            all.map(|it| item(it.name, format!("{}{}", it.family, kind(it.promise)), it.summary))
                .collect()
        }
        What::Schedulers => {
            let all = SCHEDULERS.iter();
            let all = all.map(|it| item(it.name, format!("{} % of runs", it.share), it.summary));
            let guided = item(guided::NAME, "on request".to_owned(), guided::SUMMARY);
            all.chain([guided]).collect()
        }
    }
}

/// Targets with a planted bug say so in their name.
fn is_bug(target: &dyn Target) -> bool {
    target.name().contains("?bug=")
}
