//! Reports as GitHub's runners read them: a group for each campaign, and annotations that stand
//! beside the change.
//!
//! GitHub shows ten annotations of a kind for each step, so the tenth says how many more there are.

use std::fmt::Write as _;

use super::human;
use super::{Told, Writer};
use crate::report::campaign::Report;
use crate::report::look::Look;
use crate::report::suite::{Case, Trouble};
use crate::report::words::counted;

/// Annotations of one kind that GitHub shows.
const SHOWN_MAX: usize = 10;

/// Stories when a campaign is over, annotations at the end.
pub const WRITER: Writer = Writer {
    name: "github",
    summary: "annotations and groups for GitHub Actions",
    is_document: false,
    write: |told, _| match told {
        Told::Campaign(campaign) => {
            let text = human::campaign(campaign, Look::default());
            format!("::group::raft-sim: {}\n{}::endgroup::\n", campaign.target, inert(&text))
        }
        Told::End(report) => annotations(report),
        _ => String::new(),
    },
};

fn annotations(report: &Report) -> String {
    let suites = report.suites();
    let cases: Vec<&Case> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let troubles: Vec<&Trouble> = cases.iter().flat_map(|case| &case.troubles).collect();
    let known: Vec<&Trouble> = cases.iter().flat_map(|case| &case.known).collect();
    of_kind("error", &troubles, "failure") + &of_kind("notice", &known, "known failure")
}

/// As many annotations of a kind as are shown.
fn of_kind(kind: &str, troubles: &[&Trouble], what: &str) -> String {
    let shown = if troubles.len() <= SHOWN_MAX { troubles.len() } else { SHOWN_MAX - 1 };
    let mut text = String::new();
    for trouble in &troubles[..shown] {
        text.push_str(&annotation(kind, trouble));
    }
    if shown < troubles.len() {
        let more = counted((troubles.len() - shown) as u64, &format!("more {what}"));
        let _ = writeln!(text, "::{kind} title=raft-sim::{more}: the log has all of them");
    }
    text
}

fn annotation(kind: &str, trouble: &Trouble) -> String {
    let file = trouble.file.as_ref().map(|file| format!("file={},", property(file)));
    let reproduce = trouble.reproduce.as_ref().map(|line| format!("\nReproduce: {line}"));
    format!(
        "::{kind} {}title={}::{}\n",
        file.unwrap_or_default(),
        property(&trouble.title),
        data(&format!("{}{}", trouble.message, reproduce.unwrap_or_default()))
    )
}

/// A message on one line, as the runner decodes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property: what separates properties must not stand in it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text in which the runner finds no command: whatever a target says stays what it says.
fn inert(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let is_command = line.trim_start().starts_with("::");
        if is_command {
            format!("{}\n", line.replacen("::", ": :", 1))
        } else {
            format!("{line}\n")
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_the_runner_is_encoded() {
        assert_eq!(data("100 %\nof it"), "100 %25%0Aof it");
        assert_eq!(property("a.rs:7, b"), "a.rs%3A7%2C b");
        assert_eq!(inert("  ::error::no\nyes :: yes\n"), "  : :error::no\nyes :: yes\n");
    }
}
