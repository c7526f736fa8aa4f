//! How far a campaign is, on stderr: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal};
use std::time::Duration;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::App;
use super::console::Console;
use super::outputs::Outputs;
use crate::report::formats::Told;
use crate::report::progress::ProgressReport;
use crate::report::words::{counted, grouped};
use crate::search::campaign::clock::Stopwatch;
use crate::search::campaign::{Campaign, Plan, Watcher};

/// Between two lines.
const LINE_MS: u64 = 30_000;

/// Between two reports to whoever follows.
const TOLD_MS: u64 = 1_000;

/// What to show.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Shown {
    /// A bar on a terminal, lines elsewhere.
    Auto,
    /// A bar.
    Bar,
    /// A line every 30 seconds and at each finding.
    Lines,
    /// Nothing.
    None,
}

/// Says a line beside whatever shows progress; from any thread.
#[derive(Clone)]
pub(super) struct Voice<'a> {
    console: &'a Console,
    bar: Option<ProgressBar>,
    lines: bool,
}

impl Voice<'_> {
    /// Takes the bar away.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    pub(super) fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.console.talk(text)),
            None if self.lines => self.console.talk(text),
            None => {}
        }
    }
}

pub(super) struct Progress<'a> {
    app: &'a App,
    outputs: &'a Outputs,
    voice: Voice<'a>,
    stopwatch: Stopwatch,
    next_line_ms: u64,
    next_told_ms: u64,
}

impl<'a> Progress<'a> {
    pub(super) fn new(app: &'a App, shown: Shown, outputs: &'a Outputs, plan: &Plan) -> Self {
        let terminal = io::stderr().is_terminal();
        let shown = match shown {
            _ if app.quiet => Shown::None,
            Shown::Auto if terminal => Shown::Bar,
            Shown::Auto => Shown::Lines,
            shown => shown,
        };
        let console = &app.console;
        let bar = (shown == Shown::Bar).then(|| bar(console, plan));
        Progress {
            app,
            outputs,
            voice: Voice { console, bar, lines: shown == Shown::Lines },
            stopwatch: Stopwatch::start(),
            next_line_ms: LINE_MS,
            next_told_ms: TOLD_MS,
        }
    }

    /// To say something beside it.
    pub(super) fn voice(&self) -> Voice<'a> {
        self.voice.clone()
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.voice.finish();
    }
}

impl Watcher for Progress<'_> {
    fn progress(&mut self, campaign: &Campaign) {
        let wall_ms = self.stopwatch.wall_ms();
        if self.next_told_ms <= wall_ms {
            self.next_told_ms = wall_ms + TOLD_MS;
            let progress = ProgressReport::of(campaign, wall_ms);
            self.outputs.tell(self.app, &Told::Progress(&progress));
        }
        if let Some(bar) = &self.voice.bar {
            bar.set_position(campaign.runs);
            bar.set_message(state(campaign));
        } else if self.next_line_ms <= wall_ms {
            self.next_line_ms = wall_ms - wall_ms % LINE_MS + LINE_MS;
            let seconds = wall_ms / 1000;
            let clock = format!("{:02}:{:02}", seconds / 60, seconds % 60);
            self.voice.say(&format!("{clock}  {}", state(campaign)));
        }
    }
}

fn state(campaign: &Campaign) -> String {
    let growth = campaign.guided.as_ref();
    let reached = growth.map_or_else(String::new, |growth| {
        let scripts = counted(growth.now.scripts, "script");
        format!("  {scripts}  {}", counted(growth.now.states, "state"))
    });
    format!(
        "{}  {}{reached}  {}",
        counted(campaign.runs, "run"),
        counted(campaign.actions, "action"),
        counted(campaign.failures.len() as u64, "failure"),
    )
}

/// A bar that counts things which are all alike; hidden where nobody would see it move.
pub(super) fn counting(console: &Console, quiet: bool) -> ProgressBar {
    if quiet || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("  [{bar:32}] {pos} of {len}  {eta} left");
    let style = style.expect("the template is right");
    bar.set_style(style.progress_chars(console.glyphs("━━╌", "#>-")));
    bar
}

fn bar(console: &Console, plan: &Plan) -> ProgressBar {
    let runs = plan.share();
    let endless = runs == u64::MAX;
    let length = if endless { None } else { Some(runs) };
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    let template = if endless {
        "  {spinner} {elapsed_precise}  {msg}".to_owned()
    } else {
        format!("  [{{bar:32}}] of {}  {{eta}} left  {{msg}}", grouped(runs))
    };
    let style = ProgressStyle::with_template(&template).expect("the template is right");
    bar.set_style(style.progress_chars(console.glyphs("━━╌", "#>-")));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
