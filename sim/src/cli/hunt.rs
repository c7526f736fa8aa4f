//! Turns failing runs into findings: minimizes, writes, tells.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::CliError;
use super::progress::Shown;
use super::settings::{Chosen, SettingsArgs};
use super::{App, Format, interrupt};
use crate::explain::finding::{Finding, NoFinding};
use crate::explain::minimize::Budget;
use crate::explain::why::remarks::Remarks;
use crate::language::script::Script;
use crate::report::words::{counted, shell};
use crate::report::{Entry, human};
use crate::run::Class;
use crate::search::campaign::clock::Stopwatch;
use crate::search::campaign::origin::Origin;
use crate::search::campaign::{Campaign, Plan, Sightings};

/// What is wished of the findings.
pub(super) struct Wishes<'a> {
    /// Time to minimize each, in milliseconds; 0 for not at all.
    pub(super) minimize: u64,
    /// The folder for all files.
    pub(super) out: &'a Path,
    pub(super) format: Format,
    pub(super) progress: Shown,
    pub(super) settings: &'a SettingsArgs,
}

/// See the head of this file.
pub(super) struct Hunt<'a> {
    pub(super) app: &'a App,
    pub(super) wishes: Wishes<'a>,
    pub(super) chosen: &'a Chosen<'a>,
    pub(super) plan: &'a Plan,
    /// The first file that could not be written; what was found is told all the same.
    pub(super) unwritten: Option<CliError>,
}

impl Hunt<'_> {
    /// The findings, and the failing runs whose actions alone do not fail.
    pub(super) fn findings(&mut self, campaign: &Campaign) -> (Vec<Entry>, Vec<Origin>) {
        let (mut entries, mut not_reproduced) = (Vec::new(), Vec::new());
        let unstable = &campaign.nondeterministic;
        for origin in unstable {
            self.tell_not_deterministic(origin, "it was run twice, and the runs differ");
        }
        for (class, found) in campaign.in_order() {
            if found.origins.iter().all(|origin| unstable.contains(origin)) {
                continue;
            }
            let Ok(entry) = self.finding(class, found) else {
                let origin = found.origins[0].clone();
                self.tell_not_deterministic(&origin, "it fails, but its actions replayed do not");
                not_reproduced.push(origin);
                continue;
            };
            if self.wishes.format == Format::Human {
                let look = self.app.console.look;
                self.app.console.out(&format!("{}\n", human::entry(&entry, look)));
            }
            entries.push(entry);
        }
        (entries, not_reproduced)
    }

    /// Minimizes some runs of one class and keeps the smallest result.
    fn finding(&mut self, class: &Class, found: &Sightings) -> Result<Entry, NoFinding> {
        let stopwatch = Stopwatch::start();
        let (target, plan) = (self.chosen.target, self.plan);
        let limit = self.wishes.minimize;
        let stop = || interrupt::is_interrupted() || limit <= stopwatch.wall_ms();
        let budget = (0 < limit).then(|| Budget { stop: &stop, ..Budget::default() });
        let note = budget.and_then(|_| self.minimizing(found));
        let mut file = None;
        let finding = Finding::smallest(target, plan, class, &found.origins, budget, &mut |best| {
            file = self.keep(best, file.take());
        });
        if let Some(note) = note {
            note.finish_and_clear();
        }
        Ok(self.entry(finding?, found, file, stopwatch.wall_ms()))
    }

    fn minimizing(&self, found: &Sightings) -> Option<indicatif::ProgressBar> {
        let quiet = self.app.quiet || self.wishes.progress == Shown::None;
        (!quiet).then(|| {
            let bar = indicatif::ProgressBar::new_spinner();
            bar.set_message(format!("minimizing {}", counted(found.origins.len() as u64, "run")));
            bar.enable_steady_tick(std::time::Duration::from_millis(200));
            bar
        })
    }

    fn entry(&self, finding: Finding, found: &Sightings, file: Option<PathBuf>, ms: u64) -> Entry {
        let file = file.map(|file| file.display().to_string());
        let prefix = &self.app.prefix;
        let judges = self.wishes.settings.judges().words();
        let line = |command: &str| {
            let words = |file: &String| format!("{prefix} {command} {}{judges}", shell(file));
            file.as_ref().map_or_else(String::new, words)
        };
        Entry {
            remarks: Remarks::of(self.chosen.target, &finding.run),
            count: found.count,
            after_runs: found.after_runs,
            after_actions: found.after_actions,
            minimize_ms: ms,
            reproduce: line("replay"),
            why: line("why"),
            file,
            seed_line: self.seed_line(&finding.origin),
            finding,
        }
    }

    /// Repeats a run from its seed; empty where a seed does not say it all.
    fn seed_line(&self, origin: &Origin) -> String {
        match origin {
            Origin::Seed(seed) => {
                let words = self.wishes.settings.words(self.chosen.target);
                format!("{} replay {seed:#x}{words}", self.app.prefix)
            }
            Origin::Guided { .. } => String::new(),
        }
    }

    /// Keeps a run that a seed does not repeat, as it is, and says what replays it.
    fn keep_whole(&mut self, script: &Script) -> String {
        let target = self.chosen.target.name();
        let name = format!("not-deterministic-{}.txt", super::guided::stem(script));
        let path = self.wishes.out.join("failures").join(name);
        self.write(&path, &script.to_string());
        let file = shell(&path.display().to_string());
        format!("{} replay {file} --target {}", self.app.prefix, shell(target))
    }

    fn tell_not_deterministic(&mut self, origin: &Origin, why: &str) {
        let look = self.app.console.look;
        let (what, line) = match origin {
            Origin::Seed(_) => ("seed", self.seed_line(origin)),
            Origin::Guided { script, .. } => ("run", self.keep_whole(script)),
        };
        let text = format!(
            "{}  seed {:#x}: {why}\n  {what:<9} {line}\n  A clock, a random number, a thread or the \
             order of a hash map has decided something.\n\n",
            look.red(&format!("{} NOT DETERMINISTIC", look.cross())),
            origin.seed(),
        );
        if self.wishes.format == Format::Human {
            self.app.console.out(&text);
        } else {
            self.app.console.talk(&text);
        }
    }

    /// Writes the script as the best so far, and takes the one before it away.
    fn keep(&mut self, finding: &Finding, before: Option<PathBuf>) -> Option<PathBuf> {
        let target = self.chosen.target;
        let path = self.wishes.out.join("failures").join(finding.file_name(target));
        if !self.write(&path, &finding.repro(target).to_text()) {
            return before;
        }
        if let Some(before) = before.filter(|before| *before != path) {
            // It is only in the way; whoever cannot delete it has two files.
            let _ = fs::remove_file(before);
        }
        Some(path)
    }

    /// Whether it could be written; the first error is kept.
    pub(super) fn write(&mut self, path: &Path, text: &str) -> bool {
        let Err(error) = super::write_file(path, text) else { return true };
        if self.unwritten.is_none() {
            let error = CliError::unwritable(path, &error);
            self.unwritten = Some(error.hint("choose another folder with --out"));
        }
        false
    }
}
