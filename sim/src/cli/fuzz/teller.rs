//! Says what a hunt finds: a few words the moment it is found, and all of it at the end.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use raft_invariants::Level;

use super::super::error::{CliError, Exit};
use super::super::progress::Voice;
use super::super::settings::Chosen;
use super::super::{App, watchdog};
use super::FuzzArgs;
use crate::explain::finding::Finding;
use crate::explain::hunt::{Bag, Keeper};
use crate::explain::stuck;
use crate::explain::why::remarks::Remarks;
use crate::language::repro::Repro;
use crate::language::script::Script;
use crate::language::version;
use crate::report::campaign::{CampaignReport, MadeReport, Report, UnstableReport};
use crate::report::failure::{FailureReport, FindingReport};
use crate::report::files::write_whole;
use crate::report::formats::Told;
use crate::report::formats::human::headline;
use crate::report::json;
use crate::report::place::Place;
use crate::report::severity::are_only_lemmas;
use crate::report::words::{counted, shell};
use crate::run::Class;
use crate::search::campaign::origin::Origin;
use crate::search::campaign::{Campaign, Plan, Sightings};
use crate::search::watch::Stuck;

/// Keeps every finding in the campaign's place and says so.
pub(super) struct Teller<'a> {
    pub(super) app: &'a App,
    pub(super) chosen: &'a Chosen<'a>,
    pub(super) plan: &'a Plan,
    pub(super) args: &'a FuzzArgs,
    pub(super) place: &'a Place,
    pub(super) voice: Voice<'a>,
    pub(super) made: MadeReport,
    kept: Mutex<Kept>,
    /// The campaign's books as they were last written.
    books: Mutex<Campaign>,
}

/// The best script of each class.
pub(super) type KeptFiles = BTreeMap<Class, KeptFile>;

/// A script on disk.
pub(super) struct KeptFile {
    pub(super) path: PathBuf,
    /// What is smaller is better.
    pub(super) size: Size,
    /// The finding of this life of the campaign, which an earlier one may have outdone.
    finding: Option<Finding>,
    /// The best of the failing run itself, if the script is of another.
    own_run: Option<PathBuf>,
}

/// Whether nobody has minimized it, how many actions, their text.
type Size = (bool, usize, String);

struct Kept {
    files: KeptFiles,
    /// The first file that could not be written; what was found is told all the same.
    unwritten: Option<CliError>,
}

impl KeptFile {
    /// A file that an earlier life of the campaign has left.
    pub(super) fn on_disk(path: PathBuf, repro: &Repro) -> Self {
        let actions = repro.script.steps();
        let size = (repro.one_minimal.is_none(), actions, repro.script.to_string());
        KeptFile { path, size, finding: None, own_run: None }
    }
}

impl Keeper for Teller<'_> {
    fn keep(&self, finding: &Finding) {
        let size = size(finding);
        let mut kept = self.kept();
        let before = match kept.files.get_mut(&finding.class) {
            Some(before) if before.size <= size => {
                before.finding.get_or_insert_with(|| finding.clone());
                return;
            }
            Some(before) => vec![Some(before.path.clone()), before.own_run.clone()],
            None => Vec::new(),
        };
        let path = match self.place.keep(finding, self.chosen.target) {
            Ok(path) => path,
            Err((path, error)) => {
                kept.note(&path, &error);
                self.tell(finding, None);
                return;
            }
        };
        let own_run = self.place.keep_own_run(finding, self.chosen.target);
        let own_run = own_run.unwrap_or_else(|(path, error)| {
            kept.note(&path, &error);
            None
        });
        self.tell(finding, Some(&path));
        let now = [Some(&path), own_run.as_ref()];
        for before in before.iter().flatten().filter(|before| !now.contains(&Some(before))) {
            // They are only in the way now; whoever cannot delete them has two of each.
            let page = self.page_of(before);
            for in_the_way in std::iter::once(before).chain(&page) {
                let _ = fs::remove_file(in_the_way);
            }
        }
        if let Err((page, error)) = self.keep_page(finding, &path) {
            kept.note(&page, &error);
        }
        let file = KeptFile { path, size, finding: Some(finding.clone()), own_run };
        kept.files.insert(finding.class.clone(), file);
    }
}

fn size(finding: &Finding) -> Size {
    let script = &finding.script;
    (finding.minimized.is_none(), script.steps(), script.to_string())
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        app: &'a App,
        chosen: &'a Chosen<'a>,
        plan: &'a Plan,
        args: &'a FuzzArgs,
        place: &'a Place,
        voice: Voice<'a>,
        files: KeptFiles,
    ) -> Self {
        let kept = Mutex::new(Kept { files, unwritten: None });
        let made = args.made(chosen, plan);
        let books = Mutex::new(Campaign::begin());
        Teller { app, chosen, plan, args, place, voice, made, kept, books }
    }

    fn books(&self) -> MutexGuard<'_, Campaign> {
        self.books.lock().expect("nobody panics while copying a campaign")
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().expect("nobody panics while writing a file")
    }

    /// Says at once what was found, and where it lies.
    fn tell(&self, finding: &Finding, path: Option<&Path>) {
        let path = path.map_or_else(String::new, |path| format!("\n    {}", path.display()));
        let told = FindingReport::of(finding, &Remarks::default());
        self.args.outputs.tell(self.app, &Told::Finding(&told));
        let text = if finding.minimized.is_none() {
            headline(&told, self.app.console.talk_look).trim_end().to_owned()
        } else {
            let actions = counted(finding.script.steps() as u64, "action");
            format!("  {}  minimized to {actions}", finding.class.invariant)
        };
        self.voice.say(&(text + &path));
    }

    /// Whether it could be written; the first error is kept.
    pub(super) fn write(&self, path: &Path, text: &str) -> bool {
        write_whole(path, text).map_err(|error| self.kept().note(path, &error)).is_ok()
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
        let failure = |(finding, ms): &(Finding, u64)| {
            let remarks = Remarks::of(self.chosen.target, &finding.run);
            self.failure(&bag.campaign, finding, &remarks, *ms)
        };
        bag.findings.iter().map(failure).collect()
    }

    /// Writes what would be reported if the campaign ended here.
    pub(super) fn write_partial_report(&self, campaign: &Campaign, wall_ms: u64) {
        self.books().clone_from(campaign);
        self.write_report(&self.partial_report(campaign, wall_ms, Exit::Incomplete));
    }

    /// Runs nothing: what an action is good for is not in it.
    fn partial_report(&self, campaign: &Campaign, wall_ms: u64, exit: Exit) -> CampaignReport {
        let kept = self.kept();
        let best = |class: &Class| kept.files.get(class).and_then(|file| file.finding.clone());
        let best: Vec<Finding> =
            campaign.in_order().into_iter().filter_map(|(class, _)| best(class)).collect();
        drop(kept);
        let failure = |finding| self.failure(campaign, finding, &Remarks::default(), 0);
        let failures = best.iter().map(failure).collect();
        let (target, plan) = (self.chosen.target, self.plan);
        let report = CampaignReport::of(target, plan, campaign, failures, Vec::new(), wall_ms);
        let made = self.made.clone();
        CampaignReport { made, interrupted: true, exit: exit as u8, ..report }
    }

    /// Tells and keeps a call that does not come back, and the campaign up to it.
    pub(super) fn stuck(&self, stuck: &Stuck, wall_ms: u64) -> Exit {
        let (app, exit) = (self.app, Exit::Violation);
        self.voice.finish();
        let (target, settings) = (app.targets.find(&stuck.work.target), &self.plan.settings);
        let Some(finding) = target.and_then(|target| stuck::finding(target, stuck, settings))
        else {
            app.console.error(&watchdog::without_script(stuck));
            return exit;
        };
        self.keep(&finding);
        let mut campaign = self.books().clone();
        let (runs, actions) = (campaign.runs, campaign.actions);
        let seen = campaign.failures.entry(finding.class).or_insert_with(|| Sightings {
            is_grave: true,
            after_runs: runs,
            after_actions: actions,
            ..Sightings::default()
        });
        seen.count += 1;
        seen.origins.push(finding.origin);
        let report = self.partial_report(&campaign, wall_ms, exit);
        self.write_report(&report);
        self.args.outputs.tell(app, &Told::Campaign(&report));
        app.console.talk(&stuck.ending());
        app.console.talk(&format!("report   {}", self.place.report().display()));
        let all = Report::of(vec![report], exit as u8);
        if let Err(error) = self.args.outputs.end(app, &all) {
            app.console.error(&error);
        }
        exit
    }

    /// Writes the report of this campaign alone.
    pub(super) fn write_report(&self, report: &CampaignReport) {
        let document = Report::of(vec![report.clone()], report.exit);
        self.write(&self.place.report(), &json::to_text(&document));
    }

    fn failure(
        &self,
        campaign: &Campaign,
        finding: &Finding,
        remarks: &Remarks,
        minimize_ms: u64,
    ) -> FailureReport {
        let (kept, own_run) = match self.kept().files.get(&finding.class) {
            Some(file) => (Some(file.path.clone()), file.own_run.clone()),
            None => (None, None),
        };
        let file = kept.as_ref().map(|path| path.display().to_string());
        let own_run = own_run.map(|path| path.display().to_string());
        let (prefix, judges) = (&self.app.prefix, self.args.settings.judges().words());
        let line = |command: &str| {
            file.as_ref().map(|file| format!("{prefix} {command} {}{judges}", shell(file)))
        };
        let sightings = &campaign.failures[&finding.class];
        let mut report = FailureReport::of(finding, remarks, sightings, minimize_ms);
        if let Some(own) = &mut report.finding.own_run {
            own.file = own_run;
        }
        if let Some(follows) = report.finding.harm.as_mut().and_then(|harm| harm.follows.as_mut()) {
            let path = self.place.keep_harm(finding, self.chosen.target);
            follows.file = path
                .unwrap_or_else(|(path, error)| {
                    self.kept().note(&path, &error);
                    None
                })
                .map(|path| path.display().to_string());
        }
        FailureReport {
            reproduce: line("replay"),
            why: line("why"),
            page: kept
                .and_then(|path| self.page_of(&path))
                .filter(|page| page.exists())
                .map(|page| page.display().to_string()),
            file,
            // A run that grew out of others does not come of its seed alone.
            reproduce_seed: match finding.origin.script() {
                Some(_) => None,
                None => Some(self.seed_line(finding.origin.seed())),
            },
            ..report
        }
    }

    /// Repeats a run from its seed.
    fn seed_line(&self, seed: u64) -> String {
        let target = self.chosen.target;
        let made_by = version::words(version::TOOL, target.version());
        let words = self.args.settings.words(target) + " --made-by " + &shell(&made_by);
        format!("{} replay {seed:#x}{words}", self.app.prefix)
    }

    /// Searches on where nothing but lemmas was violated: with everybody but them judging. Whoever
    /// said who judges has had what was asked for.
    pub(super) fn further(&self, report: &CampaignReport) -> Option<String> {
        let (settings, target) = (&self.args.settings, self.chosen.target);
        let is_wanted = are_only_lemmas(&report.failures) && settings.judges().are_all();
        let words = settings.words(target);
        is_wanted
            .then(|| format!("{} fuzz{words} --skip {} --time 10m", self.app.prefix, Level::Lemma))
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

impl Kept {
    fn note(&mut self, path: &Path, error: &std::io::Error) {
        self.unwritten.get_or_insert_with(|| {
            CliError::unwritable(path, error).hint("choose another folder with --out")
        });
    }
}
