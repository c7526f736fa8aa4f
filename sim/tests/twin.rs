//! The judges against their slow twin, over what really happens: the same runs, fact by fact, must
//! get the same verdicts, from the correct core and from every bug planted in it.

mod lagging;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use lagging::Lagging;
use raft_invariants::fact::Fact;
use raft_invariants::twin::{JUDGED, Twin};
use raft_invariants::{Reveals, Selection};
use raft_sim::guests::raft_core::RaftCore;
use raft_sim::mutants::MUTANTS;
use raft_sim::node::Node;
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::world::World;

/// Runs a seed under both judges and gives back what they agreed on.
fn agreed<N: Node>(
    name: &str,
    target: &N::Config,
    seed: u64,
    steps: u32,
) -> BTreeSet<&'static str> {
    let settings = Settings { steps: Some(steps), ..Settings::default() };
    let config = RunConfig::draw(seed, &settings, &N::traits(target));
    let twin = Twin::new(usize::from(config.given.cluster.nodes), Reveals::ALL);
    let twin = Rc::new(RefCell::new(twin));
    let listener = Rc::clone(&twin);
    let listener = Box::new(move |fact: &Fact<'_>| listener.borrow_mut().observe(fact));
    let mut world = World::<N>::overheard(config.given.cluster, target, &Selection::ALL, listener);
    let mut scheduler = config.scheduler();
    for step in 0..steps {
        let Some((now_us, event)) = scheduler.next(world.stage()) else { break };
        world.advance_to(now_us);
        let Some(action) = world.perform(event) else { continue };
        let violations = world.checker().violations().iter();
        let fast = violations.map(|violation| violation.invariant.name);
        let fast: BTreeSet<&str> = fast.filter(|name| JUDGED.contains(name)).collect();
        let twin = twin.borrow();
        assert_eq!(&fast, twin.verdicts(), "{name} seed {seed} step {step}: {action}");
        // From here on there are two logs with one name, and the two may know different ones.
        if fast.contains("LogMatching") {
            break;
        }
    }
    twin.borrow().verdicts().clone()
}

#[test]
fn the_twin_is_silent_where_the_judges_are() {
    for seed in 0..400 {
        assert_eq!(
            agreed::<RaftCore>("raft-core", &None, seed, 300),
            BTreeSet::new(),
            "seed {seed}"
        );
    }
}

#[test]
fn the_twin_convicts_whom_the_judges_convict() {
    let mut seen = BTreeSet::new();
    for mutant in MUTANTS {
        for seed in 0..300 {
            seen.extend(agreed::<RaftCore>(mutant.id, &Some(mutant), seed, 250));
        }
    }
    assert_eq!(unseen(&seen), [""; 0]);
}

/// Verdicts that were never compared.
fn unseen(seen: &BTreeSet<&'static str>) -> Vec<&'static str> {
    JUDGED.into_iter().filter(|name| !seen.contains(name)).collect()
}

#[test]
fn so_it_does_of_nodes_with_steps_that_are_not_settled() {
    let mut seen = BTreeSet::new();
    for seed in 0..400 {
        let silent = agreed::<Lagging<true>>("lagging", &(None, Reveals::ALL), seed, 300);
        assert_eq!(silent, BTreeSet::new(), "seed {seed}");
    }
    for mutant in MUTANTS {
        for seed in 0..300 {
            let config = (Some(*mutant), Reveals::ALL);
            seen.extend(agreed::<Lagging<true>>(mutant.id, &config, seed, 250));
        }
    }
    // Whoever deletes what it has as a leader has stepped down until it says what it is.
    assert_eq!(unseen(&seen), ["LeaderAppendOnly"]);
}
