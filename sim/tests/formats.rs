//! Every format of a report, as a transcript: what `formats/report.json` tells is written in all of
//! them and compared with the files beside it. `UPDATE=1 cargo test -p raft-sim --test formats`
//! rewrites those.
//!
//! The report has a target with bugs, one with a bug and faults in its way, one of which nothing
//! was shown, one without bugs, one that is not deterministic, and one that was merged of shards that
//! are not all there.

use std::fs;
use std::path::PathBuf;

use raft_sim::report::campaign::Report;
use raft_sim::report::formats::{Told, WRITERS};
use raft_sim::report::look::Look;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/formats").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn report() -> Report {
    serde_json::from_str(&read("report.json")).expect("it is what this version writes")
}

/// All that a format has to say of a report.
fn written(format: &str, report: &Report) -> String {
    drawn(format, report, Look::default())
}

fn drawn(format: &str, report: &Report, look: Look) -> String {
    let writer = WRITERS.iter().find(|writer| writer.name == format).expect("there is one");
    let campaigns = report.campaigns.iter().map(Told::Campaign);
    let told = campaigns.chain([Told::End(report)]);
    told.map(|told| (writer.write)(&told, look)).collect()
}

#[expect(clippy::disallowed_methods, reason = "asks whether to rewrite files; no run sees it")]
fn is_update() -> bool {
    std::env::var("UPDATE").is_ok_and(|value| value == "1")
}

#[track_caller]
fn check(format: &str, file: &str) {
    let text = written(format, &report());
    let kept = read(file);
    // Others read one of the files meanwhile: what is right already is left alone.
    if is_update() && kept != text {
        fs::write(path(file), text).expect("the checkout is writable");
        return;
    }
    let pairs = kept.lines().zip(text.lines()).enumerate();
    if let Some((position, (old, new))) = pairs.into_iter().find(|(_, (old, new))| old != new) {
        panic!("{file}:{}\n- {old}\n+ {new}\nUPDATE=1 rewrites it", position + 1);
    }
    assert_eq!(kept, text, "one is longer");
}

#[test]
fn for_people() {
    check("human", "human.txt");
}

/// All but lines that somebody may want to copy.
#[test]
fn a_report_fits_the_terminal_and_uses_it() {
    let drawn = |width| drawn("human", &report(), Look { width, ..Look::default() });
    for width in [80, 100, 200] {
        let text = drawn(width);
        let copied = |line: &&str| {
            let word = line.split_whitespace().next().unwrap_or_default();
            ["file", "reproduce", "why", "seed"].contains(&word) || word.ends_with("/raft-sim")
        };
        for line in text.lines().filter(|line| !copied(line)) {
            assert!(line.chars().count() <= width, "{width} columns:\n{line}");
        }
    }
    let lines = |width| drawn(width).lines().count();
    assert!(lines(200) < lines(100) && lines(100) < lines(80));
}

#[test]
fn for_programs_a_document_comes_back_as_it_was() {
    check("json", "report.json");
}

#[test]
fn for_programs_that_follow() {
    let lines = written("jsonl", &report());
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!(
        events,
        ["campaign", "campaign", "campaign", "campaign", "campaign", "campaign", "end"]
    );
    assert_eq!(lines[6]["exit"], 4);
}

#[test]
fn for_github() {
    check("github", "github.txt");
}

#[test]
fn for_the_summary_of_a_job() {
    check("markdown", "summary.txt");
}

#[test]
fn for_those_who_read_junit() {
    check("junit", "junit.xml");
}

#[test]
fn for_code_scanning() {
    check("sarif", "sarif.json");
}

#[test]
fn github_is_told_no_more_than_it_shows() {
    let mut report = report();
    let failure = report.campaigns[0].failures[0].clone();
    for (failures, shown, last) in [(10, 10, "ElectionSafety"), (11, 10, "2 more failures")] {
        report.campaigns.truncate(1);
        report.campaigns[0].failures = vec![failure.clone(); failures];
        let text = written("github", &report);
        let errors: Vec<&str> = text.lines().filter(|line| line.starts_with("::error")).collect();
        assert_eq!(errors.len(), shown, "{text}");
        assert!(errors[9].contains(last), "{}", errors[9]);
    }
}
