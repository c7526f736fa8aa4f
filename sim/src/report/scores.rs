//! The score of the harness as a table: how soon each bug is found, and how short its story gets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use raft_invariants::{Level, catalogue};
use serde::Serialize;

use crate::explain::score::{Catch, Score, Search, ShortStory, counts, quantile};
use crate::language::version::TOOL;

/// Length of the shortest story known, by target and invariant. Stories of one or two nodes, which
/// only runs of one or two nodes give, are compared with their like.
#[derive(Clone, Default, Debug)]
pub struct Shortest(BTreeMap<(String, String, u8), usize>);

impl Shortest {
    /// A story of this length exists in a cluster of so many nodes.
    pub fn note(&mut self, target: &str, invariant: &str, nodes: u8, actions: usize) {
        let shortest = self.0.entry(like(target, invariant, nodes)).or_insert(actions);
        *shortest = actions.min(*shortest);
    }

    /// All stories of these scores exist.
    pub fn note_all(&mut self, scores: &[Score]) {
        for score in scores {
            for (found, story) in stories(score) {
                self.note(&score.target, found.class.invariant, story.nodes, story.actions);
            }
        }
    }

    fn of(&self, target: &str, invariant: &str, nodes: u8) -> Option<usize> {
        self.0.get(&like(target, invariant, nodes)).copied()
    }
}

/// What makes stories comparable.
fn like(target: &str, invariant: &str, nodes: u8) -> (String, String, u8) {
    (target.to_owned(), invariant.to_owned(), nodes.min(3))
}

/// The version of [`ScoresReport`].
pub const FORMAT: &str = "raft-sim-scores/1";

/// The score, for programs.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ScoresReport {
    /// [`FORMAT`].
    #[cfg_attr(feature = "cli", schemars(extend("const" = FORMAT)))]
    pub format: &'static str,
    /// The version of raft-sim.
    pub version: &'static str,
    /// A row for each target that was searched.
    pub bugs: Vec<BugScore>,
}

impl ScoresReport {
    /// Of these rows.
    pub fn of(bugs: &[BugScore]) -> Self {
        ScoresReport { format: FORMAT, version: TOOL, bugs: bugs.to_vec() }
    }
}

/// One row.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct BugScore {
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
    /// Milliseconds of CPU until it was found, likewise.
    pub cpu_ms: [u64; 2],
    /// Who noticed first, the most frequent first, with the number of starts.
    pub first: Vec<(String, usize)>,
    /// Properties of the paper, and of what a client sees, that fell in the failing runs, likewise.
    pub grave: Vec<(String, usize)>,
    /// Every story.
    pub stories: Vec<StoryRow>,
}

/// One minimized story.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct StoryRow {
    /// The failing seed.
    pub seed: u64,
    /// What it violates.
    pub invariant: &'static str,
    /// Its length, in actions.
    pub actions: usize,
    /// Nodes of its cluster.
    pub nodes: u8,
    /// Its length in percent of the shortest story known of the same bug and invariant.
    pub percent: u64,
    /// Whether it is proven 1-minimal.
    pub one_minimal: bool,
    /// Replays of the minimizer.
    pub replays: u64,
    /// Milliseconds of CPU of the minimizer.
    pub minimize_ms: u64,
}

impl BugScore {
    /// Of one target's searches, its stories measured against the shortest.
    pub fn of(score: &Score, shortest: &Shortest) -> Self {
        let both = |value: fn(&Search) -> u64| [50, 90].map(|p| score.quantile(p, value));
        let named = |counts: Vec<(&str, usize)>| {
            counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
        };
        BugScore {
            target: score.target.clone(),
            found: score.finds().count(),
            starts: score.searches.len(),
            runs: both(|search| search.runs),
            actions: both(|search| search.actions),
            cpu_ms: both(|search| search.cpu_ms),
            first: named(counts(score.finds().map(|found| found.class.invariant))),
            grave: named(counts(score.finds().flat_map(grave))),
            stories: stories(score).map(|of| StoryRow::new(&score.target, of, shortest)).collect(),
        }
    }

    fn cells(&self) -> [String; 9] {
        let [length, percent, replays] = [
            |story: &StoryRow| story.actions as u64,
            |story: &StoryRow| story.percent,
            |story: &StoryRow| story.replays,
        ]
        .map(|value| self.stories.iter().map(value).collect::<Vec<u64>>());
        let shortest = length.iter().min().copied().unwrap_or(0);
        let pair = |pair: [u64; 2]| format!("{} / {}", pair[0], pair[1]);
        [
            self.target.clone(),
            format!("{}/{}", self.found, self.starts),
            pair(self.runs),
            pair(self.actions),
            pair(self.cpu_ms),
            counted(&self.first),
            counted(&self.grave),
            format!("{shortest} / {}", pair(median_and_p90(&length))),
            format!("{} ({})", pair(median_and_p90(&percent)), pair(median_and_p90(&replays))),
        ]
    }
}

impl StoryRow {
    fn new(target: &str, (found, story): (&Catch, &ShortStory), shortest: &Shortest) -> Self {
        let invariant = found.class.invariant;
        let best = shortest.of(target, invariant, story.nodes).unwrap_or(story.actions);
        StoryRow {
            seed: found.seed,
            invariant,
            actions: story.actions,
            nodes: story.nodes,
            // A story of no actions fails at the boot, and there is none shorter.
            percent: (100 * story.actions as u64).checked_div(best as u64).unwrap_or(100),
            one_minimal: story.one_minimal,
            replays: story.replays,
            minimize_ms: story.cpu_ms,
        }
    }
}

const HEADINGS: [&str; 9] = [
    "target",
    "found",
    "runs",
    "actions",
    "CPU ms",
    "first alarm",
    "paper and clients",
    "story",
    "% of shortest (replays)",
];

/// The rows as a Markdown table, which also reads as text, and what they come to.
pub fn markdown(rows: &[BugScore]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "| {} |", HEADINGS.join(" | "));
    let _ = writeln!(text, "|{}", "---|".repeat(HEADINGS.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.cells().join(" | "));
    }
    text.push_str(
        "\nPairs are median / 90th percentile over all starts. `paper and clients` are properties \
         of Figure 3 and of what a client sees that fell later in the failing runs. `story` is the \
         shortest, median and 90th percentile of the minimized length in actions; `% of shortest` \
         compares each with the shortest known of the same bug and invariant.\n",
    );
    text.push_str(&totals(rows));
    text
}

/// What all stories come to; nothing if there are none.
fn totals(rows: &[BugScore]) -> String {
    let stories: Vec<&StoryRow> = rows.iter().flat_map(|row| &row.stories).collect();
    if stories.is_empty() {
        return String::new();
    }
    let values = |value: fn(&StoryRow) -> u64| -> [u64; 2] {
        median_and_p90(&stories.iter().map(|story| value(story)).collect::<Vec<u64>>())
    };
    let [length, length_p90] = values(|story| story.percent);
    let [cpu, cpu_p90] = values(|story| story.minimize_ms);
    format!(
        "\n{} stories, {} of them proven 1-minimal: {length} % of the shortest known (90th \
         percentile {length_p90} %), minimized in {cpu} ms of CPU (90th percentile {cpu_p90} ms).\n",
        stories.len(),
        stories.iter().filter(|story| story.one_minimal).count(),
    )
}

fn median_and_p90(values: &[u64]) -> [u64; 2] {
    [50, 90].map(|percent| quantile(values.to_vec(), percent))
}

fn counted(counts: &[(String, usize)]) -> String {
    let counted = counts.iter().map(|(name, count)| format!("{name} {count}"));
    counted.collect::<Vec<_>>().join(", ")
}

fn stories(score: &Score) -> impl Iterator<Item = (&Catch, &ShortStory)> {
    score.finds().filter_map(|found| Some((found, found.story.as_ref()?)))
}

/// What the failing run violated of what the paper promises or a client sees.
fn grave(found: &Catch) -> impl Iterator<Item = &'static str> {
    let names = std::iter::once(found.class.invariant).chain(found.followed_by.iter().copied());
    names.filter(|&name| {
        let invariant = catalogue().iter().find(|invariant| invariant.name == name);
        invariant.is_some_and(|found| matches!(found.level, Level::Paper | Level::Client))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Class;

    fn search(runs: u64, invariant: &'static str, actions: usize) -> Search {
        let story = ShortStory { actions, nodes: 3, one_minimal: true, replays: 5, cpu_ms: 10 };
        let class = Class { invariant, place: None };
        let found = Catch { seed: 7, class, followed_by: Vec::new(), story: Some(story) };
        Search { found: Some(found), runs, actions: 100 * runs, cpu_ms: 0 }
    }

    #[test]
    fn a_row_tells_medians_and_who_noticed() {
        let searches = vec![
            search(3, "LogMatching", 8),
            search(9, "MatchIsDurable", 9),
            search(4, "LogMatching", 12),
        ];
        let scores = [Score { target: "raft-core?bug=x".into(), searches }];
        let mut shortest = Shortest::default();
        shortest.note_all(&scores);
        let row = BugScore::of(&scores[0], &shortest);
        assert_eq!((row.found, row.runs), (3, [4, 9]));
        let percents: Vec<u64> = row.stories.iter().map(|story| story.percent).collect();
        assert_eq!(percents, [100, 100, 150], "each is compared with its own kind");
        let text = markdown(&[row]);
        let cells = "| LogMatching 2, MatchIsDurable 1 | LogMatching 2 | 8 / 9 / 12 | 100 / 150 (5";
        assert!(text.contains(cells), "{text}");
        assert!(text.contains("3 stories, 3 of them proven 1-minimal: 100 %"), "{text}");
    }

    #[test]
    fn what_is_kept_counts_as_known() {
        let scores = [Score { target: "t".into(), searches: vec![search(1, "LogMatching", 9)] }];
        let mut shortest = Shortest::default();
        shortest.note("t", "LogMatching", 5, 6);
        shortest.note("t", "LogMatching", 2, 1);
        shortest.note_all(&scores);
        assert_eq!(BugScore::of(&scores[0], &shortest).stories[0].percent, 150);
    }
}
