//! Named scenarios: what happens to a cluster and the pictures it must give, as text files.
//!
//! A file in `scenarios/` is a head comment, a `cluster` line, and blocks of actions, each followed
//! by `----` and the expected picture. Beside the action language a block may say
//!
//! ```text
//! elect n1 by n2 n3       n1 stands, asks those voters only, and wins
//! stabilize n1 n2         among those nodes, oldest first: everything arrives and is synced
//! settle                  the leader's heartbeats and all that follows, until nothing changes
//! clear                   whatever is still on its way is lost
//! ```
//!
//! A section `==== <target>` at the end tells another target the same and names the alarms that must
//! follow. `UPDATE=1 cargo test -p raft-sim --test scenarios` rewrites
//! pictures and alarms; commit only what you can explain.

#[path = "scenarios/file.rs"]
mod file;
#[path = "scenarios/session.rs"]
mod session;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use file::{Block, Scenario};
use raft_sim::search::target::{Target, Targets};
use session::Session;

/// The correct Raft that plays them all.
const REFERENCE: &str = "raft-core";

#[test]
fn every_scenario_gives_its_pictures() {
    let mut complaints = String::new();
    let paths = paths();
    assert!(10 < paths.len(), "the scenarios are found");
    for path in &paths {
        let text = std::fs::read_to_string(path).expect("the folder was just listed");
        match played(&text) {
            Err(problem) => {
                let _ = writeln!(complaints, "{}: {problem}", path.display());
            }
            Ok(now) if now == text => {}
            Ok(now) if is_update() => std::fs::write(path, now).expect("the file can be written"),
            Ok(now) => {
                let _ = writeln!(complaints, "{}:\n{}", path.display(), difference(&text, &now));
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// The file as it would be if every picture were right.
fn played(text: &str) -> Result<String, String> {
    let targets = targets();
    let target = |name: &str| targets.find(name).ok_or(format!("there is no target `{name}`"));
    let reference = target(REFERENCE)?;
    let mut scenario = Scenario::parse(text)?;
    let mut session = Session::new(reference, scenario.cluster);
    for block in &mut scenario.blocks {
        for (line, command) in block.commands() {
            session.command(command).map_err(|problem| format!("line {line}: {problem}"))?;
        }
        block.picture = session.picture();
    }
    for position in 0..scenario.bugs.len() {
        let name = &scenario.bugs[position].target;
        let alarms = alarms(target(name)?, &scenario);
        if alarms == "none" {
            return Err(format!("`{name}` raises no alarm"));
        }
        scenario.bugs[position].alarms = alarms;
    }
    Ok(scenario.to_string())
}

/// Names of the invariants that break when another target is told the same, in the order in which
/// they do. What it cannot do is left out: it has gone its own way by then.
fn alarms(target: &dyn Target, scenario: &Scenario) -> String {
    let mut session = Session::new(target, scenario.cluster);
    for (_, command) in scenario.blocks.iter().flat_map(Block::commands) {
        let _ = session.command(command);
    }
    session.violations()
}

fn targets() -> Targets {
    let mut targets = Targets::default();
    raft_sim::guests::add_to(&mut targets);
    targets
}

fn paths() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let entries = std::fs::read_dir(folder).expect("the folder is in the checkout");
    let paths = entries.map(|entry| entry.expect("a folder can be listed").path());
    let mut paths: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    paths.sort();
    paths
}

#[expect(clippy::disallowed_methods, reason = "asks whether to rewrite pictures; no run sees it")]
fn is_update() -> bool {
    std::env::var("UPDATE").is_ok_and(|value| value == "1")
}

/// The lines that differ, old and new, each with its number.
fn difference(old: &str, new: &str) -> String {
    let (mut text, mut new_lines) = (String::new(), new.lines());
    for (position, line) in old.lines().enumerate() {
        let now = new_lines.next().unwrap_or("");
        if line != now {
            let _ = writeln!(text, "  line {}\n    - {line}\n    + {now}", position + 1);
        }
    }
    for line in new_lines {
        let _ = writeln!(text, "    + {line}");
    }
    text
}

const TINY: &str = "\
# One node.
cluster nodes=1 disk=instant batch=1 window=1
timeout n1
----
n1 leader of term 1, voted n1  log 1  commit 1
violations none
";

#[test]
fn a_right_picture_stays_as_it_is() {
    assert_eq!(played(TINY).as_deref(), Ok(TINY));
}

#[test]
fn a_wrong_picture_is_shown_line_by_line() {
    let wrong = TINY.replace("log 1", "log 1 1");
    let now = played(&wrong).expect("the actions are possible");
    assert_eq!(now, TINY);
    let shown = difference(&wrong, &now);
    assert!(shown.starts_with("  line 5\n    - n1 leader of term 1, voted n1  log 1 1"), "{shown}");
}

#[test]
fn a_line_that_means_nothing_is_an_error() {
    let problem = played(&TINY.replace("timeout", "restart")).expect_err("n1 is up");
    assert_eq!(problem, "line 3: `restart n1` means nothing here");
    let problem = played(&TINY.replace("timeout n1", "elect n1 by n2")).expect_err("no n2");
    assert!(problem.starts_with("line 3: "), "{problem}");
    let blind = format!("{TINY}\n==== raftbare\nviolations none\n");
    assert_eq!(played(&blind), Err("`raftbare` raises no alarm".to_owned()));
}
