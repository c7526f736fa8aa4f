//! What people hand in: seeds, files, folders, stdin.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use raft_invariants::Selection;

use super::error::{CliError, Exit};
use super::settings::unknown_invariant;
use super::{App, seed};
use crate::language::file_error::FileError;
use crate::language::repro::Repro;
use crate::language::scenario::Scenario;
use crate::language::script::Script;
use crate::language::text::{did_you_mean, quoted, suggest};
use crate::report::misfit;
use crate::report::page::start::Opened;
use crate::report::words::counted;
use crate::run::player::{Played, Unplayed};
use crate::run::{Replay, Run};
use crate::schedule::script::Matching;
use crate::search::target::Target;

/// Larger scripts are none of ours.
pub(super) const BYTES_MAX: u64 = 4 << 20;
/// Larger reports and checkpoints are none of ours.
pub(super) const REPORT_BYTES_MAX: u64 = 64 << 20;

/// One thing to look at.
pub(super) enum Input<'a> {
    /// What a seed means depends on flags.
    Seed(u64),
    /// A file says it all.
    File(Box<File<'a>>),
}

/// A file with a run in it.
pub(super) struct File<'a> {
    /// As it was named.
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) target: &'a dyn Target,
    /// What is to happen, and the pictures that must come of it; of a `.json` file the lines are
    /// numbered by their actions.
    pub(super) scenario: Scenario,
    /// What a `.json` file says beside the script.
    pub(super) repro: Option<Repro>,
}

/// Reads a word of the command line that is no folder. `target` overrules what a file says.
pub(super) fn read<'a>(
    app: &'a App,
    word: &str,
    target: Option<&str>,
) -> Result<Input<'a>, CliError> {
    let path = Path::new(word);
    if word != "-" && !path.exists() && seed::is_like_one(word) {
        let remark = seed::remark(word).map(|remark| format!("note: {remark}"));
        app.console.talk_if(remark);
        return Ok(Input::Seed(seed::parse(word)?));
    }
    if word != "-"
        && !word.contains(['.', '/'])
        && let Err(error) = fs::metadata(path)
    {
        let seeds = "seeds are numbers of 64 bits such as 108 or 0x6c";
        let hint = format!("{} is no seed either: {seeds}", quoted(word));
        return Err(CliError::unreadable(path, &error).hint(hint));
    }
    read_file(app, path, target).map(|file| Input::File(Box::new(file)))
}

/// Reads a file; `-` is stdin.
pub(super) fn read_file<'a>(
    app: &'a App,
    path: &Path,
    target: Option<&str>,
) -> Result<File<'a>, CliError> {
    let (path, bytes) = if path == Path::new("-") {
        (Path::new("<stdin>"), read_stdin()?)
    } else {
        (path, read_at_most(path, BYTES_MAX)?)
    };
    // A mark of byte order, which some editors leave, says nothing in UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let text = FileError::utf8(path, bytes)?.to_owned();
    let is_json = path.extension().is_some_and(|extension| extension == "json")
        || text.trim_start().starts_with('{');
    if !is_json {
        return read_scenario(app, path, text, target);
    }
    let overruled = target.map(|name| app.target(Some(name))).transpose()?;
    let kinds_of = |name: &str| match overruled.or_else(|| app.targets.find(name)) {
        Some(target) => Ok(target.kinds()),
        None => Err(suggest(name, app.targets.iter().map(Target::name)).map_or_else(
            || "`list targets` and `list bugs` have all of them".into(),
            did_you_mean,
        )),
    };
    let repro = Repro::parse(&text, path, kinds_of)?;
    let expected = repro.expect.invariant.as_deref();
    if let Some(name) = expected.filter(|name| raft_invariants::find(name).is_none()) {
        let error = unknown_invariant(name);
        let message = format!("{}: {}", path.display(), error.message);
        return Err(CliError { message, ..error });
    }
    let target = match overruled {
        Some(target) => target,
        None => app.target(Some(&repro.target))?,
    };
    let scenario = Scenario::of(&repro.script, 1..);
    Ok(File { path: path.to_owned(), text, target, scenario, repro: Some(repro) })
}

fn read_scenario<'a>(
    app: &'a App,
    path: &Path,
    text: String,
    target: Option<&str>,
) -> Result<File<'a>, CliError> {
    let overruled = target.map(|name| app.target(Some(name))).transpose()?;
    let told = |name: Option<&str>| match overruled {
        Some(target) => Ok(target),
        None => app.target(name),
    };
    let scenario = Scenario::parse(&text, path, |name| match told(name) {
        Ok(target) => Ok(target.kinds()),
        Err(error) => Err(error.hints.join("; ")),
    })?;
    let target = told(scenario.target.as_deref())?;
    Ok(File { path: path.to_owned(), text, target, scenario, repro: None })
}

fn read_stdin() -> Result<Vec<u8>, CliError> {
    let bytes = read_bounded(std::io::stdin().lock(), Path::new("<stdin>"), BYTES_MAX)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let hint = "pipe a script into it that begins with a line like `cluster nodes=3`";
        return Err(CliError::usage("stdin is empty").hint(hint));
    }
    Ok(bytes)
}

/// Reads a file, if it has no more than so many bytes.
pub(super) fn read_at_most(path: &Path, bytes_max: u64) -> Result<Vec<u8>, CliError> {
    let unreadable = |error| CliError::unreadable(path, &error);
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Err(CliError::usage(format!("{} is a folder", path.display())).hint("name a file"));
    }
    read_bounded(fs::File::open(path).map_err(unreadable)?, path, bytes_max)
}

/// Reads everything, but no more than so many bytes: a device may never end.
pub(super) fn read_bounded(
    reader: impl Read,
    path: &Path,
    bytes_max: u64,
) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    let read = reader.take(bytes_max + 1).read_to_end(&mut bytes);
    read.map_err(|error| CliError::unreadable(path, &error))?;
    if bytes_max < bytes.len() as u64 {
        let message = format!("{} is far too large", path.display());
        let hint = format!("it may have {} MiB at most", bytes_max >> 20);
        return Err(CliError::usage(message).hint(hint));
    }
    Ok(bytes)
}

/// All runs in a folder and below it, sorted by name: `.json` and `.txt`.
pub(super) fn runs_in(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut runs = Vec::new();
    collect(folder, &mut runs)?;
    runs.sort();
    Ok(runs)
}

fn collect(folder: &Path, runs: &mut Vec<PathBuf>) -> Result<(), CliError> {
    let unreadable = |error| CliError::unreadable(folder, &error);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if hidden {
            continue;
        }
        // A link to a folder may lead round in a circle: links to folders are not followed.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            collect(&path, runs)?;
        } else if path.extension().is_some_and(|ext| ext == "json" || ext == "txt") {
            // Whoever opens a pipe in which nobody writes waits for ever.
            if fs::metadata(&path).is_ok_and(|it| !it.is_file()) {
                return Err(CliError::usage(format!("{} is no file", path.display())));
            }
            runs.push(path);
        }
    }
    Ok(())
}

impl<'t> File<'t> {
    /// What the file tells, action by action. Phrases are played first, to find out what they stand
    /// for.
    pub(super) fn script(&self, app: &App) -> Result<Script, CliError> {
        if let Some(script) = self.scenario.script() {
            return Ok(script);
        }
        let played = self.played(&Selection::ALL)?;
        app.console.talk(&format!(
            "note: the phrases of {} are played to {} first; `replay {0} --script` prints them",
            self.path.display(),
            counted(played.script.steps() as u64, "plain action"),
        ));
        Ok(played.script)
    }

    /// What the explorer shows of the file.
    pub(super) fn opened<'a>(&self, app: &'a App) -> Result<Opened<'a>, CliError>
    where
        't: 'a,
    {
        let repro = self.repro.as_ref();
        Ok(Opened {
            mode: "explore",
            name: self.path.display().to_string(),
            target: self.target,
            script: self.script(app)?,
            invariant: repro.and_then(|repro| repro.expect.invariant.clone()),
            one_minimal: repro.and_then(|repro| repro.one_minimal) == Some(true),
            command: &app.prefix,
        })
    }

    /// What comes of all that the file tells; an error if a line of it cannot be played.
    pub(super) fn played(&self, selection: &Selection) -> Result<Played, CliError> {
        let played = self.target.play(&self.scenario, selection, Matching::Strict);
        match played.misfits.first() {
            None => Ok(played),
            Some(unplayed) => Err(self.misfit(unplayed)),
        }
    }

    /// Runs what the file tells, action by action.
    pub(super) fn run(&self, app: &App, selection: &Selection) -> Result<(Script, Run), CliError> {
        let script = self.script(app)?;
        let (run, skipped) = self.target.replay(&script, selection, Replay::SAVED);
        if !skipped.is_empty() {
            self.played(selection)?;
        }
        Ok((script, run))
    }

    /// A line that cannot be played, as an error. A kept run that has stopped making sense is not
    /// what it was; a script by hand is wrong.
    pub(super) fn misfit(&self, unplayed: &Unplayed) -> CliError {
        let line = self.line_of(unplayed.line);
        let source = self.text.lines().nth(line - 1).unwrap_or_default();
        let error = CliError::from(FileError {
            path: self.path.clone(),
            line,
            column: None,
            width: 1,
            message: misfit::message(unplayed),
            hint: Some(misfit::hint(unplayed)),
            source_line: source.trim_end().into(),
        });
        if self.repro.is_some() { CliError { kind: Exit::Differs, ..error } } else { error }
    }

    /// The line of the file that the scenario calls this one. Of a `.json` file it is one of those
    /// that have the action's words.
    pub(super) fn line_of(&self, line: usize) -> usize {
        let Some(repro) = &self.repro else { return line };
        let lines = repro.script.lines();
        let Some((words, before)) = lines[..line.min(lines.len())].split_last() else { return 1 };
        let earlier = before.iter().filter(|other| *other == words).count();
        let quoted = format!("\"{words}\"");
        let mut same = self.text.lines().enumerate().filter(|(_, text)| text.contains(&quoted));
        same.nth(earlier).map_or(1, |(position, _)| position + 1)
    }
}
