//! What people hand in: seeds, files, folders, stdin.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::CliError;
use super::settings::unknown_invariant;
use super::{App, seed};
use crate::language::action::Action;
use crate::language::file_error::FileError;
use crate::language::repro::Repro;
use crate::language::script::Script;
use crate::language::text::{did_you_mean, quoted, suggest};
use crate::search::target::Target;

/// Larger files are none of ours.
const BYTES_MAX: u64 = 4 << 20;

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
    pub(super) script: Script,
    /// What it says beside the script; plain scripts say nothing.
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
        (path, read_bytes(path)?)
    };
    // A mark of byte order, which some editors leave, says nothing in UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let text = FileError::utf8(path, bytes)?.to_owned();
    let is_json = path.extension().is_some_and(|extension| extension == "json")
        || text.trim_start().starts_with('{');
    if !is_json {
        let target = app.target(target)?;
        let script = Script::parse(&text, path, target.kinds())?;
        return Ok(File { path: path.to_owned(), text, target, script, repro: None });
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
    let script = repro.script.clone();
    Ok(File { path: path.to_owned(), text, target, script, repro: Some(repro) })
}

fn read_stdin() -> Result<Vec<u8>, CliError> {
    let bytes = read_bounded(std::io::stdin().lock(), Path::new("<stdin>"), BYTES_MAX)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let hint = "pipe a script into it that begins with a line like `cluster nodes=3`";
        return Err(CliError::usage("stdin is empty").hint(hint));
    }
    Ok(bytes)
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    let unreadable = |error| {
        let word = path.display().to_string();
        CliError::unreadable(path, &error).hint_if((!word.contains(['.', '/'])).then(|| {
            format!("{} is no seed either: seeds are numbers such as 108 or 0x6c", quoted(&word))
        }))
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(CliError::usage(format!("{} is a folder", path.display())).hint("name a file"));
    }
    read_bounded(fs::File::open(path).map_err(unreadable)?, path, BYTES_MAX)
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
            runs.push(path);
        }
    }
    Ok(())
}

impl File<'_> {
    /// A line of the script that means nothing when its turn comes, as an error.
    pub(super) fn misfit(&self, position: usize) -> FileError {
        let action = &self.script.actions[position];
        let (line, source) = self.line_of(position);
        FileError {
            path: self.path.clone(),
            line,
            column: None,
            width: 1,
            message: format!(
                "action {} of {}, `{action}`, means nothing when its turn comes",
                position + 1,
                self.script.actions.len()
            ),
            hint: Some(why_it_means_nothing(action)),
            source_line: source.trim_end().into(),
        }
    }

    /// The line on which an action stands: one of those whose words it has.
    fn line_of(&self, position: usize) -> (usize, &str) {
        let actions = &self.script.actions;
        let words = actions[position].to_string();
        let earlier = actions[..position].iter().filter(|other| other.to_string() == words).count();
        let lines = self.text.lines().enumerate();
        let has_words = |line: &str| {
            let plain = line.split_whitespace().collect::<Vec<_>>().join(" ");
            plain == words || line.contains(&format!("\"{words}\""))
        };
        let mut same = lines.filter(|(_, line)| has_words(line));
        same.nth(earlier).map_or((1, ""), |(line, text)| (line + 1, text))
    }
}

/// Refuses a script that ends in calm, where what is shown are the steps before it.
pub(super) fn refuse_calm(script: &Script) -> Result<(), CliError> {
    if script.calm.is_none() {
        return Ok(());
    }
    let message = "what ends in calm is not shown step by step yet: its story is told";
    Err(CliError::usage(message)
        .hint("raft-sim replay FILE tells it; without its last line, `calm`, it is shown"))
}

fn why_it_means_nothing(action: &Action) -> String {
    match action {
        Action::Deliver(pattern) | Action::Drop(pattern) => format!(
            "no such message is on its way from {} to {} then, or it cannot arrive",
            pattern.from, pattern.to
        ),
        Action::Duplicate(pattern) => {
            format!("no such message has arrived from {} at {} before", pattern.from, pattern.to)
        }
        Action::Timeout(node, _) => {
            format!("{node} is down or paused then, or its timer is off")
        }
        Action::Sync(node) => format!("{node} has nothing to sync then, or is down"),
        Action::Crash(node, _) | Action::Fail(node, _) => {
            format!("{node} is down then, or has fewer writes to keep")
        }
        Action::Restart(node) => format!("{node} is not down then"),
        Action::Write(node, _) => format!("{node} is down, paused or waits for its disk then"),
        _ => "it would change nothing then".to_owned(),
    }
}
