//! The `RaftConsensusEngine` of the article this project starts from, "Building a Distributed
//! Consensus Engine from Scratch", rule for rule.
//!
//! # Whose line is whose
//!
//! The article's listing has two handlers. They are in `listing.rs` as they are there, in the same
//! order and with the same conditions:
//!
//! - `handleAppendEntries` is `Article::handle_append_entries`, all four rules. A newer term
//!   demotes; the same term does not, so a candidate who accepts a leader's entries stays a
//!   candidate. `commitIndex` follows `leaderCommit` up to the end of the *own* log.
//! - `initiateElection` is `Article::initiate_election`, and what its promise does when it
//!   resolves is `Article::election_resolved`: the only condition is that the state is still
//!   (or again) `Candidate`. The promise of an earlier election is not withdrawn by a later one.
//! - `applyToStateMachine`, the sentinel at index 0 and the private fields, initialized by the
//!   constructor.
//!
//! What the listing lacks but the prose describes is in `completion.rs`, as the prose says:
//!
//! - A leader appends a client's command to its log, writes it, and broadcasts it (§04, phase 1);
//!   followers write before they answer.
//! - It commits an entry as soon as a majority, itself included, has it (§04, phase 2; that it
//!   counts itself follows from §07, where two servers secure two of five), whichever term the
//!   entry is of; then it applies, answers the client, and lets followers know by heartbeats.
//! - Heartbeats are `AppendEntries` without entries (§03).
//! - The election timer is restarted by messages of the active leader, and by nothing else (§03).
//! - Whoever sees a higher term demotes itself (§07).
//! - A command at a server that does not lead is refused; one that cannot be committed is left
//!   without an answer ("buffering the request", §07).
//!
//! Where both are silent there are two readings, and both are worth a run, see [`Gaps`]. Silent
//! they are on two matters: nothing says that term and vote are stored (the log is: followers
//! "write to their local storage"; the listing keeps term and vote in fields that the constructor
//! sets to 0 and null), and nothing says what a voter asks of a candidate's log. The rest had to be
//! made up to have something that runs, and is as the paper has it: `nextIndex` goes back by one on
//! a refusal, and the leader tries again at once; a follower that is behind is sent what it lacks;
//! answers to `AppendEntries` of an earlier term are ignored. An RPC's answer finds the call it answers, as
//! a promise does, so a reply carries its call's coordinates beside `term` and `success`.
//!
//! The engine waits for its own disk ([`Storage::Blocking`]). It is deterministic: the randomized
//! timeout that the prose mentions is the harness's.
//!
//! # How it breaks
//!
//! Found by campaigns of 6,000 runs, minimized, each judge sitting alone
//! (`raft-sim fuzz --target 'article?gaps=paper' --only ElectionSafety`). In the columns: who
//! notices, and in how many actions on how many nodes.
//!
//! By the article's own doing, with its gaps filled by the paper (`article?gaps=paper`):
//!
//! | What it does | Sentence it breaks | Seen as |
//! |---|---|---|
//! | An election's promise asks only whether the state is `Candidate` when it resolves, so the votes of one term elect in another | a candidate wins "in the same term" in which a majority voted for it (§5.2) | `ElectedByQuorum` 4/3, `ElectionSafety` 7/3; then `CandidateTermNotInLog` 8/3, `LogMatching` 13/4, `LeaderAppendOnly` 16/3, `AcknowledgedEntriesDurable` 10/3, `MatchIsDurable` 11/3 |
//! | A candidate that accepts the entries of its own term's leader stays a candidate | it "recognizes the leader as legitimate and returns to follower state" (§5.2) | `RoleAfterAppendEntries` 5/3 |
//! | An entry commits once a majority has it, of whatever term | only entries of the leader's own term commit by counting (§5.4.2) | `CommitOnlyOwnTerm` 10/3; then `CommittedNeverTruncated` 13/3, `LeaderCompleteness` 11/3, `QuorumHoldsLedger` 13/3 |
//! | `commitIndex` follows `leaderCommit` up to the end of the follower's own log | the minimum of `leaderCommit` and the "index of last new entry" (Figure 2) | `FollowerCommitWithinVerified` 12/3, `StateMachineSafety` 12/3; then `StateMachineDeterminism` 12/3, `NoLostAcknowledgedWrite` 12/3, `AcknowledgedWithinLedger` 14/3, `FollowersNeverAhead` 26/3 |
//!
//! By what it leaves out, and nothing is done instead (`article`):
//!
//! | What is missing | Sentence it breaks | Seen as |
//! |---|---|---|
//! | Term and vote are never stored | they are "updated on stable storage before responding to RPCs" (Figure 2) | `TermDurableBeforeSend` 1/3, `VoteDurableBeforeReply` 1/3; then `VoteOncePerTerm` 5/3, `OneElectionPerTerm` 8/3, `LogTermWithinCurrent` 4/3, `MatchFromStaleTerm` 6/3, `LogTermsMonotonic` 11/3 |
//! | A vote is granted whatever the candidate's log | the voter denies it "if its own log is more up-to-date" (§5.4.1) | `LeaderCompleteness` 9/3 |

mod completion;
mod likeness;
mod listing;
mod message;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use message::Message;
use message::{Body, KINDS};

use crate::node::{
    Boot, Command, Effect, Entry, HardState, Input, Kind, Label, LogIndex, LogPosition, NODES_MAX,
    Node, NodeId, NodeSet, Outcome, Payload, Reveals, Role, Storage, Term, Timer, Traits, View,
    WriteId,
};

/// What is done where the article is silent.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub enum Gaps {
    /// What it does not say is not done: term and vote live in memory, and a vote is granted
    /// whatever the candidate's log.
    #[default]
    Open,
    /// What it does not say is done as in the paper: term and vote are durable before a message
    /// leaves (Figure 2), and a vote needs a log at least as up-to-date (§5.4.1). What still breaks
    /// is the article's own doing.
    Paper,
}

/// The article's engine.
#[derive(Clone)]
pub struct Article {
    node_id: NodeId,
    current_term: Term,
    voted_for: Option<NodeId>,
    /// With the sentinel at index 0.
    log: Vec<Entry>,
    commit_index: LogIndex,
    last_applied: LogIndex,
    state: Role,
    leader_id: Option<NodeId>,

    gaps: Gaps,
    incarnation: u32,
    cluster: NodeSet,
    batch_entries_max: usize,
    /// Votes of the elections whose promise has not resolved, by their term.
    elections: BTreeMap<Term, NodeSet>,
    next_index: [LogIndex; NODES_MAX],
    match_index: [LogIndex; NODES_MAX],
    pending: Vec<(LogPosition, Command)>,
    /// Last write that was issued.
    write_id: Option<WriteId>,
    /// Term and vote on the disk.
    stored: HardState,
    /// Entries that the disk has in common with the log, and how many it has in all.
    stored_log: (usize, usize),
}

const SENTINEL: Entry = Entry { term: 0, payload: Payload::NoOp };

/// What one step sends and answers, until its write is known.
#[derive(Default)]
struct Step {
    /// To whom, for whose promise, what.
    messages: Vec<(NodeId, u32, Body)>,
    timers: Vec<Effect<Message>>,
    applied: Vec<Effect<Message>>,
}

impl Node for Article {
    type Message = Message;
    type Config = Gaps;

    fn traits(_gaps: &Gaps) -> Traits {
        // Alone, a server would wait for ever for a first answer.
        Traits { storage: Storage::Blocking, reveals: Reveals::ALL, nodes: (2, NODES_MAX) }
    }

    fn boot(boot: &Boot<'_, Gaps>, effects: &mut Vec<Effect<Message>>) -> Self {
        let stored = match boot.config {
            Gaps::Open => HardState::default(),
            Gaps::Paper => boot.disk.hard_state,
        };
        let mut log = vec![SENTINEL];
        log.extend_from_slice(boot.disk.log.entries());
        effects.push(Effect::SetTimer(Timer::Election));
        Article {
            node_id: boot.id,
            current_term: stored.current_term,
            voted_for: stored.voted_for,
            stored_log: (log.len(), log.len()),
            log,
            commit_index: 0,
            last_applied: 0,
            state: Role::Follower,
            leader_id: None,
            gaps: *boot.config,
            incarnation: boot.incarnation,
            cluster: boot.cluster,
            batch_entries_max: usize::from(boot.limits.batch_entries_max),
            elections: BTreeMap::new(),
            next_index: [1; NODES_MAX],
            match_index: [0; NODES_MAX],
            pending: Vec::new(),
            write_id: None,
            stored,
        }
    }

    fn step(&mut self, input: Input<Message>, effects: &mut Vec<Effect<Message>>) {
        let mut step = Step::default();
        let led = self.state == Role::Leader;
        match input {
            Input::Timeout(Timer::Election) => {
                assert!(!led, "a leader has no election timer");
                self.initiate_election(&mut step);
            }
            Input::Timeout(Timer::Heartbeat) => {
                assert!(led, "only a leader has a heartbeat timer");
                self.start_heartbeat_broadcast(&mut step);
            }
            Input::Receive { from, message } => self.receive(from, message, &mut step),
            Input::Propose(command) if led => self.append(command, &mut step),
            Input::Propose(command) => {
                let outcome = Outcome::Refused;
                step.applied.push(Effect::Reply { command, outcome });
            }
            Input::WriteDone(_) => unreachable!("a blocking node waits for its writes"),
            Input::WriteFailed => step.timers.push(Effect::Halt),
        }
        if led && self.state != Role::Leader {
            step.timers.push(Effect::CancelTimer(Timer::Heartbeat));
            step.timers.push(Effect::SetTimer(Timer::Election));
        }
        self.finish(step, effects);
    }

    fn view(&self) -> View {
        let leads = self.state == Role::Leader;
        View {
            current_term: Some(self.current_term),
            voted_for: Some(self.voted_for),
            role: Some(self.state),
            commit_index: Some(self.commit_index),
            last_applied: Some(self.last_applied),
            last_log: Some(self.last_log()),
            match_index: leads.then_some(self.match_index),
            next_index: leads.then_some(self.next_index),
        }
    }

    fn kinds(_: &Self::Config) -> &[Kind] {
        &KINDS
    }

    fn label(message: &Message) -> Label {
        message.label()
    }
}
