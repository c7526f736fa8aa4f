//! A recorded run for programs: `raft-sim-trace/1`, the one format that the page, `replay --format
//! json` and other people's tools share. [`Recording::take`] makes one.
//!
//! What a step leaves as it was is not written again: a node's entry names what has changed, and a
//! log says how many entries it keeps and which follow them. So the state after action `k` is the
//! sum of the steps `0..=k`, and the longest run stays some megabytes.

mod node;
mod note;

use raft_invariants::{Invariant, Level, Selection, Witnesses, catalogue};
use serde::Serialize;

use super::calm;
use super::evidence::evidence;
use super::sentence::message;
use crate::language::script::Script;
use crate::language::version::TOOL;
use crate::node::{Claim, NodeSet, Storage};
use crate::run::{Failure, Run, Watched};
use crate::search::target::Target;
use crate::world::stage::{Flight, News, Stage};
use node::NodeState;
pub use node::{NodeChange, Values};
pub use note::NoteReport;

/// The version of the object.
pub const FORMAT: &str = "raft-sim-trace/1";

/// A run, step by step.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Recording {
    /// [`FORMAT`].
    #[cfg_attr(feature = "cli", schemars(extend("const" = FORMAT)))]
    pub format: &'static str,
    /// The version of raft-sim.
    pub version: &'static str,
    /// What was run.
    pub target: String,
    /// What it started from, as a script says it.
    pub cluster: String,
    /// How many nodes.
    pub nodes: u8,
    /// `queued` or `instant`.
    pub disk: &'static str,
    /// Whether a node waits for its disk before it takes anything in.
    pub blocking: bool,
    /// Hash of the run, as in `raft-sim-repro/1`.
    pub hash: String,
    /// Entries that were committed, as the judges remember it.
    pub committed: u64,
    /// The boot, then every action that happened; then, of a run that ends in calm, its beginning
    /// (`calm`), and every action of it.
    pub steps: Vec<StepReport>,
    /// The calm that it ends in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calm: Option<CalmReport>,
    /// Numbers of those lines of the script, from 1, that meant nothing when their turn came.
    pub skipped: Vec<usize>,
    /// Every message that was sent, in order.
    pub messages: Vec<MessageReport>,
    /// Invariants that were violated, in order.
    pub violations: Vec<ViolationReport>,
    /// What was seen on the way.
    pub witnesses: Vec<WitnessReport>,
    /// Invariants that cannot be judged on this target, and why.
    pub not_sitting: Vec<NotSitting>,
}

/// The calm that a run ends in.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct CalmReport {
    /// The step with which it begins.
    pub step: usize,
    /// What came of it, in sentences.
    pub says: Vec<String>,
}

/// One action and what came of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct StepReport {
    /// The action as a script says it; the boot has none.
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The line of the script that it was, from 1; what chance has added has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// True time, in microseconds since the start.
    pub at_us: u64,
    /// What happened, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteReport>,
    /// What has changed of which nodes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeChange>,
    /// Whom each node's messages reach from now on, by sender, if that has changed: numbers of
    /// nodes, itself included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reach: Option<Vec<Vec<u8>>>,
}

/// A message and its way.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct MessageReport {
    /// Sender.
    pub from: u8,
    /// Addressee.
    pub to: u8,
    /// Its name in scripts, to the last letter: `n1->n2 RequestVote #9f3c12ab`.
    pub name: String,
    /// What it is in the paper's words: `vote`, `voted`, `append`, `appended`, `other`.
    pub is: &'static str,
    /// Whether an answer says yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yes: Option<bool>,
    /// Entries that it carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<u64>,
    /// Its sender's term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<u64>,
    /// What it says, in words.
    pub says: String,
    /// The step in which it was sent.
    pub sent: usize,
    /// The step in which it was delivered or dropped; absent while it is on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone: Option<usize>,
}

/// A broken promise.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ViolationReport {
    /// Its step.
    pub step: usize,
    /// The invariant.
    pub invariant: &'static str,
    /// How deep it lies.
    pub level: String,
    /// What was seen.
    pub evidence: String,
    /// Whether a fault came before it that no Raft survives.
    pub excused: bool,
}

/// Something interesting and legal, seen for the first time.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct WitnessReport {
    /// In this step.
    pub step: usize,
    /// Its name.
    pub name: &'static str,
}

/// An invariant without a judge.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct NotSitting {
    /// Its name.
    pub invariant: &'static str,
    /// What the target does not reveal, or that nobody asked for it.
    pub why: String,
}

impl Recording {
    /// Runs what is to be watched, and records it.
    pub fn take(target: &dyn Target, watched: &Watched<'_>, selection: &Selection) -> Recording {
        let mut recorder = Recorder::default();
        let (run, skipped) = target.watch(watched, selection, &mut |stage, witnesses| {
            recorder.look(stage, witnesses);
        });
        recorder.finish(target, watched.script, selection, run, &skipped)
    }

    /// As JSON on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("names are texts and numbers are whole")
    }
}

/// What was seen so far.
#[derive(Default)]
struct Recorder {
    steps: Vec<StepReport>,
    messages: Vec<MessageReport>,
    /// Position in `messages` of the message of that number, counted from the first.
    known: Vec<usize>,
    nodes: Vec<NodeState>,
    reach: Vec<NodeSet>,
    witnesses: Vec<WitnessReport>,
    seen: Witnesses,
}

impl Recorder {
    /// The next moment.
    fn look(&mut self, stage: &Stage, witnesses: Witnesses) {
        let number = self.steps.len();
        self.nodes.resize_with(stage.hosts.len(), NodeState::default);
        let changes = stage
            .nodes()
            .filter_map(|id| self.nodes[id.slot()].follow(id, stage.host(id), number == 0));
        let changes: Vec<NodeChange> = changes.collect();
        let reach = &stage.reach[..stage.hosts.len()];
        let rewired = (self.reach != reach).then(|| {
            self.reach = reach.to_vec();
            reach.iter().map(|to| to.iter().map(|node| node.0).collect()).collect()
        });
        self.read_news(stage, number);
        let new = witnesses.iter().filter(|it| !self.seen.saw(it.name));
        self.witnesses.extend(new.map(|it| WitnessReport { step: number, name: it.name }));
        self.seen = witnesses;
        self.steps.push(StepReport {
            action: None,
            line: None,
            at_us: stage.now_us,
            notes: Vec::new(),
            nodes: changes,
            reach: rewired,
        });
    }

    fn read_news(&mut self, stage: &Stage, step: usize) {
        for &news in &stage.news {
            match news {
                News::Sent(number, ..) => {
                    let flight = stage.flights.iter().rev().find(|it| it.number == number);
                    let slot = usize::try_from(number).expect("messages are counted from 0");
                    self.known.resize(self.known.len().max(slot + 1), usize::MAX);
                    if let Some(flight) = flight {
                        self.known[slot] = self.messages.len();
                        self.messages.push(sent(stage, flight, step));
                    }
                }
                News::Gone(number, _) => {
                    let slot = usize::try_from(number).expect("messages are counted from 0");
                    let place = self.known.get(slot).copied().unwrap_or(usize::MAX);
                    if let Some(message) = self.messages.get_mut(place) {
                        message.gone = Some(step);
                    }
                }
                News::TimerSet(..) | News::TimerMoved(..) | News::WriteQueued(_) => {}
            }
        }
    }

    fn finish(
        mut self,
        target: &dyn Target,
        script: &Script,
        selection: &Selection,
        mut run: Run,
        skipped: &[usize],
    ) -> Recording {
        let lines = (1..=script.actions.len()).filter(|line| !skipped.contains(&(line - 1)));
        let mut lines = lines.map(Some).chain(std::iter::repeat(None));
        let calm =
            run.calm.as_ref().map(|it| CalmReport { step: run.steps(), says: calm::outcome(it) });
        // What is told is forgotten: a long run need not be in memory twice.
        let mut told = run.trace.take().into_iter().flat_map(|trace| trace.steps);
        for (number, report) in self.steps.iter_mut().enumerate() {
            if calm.as_ref().is_some_and(|calm| calm.step == number) {
                report.action = script.calm_line();
                report.line = Some(script.steps());
                continue;
            }
            let Some(step) = told.next() else { break };
            report.action = step.action.as_ref().map(ToString::to_string);
            report.line = step.action.and_then(|_| lines.next().flatten());
            report.notes = step.notes.iter().map(NoteReport::of).collect();
        }
        let last = self.steps.len().saturating_sub(1);
        Recording {
            format: FORMAT,
            version: TOOL,
            target: target.name().to_owned(),
            cluster: run.cluster.to_string(),
            nodes: run.cluster.nodes,
            disk: run.cluster.disk.name(),
            blocking: target.traits().storage == Storage::Blocking,
            hash: format!("{:016x}", run.hash),
            committed: run.committed,
            steps: self.steps,
            calm,
            skipped: skipped.iter().map(|position| position + 1).collect(),
            messages: self.messages,
            violations: violations(&run, last),
            witnesses: self.witnesses,
            not_sitting: without_judge(target, selection, run.calm.is_some()),
        }
    }
}

fn sent(stage: &Stage, flight: &Flight, step: usize) -> MessageReport {
    let kind = stage.kind(flight);
    let outcome = kind.outcome(flight.label.yes);
    let statement = &flight.label.statement;
    let (is, yes, entries) = match statement.claim {
        Claim::RequestVote { .. } => ("vote", None, None),
        Claim::RequestVoteReply { vote_granted } => ("voted", Some(vote_granted), None),
        Claim::AppendEntries { entries, .. } => ("append", None, Some(entries)),
        Claim::AppendEntriesReply { success, .. } => ("appended", Some(success), None),
        Claim::Other => ("other", None, None),
    };
    MessageReport {
        from: flight.from.0,
        to: flight.to.0,
        name: stage.pattern(flight).to_string(),
        is,
        yes,
        entries,
        term: statement.term,
        says: message(kind.name, outcome, statement),
        sent: step,
        gone: None,
    }
}

/// What is violated in the calm is violated by its last action.
fn violations(run: &Run, last: usize) -> Vec<ViolationReport> {
    let report = |failure: &Failure| ViolationReport {
        step: if failure.actions <= run.actions.len() { failure.actions } else { last },
        invariant: failure.violation.invariant.name,
        level: failure.violation.invariant.level.to_string(),
        evidence: evidence(&failure.violation),
        excused: failure.violation.expected.is_some(),
    };
    run.failures.iter().map(report).collect()
}

fn without_judge(target: &dyn Target, selection: &Selection, is_calm: bool) -> Vec<NotSitting> {
    let reveals = target.traits().reveals;
    let why = |it: &Invariant| {
        let missing: Vec<String> = reveals.missing(it.needs).map(|need| need.to_string()).collect();
        if !selection.contains(it) {
            Some("not asked for".to_owned())
        } else if !missing.is_empty() {
            Some(format!("not revealed: {}", missing.join(", ")))
        } else if it.level == Level::Progress && !is_calm {
            Some("the run does not end in calm".to_owned())
        } else {
            None
        }
    };
    let without = |it: &&Invariant| why(it).map(|why| NotSitting { invariant: it.name, why });
    catalogue().iter().filter_map(without).collect()
}
