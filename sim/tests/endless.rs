//! Guests whose calls have no end, and guests that go wrong otherwise, through the command line.
//!
//! This is a program of its own: called with a command it is `raft-sim` with such guests linked in,
//! and without one it calls itself and looks at what comes.

mod ill;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;
use std::{env, fs};

use ill::{Call, Ill, MISTAKES, Mistake};
use raft_sim::cli::Main;
use raft_sim::language::script::Script;

const COMMANDS: &[&str] = &["fuzz", "replay", "minimize", "why", "exhaust"];

/// Targets that take memory without end.
const HUNGRY: &[&str] = &["allocates", "wants-without-end"];
/// What tests of a guest's author would do, by name.
const AS_TESTS: &[(&str, fn())] = &[
    ("check", || raft_sim::check::<Ill>(Mistake::Loops(Call::Step), 50)),
    ("check-memory", || raft_sim::check::<Ill>(Mistake::Allocates, 50)),
    ("check-script", || raft_sim::check_script::<Ill>(Mistake::Loops(Call::Step), &script())),
];

fn main() -> ExitCode {
    let command = env::args().nth(1);
    if command.as_deref().is_some_and(|command| COMMANDS.contains(&command)) {
        return program();
    }
    if let Some((_, test)) = AS_TESTS.iter().find(|(name, _)| Some(*name) == command.as_deref()) {
        test();
        return ExitCode::SUCCESS;
    }
    a_call_without_end_is_told_with_its_seed();
    a_script_that_ends_there_is_kept();
    memory_without_end_is_told();
    what_is_only_slow_is_let_be();
    a_minimizer_that_meets_one_tells_it();
    where_there_is_no_run_the_call_is_told();
    a_stopped_machine_is_no_alarm();
    panics_are_told_with_seed_and_place();
    nobody_s_words_are_obeyed_by_a_terminal();
    a_test_of_one_line_ends_with_the_story();
    ExitCode::SUCCESS
}

/// The second line has no end.
fn script() -> Script {
    let text = "cluster nodes=1\nskew n1 200%\ntimeout n1\n";
    Script::parse(text, Path::new("test.txt"), &[]).expect("it is right")
}

/// `raft-sim` with the ill guests.
fn program() -> ExitCode {
    // Those that take memory are to be told for that, on a slow machine as well.
    let hungry = env::args().any(|arg| HUNGRY.contains(&arg.as_str()));
    let patience = Duration::from_secs(if hungry { 60 } else { 1 });
    let mut main = Main::new().patience(patience);
    for (name, mistake) in MISTAKES {
        main = main.explorable_target::<Ill>(name, "", *mistake);
    }
    main.run()
}

/// What a call of the program came to.
struct Ended {
    code: Option<i32>,
    said: String,
}

impl Ended {
    #[track_caller]
    fn says(&self, words: &str) -> &Ended {
        assert!(self.said.contains(words), "no `{words}` in:\n{}", self.said);
        self
    }

    #[track_caller]
    fn exits(&self, code: i32) -> &Ended {
        assert_eq!(self.code, Some(code), "{}", self.said);
        self
    }

    /// What a line says after its first word.
    #[track_caller]
    fn line(&self, word: &str) -> String {
        let mut lines = self.said.lines().map(str::trim_start);
        let line = lines.find_map(|line| line.strip_prefix(word));
        line.unwrap_or_else(|| panic!("no `{word}` in:\n{}", self.said)).trim().to_owned()
    }
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("endless-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("cargo's folder for tests is writable");
    folder
}

/// A call of this program, without what the environment says to it.
fn command(folder: &Path, program: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder);
    let names = env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.to_string_lossy().starts_with("RAFT_SIM_")) {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, args: &[&str]) -> Ended {
    let program = env::current_exe().expect("it was started");
    finished(folder, &program, args)
}

/// Runs it to its end, or to that of our patience: what is tested here might hang.
fn finished(folder: &Path, program: &Path, args: &[&str]) -> Ended {
    let mut bounded = command(folder, Path::new("timeout"), &["120"]);
    let output = bounded.arg(program).args(args).output().expect("the program starts");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).expect("it is UTF-8");
    Ended { code: output.status.code(), said }
}

fn a_call_without_end_is_told_with_its_seed() {
    let folder = folder("loop");
    for target in ["loops-in-step", "loops-in-view", "loops-in-label", "loops-in-boot"] {
        let args = ["fuzz", "--target", target, "--runs", "200", "--seed", "0x7", "--jobs", "1"];
        let ended = run(&folder, &args);
        ended.exits(1).says("ResourceExplosion").says("n1: time that one call takes");
        ended.says("Story").says("1 failure in 1 run").says("does not come back");
        let report = fs::read_to_string(folder.join("target/raft-sim/latest/report.json"));
        let report = report.expect("the report is written");
        assert!(report.contains("\"invariant\": \"ResourceExplosion\""), "{target}: {report}");
        // The printed lines find the same again.
        for line in ["seed ", "reproduce"] {
            let again = finished(&folder, Path::new("sh"), &["-c", &ended.line(line)]);
            again.exits(1).says("ResourceExplosion").says("n1: time that one call takes");
        }
    }
}

fn a_script_that_ends_there_is_kept() {
    let folder = folder("script");
    let script = "cluster nodes=1 disk=instant\nskew n1 200%\ntimeout n1\ncrash n1\nrestart n1\n";
    fs::write(folder.join("a.txt"), script).expect("it is writable");
    let args = ["replay", "a.txt", "--target", "loops-in-step"];
    let ended = run(&folder, &args);
    ended.exits(1).says("✗ ResourceExplosion  action 2").says("timeout n1");
    let file = fs::read_to_string(folder.join(ended.line("file"))).expect("it is kept");
    assert!(file.contains("\"timeout n1\"") && !file.contains("crash n1"), "{file}");
    assert!(!file.contains("\"found\""), "nobody knows a seed: {file}");
}

fn memory_without_end_is_told() {
    let folder = folder("memory");
    for target in ["allocates", "wants-without-end"] {
        let args = ["fuzz", "--target", target, "--runs", "200", "--seed", "0x7"];
        let ended = run(&folder, &args);
        ended.exits(1).says("ResourceExplosion").says("n1: memory that one call takes");
        assert!(ended.line("seed ").contains("replay 0x"), "{}", ended.said);
    }
}

fn what_is_only_slow_is_let_be() {
    let folder = folder("slow");
    let args = ["fuzz", "--target", "slow", "--runs", "3", "--steps", "8", "--seed", "0x7"];
    let ended = run(&folder, &args);
    assert!(!ended.said.contains("✗"), "{}", ended.said);
    ended.says("no failures");
}

/// The script fails, and one of its parts loops.
fn a_minimizer_that_meets_one_tells_it() {
    let folder = folder("minimize");
    let script = "cluster nodes=1 disk=instant\ntimeout n1\ncrash n1\nrestart n1\ntimeout n1\n";
    fs::write(folder.join("a.txt"), script).expect("it is writable");
    let args = ["minimize", "a.txt", "--target", "panics-or-loops"];
    run(&folder, &args).exits(1).says("n1: time that one call takes").says("timeout n1");
}

fn where_there_is_no_run_the_call_is_told() {
    let folder = folder("exhaust");
    let args = ["exhaust", "--target", "loops-in-step", "--nodes", "1"];
    run(&folder, &args).exits(1).says("a call into loops-in-step does not come back");
}

/// Looks are counted, not time: whoever was stopped for long has not looked.
fn a_stopped_machine_is_no_alarm() {
    let folder = folder("stopped");
    let args = ["fuzz", "--target", "slow", "--runs", "5", "--steps", "8", "--seed", "0x7"];
    let program = env::current_exe().expect("it was started");
    let mut child = command(&folder, &program, &args);
    let child = child.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = child.spawn().expect("the program starts");
    let tell = |signal: &str| {
        let id = child.id().to_string();
        let told = Command::new("kill").args([signal, &id]).status().expect("there is a kill");
        assert!(told.success(), "{signal}");
    };
    pause(300);
    tell("-STOP");
    pause(2_500);
    tell("-CONT");
    let code = child.wait().expect("it ends").code();
    assert_eq!(code, Some(0), "nothing is found");
}

#[expect(clippy::disallowed_methods, reason = "it lets another process do its work")]
fn pause(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms));
}

fn panics_are_told_with_seed_and_place() {
    let folder = folder("panics");
    let calls = [("boot", ""), ("step", ", # of #"), ("view", ""), ("label", "")];
    for (call, more) in calls {
        let target = format!("panics-in-{call}");
        let args = ["fuzz", "--target", &target, "--runs", "50", "--seed", "0x7", "--keep-going"];
        let ended = run(&folder, &args);
        ended.exits(1).says("NoPanic at sim/tests/ill/mod.rs:");
        ended.says(&format!(": in {call}{more} (harness)")).says("seed 0x").says("50 runs");
    }
    let args = ["fuzz", "--target", "sends-to-n255", "--runs", "50", "--seed", "0x7"];
    let ended = run(&folder, &[&args[..], &["--keep-going"]].concat());
    ended.exits(1).says("PortContract (harness)").says("seed 0x").says("50 runs");
}

/// Names of files, titles, and messages of panics are not ours.
fn nobody_s_words_are_obeyed_by_a_terminal() {
    let folder = folder("words");
    let clean = |ended: &Ended| {
        let obeyed = |char: char| char.is_control() && char != '\n';
        assert!(!ended.said.chars().any(obeyed), "{:?}", ended.said);
    };
    let args =
        ["fuzz", "--target", "shouts", "--runs", "20", "--seed", "0x7", "--out", "a\x1b[2Jb"];
    let ended = run(&folder, &args);
    ended.exits(1).says("NoPanic at sim/tests/ill/mod.rs:").says("\u{fffd}[#Jstop");
    ended.says("a\u{fffd}[2Jb");
    clean(&ended);
    let script = "cluster nodes=1 disk=instant\ntimeout n1\n";
    fs::write(folder.join("c\x1b[2J.txt"), script).expect("it is writable");
    let args = ["minimize", "c\x1b[2J.txt", "--target", "shouts", "-o", "d.json"];
    clean(run(&folder, &args).exits(0));
    let kept = fs::read_to_string(folder.join("d.json")).expect("it is written");
    let title = "a \\u001b]0;b\\u0007 \\u001b[31;1mred";
    let title = format!("  \"title\": \"{title}\",\n  \"target\"");
    fs::write(folder.join("d.json"), kept.replacen("  \"target\"", &title, 1))
        .expect("it is writable");
    for args in [&["replay", "d.json"][..], &["replay", "."], &["replay", "c\x1b[2J.txt"]] {
        let ended = run(&folder, args);
        clean(&ended);
    }
    run(&folder, &["replay", "d.json"]).exits(0).says("a \u{fffd}]0;b\u{fffd}");
    // Not even our colours are theirs to use.
    let painted = run(&folder, &["replay", "d.json", "--color", "always"]);
    painted.exits(0).says("\u{1b}[31;1m✗").says("\u{fffd}[31;1mred");
}

/// A call that no command line watches, as the tests of a guest's author make it.
fn a_test_of_one_line_ends_with_the_story() {
    let folder = folder("library");
    for (name, seed) in
        [("check", " of seed 0x"), ("check-memory", " of seed 0x"), ("check-script", "")]
    {
        let ended = run(&folder, &[name]);
        assert_eq!(ended.code, None, "{name} aborts: {}", ended.said);
        let what = if name == "check-memory" { "memory" } else { "time" };
        ended.says(&format!("Ill: ResourceExplosion: n1: {what} that one call takes, at action "));
        ended.says(seed).says("timeout n1").says("give raft_sim::check_script this script");
        ended.says("only the process can be ended");
    }
}
