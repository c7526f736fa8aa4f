//! How fast a campaign is, and what of it is the harness: `cargo bench -p raft-sim`.
//!
//! Five nodes of `raft-core`, every check on, everything drawn from seeds as in a campaign. Rates
//! are per second of CPU time, so that they mean something on a busy machine too. Nothing here
//! fails: numbers are for people, tests never time.

#![expect(clippy::print_stdout, reason = "a program that talks to people")]
#![expect(clippy::float_arithmetic, reason = "numbers for people; nothing here decides a run")]
#![expect(clippy::cast_precision_loss, reason = "numbers for people, of a few digits")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::atomic::AtomicBool;

use raft_invariants::Selection;
use raft_sim::guests::raft_core::RaftCore;
use raft_sim::language::script::Script;
use raft_sim::node::{
    Boot, Disk, Effect, Input, Kind, Label, Limits, Node, NodeId, NodeSet, Traits, View,
};
use raft_sim::report::campaign::Report;
use raft_sim::report::merge::Merge;
use raft_sim::report::merge::read::read_all;
use raft_sim::report::trace::Recording;
use raft_sim::run::Watched;
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::search::campaign::clock::Stopwatch;
use raft_sim::search::campaign::{self, Campaign, Plan, Unwatched};
use raft_sim::search::shard::Shard;
use raft_sim::search::target::{Guest, Target};

/// Actions of each measurement.
const ACTIONS: u64 = 3_000_000;
/// Reports that are joined.
const SHARDS: u64 = 1_000;
/// Lengths of scripts that the page is shown, and milliseconds in which it should be.
const SHOWN: [(u32, f64); 2] = [(20, 5.0), (20_000, 200.0)];
/// Lengths of runs whose rates are compared.
const LENGTHS: [u32; 2] = [1_500, 20_000];

fn main() {
    // Memory first: the system remembers only the highest mark.
    memory();
    lengths();
    overhead();
    scaling();
    merging();
    replays();
}

fn settings(steps: u32) -> Settings {
    Settings { nodes: vec![5], steps: Some(steps), ..Settings::default() }
}

fn reference() -> Guest<RaftCore> {
    Guest::new("raft-core", "", None)
}

/// Runs seeds one after the other until enough was done: actions, and CPU time in seconds.
fn run<N: Node>(target: &Guest<N>, steps: u32, actions_min: u64) -> (u64, f64) {
    let (settings, start) = (settings(steps), cpu_s());
    let (mut actions, mut seed) = (0, 0);
    while actions < actions_min {
        let config = RunConfig::draw(seed, &settings, &target.traits());
        actions += target.run(&config, &Selection::ALL).actions.len() as u64;
        seed += 1;
    }
    (actions, cpu_s() - start)
}

fn lengths() {
    let target = reference();
    run(&target, LENGTHS[0], ACTIONS / 10); // Warms up.
    let rates = LENGTHS.map(|steps| {
        let (actions, seconds) = run(&target, steps, ACTIONS);
        let rate = actions as f64 / seconds;
        println!("actions per CPU second, runs of {steps:>6}   {:>6.2} million", rate / 1e6);
        rate
    });
    println!("  long runs against short ones            {:>6.2}", rates[1] / rates[0]);
}

thread_local! {
    /// What the nodes of the runs at hand were told, in order.
    static TAPE: RefCell<Vec<Told>> = const { RefCell::new(Vec::new()) };
}

/// One thing that a node was told.
enum Told {
    Boot { id: NodeId, cluster: NodeSet, incarnation: u32, disk: Disk, limits: Limits },
    Input(NodeId, Input<raft_core::Message>),
}

/// `RaftCore`, with a tape that remembers what it is told.
struct Taped {
    id: NodeId,
    node: RaftCore,
}

impl Node for Taped {
    type Message = raft_core::Message;
    type Config = <RaftCore as Node>::Config;

    fn traits(config: &Self::Config) -> Traits {
        RaftCore::traits(config)
    }
    fn boot(boot: &Boot<'_, Self::Config>, effects: &mut Vec<Effect<Self::Message>>) -> Self {
        let Boot { id, cluster, incarnation, limits, .. } = *boot;
        let told = Told::Boot { id, cluster, incarnation, disk: boot.disk.clone(), limits };
        TAPE.with_borrow_mut(|tape| tape.push(told));
        Taped { id, node: RaftCore::boot(boot, effects) }
    }
    fn step(&mut self, input: Input<Self::Message>, effects: &mut Vec<Effect<Self::Message>>) {
        TAPE.with_borrow_mut(|tape| tape.push(Told::Input(self.id, input.clone())));
        self.node.step(input, effects);
    }
    fn view(&self) -> View {
        self.node.view()
    }
    fn kinds(config: &Self::Config) -> &[Kind] {
        RaftCore::kinds(config)
    }
    fn label(message: &Self::Message) -> Label {
        RaftCore::label(message)
    }
}

/// Tells bare nodes what the tape says; nobody carries out what they want. CPU time in seconds.
fn replay(tape: Vec<Told>) -> f64 {
    let mut nodes: Vec<Option<RaftCore>> = (0..5).map(|_| None).collect();
    let mut effects = Vec::new();
    let start = cpu_s();
    for told in tape {
        match told {
            Told::Boot { id, cluster, incarnation, disk, limits } => {
                let boot = Boot { id, cluster, incarnation, disk: &disk, limits, config: &None };
                nodes[id.slot()] = Some(RaftCore::boot(&boot, &mut effects));
            }
            Told::Input(id, input) => {
                let node = nodes[id.slot()].as_mut().expect("a node is told to boot first");
                node.step(input, &mut effects);
            }
        }
        black_box(&effects);
        effects.clear();
    }
    cpu_s() - start
}

fn overhead() {
    let steps = LENGTHS[0];
    let (actions, seconds) = run(&reference(), steps, ACTIONS / 5);
    run(&Guest::<Taped>::new("taped", "", None), steps, ACTIONS / 5);
    let tape = TAPE.take();
    let told = tape.len() as f64;
    let bare = replay(tape);
    let (per_action, per_step) = (seconds * 1e9 / actions as f64, bare * 1e9 / told);
    println!("time per action                           {per_action:>6.0} ns");
    println!("time per bare step of a node              {per_step:>6.0} ns");
    println!("  one action against one bare step        {:>6.2}", per_action / per_step);
    println!("  all actions against all their steps     {:>6.2}", seconds / bare);
}

fn campaign(jobs: usize, runs: u64) -> (Campaign, u64) {
    let plan = Plan {
        settings: settings(LENGTHS[0]),
        selection: Selection::ALL,
        first_seed: 0,
        shard: Shard::WHOLE,
        runs,
        time_ms: None,
        jobs,
        failures_max: 1,
        check_determinism_percent: 0,
        known: BTreeMap::new(),
    };
    let watch = Stopwatch::start();
    let found = campaign::run(&reference(), &plan, &AtomicBool::new(false), &mut Unwatched);
    (found, watch.wall_ms())
}

fn memory() {
    let highest = [1, 2].map(|jobs| {
        campaign(jobs, 640);
        resident_max_kb() as f64 / 1024.0
    });
    println!("memory of the process, one worker         {:>6.1} MB", highest[0]);
    println!("  another worker                          {:>6.1} MB", highest[1] - highest[0]);
}

fn scaling() {
    let rate = |jobs| {
        let (found, wall_ms) = campaign(jobs, ACTIONS / u64::from(LENGTHS[0]));
        let actions = found.actions as f64;
        (actions / (wall_ms.max(1) as f64 / 1e3), actions / (found.cpu_us.max(1) as f64 / 1e6))
    };
    let (one, two) = (rate(1), rate(2));
    println!(
        "two workers against one, on the wall      {:>6.2}  (given two idle cores)",
        two.0 / one.0
    );
    println!("  per CPU second                          {:>6.2}", two.1 / one.1);
}

/// Joins the reports of a thousand shards of a campaign that finds something in each of them.
fn merging() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/formats/report.json"));
    let mut report: Report =
        serde_json::from_str(&text.expect("the checkout is whole")).expect("it is a report");
    report.campaigns.truncate(1);
    let texts: Vec<String> = (1..=SHARDS)
        .map(|number| {
            report.campaigns[0].seeds.shard = format!("{number}/{SHARDS}");
            serde_json::to_string_pretty(&report).expect("a report is JSON")
        })
        .collect();
    let (start, before) = (cpu_s(), resident_max_kb());
    let mut merge = Merge::default();
    for (number, text) in texts.iter().enumerate() {
        for report in read_all(text.as_bytes()).expect("it is a report") {
            merge.add(&number.to_string(), report).expect("it is a shard like the others");
        }
    }
    let merged = merge.finish("raft-sim");
    let seconds = cpu_s() - start;
    assert_eq!(merged[0].runs, SHARDS * report.campaigns[0].runs);
    let kb = texts.iter().map(String::len).sum::<usize>() as f64 / 1024.0;
    println!(
        "merging {SHARDS} reports of {:.0} KB          {:>6.2} s",
        kb / SHARDS as f64,
        seconds
    );
    let more = resident_max_kb().saturating_sub(before) as f64 / 1024.0;
    println!("  memory beside the reports               {more:>6.1} MB");
}

/// CPU time of this thread in seconds; of the whole process where the system does not tell.
fn cpu_s() -> f64 {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let ns = schedstat.split_whitespace().next().and_then(|ns| ns.parse::<u64>().ok());
    thread_local!(static START: Stopwatch = Stopwatch::start());
    ns.map_or_else(|| START.with(Stopwatch::cpu_us) as f64 / 1e6, |ns| ns as f64 / 1e9)
}

/// The most memory that was ever resident; 0 where the system does not tell.
fn resident_max_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// What the page waits for whenever a script was edited: it is read, run with notes, and written as
/// the server answers it.
fn replays() {
    println!();
    let target = reference();
    for (length, wanted_ms) in SHOWN {
        let config = RunConfig::draw(1, &settings(length), &target.traits());
        let run = target.run(&config, &Selection::ALL);
        let text = run.script(run.actions.len()).to_string();
        let answer = || {
            let script = Script::parse(&text, "script".as_ref(), target.kinds()).expect("a script");
            let watched = Watched { script: &script, times_us: &[], then: None };
            Recording::take(&target, &watched, &Selection::ALL).to_json()
        };
        let bytes = answer().len();
        let times: u32 = if length < 1_000 { 200 } else { 5 };
        let start = cpu_s();
        for _ in 0..times {
            black_box(answer());
        }
        let ms = (cpu_s() - start) * 1e3 / f64::from(times);
        let actions = run.actions.len();
        println!(
            "replay of {actions:>6} actions for the page  {ms:>8.2} ms of {wanted_ms}, {bytes} bytes"
        );
    }
}
