//! What the page is told first: what to open, and what there is to choose from.

use raft_invariants::{Level, catalogue, witness};
use serde_json::{Value, json};

use crate::cli::App;
use crate::language::script::Script;
use crate::schedule::{KINDLY, SCHEDULERS};
use crate::search::target::Target;

/// What the page opens on.
pub(super) struct Opened<'a> {
    /// `lab` or `explore`.
    pub(super) mode: &'static str,
    /// A file, a seed, or what there is instead of a name.
    pub(super) name: String,
    pub(super) target: &'a dyn Target,
    pub(super) script: Script,
    /// The invariant that the run is kept for.
    pub(super) invariant: Option<String>,
    pub(super) one_minimal: bool,
}

/// As JSON.
pub(super) fn start(app: &App, opened: &Opened<'_>) -> String {
    json!({
        "mode": opened.mode,
        "name": opened.name,
        "target": opened.target.name(),
        "script": opened.script.to_string(),
        "invariant": opened.invariant,
        "one_minimal": opened.one_minimal,
        "version": env!("CARGO_PKG_VERSION"),
        "command": app.prefix,
        "targets": app.targets.iter().map(target).collect::<Vec<_>>(),
        "schedulers": std::iter::once(KINDLY).chain(SCHEDULERS)
            .map(|policy| json!({ "name": policy.name, "summary": policy.summary }))
            .collect::<Vec<_>>(),
        "invariants": invariants(),
        "witnesses": witness::list().iter()
            .map(|it| json!({ "name": it.name, "statement": it.statement }))
            .collect::<Vec<_>>(),
    })
    .to_string()
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
    // What ends in calm is not shown here, so nobody waits for progress.
    let shown = catalogue().iter().filter(|it| it.level != Level::Progress);
    shown.map(invariant).collect()
}
