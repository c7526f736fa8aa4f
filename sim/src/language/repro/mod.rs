//! The file that keeps a run: `raft-sim-repro/1`.
//!
//! Strict JSON with one action a line, so that a diff shows which action moved. There is no random
//! number in it: what is listed happens, in this order, and nothing else. The writer has one form,
//! and what it wrote is read and written back to the same bytes. The reader takes keys in any
//! order and is strict in everything else: a key it does not know is a typing error, not a wish.

mod json;
mod read;

pub use crate::language::file_error::FileError;

use crate::language::action::Action;
use crate::language::script::Script;
use crate::language::version::TOOL;
use json::quote;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The version that this build writes and reads.
pub const FORMAT: &str = "raft-sim-repro/1";

/// The schema of a file, for editors and other programs. It is written by hand as the reader is,
/// which says more about what is wrong; what an action may be only the reader knows.
#[cfg(feature = "cli")]
pub fn schema() -> schemars::Schema {
    serde_json::from_str(include_str!("schema.json")).expect("it is an object")
}

/// A run to keep, and what must come of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repro {
    /// One sentence for people.
    pub title: Option<String>,
    /// Where it is discussed.
    pub issue: Option<String>,
    /// What is run: `raft-core?bug=vote-no-log-check`.
    pub target: String,
    /// What must come of it.
    pub expect: Expect,
    /// Where it came from.
    pub found: Option<Found>,
    /// Whether it is known that no action can be left out.
    pub one_minimal: Option<bool>,
    /// The run.
    pub script: Script,
    /// Comments, by position in the script's actions.
    pub why: BTreeMap<usize, String>,
}

/// What must come of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expect {
    /// Whether a judge must object.
    pub outcome: Verdict,
    /// Which one; in a file that is expected to pass: which one once did. A violation has one.
    pub invariant: Option<String>,
    /// Where the target panicked.
    pub place: Option<String>,
    /// Advice: the number of the violating action, from 1.
    pub actions: Option<u32>,
    /// Advice: the hash of the run. Another hash with the same outcome is the same bug on another
    /// path.
    pub hash: Option<u64>,
}

/// How a run ends.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// No judge objects.
    Pass,
    /// A judge objects.
    Violation,
}

impl Verdict {
    /// Both.
    pub const ALL: [Verdict; 2] = [Verdict::Pass, Verdict::Violation];

    /// Its word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Violation => "violation",
        }
    }
}

/// Where a run came from; for people, since the actions say it all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The seed.
    pub seed: u64,
    /// The scheduler that the seed drove.
    pub scheduler: String,
    /// The version of raft-sim: a seed means something else to another one.
    pub version: String,
    /// The version of the target, if it told one.
    pub target: Option<String>,
    /// The flags that change what a seed means: `--nodes 3 --without network`; `None` if there were
    /// none, or nobody knows.
    pub settings: Option<String>,
}

impl Repro {
    /// The file's text.
    pub fn to_text(&self) -> String {
        let mut text = format!("{{\n  \"format\": {},\n", quote(FORMAT));
        let mut line = |key: &str, value: &str| {
            writeln!(text, "  \"{key}\": {value},").expect("a String takes everything");
        };
        if let Some(title) = &self.title {
            line("title", &quote(title));
        }
        if let Some(issue) = &self.issue {
            line("issue", &quote(issue));
        }
        line("target", &quote(&self.target));
        line("expect", &self.expect.to_json());
        if let Some(found) = &self.found {
            line("found", &found.to_json());
        }
        let cluster = &self.script.cluster;
        line(
            "cluster",
            &one_line(&[
                ("nodes", Some(cluster.nodes.to_string())),
                ("batch_entries_max", Some(cluster.limits.batch_entries_max.to_string())),
                ("window_messages_max", Some(cluster.limits.window_messages_max.to_string())),
                ("disk", Some(quote(cluster.disk.name()))),
            ]),
        );
        if let Some(one_minimal) = self.one_minimal {
            line("one_minimal", &one_minimal.to_string());
        }
        let actions: Vec<String> = (self.script.actions.iter().enumerate())
            .map(|(position, action)| self.action_to_json(position, action))
            .chain(self.script.calm_line().map(|line| quote(&line)))
            .collect();
        let actions = match actions.as_slice() {
            [] => "[]".to_owned(),
            actions => format!("[\n    {}\n  ]", actions.join(",\n    ")),
        };
        writeln!(text, "  \"actions\": {actions}\n}}").expect("a String takes everything");
        text
    }

    fn action_to_json(&self, position: usize, action: &Action) -> String {
        let action = quote(&action.to_string());
        match self.why.get(&position) {
            None => action,
            Some(why) => one_line(&[("do", Some(action)), ("why", Some(quote(why)))]),
        }
    }

    /// The name under which the file is kept: the invariant, then the hash that tells this bug from
    /// others. The same bug found twice gets the same name, two bugs get two.
    pub fn file_name(&self, bucket: u32) -> String {
        let invariant = self.expect.invariant.as_deref().map(kebab_case).unwrap_or_default();
        let stem = if invariant.is_empty() { self.expect.outcome.name() } else { &invariant };
        format!("{stem}-{bucket:08x}.json")
    }
}

impl Expect {
    fn to_json(&self) -> String {
        one_line(&[
            ("outcome", Some(quote(self.outcome.name()))),
            ("invariant", self.invariant.as_deref().map(quote)),
            ("place", self.place.as_deref().map(quote)),
            ("actions", self.actions.map(|actions| actions.to_string())),
            ("hash", self.hash.map(|hash| format!("\"{hash:016x}\""))),
        ])
    }
}

impl Found {
    /// Of a run that this version has made; `settings` are flags.
    pub fn now(seed: u64, scheduler: &str, target: Option<&str>, settings: &str) -> Self {
        Found {
            seed,
            scheduler: scheduler.to_owned(),
            version: TOOL.to_owned(),
            target: target.map(str::to_owned),
            settings: Some(settings.trim()).filter(|it| !it.is_empty()).map(str::to_owned),
        }
    }

    fn to_json(&self) -> String {
        one_line(&[
            ("seed", Some(format!("\"{:#x}\"", self.seed))),
            ("scheduler", Some(quote(&self.scheduler))),
            ("version", Some(quote(&self.version))),
            ("target", self.target.as_deref().map(quote)),
            ("settings", self.settings.as_deref().map(quote)),
        ])
    }
}

/// A JSON object on one line; keys without a value are left out.
fn one_line(entries: &[(&str, Option<String>)]) -> String {
    let entries: Vec<String> = entries
        .iter()
        .filter_map(|(key, value)| value.as_ref().map(|value| format!("\"{key}\": {value}")))
        .collect();
    format!("{{{}}}", entries.join(", "))
}

/// `StateMachineSafety` as `state-machine-safety`; only letters, digits and hyphens, since the name
/// comes from a file and goes into a path.
fn kebab_case(name: &str) -> String {
    let mut words = String::new();
    let (mut gap, mut after_small) = (false, false);
    for char in name.chars().take(60) {
        if !char.is_ascii_alphanumeric() {
            gap = true;
            continue;
        }
        let is_start = gap || (after_small && char.is_ascii_uppercase());
        if is_start && !words.is_empty() {
            words.push('-');
        }
        (gap, after_small) = (false, !char.is_ascii_uppercase());
        words.push(char.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "cli")]
    #[test]
    fn the_schema_knows_the_keys_that_the_reader_knows() {
        let schema = schema();
        let properties = schema.get("properties").and_then(|it| it.as_object());
        let mut keys: Vec<&str> =
            properties.expect("it has some").keys().map(String::as_str).collect();
        let mut known = read::KEYS;
        keys.sort_unstable();
        known.sort_unstable();
        assert_eq!(keys, known);
        assert_eq!(schema.pointer("/properties/format/const"), Some(&FORMAT.into()));
    }

    #[test]
    fn file_names_are_safe() {
        let check = |name: &str, kebab: &str| assert_eq!(kebab_case(name), kebab);
        check("StateMachineSafety", "state-machine-safety");
        check("NoPanic", "no-panic");
        check("../../etc/Passwd", "etc-passwd");
        check("already-kebab", "already-kebab");
        check("FIFO", "fifo");
        check("💥", "");
    }
}
