//! The folder in which a guided campaign keeps its corpus: what it begins with, and what it adds.
//!
//! A script is a file `raft-sim-repro/1` that is expected to pass, so `replay DIR` runs them all.
//! Its name is the hash of what is in it: the same script is never written twice, and nothing that
//! was there is changed or deleted.

use std::cmp::Reverse;
use std::path::Path;

use super::super::error::CliError;
use super::super::settings::Chosen;
use super::super::{App, input};
use crate::language::hash::Hasher;
use crate::language::repro::{Expect, Found, Repro, Verdict};
use crate::language::script::Script;
use crate::report::files::write_whole;
use crate::report::words::counted;
use crate::search::campaign::Plan;
use crate::search::guided;
use crate::search::guided::corpus::{Corpus, Kept};
use crate::search::target::Target;

/// A folder with more scripts takes only those that saw a set of witnesses first. Any campaign
/// reaches new abstract states; a folder that kept them all would soon take longer to replay than
/// it saves. Shards share the room: what they add together is as much as one process would add.
const SCRIPTS_MAX: usize = 1_000;

/// The scripts to begin with.
pub(super) fn begin(
    app: &App,
    chosen: &Chosen<'_>,
    folder: Option<&Path>,
) -> Result<Vec<Script>, CliError> {
    match folder {
        Some(folder) if folder.exists() => load(app, folder, chosen),
        _ => Ok(Vec::new()),
    }
}

/// Adds to the folder what the campaign has kept, and says how much that is.
pub(super) fn end(
    app: &App,
    chosen: &Chosen<'_>,
    plan: &Plan,
    folder: &Path,
    corpus: &Corpus,
    loaded: usize,
) -> Result<(), CliError> {
    let written = save(folder, chosen.target, plan, corpus, loaded)?;
    let scripts = counted(written, "new script");
    app.console.talk(&format!("corpus   {scripts} in {}", folder.display()));
    Ok(())
}

/// All scripts of a folder that are about clusters which the target and the settings allow.
fn load(app: &App, folder: &Path, chosen: &Chosen<'_>) -> Result<Vec<Script>, CliError> {
    if !folder.is_dir() {
        let message = format!("{} is no folder", folder.display());
        return Err(CliError::usage(message).hint("--guided-corpus takes a folder of scripts"));
    }
    let mut scripts = Vec::new();
    for path in input::runs_in(folder)? {
        scripts.push(read(app, &path, chosen.target)?);
    }
    let (low, high) = chosen.target.traits().nodes;
    let sizes = &chosen.settings.nodes;
    scripts.retain(|script| {
        let nodes = script.cluster.nodes;
        let able = low <= usize::from(nodes) && usize::from(nodes) <= high;
        able && (sizes.is_empty() || sizes.contains(&nodes))
    });
    Ok(scripts)
}

/// A script of this target's, or of another's: messages of another kind will mean nothing.
fn read(app: &App, path: &Path, target: &dyn Target) -> Result<Script, CliError> {
    let own = input::read_file(app, path, Some(target.name()));
    own.or_else(|error| match input::read_file(app, path, None) {
        Ok(file) if file.repro.is_some() => Ok(file),
        _ => Err(error.hint("mend or delete the file; a guided corpus has only scripts in it")),
    })
    .and_then(|file| file.script(app))
}

/// Writes what is not there yet, the liveliest first; says how many files that were.
fn save(
    folder: &Path,
    target: &dyn Target,
    plan: &Plan,
    corpus: &Corpus,
    loaded: usize,
) -> Result<u64, CliError> {
    let mut entries: Vec<&Kept> =
        corpus.entries().iter().filter(|entry| !entry.is_loaded()).collect();
    entries.sort_by_key(|entry| Reverse((entry.saw_witnesses(), entry.energy())));
    let shards = usize::try_from(plan.shard.of()).unwrap_or(usize::MAX);
    let room = SCRIPTS_MAX.saturating_sub(loaded).div_ceil(shards);
    let mut written = 0;
    for (position, entry) in entries.into_iter().enumerate() {
        if room <= position && !entry.saw_witnesses() {
            break;
        }
        let script = entry.script();
        let path = folder.join(format!("{}.json", stem(&script)));
        if !path.exists() {
            write(&path, &repro(target, plan, script))?;
            written += 1;
        }
    }
    Ok(written)
}

fn write(path: &Path, repro: &Repro) -> Result<(), CliError> {
    write_whole(path, &repro.to_text()).map_err(|error| {
        CliError::unwritable(path, &error).hint("choose another folder with --guided-corpus")
    })
}

/// Names a script by what is in it.
pub(super) fn stem(script: &Script) -> String {
    format!("{:016x}", Hasher::new().add_str(&script.to_string()).finish())
}

/// Whether a file's name is one that a script may have.
pub(in crate::cli) fn is_name(file: &str) -> bool {
    let is_digit = |char: char| matches!(char, '0'..='9' | 'a'..='f');
    file.strip_suffix(".json").is_some_and(|stem| stem.len() == 16 && stem.chars().all(is_digit))
}

fn repro(target: &dyn Target, plan: &Plan, script: Script) -> Repro {
    Repro {
        title: None,
        issue: None,
        target: target.name().to_owned(),
        expect: Expect {
            outcome: Verdict::Pass,
            invariant: None,
            place: None,
            actions: None,
            hash: None,
        },
        found: Some(Found::now(
            plan.first_seed,
            guided::NAME,
            target.version(),
            &plan.settings.words(),
        )),
        one_minimal: None,
        script,
        why: std::collections::BTreeMap::new(),
    }
}
