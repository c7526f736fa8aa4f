//! Reports as SARIF 2.1.0, as code scanning reads them: a run for each campaign, a rule for each
//! invariant, a result for each failure.
//!
//! What is known is suppressed. A result lies where its story is kept: that is the one place that
//! every failure has, and its bucket is what tells one bug from another.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Told, Writer};
use crate::report::json::to_text;
use crate::report::suite::{Case, Suite, Trouble};

/// Everything at the end.
pub const WRITER: Writer = Writer {
    name: "sarif",
    summary: "SARIF 2.1.0 for code scanning",
    is_document: true,
    write: |told, _| match told {
        Told::End(report) => to_text(&Log::of(&report.version, &report.suites())),
        _ => String::new(),
    },
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    automation_details: Id,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'static str,
    version: &'a str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    short_description: Text<'a>,
}

#[derive(Serialize)]
struct Id {
    id: String,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'a str,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_fingerprints: Option<Fingerprints<'a>>,
    suppressions: Vec<Suppression>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Place,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

#[derive(Serialize)]
struct Fingerprints<'a> {
    #[serde(rename = "raftSimBucket/v1")]
    bucket: &'a str,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    justification: &'static str,
}

impl<'a> Log<'a> {
    fn of(version: &'a str, suites: &'a [Suite]) -> Self {
        let runs = suites.iter().map(|suite| run(version, suite)).collect();
        Log { schema: SCHEMA, version: "2.1.0", runs }
    }
}

fn run<'a>(version: &'a str, suite: &'a Suite) -> Run<'a> {
    let failing = || {
        let cases = suite.cases.iter();
        cases.filter(|case| !(case.troubles.is_empty() && case.known.is_empty()))
    };
    let results = failing().flat_map(|case| {
        let troubles = case.troubles.iter().map(|it| finding(case, it, Vec::new()));
        troubles.chain(case.known.iter().map(|it| finding(case, it, vec![KNOWN])))
    });
    Run {
        tool: Tool {
            driver: Driver { name: "raft-sim", version, rules: failing().map(rule).collect() },
        },
        // What stands before the last slash names the kind of analysis, so that one replaces the
        // other and not that of another target.
        automation_details: Id { id: format!("{}/", suite.name) },
        results: results.collect(),
    }
}

const KNOWN: Suppression =
    Suppression { kind: "external", justification: "a run of this failure is kept" };

fn rule(case: &Case) -> Rule<'_> {
    let invariant = raft_invariants::find(&case.name);
    let text = invariant.map_or(case.name.as_str(), |invariant| invariant.statement);
    Rule { id: &case.name, short_description: Text { text } }
}

fn finding<'a>(
    case: &'a Case,
    trouble: &'a Trouble,
    suppressions: Vec<Suppression>,
) -> Finding<'a> {
    let reproduce = trouble.reproduce.as_ref().map(|line| format!("\n\nReproduce: {line}"));
    let location = |file: &String| Location {
        physical_location: Place {
            artifact_location: Artifact { uri: uri(file) },
            region: Region { start_line: 1 },
        },
    };
    Finding {
        rule_id: &case.name,
        level: "error",
        message: Message {
            text: format!(
                "{}: {}{}",
                trouble.title,
                trouble.message,
                reproduce.unwrap_or_default()
            ),
        },
        locations: trouble.file.iter().map(location).collect(),
        partial_fingerprints: trouble.bucket.as_deref().map(|bucket| Fingerprints { bucket }),
        suppressions,
    }
}

/// A path as a reference to it: what a URI has no room for is written in hexadecimal.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("out/a b?c=é.json"), "out/a%20b%3Fc%3D%C3%A9.json");
    }
}
