//! Reports as `JUnit` XML, as Jenkins and whoever learned it from there reads it.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Told, Writer};
use crate::report::suite::{Case, Suite, Trouble};

/// Everything at the end, since a document is one.
pub const WRITER: Writer = Writer {
    name: "junit",
    summary: "JUnit XML",
    is_document: true,
    write: |told, _| match told {
        Told::End(report) => xml(&report.suites()),
        _ => String::new(),
    },
};

fn xml(suites: &[Suite]) -> String {
    let mut report = Report::new("raft-sim");
    report.add_test_suites(suites.iter().map(test_suite));
    report.to_string().expect("a String takes everything")
}

fn test_suite(suite: &Suite) -> TestSuite {
    let mut test_suite = TestSuite::new(&*suite.name);
    test_suite.set_time(Duration::from_millis(suite.wall_ms));
    let properties = suite.properties.iter();
    test_suite.add_properties(properties.map(|(name, value)| Property::new(*name, &**value)));
    test_suite.add_test_cases(suite.cases.iter().map(|case| test_case(suite, case)));
    test_suite
}

fn test_case(suite: &Suite, case: &Case) -> TestCase {
    let status = match (&case.skipped, case.troubles.first(), case.known.first()) {
        (Some(why), ..) => skipped(why),
        (None, Some(first), _) => failure(first, &case.troubles),
        (None, None, Some(known)) => skipped(&format!("known {}", known.message)),
        (None, None, None) => TestCaseStatus::success(),
    };
    let mut test_case = TestCase::new(&*case.name, status);
    test_case.set_classname(&*suite.name);
    // Cases are judged side by side: none has a time of its own, and some readers want one.
    test_case.set_time(Duration::ZERO);
    test_case
}

/// Neither passed nor failed. What is known is that, too: it does not hold, and is no news.
fn skipped(why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(why);
    status
}

/// A case fails once, whatever is wrong.
fn failure(first: &Trouble, all: &[Trouble]) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let details: Vec<&str> = all.iter().map(|trouble| &*trouble.details).collect();
    status.set_type(&*first.kind).set_message(&*first.message).set_description(details.join("\n"));
    status
}
