//! Every kind of row, where it stands, and that it fits.

use super::*;
use crate::guests::raft_core::RaftCore;
use crate::language::script::Script;
use crate::node::Node;
use crate::report::look::in_ascii;
use crate::run::Replay;
use crate::search::target::{Guest, Target};
use raft_invariants::Selection;

fn run(text: &str) -> Run {
    let script = Script::parse(text, "test.txt".as_ref(), RaftCore::kinds(&None));
    let script = script.expect("the test's script is right");
    let target = Guest::<RaftCore>::new("raft-core", "", None);
    let (run, skipped) = target.replay(&script, &Selection::ALL, Replay::STORY);
    assert_eq!(skipped, [0; 0], "every line means something");
    run
}

const WIDE: Look = Look { colour: false, width: 120 };

const SCRIPT: &str = "\
cluster nodes=3 disk=queued
timeout n1
sync n1
deliver n1->n2 RequestVote
sync n2
deliver n2->n1 RequestVoteReply granted
drop n1->n3 RequestVote
write n1 x=10
sync n1
deliver n1->n2 AppendEntries
sync n2
deliver n2->n1 AppendEntriesReply
partition {n1 n2} {n3}
crash n1
pause n2
resume n2
heal
restart n1
duplicate n1->n2 AppendEntries
skew n3 +10%
timeout n3
calm
";

#[track_caller]
fn check(drawn: &Diagram, expected: &str) {
    let drawn = format!("\n{}", drawn.text(WIDE));
    assert_eq!(drawn, expected, "{drawn}");
}

#[test]
fn every_kind_of_row() {
    let expected = "
      n1            n2            n3
   1  ⏱ term 1      ┆             ┆
   2  ▪ sync        ┆             ┆
   3  ●─────────────▶             ┆               RequestVote(last=0) of term 1
   4  ┆             ▪ sync        ┆
   5  ◀─────────────●             ┆               RequestVoteReply: its vote of term 1
      ★ leader t1   ┆             ┆
   6  ●──────✗      ┆             ┆               RequestVote to n3 is lost
   7  ✎ write x=10  ┆             ┆
   8  ▪ sync        ┆             ┆
   9  ●─────────────▶             ┆               AppendEntries(prev=0 +1 commit=0) of term 1
  10  ┆             ▪ sync        ┆
  11  ◀─────────────●             ┆               AppendEntriesReply: success up to 1 of term 1
      ✓ commit 1    ┆             ┆
  12  ··········································  partition {n1 n2} {n3}
  13  ✗ crash       ┆             ┆
  14                • pause       ┆
  15                • resume      ┆
  16  ··········································  heal
  17  ⟳ restart     ┆             ┆
  18  ●═════════════▶             ┆               AppendEntries(prev=0 +1 commit=0) of term 1 once more
  19  ┆             ┆             • skew +10%
  20  ┆             ┆             ⏱ term 1
  21  ··········································  calm
";
    check(&diagram(&run(SCRIPT), 0), expected);
}

#[test]
fn ascii_stands_in_the_same_places() {
    let drawn = diagram(&run(SCRIPT), 0).text(WIDE);
    let ascii = in_ascii(&drawn);
    assert!(ascii.is_ascii(), "{ascii}");
    let lengths =
        |text: &str| -> Vec<usize> { text.lines().map(|line| line.chars().count()).collect() };
    assert_eq!(lengths(&ascii), lengths(&drawn));
    let row = "   3  o------------->             |               RequestVote(last=0) of term 1";
    assert_eq!(ascii.lines().nth(3), Some(row));
}

#[test]
fn large_clusters_stay_aligned() {
    for nodes in 1..=9 {
        let text = format!(
            "cluster nodes={nodes}\ntimeout n{nodes}\nskew n1 +10%\nwrite n{nodes} x=123456\n"
        );
        let drawn = diagram(&run(&text), 0).0;
        let mut lines = drawn.iter();
        let names = lines.next().expect("the first row has the names");
        let columns = (0..nodes).map(|node| names.find(&format!("n{}", node + 1)));
        let columns: Vec<usize> =
            columns.map(|lane| lane.expect("every lane has a name")).collect();
        for line in lines {
            let chars: Vec<char> = line.chars().collect();
            for &lane in &columns {
                let at = chars.get(lane).copied().unwrap_or(' ');
                assert!(
                    "┆⏱✎•★✓".contains(at),
                    "{nodes} nodes, column {lane}:\n{}",
                    drawn.join("\n")
                );
            }
        }
    }
}

#[test]
fn a_part_begins_with_who_is_up() {
    let drawn = diagram(&run(SCRIPT), 14).text(Look::default());
    let expected = "
      n1            n2            n3
  14                • pause       ┆
  15                • resume      ┆";
    assert!(format!("\n{drawn}").starts_with(expected), "{drawn}");
}

#[test]
fn a_diagram_fits_where_it_is_shown() {
    let width = |line: &str| INDENT + line.chars().count();
    for nodes in [3, 5, 9] {
        let words = "timeout n1\ndeliver n1->n2 RequestVote\ncut n1->n2\nheal\n";
        let script = format!("cluster nodes={nodes}\n{words}");
        let drawn = diagram(&run(&script), 0);
        for columns in [80, 100, 200] {
            let text = drawn.text(Look { width: columns, ..Look::default() });
            let widest = text.lines().map(width).max().expect("there are lines");
            assert!(widest <= columns, "{nodes} nodes, {widest} of {columns}:\n{text}");
        }
    }
    let narrow = diagram(&run(SCRIPT), 0).text(Look { width: 80, ..Look::default() });
    let expected = "
   9  ●─────────────▶             ┆               AppendEntries(prev=0 +1
                                                  commit=0) of term 1
";
    assert!(narrow.contains(expected), "{narrow}");
    let narrower = diagram(&run(SCRIPT), 0).text(Look { width: 60, ..Look::default() });
    let expected = "
   9  ●─────────────▶             ┆
      AppendEntries(prev=0 +1 commit=0) of term 1
";
    assert!(narrower.contains(expected), "{narrower}");
}
