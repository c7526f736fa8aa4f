//! Files: what they tell is played, and compared with what they say must come of it.

use std::path::Path;

use raft_invariants::Selection;

use super::super::error::{CliError, Exit};
use super::super::input::File;
use super::super::outcome::{Outcome, violated};
use super::{Teller, cut_at};
use crate::language::file_error::FileError;
use crate::language::scenario::Scenario;
use crate::language::version;
use crate::report::files::write_whole;
use crate::report::formats::human::indented;
use crate::report::look::harmless;
use crate::report::misfit::{choice, hint, message};
use crate::report::picture::{differences, picture, pictures, violations};
use crate::report::words::counted;
use crate::run::Replay;
use crate::run::player::Played;
use crate::schedule::script::Matching;

/// What came of a file.
pub(super) struct Told {
    pub(super) played: Played,
    pub(super) outcome: Outcome,
    /// Where its pictures differ from those that came.
    differences: String,
}

impl Teller<'_> {
    /// Tells what a file tells, and what came of it.
    pub(super) fn file(&self, file: &File<'_>) -> Result<Exit, CliError> {
        self.refuse_seed_settings()?;
        self.tell_version_of(file);
        let scenario = self.scenario(file)?;
        let told = match self.play(file, &scenario) {
            Ok(told) => told,
            Err(Unplayable { played, error }) => {
                let before = played.filter(|_| !self.args.script);
                let before = before.map(|played| self.tell(file.target, &played.run, true));
                self.app.console.out(&before.unwrap_or_default());
                return Err(error);
            }
        };
        let (run, console) = (&told.played.run, &self.app.console);
        if told.outcome.exit == Exit::NotDeterministic {
            let (again, _) =
                file.target.replay(&run.whole(), &self.chosen.selection, Replay::SAVED);
            let name = file.path.display().to_string();
            return Ok(self.not_deterministic(&name, run, &again));
        }
        if self.args.script {
            let target = file.scenario.target.as_ref();
            let target = target.map_or_else(String::new, |name| format!("target {name}\n"));
            console.out(&format!("{target}{}", told.played.script));
            self.say_more(file, &told);
            return Ok(Exit::Passed);
        }
        let title = file.repro.as_ref().and_then(|repro| repro.title.clone());
        let title = title.map_or_else(String::new, |title| format!("{title}\n"));
        let path = file.path.display().to_string();
        // Not even our own colours are theirs to use.
        let (title, path) = (harmless(&title, false), harmless(&path, false));
        let text = format!("{title}{path} of {}\n", file.target.name());
        console.out(&(text + &self.tell(file.target, run, true)));
        self.state_of(run)?;
        if let Some(last) = told.played.pictures.last().filter(|_| file.repro.is_none()) {
            let picture = picture(run, last).join("\n");
            console.out(&format!("{}\n", indented(&format!("{picture}\n"))));
        }
        if let Some(failure) = run.failure() {
            console.out(&violated(failure, console.look));
        }
        if !told.differences.is_empty() {
            console.out(&indented(&told.differences));
        }
        console.out(&told.outcome.text(console.look));
        self.say_more(file, &told);
        Ok(told.outcome.exit)
    }

    /// What is to be told of a file: all of it, or its beginning.
    fn scenario(&self, file: &File<'_>) -> Result<Scenario, CliError> {
        let Some(until) = self.args.until else { return Ok(file.scenario.clone()) };
        let script = file.script(self.app)?;
        let length = cut_at(until, script.steps())?;
        // What phrases stand for was just played: none of it can mean nothing.
        let lines = file.scenario.phrases().map(|(line, _)| *line).chain(std::iter::repeat(1));
        Ok(Scenario::of(&script.until(length), lines))
    }

    /// Says if another version has found the run that a file keeps.
    fn tell_version_of(&self, file: &File<'_>) {
        let found = file.repro.as_ref().and_then(|repro| repro.found.as_ref());
        let made_by = found.map(|found| version::words(&found.version, found.target.as_deref()));
        let meaning = "what it does may have changed since";
        self.tell_version(made_by.as_deref(), file.target, meaning);
    }

    /// What was skipped, and what was taken where a name fitted several messages.
    fn say_more(&self, file: &File<'_>, told: &Told) {
        let console = &self.app.console;
        for unplayed in &told.played.misfits {
            let line = file.line_of(unplayed.line);
            let (message, hint) = (message(unplayed), hint(unplayed));
            console.talk(&format!("skipped line {line}: {message}: {hint}"));
        }
        for it in &told.played.choices {
            let line = file.line_of(it.line);
            console.talk(&format!("note: line {line}, `{}`: {}", it.asked, choice(it)));
        }
        for note in &told.outcome.notes {
            console.talk(&format!("note: {note}"));
        }
    }

    /// Plays what a file tells, twice, and compares what comes with what the file says.
    pub(super) fn play(&self, file: &File<'_>, scenario: &Scenario) -> Result<Told, Unplayable> {
        let (target, selection) = (file.target, &self.chosen.selection);
        let matching = if self.args.forgiving { Matching::Forgiving } else { Matching::Strict };
        let played = target.play(scenario, selection, matching);
        let (again, _) = target.replay(&played.run.whole(), selection, Replay::SAVED);
        if again.hash != played.run.hash {
            let outcome = Outcome::not_deterministic();
            return Ok(Told { played, outcome, differences: String::new() });
        }
        if let Some(unplayed) = played.misfits.first().filter(|_| !self.args.forgiving) {
            let error = file.misfit(unplayed);
            return Err(Unplayable { played: Some(Box::new(played)), error });
        }
        let (mut outcome, differences) = self.compared(file, scenario, &played)?;
        if !played.misfits.is_empty() {
            let skipped = counted(played.misfits.len() as u64, "line");
            outcome.text = format!("{}, {skipped} skipped", outcome.text);
        }
        Ok(Told { played, outcome, differences })
    }

    fn compared(
        &self,
        file: &File<'_>,
        scenario: &Scenario,
        played: &Played,
    ) -> Result<(Outcome, String), CliError> {
        if self.args.bless {
            return Ok((self.bless(file, scenario, played)?, String::new()));
        }
        if scenario.has_pictures() && self.is_as_written(file)? {
            return self.as_pictured(file, scenario, played);
        }
        let expect = file.repro.as_ref().map(|repro| &repro.expect);
        let expect = expect.filter(|_| self.args.until.is_none());
        let mut outcome = Outcome::of(&played.run, expect, self.args.strict);
        if scenario.has_pictures() {
            let why = "another target, or fewer judges, than the file's";
            outcome.notes.push(format!("its pictures are not compared: {why}"));
        }
        Ok((outcome, String::new()))
    }

    /// Whether a file is told to the target that it is written for, with all judges sitting.
    fn is_as_written(&self, file: &File<'_>) -> Result<bool, CliError> {
        let own = self.app.target(file.scenario.target.as_deref())?;
        let is_all = self.chosen.selection == Selection::ALL && self.args.until.is_none();
        Ok(is_all && own.name() == file.target.name())
    }

    fn as_pictured(
        &self,
        file: &File<'_>,
        scenario: &Scenario,
        played: &Played,
    ) -> Result<(Outcome, String), CliError> {
        let elsewhere = self.elsewhere(file, scenario)?;
        let differences = differences(scenario, &pictures(played), &elsewhere);
        let (exit, text) = if differences.is_empty() {
            (Exit::Passed, "as pictured".to_owned())
        } else {
            (Exit::Differs, "not as pictured; --bless writes what came".to_owned())
        };
        Ok((Outcome { exit, text, notes: Vec::new() }, differences))
    }

    /// Writes the pictures that came into the file.
    fn bless(
        &self,
        file: &File<'_>,
        scenario: &Scenario,
        played: &Played,
    ) -> Result<Outcome, CliError> {
        if file.repro.is_some() || !Path::new(&file.path).exists() {
            let message = format!("{} has no pictures to bless", file.path.display());
            return Err(CliError::usage(message).hint("pictures stand in .txt files"));
        }
        if !self.is_as_written(file)? || self.args.forgiving {
            let hint = "leave out --target, --only, --skip, --until and --forgiving";
            return Err(CliError::usage("pictures are blessed of all that a file says").hint(hint));
        }
        let elsewhere = self.elsewhere(file, scenario)?;
        let blessed = scenario.blessed(&pictures(played), &elsewhere);
        let text = if blessed == scenario.to_string() {
            "as pictured".to_owned()
        } else {
            let unwritable = |error| CliError::unwritable(&file.path, &error);
            write_whole(&file.path, &blessed).map_err(unwritable)?;
            "pictured as it came".to_owned()
        };
        Ok(Outcome { exit: Exit::Passed, text, notes: Vec::new() })
    }

    /// What breaks when the targets of a file's sections are told the same. What they cannot do is
    /// left out: they have gone their own way by then.
    fn elsewhere(&self, file: &File<'_>, scenario: &Scenario) -> Result<Vec<String>, CliError> {
        let mut elsewhere = Vec::new();
        for section in &scenario.sections {
            let target = self.app.target(Some(&section.target)).map_err(|error| {
                let source = file.text.lines().nth(section.line - 1).unwrap_or_default();
                CliError::from(FileError {
                    path: file.path.clone(),
                    line: section.line,
                    column: None,
                    width: 1,
                    message: error.message,
                    hint: Some(error.hints.join("; ")),
                    source_line: source.into(),
                })
            })?;
            let told = target.play(scenario, &Selection::ALL, Matching::Forgiving);
            elsewhere.push(violations(&told.run.failures));
        }
        Ok(elsewhere)
    }
}

/// Why nothing came of a file, and how far it was played.
pub(super) struct Unplayable {
    played: Option<Box<Played>>,
    pub(super) error: CliError,
}

impl From<CliError> for Unplayable {
    fn from(error: CliError) -> Self {
        Unplayable { played: None, error }
    }
}
