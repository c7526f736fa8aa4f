//! A cluster that is told what to do, line by line.
//!
//! It knows a target only by its replay: whenever something is to happen, the whole list of actions
//! is played again, with one more. So a scenario is what a saved run is, and nothing else.

use std::fmt::Write as _;

use raft_invariants::Selection;
use raft_sim::language::action::{Action, Pattern};
use raft_sim::language::script::{Cluster, DiskMode, Script};
use raft_sim::node::{Claim, NodeId, NodeSet, Role, Timer};
use raft_sim::report::sentence::told;
use raft_sim::run::{Failure, Replay, Run};
use raft_sim::search::target::Target;
use raft_sim::world::stage::{Flight, Host, Stage};
use raft_sim::world::trace::Happening;

/// More actions in one `stabilize` or `settle` than any sane cluster needs.
const ACTIONS_MAX: usize = 1_000;

/// A target and all that has happened to it.
pub(crate) struct Session<'t> {
    target: &'t dyn Target,
    run: Run,
    /// Steps of the run whose replies to clients have been shown.
    shown: usize,
}

impl<'t> Session<'t> {
    /// Nodes that have just booted.
    pub(crate) fn new(target: &'t dyn Target, cluster: Cluster) -> Self {
        let script = Script { cluster, actions: Vec::new(), calm: None };
        let (run, _) = target.replay(&script, &Selection::ALL, Replay::STORY);
        Session { target, run, shown: 0 }
    }

    /// What was violated so far.
    pub(crate) fn violations(&self) -> String {
        names(&self.run.failures)
    }

    /// Does what a line says.
    pub(crate) fn command(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.split_whitespace();
        match words.next().unwrap_or("") {
            "elect" => {
                let candidate = node(words.next().unwrap_or(""))?;
                if words.next() != Some("by") {
                    return Err("write it like `elect n1 by n2 n3`".to_owned());
                }
                self.elect(candidate, &words.map(node).collect::<Result<Vec<_>, _>>()?)
            }
            "stabilize" => {
                let named = words.map(node).collect::<Result<NodeSet, _>>()?;
                let all = self.run.cluster.all();
                self.stabilize(if named.is_empty() { all } else { named })
            }
            "settle" => self.settle(),
            "clear" => self.clear(),
            _ => {
                let action = self.run.cluster.parse_action(line, self.target.kinds());
                self.act(action.map_err(|error| format!("{error:?}"))?)
            }
        }
    }

    fn act(&mut self, action: Action) -> Result<(), String> {
        let mut script = self.run.script(self.run.actions.len());
        script.actions.push(action);
        let (run, skipped) = self.target.replay(&script, &Selection::ALL, Replay::STORY);
        if !skipped.is_empty() {
            return Err(format!("`{action}` means nothing here"));
        }
        self.run = run;
        Ok(())
    }

    /// `candidate` stands, and only these voters hear of it; their votes reach it.
    fn elect(&mut self, candidate: NodeId, voters: &[NodeId]) -> Result<(), String> {
        self.act(Action::Timeout(candidate, Timer::Election))?;
        self.sync(candidate)?;
        for &voter in voters {
            self.pass(candidate, voter, |claim| matches!(claim, Claim::RequestVote { .. }))?;
            self.sync(voter)?;
            self.pass(voter, candidate, |claim| matches!(claim, Claim::RequestVoteReply { .. }))?;
        }
        if self.stage().host(candidate).view.role == Some(Role::Leader) {
            return Ok(());
        }
        Err(format!("{candidate} is not elected"))
    }

    /// The newest such message on the link arrives.
    fn pass(&mut self, from: NodeId, to: NodeId, is: fn(&Claim) -> bool) -> Result<(), String> {
        let on_link = |flight: &&Flight| flight.from == from && flight.to == to;
        let flights = self.stage().flights.iter().filter(on_link);
        let newest = flights
            .filter(|flight| is(&flight.label.statement.claim))
            .max_by_key(|flight| flight.number);
        let pattern =
            self.pattern(newest.ok_or(format!("nothing such is on its way {from}->{to}"))?);
        self.act(Action::Deliver(pattern))
    }

    fn sync(&mut self, node: NodeId) -> Result<(), String> {
        if self.stage().syncable(node) { self.act(Action::Sync(node)) } else { Ok(()) }
    }

    /// Among these nodes everything arrives, oldest first, and everything is synced.
    fn stabilize(&mut self, nodes: NodeSet) -> Result<(), String> {
        for _ in 0..ACTIONS_MAX {
            if let Some(node) = nodes.iter().find(|&node| self.stage().syncable(node)) {
                self.sync(node)?;
                continue;
            }
            let stage = self.stage();
            let among = |flight: &&Flight| {
                nodes.contains(flight.from)
                    && nodes.contains(flight.to)
                    && stage.deliverable(flight)
            };
            match stage.flights.iter().filter(among).min_by_key(|flight| flight.number) {
                Some(oldest) => self.act(Action::Deliver(self.pattern(oldest)))?,
                None => return Ok(()),
            }
        }
        Err("the nodes never come to rest".to_owned())
    }

    /// The leader's heartbeats and all that follows, until nothing changes.
    fn settle(&mut self) -> Result<(), String> {
        self.stabilize(self.run.cluster.all())?;
        for _ in 0..ACTIONS_MAX {
            let before = self.picture_of_nodes();
            let leader = self.stage().newest_leader().ok_or("nobody leads")?;
            self.act(Action::Timeout(leader, Timer::Heartbeat))?;
            self.stabilize(self.run.cluster.all())?;
            if self.picture_of_nodes() == before {
                return Ok(());
            }
        }
        Err("the cluster never settles".to_owned())
    }

    /// Everything on its way is lost, oldest first.
    fn clear(&mut self) -> Result<(), String> {
        while let Some(oldest) = self.stage().flights.iter().min_by_key(|flight| flight.number) {
            self.act(Action::Drop(self.pattern(oldest)))?;
        }
        Ok(())
    }

    fn stage(&self) -> &Stage {
        self.run.stage.as_ref().expect("a story is told with its stage")
    }

    fn pattern(&self, flight: &Flight) -> Pattern {
        self.stage().pattern(flight)
    }

    /// How things stand: every node, what clients were told since the last picture, the judges.
    pub(crate) fn picture(&mut self) -> String {
        let mut text = self.picture_of_nodes();
        let steps = &self.run.trace.as_ref().expect("a story is told with notes").steps;
        for note in steps.iter().skip(self.shown).flat_map(|step| &step.notes) {
            if matches!(note.what, Happening::Replies { .. }) {
                let _ = writeln!(text, "{}", told(note));
            }
        }
        self.shown = steps.len();
        let _ = writeln!(text, "violations {}", self.violations());
        text
    }

    fn picture_of_nodes(&self) -> String {
        let stage = self.stage();
        let rows: Vec<[String; 3]> =
            stage.nodes().map(|node| row(stage.host(node), self.run.cluster.disk)).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let mut text = String::new();
        for (node, [role, log, rest]) in stage.nodes().zip(&rows) {
            let line = format!("{node} {role:<0$}  {log:<1$}  {rest}", width(0), width(1));
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }
}

/// A node's role, its log as the terms of its entries, and how much of it is committed (and, on a
/// disk that takes its time, durable).
fn row(host: &Host, mode: DiskMode) -> [String; 3] {
    let mut disk = host.disk.clone();
    let durable = disk.log.last().index;
    host.queue.iter().for_each(|write| disk.apply(write));
    let terms: Vec<String> = disk.log.iter().map(|(_, entry)| entry.term.to_string()).collect();
    let log = format!("log {}", if terms.is_empty() { "-".to_owned() } else { terms.join(" ") });
    if !host.up {
        return ["down".to_owned(), log, String::new()];
    }
    let view = &host.view;
    let role = view.role.map_or("someone".to_owned(), |role| role.to_string());
    let mut rest = format!("commit {}", view.commit_index.unwrap_or(0));
    if mode == DiskMode::Queued && durable != disk.log.last().index {
        let _ = write!(rest, "  durable {durable}");
    }
    let vote = match view.voted_for {
        Some(Some(candidate)) => format!(", voted {candidate}"),
        Some(None) | None => String::new(),
    };
    [format!("{role} of term {}{vote}", view.current_term.unwrap_or(0)), log, rest]
}

/// Names of the broken invariants, those marked that a fault outside the model excuses.
fn names(failures: &[Failure]) -> String {
    let name = |failure: &Failure| {
        let excuse = if failure.violation.expected.is_some() { " (expected)" } else { "" };
        format!("{}{excuse}", failure.violation.invariant.name)
    };
    let names: Vec<String> = failures.iter().map(name).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn node(word: &str) -> Result<NodeId, String> {
    let number = word.strip_prefix('n').and_then(|number| number.parse().ok());
    number
        .filter(|number| (1..=9).contains(number))
        .map(NodeId)
        .ok_or(format!("`{word}` is no node"))
}
