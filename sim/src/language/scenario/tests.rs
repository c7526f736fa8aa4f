//! Scenarios as they are read and blessed.

use std::path::Path;

use super::*;
use crate::language::file_error::FileError;
use crate::language::script::Script;

const TEXT: &str = "\
# A leader.
target raft-core
cluster nodes=3

# It wins.
elect n1 by n2
----
n1 leader of term 1
violations none
# Not a part of the picture.

 heal
settle
----
n1 leader
n2 follower

==== raft-core?bug=some
violations ElectionSafety
";

fn parse(text: &str) -> Result<Scenario, FileError> {
    Scenario::parse(text, Path::new("leader.txt"), |name| match name {
        None | Some("raft-core") => Ok(&[]),
        Some(_) => Err("it is raft-core".to_owned()),
    })
}

#[test]
fn a_scenario_is_read() {
    let scenario = parse(TEXT).expect("it is right");
    let said: Vec<String> =
        scenario.phrases().map(|(line, phrase)| format!("{line} {phrase}")).collect();
    assert_eq!(said, ["6 elect n1 by n2", "12 heal", "13 settle"]);
    let picture = scenario.blocks[1].picture.as_ref().expect("there is one");
    assert_eq!((picture.line, &*picture.lines.join("/")), (15, "n1 leader/n2 follower"));
    let (line, violations) = scenario.sections[0].violations.as_ref().expect("it says so");
    assert_eq!((*line, violations.as_str()), (19, "ElectionSafety"));
    assert_eq!(scenario.target.as_deref(), Some("raft-core"));
}

#[test]
fn blessing_replaces_pictures_and_nothing_else() {
    let scenario = parse(TEXT).expect("it is right");
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let first = lines("n1 leader of term 1\nviolations none");
    let same = lines("n1 leader\nn2 follower");
    let is_same = |pictures: &[Vec<String>]| {
        scenario.blessed(pictures, &["ElectionSafety".to_owned()]) == TEXT
    };
    assert!(is_same(&[first.clone(), same.clone()]));
    let other = lines("n1 gone\nn2 leader\nn3 new");
    let blessed = scenario.blessed(&[other, same], &["none".to_owned()]);
    let expected = TEXT
        .replace("n1 leader of term 1\nviolations none", "n1 gone\nn2 leader\nn3 new")
        .replace("ElectionSafety", "none");
    assert_eq!(blessed, expected);
}

#[test]
fn blessing_adds_pictures_where_there_are_none() {
    let scenario = parse("cluster nodes=3\nheal\n# the end\n\n==== other").expect("right");
    let blessed = scenario.blessed(&[vec!["n1 leader".to_owned()]], &["none".to_owned()]);
    let expected =
        "cluster nodes=3\nheal\n----\nn1 leader\n# the end\n\n==== other\nviolations none\n";
    assert_eq!(blessed, expected);
    let unended = parse("cluster nodes=3\nheal").expect("right");
    let blessed = unended.blessed(&[vec!["n1 leader".to_owned()]], &[]);
    assert_eq!(blessed, "cluster nodes=3\nheal\n----\nn1 leader\n");
}

#[test]
fn lines_may_end_as_on_other_systems() {
    let text = TEXT.replace('\n', "\r\n");
    let scenario = parse(&text).expect("it is right");
    let pictures: Vec<Vec<String>> = parse(TEXT)
        .expect("it is right")
        .blocks
        .into_iter()
        .map(|block| block.picture.expect("each has one").lines)
        .collect();
    assert_eq!(scenario.blessed(&pictures, &["ElectionSafety".to_owned()]), text);
}

#[test]
fn a_script_is_a_scenario() {
    let text = "\n# alone\n cluster nodes=1\ntimeout n1\ncalm\n\n";
    let scenario = parse(text).expect("it is right");
    assert_eq!(scenario.to_string(), text);
    assert!(!scenario.has_pictures());
    let script = scenario.script().expect("all are actions");
    assert_eq!(script.lines(), ["timeout n1", "calm"]);
    assert_eq!(Scenario::of(&script, 4..).phrases().count(), 2);
}

#[track_caller]
fn wrong(text: &str, line: usize, message: &str) {
    let error = parse(text).expect_err("it is wrong");
    assert_eq!((error.line, &*error.message), (line, message));
}

#[test]
fn mistakes_name_their_line() {
    wrong("# nothing\n", 1, "the script is empty");
    wrong("elect n1 by n2\n", 1, "expected the `cluster` line, found `elect`");
    wrong(&TEXT.replace("settle", "setle"), 13, "unknown action `setle`");
    wrong(&TEXT.replace("settle", "cluster nodes=5"), 13, "a script has one `cluster` line");
    wrong(&TEXT.replace("settle", "calm\nheal"), 14, "nothing comes after `calm`");
    wrong(&TEXT.replace("n2 follower", "leader n1"), 16, "unknown action `leader`");
    wrong(&TEXT.replace("target raft-core", "target raft"), 2, "unknown target `raft`");
    let more = format!("{TEXT}timeout n1\n");
    wrong(&more, 20, "nothing more is told after `====`");
}

#[test]
fn what_only_scenarios_have_is_no_script() {
    let wrong = |text: &str, line, message: &str| {
        let error = Script::parse(text, Path::new("a.txt"), &[]).expect_err("no script");
        assert_eq!((error.line, &*error.message), (line, message));
    };
    wrong("cluster nodes=3\nclear\n", 2, "`clear` stands for several actions");
    wrong("cluster nodes=3\nheal\n----\nn1\n", 3, "a script has no pictures");
    wrong("cluster nodes=3\nheal\n==== x\n", 3, "a script has no sections");
    wrong("target x\ncluster nodes=3\n", 1, "unknown target `x`");
}
