//! `raft-sim lab` and `raft-sim explore`: the page, on a calm cluster or on a run, for every target
//! that is linked in.
//!
//! The state is the script: whatever a person does there edits one, and it is replayed here. The
//! server keeps nothing.

mod api;
mod browser;
mod http;
mod server;

use clap::Args;

use super::error::{CliError, Exit};
use super::input::{self, Input};
use super::settings::{JudgesArgs, SettingsArgs, check_nodes};
use super::{App, interrupt};
use crate::language::script::{Cluster, DiskMode, Script};
use crate::node::Limits;
use crate::report::page::start::{Opened, start};
use api::Api;
use server::Server;

/// Open the laboratory: a cluster that lives, and that you can disturb
#[derive(Args)]
#[command(after_help = "\
Examples:
  raft-sim lab
  raft-sim lab --nodes 5 --target article          the engine of the article, on five nodes
  raft-sim lab --no-open                           print the address, open nothing

The page is served on 127.0.0.1 until Ctrl-C, for whoever knows its address.")]
pub(super) struct LabArgs {
    /// The implementation that lives there [default: the first one]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Nodes of the cluster
    #[arg(long, value_name = "N", default_value = "3")]
    nodes: u8,
    #[command(flatten)]
    judges: JudgesArgs,
    #[command(flatten)]
    serving: ServingArgs,
}

/// Open a run in the explorer: step, rewind, change one thing, and see whether it still fails
#[derive(Args)]
#[command(after_help = "\
Examples:
  raft-sim explore seeds/known/leader-completeness-2ebf64fb.json
  raft-sim explore 0x6c --target noraft            a seed, with the flags of its campaign
  raft-sim explore - < script.txt                  a script")]
pub(super) struct ExploreArgs {
    /// A file (.json, .txt), a seed (108, 0x6c, a commit), or - for stdin
    #[arg(value_name = "WHAT")]
    what: String,
    #[command(flatten)]
    settings: SettingsArgs,
    #[command(flatten)]
    serving: ServingArgs,
}

/// How the page is served.
#[derive(Args)]
#[command(next_help_heading = "The page")]
struct ServingArgs {
    /// Open no browser
    #[arg(long)]
    no_open: bool,
    /// The port on 127.0.0.1 [default: any that is free]
    #[arg(long, value_name = "PORT", default_value = "0", hide_default_value = true)]
    port: u16,
}

pub(super) fn lab(app: &App, args: &LabArgs) -> Result<Exit, CliError> {
    let target = app.target(args.target.as_deref())?;
    check_nodes(&[args.nodes], target)?;
    let cluster = Cluster {
        nodes: args.nodes,
        limits: Limits { batch_entries_max: 4, window_messages_max: 1 },
        disk: DiskMode::Instant,
    };
    let opened = Opened {
        mode: "lab",
        name: "Laboratory".to_owned(),
        target,
        script: Script { cluster, actions: Vec::new(), calm: None },
        invariant: None,
        one_minimal: false,
        command: &app.prefix,
    };
    serve(app, &opened, &args.judges, &args.serving)
}

pub(super) fn explore(app: &App, args: &ExploreArgs) -> Result<Exit, CliError> {
    let opened = match input::read(app, &args.what, args.settings.target.as_deref())? {
        Input::Seed(seed) => of_seed(app, args, seed)?,
        Input::File(file) => file.opened(app)?,
    };
    serve(app, &opened, args.settings.judges(), &args.serving)
}

/// The run of a seed, up to what it is reported for.
fn of_seed<'a>(app: &'a App, args: &ExploreArgs, seed: u64) -> Result<Opened<'a>, CliError> {
    let chosen = args.settings.choose(app)?;
    let run = chosen.target.run(&chosen.draw(seed)?, &chosen.selection);
    let alarm = run.alarms().last().copied();
    let length = alarm.map_or(run.actions.len(), |failure| failure.actions);
    Ok(Opened {
        mode: "explore",
        name: format!("seed {seed:#x}"),
        target: chosen.target,
        script: run.script(length),
        invariant: alarm.map(|failure| failure.violation.invariant.name.to_owned()),
        one_minimal: false,
        command: &app.prefix,
    })
}

fn serve(
    app: &App,
    opened: &Opened<'_>,
    judges: &JudgesArgs,
    serving: &ServingArgs,
) -> Result<Exit, CliError> {
    let start = start(opened, app.targets.iter()).to_string();
    let api = Api { targets: &app.targets, selection: judges.choose()?, start };
    let server = Server::bind(serving.port)?;
    let url = server.url();
    // Whoever reads the address may end it at once.
    interrupt::listen();
    app.console.out(&url);
    let is_shown = !serving.no_open && browser::open(&url);
    app.console.talk(if is_shown {
        "the browser opens it; Ctrl-C ends it"
    } else {
        "open it in a browser on this machine; Ctrl-C ends it"
    });
    Ok(server.serve(&api, &app.console))
}
