//! The score of the harness as a table: how soon each bug is found, and how short its story gets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use raft_invariants::{Level, catalogue};
use serde::Serialize;

use crate::score::{Score, Search, quantile};

/// One row.
#[derive(Clone, Serialize)]
pub struct Row {
    /// The target's name.
    pub target: String,
    /// Starts that found something.
    pub found: usize,
    /// All starts.
    pub starts: usize,
    /// Runs until it was found: median and 90th percentile over all starts.
    pub runs: [u64; 2],
    /// Actions until it was found, likewise.
    pub actions: [u64; 2],
    /// Milliseconds of CPU until it was found, likewise; counted in hundredths of a second.
    pub cpu_ms: [u64; 2],
    /// Who noticed first, the most frequent first, with the number of starts.
    pub first: Vec<(String, usize)>,
    /// Starts in which a property of the paper, or what a client sees, was violated too.
    pub grave: usize,
    /// Actions of the minimized story: shortest, median, longest.
    pub minimized: [u64; 3],
    /// Starts whose story is proven 1-minimal.
    pub one_minimal: usize,
    /// Replays of the minimizer: median and 90th percentile.
    pub replays: [u64; 2],
    /// Milliseconds of CPU of the minimizer, likewise.
    pub minimize_ms: [u64; 2],
}

impl Row {
    /// Of one target's searches.
    pub fn of(score: &Score) -> Self {
        let both = |value: fn(&Search) -> u64| [50, 90].map(|p| score.quantile(p, value));
        let lengths: Vec<u64> =
            score.searches.iter().filter_map(|s| s.minimized).map(|l| l as u64).collect();
        Row {
            target: score.target.clone(),
            found: score.found(),
            starts: score.searches.len(),
            runs: both(|search| search.runs),
            actions: both(|search| search.actions),
            cpu_ms: both(|search| search.cpu_ms),
            first: first(score),
            grave: score.searches.iter().filter(|search| is_grave(search)).count(),
            minimized: [1, 50, 100].map(|percent| quantile(lengths.clone(), percent)),
            one_minimal: score.searches.iter().filter(|search| search.one_minimal).count(),
            replays: both(|search| search.replays),
            minimize_ms: both(|search| search.minimize_ms),
        }
    }

    fn cells(&self) -> [String; 9] {
        let first = self.first.iter().map(|(name, count)| format!("{name} {count}"));
        [
            self.target.clone(),
            format!("{}/{}", self.found, self.starts),
            format!("{} / {}", self.runs[0], self.runs[1]),
            format!("{} / {}", self.actions[0], self.actions[1]),
            format!("{} / {}", self.cpu_ms[0], self.cpu_ms[1]),
            first.collect::<Vec<_>>().join(", "),
            format!("{}/{}", self.grave, self.found),
            format!("{} / {} / {}", self.minimized[0], self.minimized[1], self.minimized[2]),
            format!("{} / {}", self.minimize_ms[0], self.minimize_ms[1]),
        ]
    }
}

const HEADINGS: [&str; 9] = [
    "target",
    "found",
    "runs",
    "actions",
    "CPU ms",
    "first alarm",
    "grave",
    "minimized",
    "minimizer ms",
];

/// The rows as a Markdown table, which also reads as text.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "| {} |", HEADINGS.join(" | "));
    let _ = writeln!(text, "|{}", "---|".repeat(HEADINGS.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.cells().join(" | "));
    }
    text.push_str(
        "\nPairs are median / 90th percentile over all starts; `minimized` is shortest / median / \
         longest in actions; `grave` counts finds in whose run a property of the paper or a \
         client's view fell too.\n",
    );
    text
}

fn first(score: &Score) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (class, count) in score.first_alarms() {
        *counts.entry(class.invariant).or_insert(0) += count;
    }
    let mut counts: Vec<_> = counts.into_iter().map(|(n, count)| (n.to_owned(), count)).collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    counts
}

/// Whether the failing run violated what the paper promises or a client sees.
fn is_grave(search: &Search) -> bool {
    let first = search.found.iter().map(|(_, class)| class.invariant);
    let mut names = first.chain(search.followed_by.iter().copied());
    names.any(|name| {
        let invariant = catalogue().iter().find(|invariant| invariant.name == name);
        invariant.is_some_and(|found| matches!(found.level, Level::Paper | Level::Client))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Class;

    #[test]
    fn a_row_tells_medians_and_who_noticed() {
        let search = |runs, name| Search {
            found: Some((7, Class { invariant: name, place: None })),
            runs,
            minimized: Some(runs as usize),
            ..Search::nothing()
        };
        let score = Score {
            target: "raft-core?bug=x".into(),
            searches: vec![
                search(3, "LogMatching"),
                search(9, "MatchIsDurable"),
                search(4, "LogMatching"),
            ],
        };
        let row = Row::of(&score);
        assert_eq!((row.found, row.runs, row.minimized, row.grave), (3, [4, 9], [3, 4, 9], 2));
        assert!(markdown(&[row]).contains("| LogMatching 2, MatchIsDurable 1 | 2/3 |"));
    }
}
