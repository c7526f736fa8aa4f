//! Judges that see less: most crates keep something to themselves, and some declare what they do
//! not show.
//!
//! The same runs are judged as guests would tell them that hide one thing or two. The correct core
//! gets no alarm, nobody gets one that he would not get if everything were seen, who still judges
//! judges as well as before, and the slow twin agrees. `RUNS=20000 cargo test --release -p raft-sim
//! --test reveals` looks at more runs of the correct core than every test run does.

mod changed;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use changed::{Change, Changed};
use raft_invariants::censor::censored;
use raft_invariants::fact::Fact;
use raft_invariants::twin::{JUDGED, Twin};
use raft_invariants::{Checker, Need, Reveals, Selection, find};
use raft_sim::guests::article::{Article, Gaps};
use raft_sim::guests::noraft::Noraft;
use raft_sim::guests::raft_core::RaftCore;
use raft_sim::guests::raftbare::Raftbare;
use raft_sim::mutants::MUTANTS;
use raft_sim::node::{Node, View};
use raft_sim::report::coverage::Checked;
use raft_sim::run::seeded::run_seed;
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::world::World;

/// Names of invariants.
type Names = BTreeSet<&'static str>;

/// Judges that go on with less of what they are fed: what a node calls committed may be seen by its
/// index or by what it applies, and votes in messages are worth judging without those on disk.
const GO_ON: [(&str, Need); 3] = [
    ("StateMachineSafety", Need::CommitIndex),
    ("StateMachineSafety", Need::Applies),
    ("VoteOncePerTerm", Need::Votes),
];

/// Everything less one thing or two.
fn less() -> impl Iterator<Item = Reveals> {
    let pairs = Need::DECLARED.iter().enumerate().flat_map(|(position, &one)| {
        // The pair of a thing with itself is the thing alone.
        Need::DECLARED[position..].iter().map(move |&other| [one, other])
    });
    pairs.map(|hidden| Reveals::ALL.without(&hidden))
}

/// The judges of a guest that reveals so much, and their twin.
struct Court {
    reveals: Reveals,
    checker: Checker,
    twin: Twin,
}

impl Court {
    fn new(nodes: usize, reveals: Reveals) -> Self {
        let checker = Checker::new(nodes, reveals, &Selection::ALL);
        Court { reveals, checker, twin: Twin::new(nodes, reveals) }
    }

    fn observe(&mut self, fact: &Fact<'_>) {
        censored(fact, self.reveals, &mut |fact| {
            self.checker.observe(fact);
            self.twin.observe(fact);
        });
    }

    fn verdicts(&self) -> Names {
        broken(&self.checker)
    }

    /// What these judges must have found where those who see everything found `all`.
    fn expected(&self, all: &Names) -> Names {
        let sits = |name: &&&str| {
            let invariant = find(name).expect("it has judged");
            self.reveals.meets(invariant.needs)
        };
        all.iter().filter(sits).copied().collect()
    }

    /// Of some verdicts those of judges who see all that they are fed.
    fn of_the_fed(&self, verdicts: Names) -> Names {
        let goes_on = |name: &str| {
            GO_ON.iter().any(|&(judge, need)| judge == name && !self.reveals.contains(need))
        };
        verdicts.into_iter().filter(|name| !goes_on(name)).collect()
    }
}

fn broken(checker: &Checker) -> Names {
    checker.violations().iter().map(|violation| violation.invariant.name).collect()
}

/// Runs a seed and has it judged by those who see everything, and by all who see less.
fn judged<N: Node>(target: &N::Config, seed: u64, steps: u32) -> (Names, Vec<Court>) {
    let settings = Settings { steps: Some(steps), ..Settings::default() };
    let config = RunConfig::draw(seed, &settings, &N::traits(target));
    let cluster = config.given.cluster;
    let shown = N::traits(target).reveals;
    let hidden = Reveals::ALL.difference(shown);
    let courts = less().map(|less| Court::new(cluster.nodes.into(), less.difference(hidden)));
    let courts = Rc::new(RefCell::new(courts.collect::<Vec<_>>()));
    let listener = Rc::clone(&courts);
    let listener = Box::new(move |fact: &Fact<'_>| {
        listener.borrow_mut().iter_mut().for_each(|court| court.observe(fact));
    });
    let mut world = World::<N>::overheard(cluster, target, &Selection::ALL, listener);
    let mut scheduler = config.scheduler();
    for _ in 0..steps {
        let Some((now_us, event)) = scheduler.next(world.stage()) else { break };
        world.advance_to(now_us);
        world.perform(event);
        // From here on there are two logs with one name, and judge and twin may know different ones.
        if broken(world.checker()).contains("LogMatching") {
            break;
        }
    }
    let all = broken(world.checker());
    drop(world);
    let courts = Rc::into_inner(courts).expect("the world has let go of its listener");
    (all, courts.into_inner())
}

/// Those who see less say what those who see everything say, as far as they sit; and so does the
/// twin.
fn compare<N: Node>(name: &str, target: &N::Config, seeds: std::ops::Range<u64>) -> Names {
    let mut seen = Names::new();
    for seed in seeds {
        let (all, courts) = judged::<N>(target, seed, 250);
        for court in courts {
            let hidden = Reveals::ALL.difference(court.reveals);
            let place = format!("{name} seed {seed} without {hidden}");
            let (said, expected) = (court.verdicts(), court.expected(&all));
            assert_eq!(court.of_the_fed(said.clone()), court.of_the_fed(expected), "{place}");
            let judged = said.into_iter().filter(|name| JUDGED.contains(name)).collect::<Names>();
            assert_eq!(&judged, court.twin.verdicts(), "the twin agrees: {place}");
        }
        seen.extend(all);
    }
    seen
}

#[test]
fn the_correct_core_gets_no_alarm_from_those_who_see_less() {
    #[expect(clippy::disallowed_methods, reason = "how long to look, and no more")]
    let runs = std::env::var("RUNS").map_or(150, |runs| runs.parse().expect("RUNS is a number"));
    for seed in 0..runs {
        let (all, courts) = judged::<RaftCore>(&None, seed, 300);
        assert_eq!(all, Names::new(), "seed {seed}");
        assert_eq!(courts.len(), 55, "ten things, alone and in pairs");
        for court in courts {
            let hidden = Reveals::ALL.difference(court.reveals);
            assert_eq!(court.verdicts(), Names::new(), "seed {seed} without {hidden}");
            assert_eq!(court.twin.verdicts(), &Names::new(), "seed {seed} without {hidden}");
        }
    }
}

#[test]
fn planted_bugs_get_the_same_alarms_from_those_who_see_less() {
    let mut seen = Names::new();
    for mutant in MUTANTS {
        seen.extend(compare::<RaftCore>(mutant.id, &Some(mutant), 0..5));
    }
    assert!(20 < seen.len(), "most judges had something to say: {seen:?}");
}

#[test]
fn published_crates_get_the_same_alarms_from_those_who_see_less() {
    compare::<Article>("article", &Gaps::Open, 0..30);
    compare::<Noraft>("noraft", &(), 0..30);
    compare::<Raftbare>("raftbare", &(), 0..30);
}

/// Declares everything, and its view has no `matchIndex`.
enum Boastful {}

impl Change for Boastful {
    type Config = ();

    fn shows(view: View) -> View {
        View { match_index: None, ..view }
    }
}

#[test]
fn what_is_declared_and_not_shown_is_the_adapters_mistake() {
    let settings = Settings { steps: Some(300), ..Settings::default() };
    let mut leaders = 0;
    for seed in 0..30 {
        let config = RunConfig::draw(seed, &settings, &Changed::<Boastful>::traits(&()));
        let run = run_seed::<Changed<Boastful>>(&config, &(), &Selection::ALL);
        let broken: Vec<_> = run.failures.iter().map(|it| it.violation.invariant.name).collect();
        if broken.is_empty() {
            continue;
        }
        leaders += 1;
        assert_eq!(broken, ["RevealsAsDeclared"], "seed {seed}");
        assert_eq!(run.withheld, Reveals::only(&[Need::MatchIndex]));
        let reveals = Reveals::ALL.difference(run.withheld);
        let checked = Checked::of(reveals, run.shown, false, &Selection::ALL);
        assert!(!checked.checked.iter().any(|name| name.starts_with("Match")));
        let unchecked = checked.not_checked.iter().find(|it| it.invariant == "MatchMonotonic");
        assert_eq!(unchecked.expect("it is named").missing, ["matchIndex"]);
    }
    assert!(20 < leaders, "most runs have a leader");
}

#[test]
fn what_never_had_to_be_shown_was_not_judged_by() {
    let settings = Settings { steps: Some(300), nodes: vec![1], ..Settings::default() };
    let config = RunConfig::draw(3, &settings, &RaftCore::traits(&None));
    let run = run_seed::<RaftCore>(&config, &None, &Selection::ALL);
    assert!(run.failures.is_empty() && 0 < run.committed);
    let checked = Checked::of(Reveals::ALL, run.shown, false, &Selection::ALL);
    let unfed = |name: &str| checked.never_fed.iter().find(|it| it.invariant == name);
    let talk = unfed("MessageWellFormed").expect("a server alone sends no messages");
    assert_eq!(talk.missing, ["what its messages claim"]);
    assert!(
        checked.checked.contains(&"ElectionSafety".to_owned()) && checked.not_checked.is_empty()
    );
}
