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
use crate::report::words::{counted, duration, grouped};
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
    /// The campaign's limit.
    time_ms: Option<u64>,
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
            time_ms: plan.time_ms,
            next_line_ms: LINE_MS,
            next_told_ms: TOLD_MS,
        }
    }

    /// To say something beside it.
    pub(super) fn voice(&self) -> Voice<'a> {
        self.voice.clone()
    }

    /// What is left of the time, where that is what ends the campaign.
    fn left(&self, wall_ms: u64) -> String {
        let left = self.time_ms.map(|limit| duration(limit.saturating_sub(wall_ms)));
        left.map_or_else(String::new, |left| format!("{left} left  "))
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
            bar.set_position(self.time_ms.map_or(campaign.runs, |limit| wall_ms.min(limit)));
            bar.set_message(self.left(wall_ms) + &state(campaign));
        } else if self.next_line_ms <= wall_ms {
            self.next_line_ms = wall_ms - wall_ms % LINE_MS + LINE_MS;
            let seconds = wall_ms / 1000;
            let clock = format!("{:02}:{:02}", seconds / 60, seconds % 60);
            self.voice.say(&format!("{clock}  {}{}", self.left(wall_ms), state(campaign)));
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
    let length = plan.time_ms.or(Some(runs).filter(|&runs| runs != u64::MAX));
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    let template = match (plan.time_ms, length) {
        (Some(_), _) => "  [{bar:20}] {wide_msg}".to_owned(),
        (None, Some(runs)) => {
            format!("  [{{bar:20}}] of {}  {{eta}} left  {{wide_msg}}", grouped(runs))
        }
        (None, None) => "  {spinner} {elapsed_precise}  {wide_msg}".to_owned(),
    };
    let style = ProgressStyle::with_template(&template).expect("the template is right");
    bar.set_style(style.progress_chars(console.glyphs("━━╌", "#>-")));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
