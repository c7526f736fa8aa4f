//! The failures of all shards, by class: of each the shortest story, and how often it was seen.

use std::collections::{BTreeMap, BTreeSet};

use super::part::{ClassName, Part, class_of};
use crate::report::campaign::{ClassReport, KnownReport};
use crate::report::failure::FailureReport;
use crate::report::severity::ranked;

/// The shortest story of each class.
#[derive(Default)]
pub(super) struct Stories(BTreeMap<ClassName, Story>);

struct Story {
    /// The shortest.
    failure: FailureReport,
    /// What all of them are known by.
    buckets: BTreeSet<String>,
}

impl Stories {
    /// Hears of one more failure.
    pub(super) fn tell(&mut self, failure: FailureReport) {
        let bucket = failure.finding.bucket.clone();
        if let Some(story) = self.0.get_mut(&class_of(&failure)) {
            story.buckets.insert(bucket);
            if size(&failure) < size(&story.failure) {
                story.failure = failure;
            }
        } else {
            let buckets = BTreeSet::from([bucket]);
            self.0.insert(class_of(&failure), Story { failure, buckets });
        }
    }

    /// The failures as the whole campaign would tell them.
    pub(super) fn into_failures(self, parts: &[Part]) -> Vec<FailureReport> {
        let stories = self.0.into_iter();
        ranked(stories.map(|(class, story)| story.of_all(&class, parts)).collect())
    }
}

impl Story {
    fn of_all(self, class: &ClassName, parts: &[Part]) -> FailureReport {
        let mut failure = self.failure;
        failure.stories = self.buckets.len() as u64;
        let seen = parts.iter().filter_map(|part| Some((part, part.sightings.get(class)?)));
        let seen: Vec<(u64, u64)> = seen
            .map(|(part, sighting)| (sighting.runs, part.in_whole(sighting.after_runs)))
            .collect();
        // A class that only a report has which does not count is told as it was told there.
        if let Some(first) = seen.iter().map(|(_, after_runs)| *after_runs).min() {
            failure.runs = seen.iter().map(|(runs, _)| runs).sum();
            failure.after_runs = first;
        }
        failure
    }
}

/// What is smaller is a better story: minimized, short, and then whichever, but always the same.
fn size(failure: &FailureReport) -> impl Ord {
    let finding = &failure.finding;
    let script = (finding.cluster.clone(), finding.script.clone());
    (finding.minimized.is_none(), finding.script.len(), script, failure.file.clone())
}

/// Violations that a fault excuses, by class.
pub(super) fn expected(parts: &[Part]) -> Vec<ClassReport> {
    together(parts, |part| part.report.expected.iter().collect())
}

/// Failures that were known to the shards, by class.
pub(super) fn known(parts: &[Part]) -> Vec<KnownReport> {
    let classes = together(parts, |part| part.report.known.iter().map(|it| &it.class).collect());
    let all = || parts.iter().flat_map(|part| &part.report.known);
    let known = classes.into_iter().map(|class| {
        let is_it = |it: &&KnownReport| class_in(&it.class) == class_in(&class);
        let file = all().find(is_it).map_or_else(String::new, |it| it.file.clone());
        KnownReport { class, file }
    });
    known.collect()
}

/// What all parts have seen, by class: how often, and the first seed.
fn together(parts: &[Part], of: fn(&Part) -> Vec<&ClassReport>) -> Vec<ClassReport> {
    let mut all: BTreeMap<(&str, Option<&str>), (u64, ClassReport)> = BTreeMap::new();
    for part in parts {
        for class in of(part) {
            let distance = part.distance(&class.seed);
            let Some((nearest, together)) = all.get_mut(&class_in(class)) else {
                all.insert(class_in(class), (distance, class.clone()));
                continue;
            };
            together.runs += class.runs;
            if distance < *nearest {
                (*nearest, together.seed) = (distance, class.seed.clone());
            }
        }
    }
    all.into_values().map(|(_, class)| class).collect()
}

fn class_in(report: &ClassReport) -> (&str, Option<&str>) {
    (&report.invariant, report.place.as_deref())
}
