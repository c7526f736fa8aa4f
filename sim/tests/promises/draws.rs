//! Leaving a fault out, or adding one, changes nothing else that is drawn for a run: the cluster,
//! its limits and clients, the scheduler, its rates and those of all other faults stay. (What then
//! happens does change: a scheduler that may choose one thing less chooses another one.)

use raft_sim::faults::{FAULTS, Family, Fate, Fault, FaultSet, Promise, Repair, Shape, Way};
use raft_sim::guests::raft_core::RaftCore;
use raft_sim::node::Node;
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::schedule::{Policy, SCHEDULERS};

const SEEDS: u64 = 25;

/// Faults that are in no list.
static MADE_UP: [Fault; 2] = [
    Fault {
        name: "meteor",
        family: Family::Process,
        summary: "a machine is gone and replaced",
        promise: Promise::Safety,
        brings: &[],
        way: Way::Strikes {
            weight: 50,
            strike: |_, _, _| {},
            repair: Some(Repair { weight: 70, propose: |_, _, _| {} }),
        },
    },
    Fault {
        name: "echo",
        family: Family::Network,
        summary: "a message arrives twice",
        promise: Promise::Safety,
        brings: &[],
        way: Way::Befalls { fate: Fate::Copied, weight: 30, strike: |_, _, _| {} },
    },
];

/// What a seed draws, line by line: lines that are the fault's own, and all others.
fn drawn(
    seed: u64,
    scheduler: Option<&'static Policy>,
    faults: &FaultSet,
    fault: &Fault,
) -> (Vec<String>, Vec<String>) {
    let settings = Settings { scheduler, faults: faults.clone(), ..Settings::default() };
    let config = RunConfig::draw(seed, &settings, &RaftCore::traits(&None));
    let own = |line: &String| match fault.way {
        Way::Shapes(Shape::Overload) => line.starts_with("in flight"),
        _ => line.split_whitespace().any(|word| word == fault.name),
    };
    let text = format!("{config}\n{}", config.knobs());
    let lines = text.lines().filter(|line| !line.starts_with("faults"));
    lines.map(str::to_owned).partition(own)
}

#[test]
fn leaving_a_fault_out_or_adding_one_changes_nothing_else_that_is_drawn() {
    let policies = || SCHEDULERS.iter().map(Some).chain([None]);
    for fault in FAULTS.iter().chain(&MADE_UP) {
        let with = FaultSet::all().with([fault].into_iter().collect());
        let without = with.clone().without(&[fault].into_iter().collect());
        let (mut own, mut left) = (0, 0);
        for (seed, policy) in (0..SEEDS).flat_map(|seed| policies().map(move |it| (seed, it))) {
            let (own_with, others_with) = drawn(seed, policy, &with, fault);
            let (own_without, others_without) = drawn(seed, policy, &without, fault);
            let by = policy.map_or("drawn", |policy| policy.name);
            assert_eq!(others_with, others_without, "seed {seed}, {by}, without {}", fault.name);
            own += own_with.len();
            left += own_without.len();
        }
        // What has a rate of its own shows it, or nothing was compared.
        match fault.way {
            Way::Shapes(Shape::Overload) => assert_eq!(own, left, "{}", fault.name),
            Way::Shapes(Shape::Reorder) => assert_eq!((own, left), (0, 0), "{}", fault.name),
            _ => assert!(0 < own && left == 0, "{}: {own} lines and {left}", fault.name),
        }
    }
}
