//! Scenarios as people write them: played, compared with their pictures, blessed, forgiven, turned
//! into plain actions, and handed to commands that know only those.

use std::fs;
use std::path::Path;

use crate::process::Folder;

const TINY: &str = "\
# One node.
cluster nodes=1
timeout n1
----
n1 leader of term 1, voted n1  log 1  commit 1
violations none
# It goes on.
write n1 x=1
";

/// Half of the cluster is enough for it.
const BUG: &str = "raft-core?bug=quorum-floor-half";

const TWO_LEADERS: &str = "\
cluster nodes=4
elect n1 by n2
elect n3 by n4
";

#[test]
fn pictures_are_compared_and_blessed() {
    let folder = Folder::new("pictures");
    folder.write("right.txt", TINY);
    let right = folder.run(&["replay", "right.txt"]).exits(0).says("as pictured");
    right.says("n1 leader of term 1, voted n1  log 1 1  commit 2");
    let wrong = TINY.replace("log 1", "log 1 1").replace('\n', "\r\n");
    folder.write("wrong.txt", &wrong);
    let ended = folder.run(&["replay", "wrong.txt"]).exits(5).says("line 5");
    let ended = ended.says("- n1 leader of term 1, voted n1  log 1 1");
    ended.says("+ n1 leader of term 1, voted n1  log 1  commit 1").says("not as pictured");
    assert_eq!(folder.read("wrong.txt"), wrong, "nobody asked to write it");
    folder.run(&["replay", "right.txt", "wrong.txt"]).exits(5).says("DIFF");
    folder.run(&["replay", "wrong.txt", "--bless"]).exits(0).says("pictured as it came");
    let blessed = folder.read("wrong.txt");
    assert!(blessed.starts_with("# One node.\r\ncluster nodes=1\r\n"), "{blessed}");
    assert!(
        blessed.contains("violations none\n# It goes on.\r\nwrite n1 x=1\r\n----\n"),
        "{blessed}"
    );
    folder.run(&["replay", "wrong.txt"]).exits(0).says("as pictured");
    let before = folder.read("wrong.txt");
    folder.run(&["replay", "wrong.txt", "--bless"]).exits(0).says("as pictured");
    assert_eq!(folder.read("wrong.txt"), before);
}

#[test]
fn only_a_whole_file_is_blessed() {
    let folder = Folder::new("bless");
    folder.write("a.txt", TINY);
    folder.write("bad.txt", &TINY.replace("write", "restart"));
    let blesses = |args: &[&str], words: &str| {
        folder.run(&[&["replay", "--bless"], args].concat()).exits(2).complains(words);
    };
    blesses(&["a.txt", "--target", "raftbare"], "of all that a file says");
    blesses(&["a.txt", "--only", "lemma"], "of all that a file says");
    blesses(&["bad.txt"], "unexpected `x=1`");
    folder.write("bad.txt", &TINY.replace("write n1 x=1", "restart n1"));
    blesses(&["bad.txt"], "n1 is not down then");
    assert_eq!(folder.read("a.txt"), TINY);
    folder.run_with_stdin(&["replay", "-", "--bless"], TINY).exits(2).complains("no pictures");
    let elsewhere = folder.run(&["replay", "a.txt", "--target", "raftbare"]).exits(0);
    elsewhere.complains("its pictures are not compared");
}

#[test]
fn a_section_says_what_breaks_elsewhere() {
    let folder = Folder::new("sections");
    let section = |violations: &str| format!("{TWO_LEADERS}\n==== {BUG}\n{violations}");
    let strict = TWO_LEADERS.replace("elect n3 by n4", "timeout n3").replace("by n2", "by n2 n4");
    let names = "violations ElectedByQuorum\n";
    folder.write("a.txt", &section("").replace(TWO_LEADERS, &strict));
    folder.run(&["replay", "a.txt", "--bless"]).exits(0);
    assert!(
        folder.read("a.txt").ends_with(&format!("==== {BUG}\n{names}")),
        "{}",
        folder.read("a.txt")
    );
    folder.write("b.txt", &folder.read("a.txt").replace("ByQuorum", "ByNobody"));
    folder.run(&["replay", "b.txt"]).exits(5).says("- violations ElectedByNobody");
    folder.write("c.txt", &section("").replace("raft-core?bug", "raft-core?bog"));
    folder.write("c.txt", &folder.read("c.txt").replace(TWO_LEADERS, "cluster nodes=4\n"));
    folder.run(&["replay", "c.txt"]).exits(2).complains("c.txt:3").complains("unknown target");
}

#[test]
fn a_file_may_name_its_target() {
    let folder = Folder::new("target");
    folder.write("a.txt", &format!("target {BUG}\n{TWO_LEADERS}"));
    folder.run(&["replay", "a.txt"]).exits(1).says("ElectionSafety").says(BUG);
    let overruled = folder.run(&["replay", "a.txt", "--target", "raft-core"]).exits(2);
    overruled.complains("`elect n1 by n2`: n1 does not win").complains("candidate of term 1 then");
    folder.write("b.txt", &format!("target raft-cor\n{TWO_LEADERS}"));
    folder.run(&["replay", "b.txt"]).exits(2).complains("b.txt:1:8").complains("did you mean");
}

#[test]
fn what_is_impossible_is_forgiven_and_told() {
    let folder = Folder::new("forgiving");
    let edited = "cluster nodes=3\ntimeout n1\nrestart n2\ndeliver n1->n2 AppendEntries\n\
                  deliver n1->n2 RequestVote\n";
    folder.write("a.txt", edited);
    folder.run(&["replay", "a.txt"]).exits(2).complains("a.txt:3").complains("n2 is not down");
    let ended = folder.run(&["replay", "a.txt", "--forgiving"]).exits(0).says("2 lines skipped");
    let ended = ended.complains("skipped line 3: `restart n2` means nothing");
    let ended = ended.complains("skipped line 4: `deliver n1->n2 AppendEntries` means nothing");
    ended.complains("on its way then, but n1->n2 RequestVote, n1->n3 RequestVote");
    folder.write(
        "b.txt",
        edited
            .lines()
            .filter(|line| !line.contains("restart"))
            .fold(String::new(), |text, line| text + line + "\n")
            .as_str(),
    );
    let pending = folder.run(&["replay", "b.txt"]).exits(2).complains("b.txt:3");
    pending.complains("hint: no such message is on its way then, but n1->n2 RequestVote,");
}

#[test]
fn a_name_that_fits_several_messages_says_so() {
    let folder = Folder::new("several");
    let script = "cluster nodes=3\ntimeout n1\ntimeout n1\ndeliver n1->n2 RequestVote\n";
    folder.write("a.txt", script);
    let ended = folder.run(&["replay", "a.txt"]).exits(0);
    let ended = ended.complains("note: line 4, `deliver n1->n2 RequestVote`: it fits several");
    let other = ended.stderr.split("The others: `").nth(1).and_then(|it| it.split('`').next());
    let other = other.expect("the other is named").to_owned();
    assert!(ended.stderr.contains("(RequestVote(last=0) of term 1)"), "{}", ended.stderr);
    folder.write("b.txt", &script.replace("deliver n1->n2 RequestVote", &other));
    let ended = folder.run(&["replay", "b.txt"]).exits(0).says("n2 writes term 1");
    assert_eq!(ended.stderr, "", "it says exactly which");
}

#[test]
fn other_commands_play_phrases_first() {
    let folder = Folder::new("phrases");
    folder.write("a.txt", &format!("target {BUG}\n{TWO_LEADERS}"));
    let plain = folder.run(&["replay", "a.txt", "--script"]).exits(0).says("timeout n1");
    assert!(!plain.stdout.contains('#'), "no line needs a signature:\n{}", plain.stdout);
    folder.write("plain.txt", &plain.stdout);
    folder.run(&["replay", "plain.txt"]).exits(1).says("ElectedByQuorum at action 3");
    let ended = folder.run(&["minimize", "a.txt", "-o", "small.json"]).exits(0);
    ended.complains("the phrases of a.txt are played to 6 plain actions first");
    folder.run(&["replay", "small.json"]).exits(0);
    folder.run(&["why", "a.txt"]).exits(0).complains("plain actions first");
    folder.run(&["replay", "a.txt", "--until", "2", "--state", "n2"]).exits(0).says("votedFor n1");
    folder.run(&["replay", "a.txt", "--trace", "--format", "json"]).exits(1).says("ElectionSafety");
}

#[test]
fn every_example_of_the_language_runs() {
    let folder = Folder::new("examples");
    let told = folder.run(&["explain", "actions"]).exits(0).stdout;
    let mut examples = Vec::new();
    for line in told.lines() {
        match line.strip_prefix("  ") {
            Some(first) if first.starts_with("cluster ") => examples.push(first.to_owned()),
            Some(more) => examples.last_mut().expect("an example begins").extend(["\n", more]),
            None => {}
        }
    }
    let words =
        told.lines().filter(|line| line.ends_with("  action") || line.ends_with("  phrase"));
    assert_eq!(words.count(), examples.len(), "each word has an example:\n{told}");
    assert!(20 < examples.len(), "{told}");
    for (number, example) in examples.iter().enumerate() {
        let name = format!("{number}.txt");
        folder.write(&name, &format!("{example}\n"));
        let ended = folder.run(&["replay", &name, "--target", "raft-core"]);
        assert!(ended.stderr.is_empty(), "{example}:\n{}", ended.stderr);
        // After a fault that no Raft survives, a violation is expected.
        let is_excused = ended.stdout.contains("(expected: a fault came before it");
        assert_eq!(is_excused, example.contains("lose") || example.contains("wipe"), "{example}");
        ended.exits(i32::from(is_excused));
    }
}

#[test]
fn the_readme_s_scenarios_replay_as_written() {
    let folder = Folder::new("readme");
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).expect("the README is in the checkout");
    let blocks = readme.split("```text\n").skip(1).filter_map(|rest| rest.split("```").next());
    let scripts = blocks.filter(|block| {
        let mut lines = block.lines().filter(|line| !line.starts_with('#'));
        lines.next().is_some_and(|line| line.starts_with("cluster ") || line.starts_with("target "))
    });
    let mut count = 0;
    for script in scripts {
        folder.write("a.txt", script);
        let ended = folder.run(&["replay", "a.txt"]).exits(0);
        let is_pictured = script.contains("\n----\n");
        ended.says(if is_pictured { "as pictured" } else { "no violation" });
        count += 1;
    }
    assert!(2 <= count, "the README shows a script and a scenario");
}
