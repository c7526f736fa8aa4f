//! The list of steps, in the order in which they run: what is cheap and fails often comes first.

use std::fmt;
use std::path::Path;

use crate::readme;

/// Something that continuous integration checks.
pub(crate) struct Step {
    /// What `cargo ci <name>` calls it.
    pub(crate) name: &'static str,
    /// What it shows when it passes.
    pub(crate) shows: &'static str,
    /// The lines to run in the checkout, one after the other.
    pub(crate) lines: fn(&Path) -> Result<Vec<Line>, String>,
}

/// A command line and how it must end.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) environment: &'static [(&'static str, &'static str)],
    /// Exit codes with which it passes.
    pub(crate) exits: &'static [i32],
}

impl Line {
    fn new(text: &str) -> Self {
        Line::ending(text, &[0])
    }

    /// A line that must end with one of these exit codes.
    pub(crate) fn ending(text: &str, exits: &'static [i32]) -> Self {
        Line { text: text.to_owned(), environment: &[], exits }
    }

    fn with(mut self, environment: &'static [(&'static str, &'static str)]) -> Self {
        self.environment = environment;
        self
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.environment {
            write!(f, "{name}='{value}' ")?;
        }
        f.write_str(&self.text)
    }
}

/// Everything there is to check.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        shows: "all code has the one form",
        lines: |_| Ok(vec![Line::new("cargo fmt --all --check")]),
    },
    Step {
        name: "clippy",
        shows: "no warning, and nothing that could make a run depend on the machine",
        lines: |_| {
            let bare = "cargo clippy --package raft-sim --no-default-features";
            Ok(vec![
                Line::new("cargo clippy --all-targets -- -D warnings"),
                Line::new(&format!("{bare} -- -D warnings")),
                Line::new(&format!("{bare} --features cli -- -D warnings")),
            ])
        },
    },
    Step {
        name: "test",
        shows: "the command that the README names passes",
        lines: |root| {
            let is_test = |line: &str| line.starts_with("cargo test");
            Ok(vec![Line::new(&readme::command(root, "a line `cargo test …`", is_test)?)])
        },
    },
    Step {
        name: "doc",
        shows: "the documentation builds and its links lead somewhere",
        lines: |_| {
            let line = Line::new("cargo doc --no-deps");
            Ok(vec![line.with(&[("RUSTDOCFLAGS", "-D warnings")])])
        },
    },
    Step {
        name: "corpus",
        shows: "every kept run stands in the right folder and does what it says it must",
        lines: |_| {
            Ok(vec![
                Line::new("cargo run --quiet --release --package raft-sim -- corpus check"),
                Line::new("cargo run --quiet --release --package raft-sim -- replay seeds"),
            ])
        },
    },
    Step {
        name: "bugs",
        shows: "every planted bug is still found, and nothing in the correct core",
        lines: |_| {
            let bugs = "cargo run --quiet --release --package raft-sim -- bugs";
            let budget = "--starts 3 --actions 2000000 --no-minimize";
            Ok(vec![Line::new(&format!("{bugs} {budget}"))])
        },
    },
    Step {
        name: "exhaust",
        shows: "no judge alarms in any state of a small cluster with two elections and a crash",
        lines: |_| {
            let exhaust = "cargo run --quiet --release --package raft-sim -- exhaust";
            Ok(vec![Line::new(&format!("{exhaust} --target raft-core --crashes 1"))])
        },
    },
    Step {
        name: "main-job",
        shows: "the line that the README promises finds a bug in a published crate",
        lines: |root| {
            let is_hunt = |line: &str| line.starts_with("cargo run") && line.contains(" fuzz ");
            let line = readme::command(root, "a line `cargo run … fuzz …`", is_hunt)?;
            Ok(vec![Line::ending(&line, &[1])])
        },
    },
    Step {
        name: "guests",
        shows: "every adapter for a published crate builds, passes its tests and can be judged",
        lines: guests,
    },
    Step {
        name: "page",
        shows: "the page can be used as it promises: by mouse, by keyboard, by readers of screens",
        lines: |_| {
            let mut lines = on_engine("ci/page.sh");
            let stranger = "cargo build --quiet --release --package raft-sim --example elector";
            lines.insert(0, Line::new(stranger));
            Ok(lines)
        },
    },
    Step {
        name: "workflows",
        shows: "every workflow for GitHub is one, and asks for no more rights than it needs",
        lines: |_| {
            let files = "ci/*.yml";
            let schema = "check-jsonschema --builtin-schema vendor.github-workflows";
            Ok(vec![
                Line::new(&format!("ci/python.sh {schema} {files}")),
                Line::new(&format!("ci/python.sh zizmor --offline --no-progress {files}")),
            ])
        },
    },
    Step {
        name: "github",
        shows: "a pull request is told what is new, a night files one issue for it",
        lines: |_| Ok(on_engine("ci/python.sh python3 ci/engines/github.py")),
    },
    Step {
        name: "branch",
        shows: "the job for pull requests is red on a branch with a wrong line, until it is known",
        lines: |_| Ok(vec![Line::new("ci/python.sh python3 ci/engines/branch.py")]),
    },
    Step {
        name: "formats",
        shows: "JSON, SARIF, JUnit and TOML are what those take them for who read them",
        lines: |_| Ok(on_engine("ci/formats.sh")),
    },
    Step {
        name: "slurm",
        shows: "a campaign on a real Slurm survives what happens to tasks, and is that of one process",
        lines: |_| Ok(on_engine("ci/engines/slurm.sh")),
    },
    Step {
        name: "parallel",
        shows: "a campaign with a real GNU parallel is that of one process",
        lines: |_| Ok(on_engine("ci/engines/parallel.sh")),
    },
    Step {
        name: "kubernetes",
        shows: "the Job is what Kubernetes takes for one, and its containers do their work",
        lines: |_| Ok(on_engine("ci/python.sh python3 ci/engines/k8s.py")),
    },
    Step {
        name: "sweep",
        shows: "new seeds with every commit find nothing in the reference, and saw enough",
        lines: |_| {
            let fuzz = "cargo run --quiet --release --package raft-sim -- fuzz --target raft-core";
            Ok(vec![Line::new(&format!("{fuzz} --time 2m --seed-from-commit"))])
        },
    },
];

/// A script that runs the program where an engine is.
fn on_engine(script: &str) -> Vec<Line> {
    vec![
        Line::new("cargo build --quiet --release --package raft-sim"),
        Line::new(&format!("{script} target/release/raft-sim")),
    ]
}

/// Guests are crates of their own. Whether one of them has a bug is not the question here: a clean
/// campaign (0) and a found violation (1) both show that it was judged.
fn guests(root: &Path) -> Result<Vec<Line>, String> {
    let folder = root.join("sim/guests");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("sim/guests: {error}"))?;
    let mut manifests: Vec<_> =
        entries.flatten().map(|entry| entry.path().join("Cargo.toml")).collect();
    manifests.sort();
    let mut lines = Vec::new();
    for manifest in manifests {
        let text = std::fs::read_to_string(&manifest)
            .map_err(|error| format!("{}: {error}", manifest.display()))?;
        let name =
            package_name(&text).ok_or_else(|| format!("{} has no name", manifest.display()))?;
        let clippy =
            format!("cargo clippy --release --package {name} --all-targets -- -D warnings");
        lines.push(Line::new(&clippy));
        lines.push(Line::new(&format!("cargo test --release --package {name}")));
        let fuzz = format!("cargo run --quiet --release --package {name} -- fuzz --time 20s");
        lines.push(Line::ending(&fuzz, &[0, 1]));
    }
    Ok(lines)
}

/// The name in a manifest.
fn package_name(manifest: &str) -> Option<&str> {
    let line = manifest.lines().find_map(|line| line.strip_prefix("name = "))?;
    Some(line.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_can_be_typed() {
        for (position, step) in STEPS.iter().enumerate() {
            let typed = step.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(typed, "{} can be typed", step.name);
            let later = &STEPS[position + 1..];
            assert!(later.iter().all(|other| other.name != step.name), "{} is unique", step.name);
        }
    }

    #[test]
    fn a_line_shows_its_environment() {
        let line = Line::new("cargo doc").with(&[("RUSTDOCFLAGS", "-D warnings")]);
        assert_eq!(line.to_string(), "RUSTDOCFLAGS='-D warnings' cargo doc");
    }

    #[test]
    fn guests_are_named_by_their_manifests() {
        assert_eq!(package_name("[package]\nname = \"raft-sim-x\"\n"), Some("raft-sim-x"));
        assert_eq!(package_name("[package]\n"), None);
    }
}
