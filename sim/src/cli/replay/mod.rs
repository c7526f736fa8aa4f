//! `raft-sim replay`: runs again what was kept, and compares it with what it must do.

mod document;
mod file;
mod many;
mod page;
mod steps;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::App;
use super::error::{CliError, Exit};
use super::input::{self, Input};
use super::outcome::{exit_of, violated};
use super::settings::{Chosen, SettingsArgs};
use crate::explain::why::remarks::Remarks;
use crate::language::text::quoted;
use crate::language::version;
use crate::node::NodeId;
use crate::report::diagram::diagram;
use crate::report::failure;
use crate::report::formats::human::{escalation, indented};
use crate::report::state::state;
use crate::report::story::{Detail, story};
use crate::report::words::counted;
use crate::run::{Replay, Run};
use crate::search::target::Target;

/// Actions of a long run that are told unless all are asked for.
const TAIL: usize = 20;

/// Run seeds, files or folders again, and compare with what each file says
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 as expected, 1 violation, 4 not deterministic, 5 a file does not \
                  do what it says. More with --help.",
    after_long_help = "\
Examples:
  raft-sim replay seeds/                           every kept run
  raft-sim replay target/raft-sim/latest/failures/election-safety-9c1e77d0.json
  raft-sim replay 0x6c --target noraft             a seed, with the flags of its campaign
  raft-sim replay FILE --diagram                   as a space-time diagram
  raft-sim replay FILE --until 7 --state n2        how n2 stands after action 7
  raft-sim replay FILE --trace --format json       every step, for programs (raft-sim-trace/1)
  raft-sim replay FILE --html run.html             a page that anyone can open, without raft-sim
  printf 'cluster nodes=3\\nelect n1 by n2\\n' | raft-sim replay - --trace
  raft-sim replay FILE.txt --bless                 write the pictures that came into it
  raft-sim replay FILE --forgiving                 an edited story: what is impossible is skipped
  raft-sim replay FILE --script                    the same as plain actions

`raft-sim explain actions` tells every line that a file may have. A file with
`\"outcome\": \"violation\"` passes if that violation comes, and one with pictures (below `----`) if
they come. Other scripts and seeds expect nothing: a violation is exit code 1."
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct ReplayArgs {
    /// Seeds (108, 0x6c, a commit), files (.json, .txt), folders, or - for stdin
    #[arg(required = true, value_name = "WHAT")]
    what: Vec<String>,
    #[command(flatten)]
    settings: SettingsArgs,
    /// What printed the line with this seed: another version is told, since it draws other runs
    #[arg(long, value_name = "VERSION")]
    made_by: Option<String>,
    /// Stop after action K
    #[arg(long, value_name = "K", help_heading = "What to show")]
    until: Option<usize>,
    /// How a node stands at the end
    #[arg(long, value_name = "NODE", help_heading = "What to show")]
    state: Option<String>,
    /// Everything that was noted about every action
    #[arg(long, help_heading = "What to show")]
    trace: bool,
    /// A space-time diagram
    #[arg(long, help_heading = "What to show")]
    diagram: bool,
    /// A run with another hash than the file's is another run
    #[arg(long, help_heading = "What to show")]
    strict: bool,
    /// Also write the one run as a page of one file, to be opened in a browser
    #[arg(long, value_name = "FILE", help_heading = "What to show")]
    html: Option<PathBuf>,
    /// Skip lines that mean nothing when their turn comes, and say which and why
    #[arg(long, help_heading = "How to play")]
    forgiving: bool,
    /// Write the pictures that came into the file
    #[arg(long, help_heading = "How to play")]
    bless: bool,
    /// Print what was done as a plain script, and nothing else
    #[arg(long, help_heading = "What to show")]
    script: bool,
    /// How to write the result; with --trace, json has every step of the one run
    #[arg(long, value_name = "FORMAT", default_value = "human", help_heading = "What to show")]
    format: Format,
}

/// How to write what was replayed.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For programs: what came of each run, or with --trace one run step by step
    Json,
    /// One run for ShiViz, which draws space-time diagrams
    Shiviz,
}

pub(super) fn run(app: &App, args: &ReplayArgs) -> Result<Exit, CliError> {
    let chosen = args.settings.choose(app)?;
    let teller = Teller { app, args, chosen: &chosen };
    if let Some(file) = &args.html {
        teller.page(file)?;
    }
    let steps = args.format == Format::Shiviz || args.format == Format::Json && args.trace;
    if args.format == Format::Json && !steps {
        return teller.document();
    }
    match args.what.as_slice() {
        [what] if !Path::new(what).is_dir() => {
            if steps {
                return teller.trace(what);
            }
            match input::read(app, what, args.settings.target.as_deref())? {
                Input::Seed(seed) => teller.seed(seed),
                Input::File(file) => teller.file(&file),
            }
        }
        _ if steps => {
            let message = "the steps of one run are written at a time, not of many";
            Err(CliError::usage(message).hint("name one file or seed"))
        }
        many => teller.many(many),
    }
}

struct Teller<'a> {
    app: &'a App,
    args: &'a ReplayArgs,
    chosen: &'a Chosen<'a>,
}

impl Teller<'_> {
    fn seed(&self, seed: u64) -> Result<Exit, CliError> {
        let (target, selection) = (self.chosen.target, &self.chosen.selection);
        let config = self.chosen.draw(seed)?;
        self.tell_version(
            self.args.made_by.as_deref(),
            target,
            "a seed means something else to it",
        );
        let run = target.run(&config, selection);
        let again = target.run(&config, selection);
        if again.hash != run.hash || again.actions != run.actions {
            return Ok(self.not_deterministic(&format!("seed {seed:#x}"), &run, &again));
        }
        let end = match (self.args.until, run.failures.first()) {
            (Some(until), _) => cut_at(until, run.steps())?,
            (None, Some(failure)) => failure.actions,
            (None, None) => run.steps(),
        };
        let look = self.app.console.look;
        let mut text = format!(
            "seed {seed:#x} of {}: {}, {}, {} scheduler, {} committed\n",
            target.name(),
            counted(run.actions.len() as u64, "action"),
            counted(u64::from(run.cluster.nodes), "node"),
            config.scheduler.name,
            counted(run.committed, "entry"),
        );
        let (told, skipped) = target.replay(&run.script(end), selection, Replay::STORY);
        if !skipped.is_empty() {
            self.app.console.out(&text);
            return Ok(self.not_deterministic(&format!("seed {seed:#x}"), &run, &told));
        }
        let asked = self.args.trace || self.args.diagram || self.args.until.is_some();
        if asked || run.failure().is_some() {
            text.push_str(&self.tell(target, &told, asked));
        }
        self.app.console.out(&text);
        let Some(first) = run.failure() else {
            self.state_of(&told)?;
            self.app.console.out(&look.green("no violation"));
            return Ok(Exit::Passed);
        };
        self.state_of(&told)?;
        let later = run.failures[1..].iter();
        let later = later.map(|it| (it.violation.invariant, it.actions - first.actions));
        let later: Vec<_> = later.collect();
        self.app.console.out(&(violated(first, look) + &escalation(&failure::later(&later), look)));
        let words = self.args.settings.words(target);
        self.app.console.talk(&format!("shrink it: {} minimize {seed:#x}{words}", self.app.prefix));
        Ok(exit_of(&run))
    }

    /// Says above the result that another version made it, and what that means.
    fn tell_version(&self, made_by: Option<&str>, target: &dyn Target, meaning: &str) {
        let remark = made_by.and_then(|made_by| version::remark(made_by, target.version()));
        if let Some(remark) = remark {
            self.app.console.talk(&format!("note: {remark}: {meaning}"));
        }
    }

    /// Story and diagram; of long runs the end, unless `all` of it is asked for.
    fn tell(&self, target: &dyn Target, run: &Run, all: bool) -> String {
        let look = self.app.console.look;
        let detail = if self.args.trace { Detail::Everything } else { Detail::Story };
        let from = if all { 0 } else { run.actions.len().saturating_sub(TAIL) };
        let mut text = String::new();
        if self.args.diagram {
            let _ = writeln!(text, "\n{}", indented(&diagram(run, from).text(look)));
        }
        if !self.args.diagram || self.args.trace {
            let before = if 0 < from {
                format!("... {} before, --trace tells them\n", counted(from as u64, "action"))
            } else {
                String::new()
            };
            let cluster = format!("{}\n", run.cluster);
            let told = story(run, &Remarks::of(target, run), from, detail).text(look);
            let _ = writeln!(text, "\n{}", indented(&format!("{cluster}{before}{told}")));
        }
        text
    }

    fn state_of(&self, run: &Run) -> Result<(), CliError> {
        let Some(name) = &self.args.state else { return Ok(()) };
        let stage = run.stage.as_ref().expect("a run with notes ends with a stage");
        let number = name.strip_prefix('n').unwrap_or(name).parse::<u8>().ok();
        let node = number.map(NodeId).filter(|node| stage.nodes().any(|other| other == *node));
        let node = node.ok_or_else(|| {
            CliError::usage(format!("there is no node {}", quoted(name)))
                .hint(format!("the cluster has the nodes n1 to n{}", stage.hosts.len()))
        })?;
        self.app.console.out(&format!("{}\n", state(stage, node, run.actions.len())));
        Ok(())
    }

    fn refuse_seed_settings(&self) -> Result<(), CliError> {
        if !self.args.settings.concern_seeds() {
            return Ok(());
        }
        let message =
            "--nodes, --steps, --scheduler, --with, --without and --calm change what a seed means";
        Err(CliError::usage(message).hint("a file says it all: leave them out"))
    }

    fn refuse_seed_settings_without_seeds(&self, words: &[String]) -> Result<(), CliError> {
        let is_seed = |word: &String| !Path::new(word).exists() && super::seed::is_like_one(word);
        if words.iter().any(is_seed) { Ok(()) } else { self.refuse_seed_settings() }
    }

    fn not_deterministic(&self, what: &str, run: &Run, again: &Run) -> Exit {
        let pairs = run.actions.iter().zip(&again.actions);
        let position = pairs.take_while(|(one, other)| one == other).count();
        let name =
            |run: &Run| run.actions.get(position).map_or("the end".into(), ToString::to_string);
        let look = self.app.console.look;
        let mut text = look.red("✗ NOT DETERMINISTIC");
        let _ = writeln!(text, "  {what} was run twice, and the runs differ");
        if position < run.actions.len().max(again.actions.len()) {
            let _ = writeln!(
                text,
                "    first at action {}: `{}`, then `{}`",
                position + 1,
                name(run),
                name(again)
            );
        } else {
            text.push_str("    the actions are the same, the nodes see themselves differently\n");
        }
        text.push_str(
            "    A clock, a random number, a thread or the order of a hash map has decided something.",
        );
        self.app.console.out(&text);
        Exit::NotDeterministic
    }
}

/// How many actions of a run to show.
fn cut_at(until: usize, actions: usize) -> Result<usize, CliError> {
    if until <= actions {
        return Ok(until);
    }
    let actions = counted(actions as u64, "action");
    Err(CliError::usage(format!("there is no action {until}"))
        .hint(format!("the run has {actions}")))
}
