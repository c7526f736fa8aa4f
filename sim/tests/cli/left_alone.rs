//! A hunt that is left alone, and ended from outside: nothing that it found is lost.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

use super::process::{Ended, Folder, PROGRAM};

/// A hunt in the background, which has said its first line.
struct Hunt {
    child: Child,
    stderr: BufReader<ChildStderr>,
}

impl Hunt {
    fn start(folder: &Folder, program: &str, args: &[&str]) -> Hunt {
        let mut command = folder.command(program);
        command.args(args).args(["fuzz", "--time", "10m", "--progress", "lines"]);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let stderr = child.stderr.take().expect("stderr is a pipe");
        let mut hunt = Hunt { child, stderr: BufReader::new(stderr) };
        while !hunt.line().starts_with("hunting") {}
        hunt
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        let read = self.stderr.read_line(&mut line).expect("it says what it does");
        assert_ne!(read, 0, "it still runs");
        line
    }

    fn signal(&self, name: &str) {
        let kill = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(kill.expect("there is a kill").success(), "the process is there");
    }

    fn ended(self) -> Ended {
        Ended::new(self.child.wait_with_output().expect("it ends"))
    }
}

#[track_caller]
fn ends_with_a_summary(name: &str, signal: &str, code: i32) {
    let folder = Folder::new(name);
    let hunt = Hunt::start(&folder, PROGRAM, &[]);
    hunt.signal(signal);
    let ended = hunt.ended().exits(code).says("no failures");
    let report: Value = serde_json::from_str(&folder.read("target/raft-sim/report.json"))
        .expect("the report is JSON");
    let campaign = &report["campaigns"][0];
    assert_eq!((&campaign["interrupted"], &report["exit"]), (&Value::Bool(true), &code.into()));
    assert_eq!(ended.line("digest"), campaign["digest"]);
}

#[test]
fn ctrl_c_ends_with_a_summary() {
    ends_with_a_summary("interrupt", "-INT", 130);
}

#[test]
fn a_machine_that_wants_its_processor_back_gets_a_summary_and_may_retry() {
    ends_with_a_summary("terminated", "-TERM", 75);
}

#[test]
fn the_end_of_the_terminal_ends_with_a_summary() {
    ends_with_a_summary("hung-up", "-HUP", 75);
}

#[test]
fn whoever_wants_it_to_outlive_the_terminal_gets_that() {
    let folder = Folder::new("nohup");
    let hunt = Hunt::start(&folder, "nohup", &[PROGRAM]);
    hunt.signal("-HUP");
    // Had it heard that one, this would be the second signal, and there would be no summary.
    hunt.signal("-INT");
    hunt.ended().exits(130).says("no failures");
}
