//! Running a step: what it prints is kept in a file, and shown only if it fails.
//!
//! Some steps must find something (a bug in a published crate, every planted one), so what passes
//! has much to say that looks like a failure. Whoever reads a red build sees what is wrong with it,
//! and nothing that was meant to be found.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::clock::Clock;
use crate::steps::{Line, Step};

/// The exit code of a line that cannot run on this machine; the last thing it says is why.
pub(crate) const SKIPS: i32 = 77;

/// Lines of output that are shown of a step that failed: a story with its diagram fits.
const SHOWN_MAX: usize = 120;

/// How a step ended.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum End {
    Passed,
    /// It could not run here, and why.
    Skipped(String),
    /// What is wrong.
    Failed(String),
}

/// How a step went.
pub(crate) struct Outcome {
    pub(crate) step: &'static Step,
    pub(crate) clock: Clock,
    pub(crate) end: End,
    /// All that it printed.
    pub(crate) log: PathBuf,
}

/// Runs the lines of a step in the checkout, up to the first one that does not pass.
pub(crate) fn run(step: &'static Step, root: &Path) -> Outcome {
    let start = Clock::now();
    let log = root.join("target/ci").join(step.name).with_extension("log");
    let lines = (step.lines)(root);
    let end = match lines.and_then(|lines| run_all(&lines, root, &log)) {
        Ok(end) => end,
        Err(why) => End::Failed(why),
    };
    Outcome { step, clock: Clock::now().since(start), end, log }
}

fn run_all(lines: &[Line], root: &Path, log: &Path) -> Result<End, String> {
    let unwritable = |error: io::Error| format!("cannot write {}: {error}", log.display());
    fs::create_dir_all(log.parent().expect("a log lies in a folder")).map_err(unwritable)?;
    let mut file = File::create(log).map_err(unwritable)?;
    for line in lines {
        writeln!(file, "$ {line}").map_err(unwritable)?;
        let status = execute(line, root, &file)?;
        match status.code() {
            Some(code) if line.exits.contains(&code) => {}
            Some(SKIPS) => return Ok(End::Skipped(tail(log, 1))),
            Some(code) => return Err(format!("`{line}` ended with {code}, not {:?}", line.exits)),
            None => return Err(format!("`{line}` was killed ({status})")),
        }
    }
    Ok(End::Passed)
}

/// Runs one line as a person would type it, with nobody at the keyboard.
fn execute(line: &Line, root: &Path, log: &File) -> Result<ExitStatus, String> {
    let mut command = Command::new("sh");
    command.args(["-c", &line.text]).current_dir(root).stdin(Stdio::null());
    command.envs(line.environment.iter().copied());
    let both = log.try_clone().and_then(|out| Ok((out, log.try_clone()?)));
    let (out, err) = both.map_err(|error| format!("cannot write the log: {error}"))?;
    let status = command.stdout(out).stderr(err).status();
    status.map_err(|error| format!("cannot start `sh`: {error}"))
}

impl Outcome {
    pub(crate) fn has_failed(&self) -> bool {
        matches!(self.end, End::Failed(_))
    }

    /// What whoever waits for it is told.
    pub(crate) fn told(&self) -> String {
        let Outcome { step, clock, end, log } = self;
        let costs = format!("({} wall, {} cpu)", clock.wall(), clock.cpu());
        match end {
            End::Passed => format!("{}: ok {costs}", step.name),
            End::Skipped(why) => format!("{}: SKIPPED: {why} {costs}", step.name),
            End::Failed(why) => {
                let (shown, log) = (tail(log, SHOWN_MAX), log.display());
                let end = format!("{}: FAILED: {why} {costs}", step.name);
                format!("{shown}\n{end}\nall that it printed is in {log}")
            }
        }
    }
}

/// The last lines of a file; none if it cannot be read.
fn tail(path: &Path, lines_max: usize) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(lines_max)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/ci/tests")
    }

    /// What becomes of these lines, and what is left in the log.
    fn check(name: &str, lines: &[Line]) -> (Result<End, String>, String) {
        let log = root().join(name).with_extension("log");
        fs::create_dir_all(root()).expect("the checkout is writable");
        let end = run_all(lines, &root(), &log);
        (end, fs::read_to_string(log).expect("there is a log"))
    }

    #[test]
    fn a_line_is_judged_by_how_it_ends() {
        let ends = |text: &str, exits| check("ends", &[Line::ending(text, exits)]).0;
        assert_eq!(ends("true", &[0]), Ok(End::Passed));
        assert_eq!(ends("exit 1", &[1]), Ok(End::Passed));
        assert_eq!(ends("exit 3", &[0, 1]), Err("`exit 3` ended with 3, not [0, 1]".to_owned()));
        assert_eq!(ends("read answer", &[1]), Ok(End::Passed), "nobody is at the keyboard");
        let skipped = "echo one; echo 'there is no such tool' >&2; exit 77";
        let why = "there is no such tool".to_owned();
        assert_eq!(ends(skipped, &[0]), Ok(End::Skipped(why)));
    }

    #[test]
    fn nothing_runs_after_a_line_that_failed() {
        let lines = ["echo one", "echo two >&2; false", "echo three"];
        let (end, log) = check("after", &lines.map(|text| Line::ending(text, &[0])));
        assert!(end.is_err());
        assert_eq!(log, "$ echo one\none\n$ echo two >&2; false\ntwo\n");
    }

    const FINDS: Step = Step {
        name: "finds",
        shows: "what it is meant to find",
        lines: |_| Ok(vec![Line::ending("echo VIOLATION; exit 1", &[1])]),
    };
    const BREAKS: Step = Step {
        name: "breaks",
        shows: "that a planted failure is seen",
        lines: |_| Ok(vec![Line::ending("seq 1000; exit 1", &[0])]),
    };

    #[test]
    fn what_failed_is_shown_and_nothing_that_was_meant_to_be_found() {
        let found = run(&FINDS, &root());
        assert!(!found.has_failed());
        assert!(found.told().starts_with("finds: ok ("), "{}", found.told());
        assert!(!found.told().contains("VIOLATION"), "{}", found.told());
        let broken = run(&BREAKS, &root());
        assert!(broken.has_failed());
        let told = broken.told();
        assert!(told.starts_with("881\n") && told.contains("\n1000\nbreaks: FAILED: "), "{told}");
        assert!(told.contains("`seq 1000; exit 1` ended with 1, not [0]"), "{told}");
        assert!(told.contains("breaks.log"), "{told}");
        let log = fs::read_to_string(broken.log).expect("there is a log");
        assert_eq!(log.lines().count(), 1001, "the whole of it is kept");
    }
}
