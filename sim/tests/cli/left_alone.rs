//! A hunt that is left alone, and ended from outside: nothing that it found is lost.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use raft_sim::search::campaign::clock::Stopwatch;
use serde_json::Value;

use super::process::{Ended, Folder, PROGRAM};
use super::{BUG, RUNS};

/// A hunt in the background.
struct Hunt {
    child: Child,
    stderr: BufReader<ChildStderr>,
}

impl Hunt {
    /// One that has said its first line.
    fn start(folder: &Folder, program: &str, args: &[&str]) -> Hunt {
        let mut hunt = Hunt::begin(folder, program, args);
        while !hunt.line().starts_with("hunting") {}
        hunt
    }

    fn begin(folder: &Folder, program: &str, args: &[&str]) -> Hunt {
        let mut command = folder.command(program);
        command.args(args).args(["--progress", "lines"]);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let stderr = child.stderr.take().expect("stderr is a pipe");
        Hunt { child, stderr: BufReader::new(stderr) }
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
    // Whoever runs the tests under `nohup` has told all children not to hear of the terminal's end.
    let heard = "--default-signal=HUP";
    let hunt = Hunt::start(&folder, "env", &[heard, PROGRAM, "fuzz", "--time", "2m"]);
    hunt.signal(signal);
    let ended = hunt.ended().exits(code).says("no failures");
    let report: Value = serde_json::from_str(&folder.read("target/raft-sim/latest/report.json"))
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
    let hunt = Hunt::start(&folder, "nohup", &[PROGRAM, "fuzz", "--time", "2m"]);
    hunt.signal("-HUP");
    // Had it heard that one, this would be the second signal, and there would be no summary.
    hunt.signal("-INT");
    hunt.ended().exits(130).says("no failures");
}

/// A hunt with five findings, that takes about a second.
const FINDINGS: [&str; 10] = [
    "--target",
    "raftbare",
    "--seed",
    "5",
    "--runs",
    "1500",
    "--keep-going",
    "--minimize",
    "200ms",
    "--format=json",
];

/// Reads every file of a campaign's place; gives back the classes of failure that are kept there.
fn kept_classes(place: &Path) -> Vec<String> {
    let json = |path: &Path| -> Value {
        let text = fs::read_to_string(path).expect("it can be read");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    json(&place.join("report.json"));
    json(&place.join("checkpoint.json"));
    let files = fs::read_dir(place.join("failures")).into_iter().flatten();
    let files = files.map(|file| file.expect("it can be read").path());
    let whole = files.filter(|path| path.extension().is_some_and(|it| it == "json"));
    let class =
        |path: &Path| json(path)["expect"]["invariant"].as_str().expect("a name").to_owned();
    whole.map(|path| class(&path)).collect()
}

/// When a hunt is ended.
#[derive(Copy, Clone, Debug)]
enum Moment {
    /// So many microseconds after its beginning.
    After(u64),
    /// So many microseconds after it has told its so-manieth finding: while it writes.
    Told(u64, u64),
}

impl Moment {
    /// Waits for it; gives back the findings that were told until then.
    fn wait(self, hunt: &mut Hunt) -> Vec<String> {
        let mut told = Vec::new();
        let us = match self {
            Moment::After(us) => us,
            Moment::Told(findings, us) => {
                while (told.len() as u64) < findings {
                    told.extend(finding(&hunt.line()));
                }
                us
            }
        };
        let seconds = format!("{}.{:06}", us / 1_000_000, us % 1_000_000);
        let pause = Command::new("sleep").arg(seconds).status();
        assert!(pause.expect("there is a sleep").success());
        told
    }
}

/// The class of failure that a line tells.
fn finding(line: &str) -> Option<String> {
    let rest = line.strip_prefix("\u{2717} ")?;
    Some(rest.split(' ').next().expect("a line has a word").to_owned())
}

/// Ends a hunt with findings, and goes on with it: what it told is on disk, and in the end it has
/// done what an undisturbed one does. Gives back how many findings it had told.
fn is_as_if_undisturbed(
    folder: &Folder,
    whole: &Value,
    number: u64,
    moment: Moment,
    end: fn(&mut Hunt),
) -> usize {
    let out = format!("out-{number}");
    let args = [&["fuzz"], &FINDINGS[..], &["--out", &out]].concat();
    let mut hunt = Hunt::begin(folder, PROGRAM, &args);
    let mut told = moment.wait(&mut hunt);
    end(&mut hunt);
    let mut rest = String::new();
    hunt.stderr.read_to_string(&mut rest).expect("it is text");
    told.extend(rest.lines().filter_map(finding));
    drop(hunt.ended());
    let place = folder.file(&out).join("latest");
    if !place.join("checkpoint.json").exists() {
        assert!(told.is_empty(), "{told:?} before there is a place for it, {moment:?}");
        return 0;
    }
    let kept = kept_classes(&place);
    for class in &told {
        assert!(kept.contains(class), "{class} of {told:?} is in {kept:?}, {moment:?}");
    }
    let again = folder.run(&["fuzz", "--resume", "--out", &out, "--format", "json"]).exits(1);
    let again = again.campaign();
    for same in ["digest", "runs", "actions", "reached", "seeds", "novelty", "vitals"] {
        assert_eq!(again[same], whole[same], "{same}, {moment:?}");
    }
    let classes = |json: &Value| -> Vec<String> {
        let list = json["failures"].as_array().expect("a list");
        list.iter().map(|it| format!("{} {}", it["invariant"], it["runs"])).collect()
    };
    assert_eq!(classes(&again), classes(whole));
    let kept = kept_classes(&place);
    assert_eq!(kept.len(), classes(whole).len(), "one file for each class");
    told.len()
}

/// A number that the environment says, for more or other kills:
/// `KILLS=50 KILL_SEED=7 cargo test -p raft-sim --test cli whenever_it_is_killed`.
#[expect(clippy::disallowed_methods, reason = "asks how much to test; no run sees it")]
fn asked(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// Random numbers below a bound, the same for a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        // The constants of Knuth's MMIX; the lower bits of it are weak.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "for whoever asks for more kills")]
fn whenever_it_is_killed_nothing_is_lost_and_it_goes_on() {
    let folder = Folder::new("killed");
    let args = [&["fuzz"], &FINDINGS[..], &["--out", "undisturbed"]].concat();
    let stopwatch = Stopwatch::start();
    let whole = folder.run(&args).exits(1).campaign();
    let life_us = 1_000 * stopwatch.wall_ms();
    let findings = whole["failures"].as_array().expect("a list").len() as u64;
    let (kills, mut chance) = (asked("KILLS", 6), Chance(asked("KILL_SEED", 1)));
    let mut told = Vec::new();
    for kill in 0..kills {
        // Over all of its life, and where it has just something to write.
        let moment = match kill % 3 {
            0 => Moment::Told(1 + chance.below(findings), chance.below(3_000)),
            _ => Moment::After(chance.below(life_us)),
        };
        told.push(is_as_if_undisturbed(&folder, &whole, kill, moment, |hunt| {
            hunt.child.kill().expect("it can be killed");
        }));
    }
    println!("killed {kills} times in {life_us} us; findings told until then: {told:?}");
}

#[test]
fn whoever_presses_ctrl_c_twice_loses_nothing() {
    let folder = Folder::new("twice");
    let args = [&["fuzz"], &FINDINGS[..], &["--out", "undisturbed"]].concat();
    let whole = folder.run(&args).exits(1).campaign();
    for findings in [1, 4] {
        let moment = Moment::Told(findings, 0);
        is_as_if_undisturbed(&folder, &whole, findings, moment, |hunt| {
            hunt.signal("-INT");
            hunt.signal("-INT");
        });
    }
}

/// Kills a hunt when it has begun its last campaign, and goes on with it.
fn killed_and_gone_on(folder: &Folder, args: &[&str], last: &str) -> Value {
    let args = [args, &["--out", "out"]].concat();
    let mut hunt = Hunt::start(folder, PROGRAM, &args);
    let is_latest = || {
        let to = fs::read_link(folder.file("out/latest")).unwrap_or_default();
        let checkpoint = folder.file("out/latest/checkpoint.json");
        to.to_string_lossy().starts_with(last) && checkpoint.exists()
    };
    while !is_latest() {
        let pause = Command::new("sleep").arg("0.01").status();
        assert!(pause.expect("there is a sleep").success());
    }
    hunt.child.kill().expect("it can be killed");
    drop(hunt.ended());
    folder.run(&["fuzz", "--resume", "--out", "out", "--format", "json"]).exits(1).json()
}

/// What a report says of each campaign that does not depend on the moment of a kill.
fn figures(report: &Value) -> Vec<Value> {
    let campaigns = report["campaigns"].as_array().expect("a list").iter();
    let figure = |it: &Value| {
        let keys = ["target", "seeds", "runs", "digest", "reached", "novelty", "vitals"];
        keys.into_iter().map(|key| it[key].clone()).collect()
    };
    campaigns.map(figure).collect()
}

#[test]
fn a_hunt_of_several_targets_goes_on_with_all_of_them() {
    let folder = Folder::new("killed-several");
    let fuzz = ["fuzz", "--target", "raftbare,raft-core,noraft", "--seed", "5", "--runs", "1500"];
    let fuzz = [&fuzz[..], &["--minimize", "off", "--keep-going", "--format", "json"]].concat();
    let whole = folder.run(&fuzz).exits(1).json();
    let again = killed_and_gone_on(&folder, &fuzz, "raft-core-");
    assert_eq!(figures(&again), figures(&whole));
    assert_eq!(figures(&again).len(), 3, "what was over before is in the report, too");
}

#[test]
fn a_guided_hunt_goes_on_from_its_beginning() {
    let folder = Folder::new("killed-guided");
    let fuzz = ["fuzz", "--target", BUG, "--seed", "5", "--runs", "600", "--scheduler", "guided"];
    let fuzz = [&fuzz[..], &["--minimize", "off", "--keep-going", "--format", "json"]].concat();
    let whole = folder.run(&fuzz).exits(1).json();
    let again = killed_and_gone_on(&folder, &fuzz, "raft-core-");
    assert_eq!(figures(&again), figures(&whole));
}

#[test]
fn what_cannot_be_gone_on_with_is_explained() {
    let folder = Folder::new("resume-wrong");
    let resume = ["fuzz", "--resume"];
    folder.run(&resume).exits(2).complains("cannot read target/raft-sim/latest/checkpoint.json");
    let other = [&resume[..], &["--runs", "7"]].concat();
    folder.run(&other).exits(2).complains("cannot be used with");
    folder
        .run(&["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "1", "--minimize=off"])
        .exits(1);
    let file = "target/raft-sim/latest/checkpoint.json";
    let text = folder.read(file);
    folder.write(file, &text.replace("\"version\": \"", "\"version\": \"0."));
    let ended = folder.run(&resume).exits(2).complains("was begun by raft-sim 0.");
    ended.complains("begin anew").complains("fuzz --target");
    folder.write(file, &text[..text.len() / 2]);
    folder.run(&resume).exits(2).complains("checkpoint.json: EOF");
}

#[test]
fn a_place_that_cannot_be_written_is_known_before_the_first_run() {
    let folder = Folder::new("unwritable");
    folder.write("file", "");
    let args = ["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "1", "--out", "file/out"];
    let ended = folder.run(&args).exits(74).complains("cannot write file/out");
    let ended = ended.complains("choose another folder with --out");
    assert_eq!(ended.stdout, "", "nothing was run");
}

#[test]
fn campaigns_do_not_mix() {
    let folder = Folder::new("places");
    let fuzz = |target: &str, seed: &str, code| {
        let args = ["fuzz", "--target", target, "--runs", "30", "--seed", seed, "--minimize=off"];
        let ended = folder.run(&args).exits(code);
        let line = ended.stderr.lines().find_map(|line| line.strip_prefix("report "));
        line.expect("it says where the report lies").trim().to_owned()
    };
    let first = fuzz("raft-core", "7", 0);
    assert_eq!(first, "target/raft-sim/raft-core-0x7/report.json");
    let second = fuzz("raft-core", "7", 0);
    assert_eq!(second, "target/raft-sim/raft-core-0x7-2/report.json");
    let third = fuzz("article", "8", 1);
    assert_ne!(folder.read(&first), folder.read(&third));
    let latest = fs::read_link(folder.file("target/raft-sim/latest")).expect("it is a link");
    assert_eq!(latest, Path::new("article-0x8"));
    folder.run(&["replay", "target/raft-sim/latest/failures"]).exits(0);
}

#[test]
fn a_link_of_somebody_elses_is_left_alone() {
    let folder = Folder::new("own-latest");
    folder.write("out/latest/mine.txt", "mine");
    folder.run(&["fuzz", "--runs", "30", "--seed", "7", "--out", "out"]).exits(0);
    assert_eq!(folder.read("out/latest/mine.txt"), "mine");
}
