//! Every schedule is a legal timed execution: true time never runs back, and a timer fires when the
//! clock of its node has gone at least as far as the timer is long. How far a clock has gone is
//! reckoned here once more, step by step, from the actions that touch it.

use raft_invariants::Selection;
use raft_sim::faults::FaultSet;
use raft_sim::guests::raft_core::RaftCore;
use raft_sim::language::action::{Action, Milliseconds, Percent};
use raft_sim::node::{NODES_MAX, Node, NodeId, Timer, Timers};
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::schedule::{self, Policy};
use raft_sim::world::stage::{News, Stage};
use raft_sim::world::{Event, World};

/// Clocks of the cluster, in millionths of a microsecond: rates are whole percents, so nothing is
/// rounded.
#[derive(Default)]
struct Clocks {
    true_us: u64,
    percent: [u64; NODES_MAX],
    clock: [u64; NODES_MAX],
    /// What each timer's clock said when the timer was set.
    set_at: [Timers<Option<u64>>; NODES_MAX],
    fired: usize,
    /// The least by which a timer was late.
    slack_least: u64,
}

const FINE: u64 = 1_000_000;

impl Clocks {
    fn new(stage: &Stage) -> Self {
        let mut clocks = Clocks { percent: [100; NODES_MAX], ..Clocks::default() };
        clocks.slack_least = u64::MAX;
        clocks.note_timers(stage);
        clocks
    }

    /// What the world did, reckoned once more. Clocks go on while the step lasts; timers fire at
    /// its end and are set at its end.
    fn observe(&mut self, action: Action, stage: &Stage) {
        assert!(self.true_us <= stage.now_us, "true time runs forward");
        let passed = stage.now_us - self.true_us;
        self.true_us = stage.now_us;
        for (clock, percent) in self.clock.iter_mut().zip(self.percent) {
            *clock += passed * percent * (FINE / 100);
        }
        match action {
            Action::Timeout(node, timer) => self.fire(node, timer),
            Action::Skew(node, Percent(percent)) => {
                self.percent[node.slot()] = (100 + i64::from(percent)).unsigned_abs();
            }
            Action::Jump(node, Milliseconds(ms)) => {
                self.clock[node.slot()] += u64::from(ms) * 1_000 * FINE;
            }
            _ => {}
        }
        self.note_timers(stage);
    }

    fn fire(&mut self, node: NodeId, timer: Timer) {
        let set_at = self.set_at[node.slot()][timer].take().expect("it was set");
        let length = timer.shortest_us();
        let waited = self.clock[node.slot()] - set_at;
        assert!(length * FINE <= waited, "{node} waited {} us", waited / FINE);
        self.slack_least = self.slack_least.min(waited.saturating_sub(length * FINE));
        self.fired += 1;
    }

    fn note_timers(&mut self, stage: &Stage) {
        for news in &stage.news {
            if let News::TimerSet(node, timer) = *news {
                self.set_at[node.slot()][timer] = Some(self.clock[node.slot()]);
            }
        }
    }
}

/// Runs a seed and checks every timer that fires.
fn timers_of<N: Node>(config: &RunConfig, target: &N::Config) -> Clocks {
    let mut scheduler = config.scheduler();
    let mut world = World::<N>::new(config.given.cluster, target, &Selection::ALL, false);
    let mut clocks = Clocks::new(world.stage());
    for _ in 0..config.given.steps {
        let Some((now_us, event)) = scheduler.next(world.stage()) else { break };
        world.advance_to(now_us);
        if let Some(action) = world.perform(event) {
            clocks.observe(action, world.stage());
        }
    }
    clocks
}

fn config(scheduler: &'static Policy, faults: FaultSet, seed: u64) -> RunConfig {
    let settings = Settings { scheduler: Some(scheduler), faults, ..Settings::default() };
    RunConfig::draw(seed, &settings, &RaftCore::traits(&None))
}

#[test]
fn timers_fire_late_and_never_early() {
    for scheduler in schedule::SCHEDULERS {
        let (mut fired, mut slack_least) = (0, u64::MAX);
        for seed in 0..300 {
            let clocks =
                timers_of::<RaftCore>(&config(scheduler, FaultSet::in_model(), seed), &None);
            fired += clocks.fired;
            slack_least = slack_least.min(clocks.slack_least);
        }
        assert!(1_000 < fired, "{}: timers fire: {fired}", scheduler.name);
        // The promise is not kept by never coming near it.
        assert!(slack_least < 10 * FINE, "{}: some fire on time", scheduler.name);
    }
}

#[test]
#[should_panic(expected = "n1 waited 0 us")]
fn a_timer_that_fires_early_would_be_seen() {
    let config = config(&schedule::SCHEDULERS[0], FaultSet::default(), 1);
    let mut world = World::<RaftCore>::new(config.given.cluster, &None, &Selection::ALL, false);
    let mut clocks = Clocks::new(world.stage());
    let action = Action::Timeout(NodeId(1), Timer::Election);
    let before = world.stage().clone();
    world.perform(Event::Plain(action)).expect("every node starts with a timer");
    clocks.observe(action, &before);
}
