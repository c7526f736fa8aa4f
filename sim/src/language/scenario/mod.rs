//! A scenario: what happens to a cluster, in words that people use, and the pictures that it must
//! give.
//!
//! ```text
//! # One leader, one committed command.
//! cluster nodes=3
//! elect n1 by n2
//! write n1 x=1
//! settle
//! ----
//! n1 leader of term 1, voted n1    log 1 1  commit 2
//! n2 follower of term 1, voted n1  log 1 1  commit 2
//! n3 follower of term 1, voted n1  log 1 1  commit 2
//! n1 tells its client: x=1 is committed at index 2
//! violations none
//!
//! ==== raft-core?bug=quorum-floor-half
//! violations ElectedByQuorum
//! ```
//!
//! Above the first line of dashes stands a script, in which [phrases](super::phrase) may stand for
//! several actions; a line `target NAME` above the cluster says to whom it is told. Below the dashes
//! stands a picture; more of the script may follow it, with a picture of its own. A section for
//! another target at the end names the invariants that break, in that order, when that target is
//! told the same. Pictures and sections may be missing: a script is a scenario.

mod read;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use crate::language::phrase::Phrase;
use crate::language::script::{Cluster, Script};

/// What happens to a cluster, and what must come of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scenario {
    /// The file, as it was read.
    text: String,
    /// The target that it names.
    pub target: Option<String>,
    /// To whom it happens.
    pub cluster: Cluster,
    /// What, from picture to picture.
    pub blocks: Vec<Block>,
    /// What comes of it elsewhere.
    pub sections: Vec<Section>,
}

/// Some lines, and the picture that they give.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Block {
    /// What they say, each with the number of its line in the file, from 1.
    pub phrases: Vec<(usize, Phrase)>,
    /// What stands below the dashes; `None` if there are none.
    pub picture: Option<Picture>,
}

/// What stands below a line of dashes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// Number of its first line, from 1: the one below the dashes.
    pub line: usize,
    /// Its lines.
    pub lines: Vec<String>,
}

/// Another target that is told the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// Its name.
    pub target: String,
    /// Number of the line that names it.
    pub line: usize,
    /// The invariants that break, in words, and the number of the line that says so; `None` if the
    /// file does not say it yet.
    pub violations: Option<(usize, String)>,
}

/// Above a picture.
const DASHES: &str = "----";
/// Before the names of invariants.
const VIOLATIONS: &str = "violations ";

impl Scenario {
    /// One that tells what a script does, each line from the line of this number.
    pub fn of(script: &Script, lines: impl IntoIterator<Item = usize>) -> Scenario {
        let acts = script.actions.iter().copied().map(Phrase::Act);
        let phrases = acts.chain(script.calm.map(Phrase::Calm));
        let block = Block { phrases: lines.into_iter().zip(phrases).collect(), picture: None };
        Scenario {
            text: script.to_string(),
            target: None,
            cluster: script.cluster,
            blocks: vec![block],
            sections: Vec::new(),
        }
    }

    /// The script that it tells, if it tells it action by action.
    pub fn script(&self) -> Option<Script> {
        let mut script = Script { cluster: self.cluster, actions: Vec::new(), calm: None };
        for (_, phrase) in self.phrases() {
            match phrase {
                Phrase::Act(action) => script.actions.push(*action),
                Phrase::Calm(core) => script.calm = Some(*core),
                _ => return None,
            }
        }
        Some(script)
    }

    /// What is told, each with the number of its line.
    pub fn phrases(&self) -> impl Iterator<Item = &(usize, Phrase)> {
        self.blocks.iter().flat_map(|block| &block.phrases)
    }

    /// Whether the file says what must come of it.
    pub fn has_pictures(&self) -> bool {
        self.blocks.iter().any(|block| block.picture.is_some()) || !self.sections.is_empty()
    }

    /// The file with these pictures in the place of its own, one for each block, and with these
    /// violations in its sections. Where a block or a section has none, they are added; every other
    /// line stays as a person wrote it.
    pub fn blessed(&self, pictures: &[Vec<String>], violations: &[String]) -> String {
        let mut edits = Vec::new();
        for (block, picture) in self.blocks.iter().zip(pictures) {
            edits.extend(block.edit(picture));
        }
        for (section, now) in self.sections.iter().zip(violations) {
            edits.extend(section.edit(now));
        }
        let lines: Vec<&str> = self.text.split_inclusive('\n').collect();
        let (mut text, mut copied) = (String::new(), 0);
        for (replaced, new) in edits {
            text.extend(lines[copied..replaced.start].iter().copied());
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text.extend(new.iter().flat_map(|line| [line.as_str(), "\n"]));
            copied = replaced.end;
        }
        text.extend(lines[copied..].iter().copied());
        text
    }
}

/// Lines by their position from 0, and what is to stand there.
type Edit = (Range<usize>, Vec<String>);

impl Block {
    fn edit(&self, now: &[String]) -> Option<Edit> {
        match &self.picture {
            Some(picture) if picture.lines == now => None,
            Some(Picture { line, lines }) => Some((line - 1..line - 1 + lines.len(), now.to_vec())),
            None => {
                let (last, _) = self.phrases.last()?;
                let dashes = [DASHES.to_owned()];
                Some((*last..*last, dashes.into_iter().chain(now.iter().cloned()).collect()))
            }
        }
    }
}

impl Section {
    fn edit(&self, now: &str) -> Option<Edit> {
        let replaced = match &self.violations {
            Some((_, before)) if before == now => return None,
            Some((line, _)) => line - 1..*line,
            None => self.line..self.line,
        };
        Some((replaced, vec![format!("{VIOLATIONS}{now}")]))
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
