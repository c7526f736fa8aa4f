//! `--resume`: goes on with a campaign that was killed, from its last checkpoint.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;

use super::super::error::CliError;
use super::super::input::{REPORT_BYTES_MAX, read_at_most, read_file};
use super::super::{App, Arguments, Command};
use super::FuzzArgs;
use super::invocation::{Begun, Invocation};
use super::teller::{KeptFile, KeptFiles};
use crate::language::file_error::FileError;
use crate::language::version::TOOL;
use crate::report::checkpoint::Checkpoint;
use crate::report::place::{LATEST, Place};
use crate::report::words::shell;
use crate::run::Class;

/// The campaign of this name in `--out`, or in this folder, with its flags, and what the same command
/// line asked for beside it.
pub(super) fn read(app: &App, args: &FuzzArgs, name: &Path) -> Result<Invocation, CliError> {
    let inside = args.out.join(name);
    let folder =
        if inside.exists() || name == Path::new(LATEST) { inside } else { name.to_owned() };
    // The link may soon point elsewhere.
    let folder = match (fs::read_link(&folder), folder.parent()) {
        (Ok(to), Some(parent)) => parent.join(to),
        _ => folder,
    };
    let out = folder.parent().map_or_else(PathBuf::new, Path::to_owned);
    let place = Place::at(folder);
    let path = place.checkpoint();
    let bytes = read_at_most(&path, REPORT_BYTES_MAX).map_err(|error| {
        error.hint("name the folder of a campaign, such as target/raft-sim/latest")
    })?;
    let checkpoint = Checkpoint::parse(FileError::utf8(&path, &bytes)?)
        .map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
    check_version(app, &checkpoint)?;
    let same = |flags: Vec<String>| {
        let words = ["raft-sim", "fuzz"].map(str::to_owned).into_iter().chain(flags);
        let same = Arguments::try_parse_from(words).map(|arguments| arguments.command);
        let Ok(Some(Command::Fuzz(same))) = same else {
            return Err(CliError::usage(format!("{}: its flags are wrong", path.display())));
        };
        let (jobs, outputs, progress) = (args.jobs, args.outputs.clone(), args.progress);
        Ok(FuzzArgs { jobs, outputs, progress, out: out.clone(), ..*same })
    };
    let Checkpoint { flags, over, to_come, wall_ms, campaign, .. } = checkpoint;
    let own = same(flags)?;
    let to_come = to_come.into_iter().map(same).collect::<Result<_, CliError>>()?;
    place.revive();
    let kept = on_disk(app, &place, &own);
    Ok(Invocation {
        over: over.into_iter().map(PathBuf::from).collect(),
        begun: Some((own, Begun { place, campaign, wall_ms, kept })),
        to_come,
    })
}

/// The rest of what another version has begun would mean something else.
fn check_version(app: &App, checkpoint: &Checkpoint) -> Result<(), CliError> {
    let Checkpoint { version, flags, .. } = checkpoint;
    if version == TOOL {
        return Ok(());
    }
    let flags: Vec<String> = flags.iter().map(|flag| shell(flag)).collect();
    let message = format!("the campaign was begun by raft-sim {version}, and this is {TOOL}");
    Err(CliError::usage(message)
        .hint("the rest of its seeds would mean something else: begin anew")
        .hint(format!("{} fuzz {}", app.prefix, flags.join(" "))))
}

/// The best script of each class that is on disk. Where a kill has left two, the other one goes.
fn on_disk(app: &App, place: &Place, args: &FuzzArgs) -> KeptFiles {
    let mut kept = KeptFiles::new();
    let target = args.settings.targets();
    for path in place.all_failures() {
        let file = read_file(app, &path, target.first().map(String::as_str)).ok();
        let Some(repro) = file.and_then(|file| file.repro) else { continue };
        let name = repro.expect.invariant.as_deref().and_then(raft_invariants::find);
        let Some(invariant) = name else { continue };
        let class = Class { invariant: invariant.name, place: repro.expect.place.clone() };
        let mut worse = KeptFile::on_disk(path, &repro);
        if let Some(other) = kept.get_mut(&class) {
            if worse.size < other.size {
                std::mem::swap(&mut worse, other);
            }
            // Whoever cannot delete it has one file more.
            let _ = fs::remove_file(&worse.path);
        } else {
            kept.insert(class, worse);
        }
    }
    kept
}
