//! A campaign as a test: one line in the tests of whoever brings a Raft.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::num::NonZero;
use std::process;
use std::sync::atomic::AtomicBool;

use raft_invariants::Selection;

use crate::explain::finding::Finding;
use crate::explain::follow;
use crate::explain::hunt::{Bag, Forgetful, Hunt};
use crate::explain::stuck;
use crate::explain::why::remarks::Remarks;
use crate::language::hash::Hasher;
use crate::language::script::Script;
use crate::node::Node;
use crate::report::campaign::CampaignReport;
use crate::report::evidence::evidence;
use crate::report::failure::FailureReport;
use crate::report::formats::human;
use crate::report::look::Look;
use crate::report::story::{Detail, story};
use crate::run::Replay;
use crate::schedule::config::Settings;
use crate::search::campaign::{self, Campaign, Plan, Unwatched};
use crate::search::shard::Shard;
use crate::search::target::{Guest, Target};
use crate::search::watch::{self, PATIENCE, Stuck, Work};

/// Runs so many seeds of a Raft under everything that can happen to it, and panics with the
/// shortest story if an invariant is violated. Panics too if the campaign shows nothing (no leader,
/// no commit) and if a seed run twice gives two runs.
///
/// The seeds are the same every time: the first one is a hash of the type's name.
///
/// ```
/// # use raft_sim::guests::raft_core::RaftCore as MyRaft;
/// # let config = None;
/// raft_sim::check::<MyRaft>(config, 200);
/// ```
///
/// A call into the Raft that takes longer than ten seconds, or makes the process grow by a gibibyte,
/// has no end: its story goes to stderr, and the process aborts, since a thread cannot be ended.
///
/// # Panics
/// If the Raft or the campaign is not as it should be.
pub fn check<N: Node>(config: N::Config, runs: u64) {
    let target = Guest::<N>::new(name::<N>(), "", config);
    watched(&target, || hunt(&target, runs));
}

fn hunt<N: Node>(target: &Guest<N>, runs: u64) {
    let plan = Plan {
        settings: Settings::default(),
        selection: Selection::ALL,
        first_seed: Hasher::new().add_str(name::<N>()).finish(),
        shard: Shard::WHOLE,
        runs,
        time_ms: None,
        jobs: std::thread::available_parallelism().map_or(1, NonZero::get),
        failures_max: 1,
        check_determinism_percent: 1,
        known: BTreeMap::new(),
    };
    let never = AtomicBool::new(false);
    let hunt =
        Hunt { target, plan: &plan, minimize_ms: u64::MAX, futures: follow::FUTURES, stop: &never };
    let bag = hunt
        .run(&Forgetful, &mut Unwatched, |watcher| campaign::run(target, &plan, &never, watcher));
    let campaign = &bag.campaign;
    assert!(
        campaign.nondeterministic.is_empty(),
        "{} is not deterministic: seed {:#x} was run twice, and the runs differ; a clock, a random \
         number, a thread or the order of a hash map has decided something",
        target.name(),
        campaign.nondeterministic[0].seed(),
    );
    let failed = !campaign.failures.is_empty();
    assert!(!failed, "{}", failures(target, &bag));
    let report = CampaignReport::of(target, &plan, campaign, Vec::new(), Vec::new(), 0);
    if let Some(why) = &report.vacuous {
        panic!("{}: {why}\n{}", target.name(), human::summary(&report, Look::default()));
    }
}

/// Runs a script, strictly, and panics with the story if an invariant is violated: a bug that was
/// found and fixed stays fixed.
///
/// ```
/// # use raft_sim::guests::raft_core::RaftCore as MyRaft;
/// # let config = None;
/// use raft_sim::node::Node;
/// use raft_sim::language::script::Script;
///
/// let text = "cluster nodes=3\ntimeout n1\ndeliver n1->n2 RequestVote\n";
/// let script = Script::parse(text, "elects.txt".as_ref(), MyRaft::kinds(&config))?;
/// raft_sim::check_script::<MyRaft>(config, &script);
/// # Ok::<(), raft_sim::language::file_error::FileError>(())
/// ```
///
/// A call without end ends the process, as in [`check`].
///
/// # Panics
/// If the Raft is not as it should be, or a line of the script means nothing when its turn comes.
pub fn check_script<N: Node>(config: N::Config, script: &Script) {
    let target = Guest::<N>::new(name::<N>(), "", config);
    let replay = || target.replay(script, &Selection::ALL, Replay::STORY);
    let (run, skipped) = watched(&target, replay);
    let told = || story(&run, &Remarks::default(), 0, Detail::Story).text(Look::default());
    if let Some(&position) = skipped.first() {
        let action = &script.actions[position];
        let number = position + 1;
        panic!("action {number}, `{action}`, means nothing when its turn comes\n{}", told());
    }
    if let Some(first) = run.alarms().first() {
        let violation = &first.violation;
        let (name, seen) = (violation.invariant.name, evidence(violation));
        panic!("{}: {name}: {seen}\n{}", target.name(), told());
    }
}

/// Works while somebody watches the calls into the target: other tests are at work beside this one,
/// and each tells its own.
fn watched<T>(target: &dyn Target, work: impl FnOnce() -> T) -> T {
    let ours = |work: &Work| std::ptr::eq(&raw const *work.target, target.name());
    let abort = |stuck: &Stuck| {
        // What a test prints is shown when it ends, and this one does not.
        let _ = writeln!(std::io::stderr(), "\n{}\n{}", endless(target, stuck), stuck.ending());
        process::abort();
    };
    watch::during(PATIENCE, &ours, &abort, work)
}

/// The story of a call that does not come back, and the script to find it again.
fn endless(target: &dyn Target, stuck: &Stuck) -> String {
    let Some(finding) = stuck::finding(target, stuck, &Settings::default()) else {
        return stuck.words();
    };
    let told = story(&finding.run, &Remarks::default(), 0, Detail::Story).text(Look::default());
    format!(
        "{}: {}: {}, at action {}{}\n{told}{}",
        target.name(),
        finding.violation.invariant.name,
        evidence(&finding.violation),
        finding.at,
        stuck.work.seed.map_or_else(String::new, |seed| format!(" of seed {seed:#x}")),
        to_keep(&finding.script),
    )
}

/// The last part of the type's path: where it stands in a crate is nobody's business.
fn name<N: Node>() -> &'static str {
    let path = std::any::type_name::<N>();
    let plain = path.split('<').next().unwrap_or(path);
    plain.rsplit("::").next().unwrap_or(plain)
}

fn failures(target: &dyn Target, bag: &Bag) -> String {
    let found = bag.findings.iter().map(|(finding, _)| told(target, &bag.campaign, finding));
    let unstable = bag.not_reproduced.iter().map(|origin| {
        format!(
            "{} is not deterministic: seed {:#x} fails, but its actions replayed do not",
            target.name(),
            origin.seed(),
        )
    });
    found.chain(unstable).collect::<Vec<_>>().join("\n")
}

/// A failure's story, and the script to keep as a test.
fn told(target: &dyn Target, campaign: &Campaign, finding: &Finding) -> String {
    let sightings = &campaign.failures[&finding.class];
    let failure = FailureReport::of(finding, &Remarks::default(), sightings, 0);
    let text = human::failure(&failure, Look::default());
    format!("{}\n{text}{}", target.name(), to_keep(&finding.script))
}

fn to_keep(script: &Script) -> String {
    let script = human::indented(&human::indented(&script.to_string()));
    format!("  to keep it as a test, give raft_sim::check_script this script:\n{script}")
}
