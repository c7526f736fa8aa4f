//! What the page is told first: what to open, and what there is to choose from.

use raft_invariants::{catalogue, witness};
use serde_json::{Value, json};

use crate::language::script::Script;
use crate::schedule::{KINDLY, SCHEDULERS};
use crate::search::target::Target;

/// What the page opens on.
pub struct Opened<'a> {
    /// `lab` or `explore`.
    pub mode: &'static str,
    /// A file, a seed, or what there is instead of a name.
    pub name: String,
    /// What is run.
    pub target: &'a dyn Target,
    /// What happens to it.
    pub script: Script,
    /// The invariant that the run is kept for.
    pub invariant: Option<String>,
    /// Whether no action of it can be left out.
    pub one_minimal: bool,
    /// What stands before a command, so that it can be run as printed.
    pub command: &'a str,
}

/// As JSON: with these targets to choose from.
pub fn start<'a>(opened: &Opened<'_>, targets: impl Iterator<Item = &'a dyn Target>) -> Value {
    json!({
        "mode": opened.mode,
        "name": opened.name,
        "target": opened.target.name(),
        "script": opened.script.to_string(),
        "invariant": opened.invariant,
        "one_minimal": opened.one_minimal,
        "version": env!("CARGO_PKG_VERSION"),
        "command": opened.command,
        "targets": targets.map(target).collect::<Vec<_>>(),
        "schedulers": std::iter::once(KINDLY).chain(SCHEDULERS)
            .map(|policy| json!({ "name": policy.name, "summary": policy.summary }))
            .collect::<Vec<_>>(),
        "invariants": invariants(),
        "witnesses": witness::list().iter()
            .map(|it| json!({ "name": it.name, "statement": it.statement }))
            .collect::<Vec<_>>(),
    })
}

fn target(target: &dyn Target) -> Value {
    let (low, high) = target.traits().nodes;
    json!({
        "name": target.name(),
        "summary": target.summary(),
        "reference": target.reference().map(Target::name),
        "nodes": [low, high],
    })
}

fn invariants() -> Vec<Value> {
    let invariant = |it: &&raft_invariants::Invariant| {
        json!({
            "name": it.name, "id": it.id, "level": it.level.to_string(),
            "statement": it.statement, "source": it.source, "explain": it.explain,
        })
    };
    catalogue().iter().map(invariant).collect()
}
