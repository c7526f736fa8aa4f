//! `--resume`: goes on with a campaign that was killed, from its last checkpoint.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::Parser;

use super::super::error::CliError;
use super::super::input::read_file;
use super::super::{App, Arguments, Command};
use super::FuzzArgs;
use super::teller::{KeptFile, KeptFiles};
use crate::language::version::TOOL;
use crate::report::checkpoint::Checkpoint;
use crate::report::place::{LATEST, Place};
use crate::report::words::shell;
use crate::run::Class;
use crate::search::campaign::Campaign;

/// A campaign that was begun before, or is about to begin.
pub(super) struct Begun {
    pub(super) place: Place,
    /// Its books.
    pub(super) campaign: Campaign,
    /// Time spent on it.
    pub(super) wall_ms: u64,
    /// The best scripts that are on disk.
    pub(super) kept: KeptFiles,
}

impl Begun {
    pub(super) fn now(place: Place) -> Self {
        Begun { place, campaign: Campaign::begin(), wall_ms: 0, kept: BTreeMap::new() }
    }
}

/// The campaign of this name in `--out`, or in this folder, and its flags.
pub(super) fn read(app: &App, args: &FuzzArgs, name: &Path) -> Result<(FuzzArgs, Begun), CliError> {
    let inside = args.out.join(name);
    let folder =
        if inside.exists() || name == Path::new(LATEST) { inside } else { name.to_owned() };
    // The link may soon point elsewhere.
    let folder = match (fs::read_link(&folder), folder.parent()) {
        (Ok(to), Some(parent)) => parent.join(to),
        _ => folder,
    };
    let place = Place::at(folder);
    let path = place.checkpoint();
    let text = fs::read_to_string(&path).map_err(|error| {
        let hint = "name the folder of a campaign, such as target/raft-sim/latest";
        CliError::unreadable(&path, &error).hint(hint).hint("guided campaigns have no checkpoint")
    })?;
    let checkpoint = Checkpoint::parse(&text)
        .map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
    let flags: Vec<String> = checkpoint.flags.iter().map(|flag| shell(flag)).collect();
    if checkpoint.version != TOOL {
        let began = &checkpoint.version;
        let message = format!("the campaign was begun by raft-sim {began}, and this is {TOOL}");
        return Err(CliError::usage(message)
            .hint("the rest of its seeds would mean something else: begin anew")
            .hint(format!("{} fuzz {}", app.prefix, flags.join(" "))));
    }
    let words = ["raft-sim", "fuzz"].map(str::to_owned).into_iter().chain(checkpoint.flags);
    let same = Arguments::try_parse_from(words).map(|arguments| arguments.command);
    let Ok(Some(Command::Fuzz(same))) = same else {
        return Err(CliError::usage(format!("{}: its flags are wrong", path.display())));
    };
    let (jobs, outputs, progress) = (args.jobs, args.outputs.clone(), args.progress);
    let same = FuzzArgs { jobs, outputs, progress, ..*same };
    place.revive();
    let kept = on_disk(app, &place, &same);
    let Checkpoint { wall_ms, campaign, .. } = checkpoint;
    Ok((same, Begun { place, campaign, wall_ms, kept }))
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
