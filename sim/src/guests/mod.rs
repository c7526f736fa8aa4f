//! Raft implementations as nodes, one file each.

pub mod article;
pub mod noraft;
pub mod raft_core;
pub mod raftbare;
mod side_table;

use crate::mutants::MUTANTS;
use crate::search::target::{Guest, Targets};

/// Adds every guest, and the reference once more for every bug planted in it.
pub fn add_to(targets: &mut Targets) {
    use article::{Article, Gaps};
    let reference = "Raft as the paper has it, with asynchronous storage: the reference";
    targets.add_explorable::<raft_core::RaftCore>("raft-core", reference, None);
    targets.add::<raftbare::Raftbare>("raftbare", "the crate raftbare 0.2.2", ());
    targets.version("raftbare 0.2.2");
    targets.add::<noraft::Noraft>("noraft", "the crate noraft 0.7.1", ());
    targets.version("noraft 0.7.1");
    let article = "the article's engine; on what the article does not say, nothing is done";
    targets.add_explorable::<Article>("article", article, Gaps::Open);
    let filled = "the article's engine; on what the article does not say, the paper is followed";
    targets.add_explorable::<Article>("article?gaps=paper", filled, Gaps::Paper);
    for mutant in MUTANTS {
        let name = format!("raft-core?bug={}", mutant.id);
        let correct = Guest::<raft_core::RaftCore>::new("raft-core", reference, None);
        let planted = Guest::new(&name, mutant.instead, Some(*mutant));
        let planted = planted.flawed_copy_of(correct);
        targets.push(if mutant.remembers() { planted } else { planted.explorable() });
    }
}

#[cfg(test)]
use crate::node as port;
#[cfg(test)]
mod pump;
