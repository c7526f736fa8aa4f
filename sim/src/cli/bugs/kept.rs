//! The folder of kept stories: to measure new ones by, and to keep those that are shorter.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::App;
use super::super::error::{CliError, Exit};
use super::super::input::{read_file, runs_in};
use crate::explain::finding::Finding;
use crate::explain::minimize::Budget;
use crate::explain::score::{Catch, Score, Trial};
use crate::report::files::write_whole;
use crate::report::scores::Shortest;
use crate::search::campaign::origin::Origin;
use crate::search::target::Target;

/// Where this project keeps its stories.
const HOME: &str = "seeds/mutants";

/// What is kept in a folder.
pub(super) struct Kept {
    folder: PathBuf,
    stories: Vec<Story>,
}

struct Story {
    path: PathBuf,
    target: String,
    invariant: String,
    size: Size,
}

/// How good a story is, the best first: whoever has three nodes may not do as it likes.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Size {
    is_narrow: bool,
    actions: usize,
    nodes: u8,
}

impl Size {
    fn of(actions: usize, nodes: u8) -> Self {
        Size { is_narrow: nodes < 3, actions, nodes }
    }
}

impl Kept {
    /// Reads a folder; the project's own if none is named, which need not be there.
    pub(super) fn read(app: &App, folder: Option<&Path>) -> Result<Self, CliError> {
        let mut kept = Kept { folder: folder.unwrap_or(HOME.as_ref()).into(), stories: Vec::new() };
        if folder.is_none() && !kept.folder.is_dir() {
            return Ok(kept);
        }
        for path in runs_in(&kept.folder)? {
            let file = read_file(app, &path, None)?;
            let Some(repro) = file.repro else { continue };
            if let Some(invariant) = repro.expect.invariant {
                let size = Size::of(repro.script.steps(), repro.script.cluster.nodes);
                let target = file.target.name().to_owned();
                kept.stories.push(Story { path, target, invariant, size });
            }
        }
        Ok(kept)
    }

    /// Lengths of the stories.
    pub(super) fn shortest(&self) -> Shortest {
        let mut shortest = Shortest::default();
        for Story { target, invariant, size, .. } in &self.stories {
            shortest.note(target, invariant, size.nodes, size.actions);
        }
        shortest
    }

    /// Keeps the best story that the searches for a bug have found, if the folder has none as good;
    /// worse ones in which the same falls make room for it.
    pub(super) fn bless(
        &self,
        app: &App,
        target: &dyn Target,
        score: &Score,
        trial: &Trial,
    ) -> Result<(), CliError> {
        let told = score.finds().filter_map(|found| {
            let story = found.story?;
            Some((Size::of(story.actions, story.nodes), found))
        });
        let Some((size, found)) = told.min_by_key(|&(size, _)| size) else {
            return Ok(());
        };
        let of_this = self.stories.iter().filter(|story| story.target == target.name());
        let of_this: Vec<&Story> = of_this.collect();
        if of_this.iter().any(|story| story.size <= size) {
            return Ok(());
        }
        let finding = again(target, found, trial)?;
        let path = self.folder.join(finding.file_name(target));
        let text = finding.repro(target).to_text();
        write_whole(&path, &text).map_err(|error| CliError::unwritable(&path, &error))?;
        app.console.talk(&format!("kept {}", path.display()));
        let is_replaced = |it: &&Story| it.invariant == found.class.invariant && it.path != path;
        for Story { path: worse, .. } in of_this.into_iter().filter(is_replaced) {
            fs::remove_file(worse).map_err(|error| CliError::unwritable(worse, &error))?;
            app.console.talk(&format!("  instead of {}", worse.display()));
        }
        Ok(())
    }
}

/// The finding of a search, with its story.
fn again(target: &dyn Target, found: &Catch, trial: &Trial) -> Result<Finding, CliError> {
    let (settings, selection) = (&trial.settings, &trial.selection);
    Finding::of(target, &Origin::Seed(found.seed), &found.class, settings, selection)
        .and_then(|finding| finding.minimized(target, settings, selection, Budget::default()))
        .map_err(|_| {
            let message =
                format!("seed {:#x} of {} does not fail again", found.seed, target.name());
            CliError { kind: Exit::NotDeterministic, message, hints: Vec::new() }
        })
}
