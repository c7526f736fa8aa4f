//! Schedulers compared: how many actions each takes to find each bug.

use std::fmt::Write as _;

use serde::Serialize;

use crate::explain::score::Score;
use crate::language::version::TOOL;

/// The version of [`ComparisonReport`].
pub const FORMAT: &str = "raft-sim-comparison/1";

/// The comparison, for programs.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ComparisonReport {
    /// [`FORMAT`].
    #[cfg_attr(feature = "cli", schemars(extend("const" = FORMAT)))]
    pub format: &'static str,
    /// The version of raft-sim.
    pub version: &'static str,
    /// A row for each bug.
    pub bugs: Vec<BugComparison>,
}

impl ComparisonReport {
    /// Of these rows.
    pub fn of(bugs: &[BugComparison]) -> Self {
        ComparisonReport { format: FORMAT, version: TOOL, bugs: bugs.to_vec() }
    }
}

/// A bug and what each scheduler took to find it.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct BugComparison {
    /// The target's name.
    pub target: String,
    /// By scheduler, in the order of the columns.
    pub cells: Vec<Cell>,
}

/// What one scheduler took to find one bug.
#[derive(Clone, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Cell {
    /// The scheduler's name.
    pub scheduler: String,
    /// Starts that found it.
    pub found: usize,
    /// All starts.
    pub starts: usize,
    /// Runs until it was found: median over all starts.
    pub runs: u64,
    /// Actions until it was found, likewise; a start that found nothing counts what it spent.
    pub actions: u64,
}

/// One row for each target, from the scores of each scheduler for the same targets.
pub fn rows(columns: &[(String, Vec<Score>)]) -> Vec<BugComparison> {
    let targets = columns.first().map_or(&[][..], |(_, scores)| scores.as_slice());
    let row = |(position, score): (usize, &Score)| BugComparison {
        target: score.target.clone(),
        cells: columns.iter().map(|(name, scores)| Cell::new(name, &scores[position])).collect(),
    };
    targets.iter().enumerate().map(row).collect()
}

impl Cell {
    fn new(scheduler: &str, score: &Score) -> Self {
        Cell {
            scheduler: scheduler.to_owned(),
            found: score.finds().count(),
            starts: score.searches.len(),
            runs: score.quantile(50, |search| search.runs),
            actions: score.quantile(50, |search| search.actions),
        }
    }

    /// The median; what was not always found says how often it was.
    fn text(&self, is_best: bool) -> String {
        let actions = self.actions;
        match self.found {
            0 => "-".to_owned(),
            found if found < self.starts => format!("{actions} ({found}/{})", self.starts),
            _ if is_best => format!("**{actions}**"),
            _ => actions.to_string(),
        }
    }
}

/// The rows as a Markdown table; the best of each row is bold.
pub fn markdown(rows: &[BugComparison]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut text = String::from("| bug |");
    for cell in &first.cells {
        let _ = write!(text, " {} |", cell.scheduler);
    }
    let _ = writeln!(text, "\n|---|{}", "---:|".repeat(first.cells.len()));
    for row in rows {
        let best = row.cells.iter().filter(|cell| cell.found == cell.starts);
        let best = best.map(|cell| cell.actions).min();
        let name = row.target.split_once("?bug=").map_or(row.target.as_str(), |(_, bug)| bug);
        let _ = write!(text, "| {name} |");
        for cell in &row.cells {
            let _ = write!(text, " {} |", cell.text(Some(cell.actions) == best));
        }
        text.push('\n');
    }
    text.push_str(
        "\nMedian actions until a bug is found, over all starts; (k/n) where k of n starts found \
         it, and the others count with what they spent; - where none did.\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::score::{Catch, Search};
    use crate::run::Class;

    fn score(actions: [u64; 3], found: usize) -> Vec<Score> {
        let class = Class { invariant: "LogMatching", place: None };
        let find = Catch { seed: 1, class, followed_by: Vec::new(), story: None };
        let search = |(position, &actions): (usize, &u64)| Search {
            found: (position < found).then(|| find.clone()),
            runs: 1,
            actions,
            cpu_ms: 0,
        };
        let searches = actions.iter().enumerate().map(search).collect();
        vec![Score { target: "raft-core?bug=x".to_owned(), searches }]
    }

    #[test]
    fn the_best_stands_out_and_misses_are_counted() {
        let columns = [
            ("walk".to_owned(), score([30, 10, 20], 3)),
            ("pos".to_owned(), score([9, 9, 9], 3)),
            ("pct".to_owned(), score([5, 99, 99], 1)),
            ("storm".to_owned(), score([99, 99, 99], 0)),
        ];
        let text = markdown(&rows(&columns));
        assert!(text.contains("| x | 20 | **9** | 99 (1/3) | - |"), "{text}");
    }
}
