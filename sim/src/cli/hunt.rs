//! Says what a hunt finds: a few words the moment it is found, and all of it at the end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use super::App;
use super::error::CliError;
use super::progress::Voice;
use super::settings::{Chosen, SettingsArgs};
use crate::explain::finding::Finding;
use crate::explain::hunt::{Bag, Keeper};
use crate::explain::why::remarks::Remarks;
use crate::language::script::Script;
use crate::report::campaign::UnstableReport;
use crate::report::failure::{FailureReport, FindingReport};
use crate::report::human::headline;
use crate::report::place::Place;
use crate::report::words::{counted, shell};
use crate::run::Class;
use crate::search::campaign::origin::Origin;

/// Keeps every finding in the campaign's place and says so.
pub(super) struct Teller<'a> {
    pub(super) app: &'a App,
    pub(super) chosen: &'a Chosen<'a>,
    pub(super) settings: &'a SettingsArgs,
    pub(super) place: &'a Place,
    pub(super) voice: Voice<'a>,
    kept: Mutex<KeptFiles>,
}

#[derive(Default)]
struct KeptFiles {
    /// Where the best script of each class lies.
    files: BTreeMap<Class, PathBuf>,
    /// The first file that could not be written; what was found is told all the same.
    unwritten: Option<CliError>,
}

impl Keeper for Teller<'_> {
    fn keep(&self, finding: &Finding) {
        let file = self.write_finding(finding);
        let file = file.map_or_else(String::new, |file| format!("\n    {}", file.display()));
        let text = if finding.minimized.is_none() {
            let told = FindingReport::of(finding, &Remarks::default());
            headline(&told, self.app.console.talk_look).trim_end().to_owned()
        } else {
            let actions = counted(finding.script.actions.len() as u64, "action");
            format!("  {}  minimized to {actions}", finding.class.invariant)
        };
        self.voice.say(&(text + &file));
    }
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        app: &'a App,
        chosen: &'a Chosen<'a>,
        settings: &'a SettingsArgs,
        place: &'a Place,
        voice: Voice<'a>,
    ) -> Self {
        Teller { app, chosen, settings, place, voice, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, KeptFiles> {
        self.kept.lock().expect("nobody panics while writing a file")
    }

    /// Where the class's best script lies now, if it could be written.
    fn write_finding(&self, finding: &Finding) -> Option<PathBuf> {
        let mut kept = self.kept();
        let before = kept.files.get(&finding.class).cloned();
        match self.place.keep(finding, self.chosen.target, before.as_deref()) {
            Ok(path) => {
                kept.files.insert(finding.class.clone(), path.clone());
                Some(path)
            }
            Err((path, error)) => {
                kept.note(&path, &error);
                before
            }
        }
    }

    /// Whether it could be written; the first error is kept.
    pub(super) fn write(&self, path: &Path, text: &str) -> bool {
        let written = crate::report::files::write_whole(path, text);
        written.map_err(|error| self.kept().note(path, &error)).is_ok()
    }

    /// Notes that something else could not be written.
    pub(super) fn not_written(&self, error: CliError) {
        self.kept().unwritten.get_or_insert(error);
    }

    /// The first file that could not be written.
    pub(super) fn unwritten(&self) -> Option<CliError> {
        self.kept().unwritten.clone()
    }

    /// What there is to say about each finding, in the order in which they were found.
    pub(super) fn failures(&self, bag: &Bag) -> Vec<FailureReport> {
        bag.findings.iter().map(|(finding, ms)| self.failure(bag, finding, *ms)).collect()
    }

    fn failure(&self, bag: &Bag, finding: &Finding, minimize_ms: u64) -> FailureReport {
        let file = self.kept().files.get(&finding.class).map(|file| file.display().to_string());
        let (prefix, judges) = (&self.app.prefix, self.settings.judges().words());
        let line = |command: &str| {
            file.as_ref().map(|file| format!("{prefix} {command} {}{judges}", shell(file)))
        };
        let remarks = Remarks::of(self.chosen.target, &finding.run);
        let sightings = &bag.campaign.failures[&finding.class];
        FailureReport {
            reproduce: line("replay"),
            why: line("why"),
            file,
            // A run that grew out of others does not come of its seed alone.
            reproduce_seed: match finding.origin.script() {
                Some(_) => None,
                None => Some(self.seed_line(finding.origin.seed())),
            },
            ..FailureReport::of(finding, &remarks, sightings, minimize_ms)
        }
    }

    /// Repeats a run from its seed.
    fn seed_line(&self, seed: u64) -> String {
        let words = self.settings.words(self.chosen.target);
        format!("{} replay {seed:#x}{words}", self.app.prefix)
    }

    /// All runs of which nothing can be said, with what repeats them.
    pub(super) fn unstable(&self, bag: &Bag) -> Vec<UnstableReport> {
        let twice = bag.campaign.nondeterministic.iter();
        let twice = twice.map(|it| (it, "it was run twice, and the runs differ"));
        let replayed = bag.not_reproduced.iter();
        let replayed = replayed.map(|it| (it, "it fails, but its actions replayed do not"));
        let report = |(origin, evidence): (&Origin, &str)| UnstableReport {
            seed: format!("{:#x}", origin.seed()),
            evidence: evidence.to_owned(),
            reproduce: match origin.script() {
                Some(script) => self.keep_whole(script),
                None => self.seed_line(origin.seed()),
            },
        };
        twice.chain(replayed).map(report).collect()
    }

    /// Keeps a run that a seed does not repeat, as it is, and says what replays it.
    fn keep_whole(&self, script: &Script) -> String {
        let name = format!("not-deterministic-{}.txt", super::guided::stem(script));
        let path = self.place.failure(&name);
        self.write(&path, &script.to_string());
        let file = shell(&path.display().to_string());
        let target = self.chosen.target.name();
        format!("{} replay {file} --target {}", self.app.prefix, shell(target))
    }
}

impl KeptFiles {
    fn note(&mut self, path: &Path, error: &std::io::Error) {
        self.unwritten.get_or_insert_with(|| {
            CliError::unwritable(path, error).hint("choose another folder with --out")
        });
    }
}
