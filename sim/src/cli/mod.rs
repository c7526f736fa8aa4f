//! The command line, as a library: whoever brings a Raft gets all of it from a main of four lines,
//! because their Raft has to be linked in.
//!
//! ```no_run
//! use raft_sim::cli::Main;
//! # use raft_sim::guests::raftbare::Raftbare as MyRaft;
//!
//! fn main() -> std::process::ExitCode {
//!     Main::new().target::<MyRaft>("myraft", "the Raft of my database", ()).run()
//! }
//! ```
//!
//! One file a command, one line in `Command`. Results go to stdout, all talk to stderr, and
//! only this module prints.

#[cfg(feature = "guests")]
mod bugs;
mod completions;
mod console;
mod corpus;
mod duration;
mod emit;
mod environment;
mod error;
mod exhaust;
mod explain;
mod failing;
mod fuzz;
mod input;
mod interrupt;
mod known;
mod lab;
mod layers;
mod list;
mod man;
mod merge;
mod minimize;
mod outcome;
mod outputs;
mod progress;
mod replay;
mod schema;
mod seed;
mod settings;
mod shard;
mod watchdog;
mod why;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

use crate::language::text::{did_you_mean, quoted, suggest};
use crate::language::version::TOOL;
use crate::node::{Explorable, Node};
use crate::report::words::shell;
use crate::search::target::{Target, Targets};
use crate::search::watch::{self, Stuck};
use console::{Colour, Console};
pub use error::{CliError, Exit};
use layers::Layers;

/// A command line for some targets.
#[derive(Default)]
pub struct Main {
    targets: Targets,
    prefix: Option<String>,
    patience: Option<Duration>,
}

impl Main {
    /// Without any targets.
    pub fn new() -> Self {
        Main::default()
    }

    /// With the targets that come with raft-sim.
    #[cfg(feature = "guests")]
    pub fn built_in() -> Self {
        let mut main = Main::new();
        crate::guests::add_to(&mut main.targets);
        main
    }

    /// Adds a target; the first one is the default. `summary` is one sentence for `list targets`.
    #[must_use]
    pub fn target<N: Node>(mut self, name: &str, summary: &str, config: N::Config) -> Self {
        self.targets.add::<N>(name, summary, config);
        self
    }

    /// Adds a target of which `exhaust` can visit all states.
    #[must_use]
    pub fn explorable_target<N: Explorable>(
        mut self,
        name: &str,
        summary: &str,
        config: N::Config,
    ) -> Self {
        self.targets.add_explorable::<N>(name, summary, config);
        self
    }

    /// Says which version of it the last target is: `openraft 0.9.24`. It stands in reports, files
    /// and printed lines, and whoever replays one of them on another version hears of it.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        self.targets.version(version);
        self
    }

    /// What stands before the command in printed lines, so that they can be run as printed:
    /// `cargo run -qrp myraft-sim --`. By default the program is called as it was called.
    #[must_use]
    pub fn repro_prefix(mut self, prefix: &str) -> Self {
        self.prefix = Some(prefix.to_owned());
        self
    }

    /// How long one call into a node may take, 10 seconds by default. A call that takes longer, or in
    /// which the process grows by more than a gibibyte, is told as a `ResourceExplosion`, with the
    /// run that led there, and the process ends.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Does what the process's arguments say.
    pub fn run(self) -> ExitCode {
        let args = match Arguments::try_parse() {
            Ok(args) => args,
            Err(error) => {
                // A reader who went away has seen enough.
                let _ = error.print();
                return ExitCode::from(
                    if error.use_stderr() { Exit::Usage } else { Exit::Passed } as u8
                );
            }
        };
        let console = Console::new(args.color, args.ascii, args.quiet);
        let (args, layers) = match layers::complete(std::env::args_os().collect()) {
            Ok(complete) => complete,
            Err(error) => {
                console.error(&error);
                return ExitCode::from(error.kind as u8);
            }
        };
        let console = Console::new(args.color, args.ascii, args.quiet);
        let called = std::env::args().next().unwrap_or_else(|| "raft-sim".to_owned());
        let program =
            std::path::Path::new(&called).file_stem().unwrap_or_default().to_string_lossy();
        let app = App {
            targets: self.targets,
            prefix: self.prefix.unwrap_or_else(|| shell(&called)),
            program: program.into_owned(),
            patience: self.patience.unwrap_or(watch::PATIENCE),
            quiet: args.quiet,
            console,
            layers,
        };
        let done = catch_unwind(AssertUnwindSafe(|| app.perform(args.command.as_ref())));
        let exit = match done {
            Ok(Ok(exit)) => app.console.finish().map(|()| exit),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(internal()),
        };
        ExitCode::from(exit.unwrap_or_else(|error| {
            app.console.error(&app.layers.explain(error.clone()));
            error.kind
        }) as u8)
    }
}

/// The panic itself has been shown already.
fn internal() -> CliError {
    let message = "something panicked outside a step of a node; the lines above say where";
    CliError { kind: Exit::Internal, message: message.to_owned(), hints: Vec::new() }
        .hint("if that is not your own Raft, report it with this command line and those lines")
}

/// Finds the schedule of crashes, partitions, delays and disk faults that breaks a Raft
#[derive(Parser)]
#[command(
    name = "raft-sim",
    version = TOOL,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "`raft-sim COMMAND --help` has examples.",
    after_long_help = "\
Examples:
  raft-sim fuzz --target noraft --time 1m          search for a schedule that breaks it
  raft-sim replay target/raft-sim/latest/failures  see what was found, again
  raft-sim minimize 0x6c --target noraft           the shortest story of a failing seed
  raft-sim why FILE                                which of its actions matter, and when it was decided
  raft-sim exhaust --crashes 1                     every state of a small cluster
  raft-sim explain LeaderCompleteness              what was violated
  raft-sim corpus check                            every kept run does what it must
  raft-sim merge shards/                           the reports of shards as one

Results go to stdout, all talk to stderr. `raft-sim COMMAND --help` has more examples."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Colour
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        help_heading = "Looks"
    )]
    color: Colour,
    /// Draw with ASCII only
    #[arg(long, global = true, help_heading = "Looks")]
    ascii: bool,
    /// Say nothing but results
    #[arg(short, long, global = true, help_heading = "Looks")]
    quiet: bool,
}

/// All commands.
#[derive(Subcommand)]
enum Command {
    #[command(visible_alias = "run")]
    Fuzz(Box<fuzz::FuzzArgs>),
    Exhaust(exhaust::ExhaustArgs),
    Replay(replay::ReplayArgs),
    #[command(visible_alias = "shrink")]
    Minimize(minimize::MinimizeArgs),
    Explore(lab::ExploreArgs),
    Lab(lab::LabArgs),
    List(list::ListArgs),
    Why(why::WhyArgs),
    Explain(explain::ExplainArgs),
    #[cfg(feature = "guests")]
    Bugs(bugs::BugsArgs),
    Corpus(corpus::CorpusArgs),
    Emit(emit::EmitArgs),
    Merge(merge::MergeArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Everything that commands share.
struct App {
    targets: Targets,
    /// What stands before the command in printed lines.
    prefix: String,
    /// The name of the program, without folders.
    program: String,
    /// How long one call into a target may take.
    patience: Duration,
    quiet: bool,
    console: Console,
    layers: Layers,
}

/// How to write a result.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

impl App {
    fn perform(&self, command: Option<&Command>) -> Result<Exit, CliError> {
        let stuck = |stuck: &Stuck| watchdog::tell(self, stuck);
        let watched =
            |work: &dyn Fn() -> Result<Exit, CliError>| watchdog::during(self, &stuck, work);
        match command {
            // It watches for itself, since it has its own way to tell what it finds.
            Some(Command::Fuzz(args)) => fuzz::run(self, args),
            Some(Command::Exhaust(args)) => watched(&|| exhaust::run(self, args)),
            Some(Command::Replay(args)) => watched(&|| replay::run(self, args)),
            Some(Command::Minimize(args)) => watched(&|| minimize::run(self, args)),
            Some(Command::Why(args)) => watched(&|| why::run(self, args)),
            Some(Command::Explore(args)) => watched(&|| lab::explore(self, args)),
            Some(Command::Lab(args)) => watched(&|| lab::lab(self, args)),
            #[cfg(feature = "guests")]
            Some(Command::Bugs(args)) => watched(&|| bugs::run(self, args)),
            Some(Command::Corpus(args)) => watched(&|| corpus::run(self, args)),
            Some(Command::List(args)) => Ok(list::run(self, args)),
            Some(Command::Explain(args)) => explain::run(self, args),
            Some(Command::Emit(args)) => emit::run(self, args),
            Some(Command::Merge(args)) => merge::run(self, args),
            Some(Command::Schema(args)) => schema::run(self, args),
            Some(Command::Completions(args)) => Ok(completions::run(self, args)),
            Some(Command::Man(args)) => man::run(self, args),
            None => {
                self.console.out(&self.examples());
                Ok(Exit::Passed)
            }
        }
    }

    /// What to type first. Where a bug is planted there is something to find.
    fn examples(&self) -> String {
        let prefix = &self.prefix;
        let planted = self.targets.iter().map(Target::name).find(|name| name.contains("?bug="));
        let planted = planted.map(|name| format!("fuzz --target {}", shell(name)));
        let fuzz = ("fuzz".to_owned(), "search seeds for a violation");
        let others = [
            ("replay target/raft-sim/latest/failures", "see again what was found"),
            ("list targets", "what can be run"),
            ("explain ElectionSafety", "what an invariant means"),
        ];
        let rows = [fuzz].into_iter().chain(planted.map(|it| (it, "find a planted bug")));
        let rows: Vec<(String, &str)> =
            rows.chain(others.map(|(command, what)| (command.to_owned(), what))).collect();
        let count = if rows.len() == 5 { "Five" } else { "Four" };
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|(command, what)| vec![format!("{prefix} {command}"), (*what).to_owned()])
            .collect();
        let table = crate::report::words::table(&rows, 2, self.console.look.width);
        format!("{count} things to try:\n\n{table}\nAll commands: {prefix} --help\n")
    }

    /// The target of this name; the first one if none is named.
    fn target(&self, name: Option<&str>) -> Result<&dyn Target, CliError> {
        let Some(name) = name else {
            return self.targets.iter().next().ok_or_else(|| {
                CliError::usage("no target is linked in")
                    .hint("add one in main: Main::new().target::<MyRaft>(\"myraft\", \"...\", ())")
            });
        };
        self.targets.find(name).ok_or_else(|| {
            CliError::usage(format!("unknown target {}", quoted(name)))
                .hint_if(suggest(name, self.targets.iter().map(Target::name)).map(did_you_mean))
                .hint("`list targets` and `list bugs` have all of them")
        })
    }
}
