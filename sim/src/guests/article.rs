//! The `RaftConsensusEngine` of the article this project starts from, "Building a Distributed
//! Consensus Engine from Scratch", rule for rule.
//!
//! # Whose line is whose
//!
//! The article's listing has two handlers, and they are here as they are there, in the same order
//! and with the same conditions:
//!
//! - `handleAppendEntries` is [`Article::handle_append_entries`], all four rules. A newer term
//!   demotes; the same term does not, so a candidate who accepts a leader's entries stays a
//!   candidate. `commitIndex` follows `leaderCommit` up to the end of the *own* log.
//! - `initiateElection` is [`Article::initiate_election`], and what its promise does when it
//!   resolves is [`Article::election_resolved`]: the only condition is that the state is still
//!   (or again) `Candidate`. The promise of an earlier election is not withdrawn by a later one.
//! - `applyToStateMachine`, the sentinel at index 0 and the private fields, initialized by the
//!   constructor.
//!
//! What the listing lacks but its prose describes is done as the prose says:
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
//! answers to calls of an earlier term are ignored. An RPC's answer finds the call it answers, as
//! a promise does, so a reply carries its call's coordinates beside `term` and `success`.
//!
//! The engine waits for its own disk ([`Storage::Blocking`]). It is deterministic: the randomized
//! timeout that the prose mentions is the harness's.

use std::collections::BTreeMap;

use super::signature::add_entry;
use crate::hash::Hasher;
use crate::node::{
    Boot, Claim, Command, Effect, Entry, HardState, Input, Kind, Label, LogIndex, LogPosition,
    NODES_MAX, Node, NodeId, NodeSet, Outcome, Payload, Reveals, Role, Statement, Storage, Term,
    Timer, Traits, View, Write, WriteId,
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

/// What the engine's servers send each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Incarnation of the server that made the call: a promise dies with its process.
    caller: u32,
    body: Body,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Body {
    /// The call that `broadcastVotes` makes. Only [`Gaps::Paper`] looks at `last_log`.
    RequestVote { term: Term, last_log: LogPosition },
    /// Its answer; `call` is the term of the call: which promise this answers.
    RequestVoteReply { term: Term, vote_granted: bool, call: Term },
    /// The listing's `AppendEntriesPayload`; `leaderId` is the sender.
    AppendEntries {
        term: Term,
        prev_log: LogPosition,
        entries: Vec<Entry>,
        leader_commit: LogIndex,
    },
    /// The listing's answer to it; `call` is which promise this answers.
    AppendEntriesReply { term: Term, success: bool, call: Call },
}

/// A call of `AppendEntries`: its term, and the indexes before and of its last entry.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Call {
    term: Term,
    prev: LogIndex,
    last: LogIndex,
}

const SENTINEL: Entry = Entry { term: 0, payload: Payload::NoOp };

const KINDS: [Kind; 4] = [
    Kind { name: "RequestVote", outcomes: None },
    Kind { name: "RequestVoteReply", outcomes: Some(["granted", "denied"]) },
    Kind { name: "AppendEntries", outcomes: Some(["entries", "empty"]) },
    Kind { name: "AppendEntriesReply", outcomes: Some(["success", "refused"]) },
];

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
        log.extend_from_slice(&boot.disk.log);
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

    fn kinds() -> &'static [Kind] {
        &KINDS
    }

    fn label(message: &Message) -> Label {
        let mut hasher = Hasher::new();
        let (kind, yes, term, claim) = match &message.body {
            &Body::RequestVote { term, last_log } => {
                hasher.add(last_log.term).add(last_log.index);
                (0, false, term, Claim::RequestVote { last_log })
            }
            &Body::RequestVoteReply { term, vote_granted, call } => {
                hasher.add(call);
                (1, vote_granted, term, Claim::RequestVoteReply { vote_granted })
            }
            Body::AppendEntries { term, prev_log, entries, leader_commit } => {
                hasher.add(prev_log.term).add(prev_log.index).add(*leader_commit);
                let mut last_log = *prev_log;
                for entry in entries {
                    add_entry(&mut hasher, entry.term, entry.payload);
                    last_log = LogPosition { term: entry.term, index: last_log.index + 1 };
                }
                let (prev_log, leader_commit) = (*prev_log, *leader_commit);
                let entries = entries.len() as u64;
                let claim = Claim::AppendEntries { prev_log, entries, last_log, leader_commit };
                (2, 0 < entries, *term, claim)
            }
            &Body::AppendEntriesReply { term, success, call: Call { term: call, prev, last } } => {
                hasher.add(call).add(prev).add(last);
                let match_index = if success { last } else { 0 };
                (3, success, term, Claim::AppendEntriesReply { success, match_index })
            }
        };
        let signature = hasher.add(u64::from(kind)).add(u64::from(yes)).add(term).signature();
        Label { kind, yes, signature, statement: Statement { term: Some(term), claim } }
    }
}

/// The article's listing.
impl Article {
    /// Inbound `AppendEntries`, heartbeats and replication.
    fn handle_append_entries(
        &mut self,
        leader: NodeId,
        term: Term,
        prev_log: LogPosition,
        entries: &[Entry],
        leader_commit: LogIndex,
        step: &mut Step,
    ) -> (Term, bool) {
        if term < self.current_term {
            return (self.current_term, false);
        }
        if self.current_term < term {
            self.current_term = term;
            self.state = Role::Follower;
            self.voted_for = None;
        }
        self.leader_id = Some(leader);
        // Ours: the timer of §03, which the listing leaves to its caller.
        if self.state != Role::Leader {
            step.timers.push(Effect::SetTimer(Timer::Election));
        }
        if self.log.get(prev_log.index as usize).is_none_or(|entry| entry.term != prev_log.term) {
            return (self.current_term, false);
        }
        let entry_idx = prev_log.index as usize + 1;
        for (entry_idx, &new_entry) in (entry_idx..).zip(entries) {
            match self.log.get(entry_idx) {
                Some(entry) if entry.term != new_entry.term => {
                    self.slice(entry_idx);
                    self.log.push(new_entry);
                }
                Some(_) => {}
                None => self.log.push(new_entry),
            }
        }
        if self.commit_index < leader_commit {
            self.commit_index = leader_commit.min(self.log.len() as LogIndex - 1);
            self.apply_to_state_machine(step);
        }
        (self.current_term, true)
    }

    /// The election timer has fired.
    fn initiate_election(&mut self, step: &mut Step) {
        self.state = Role::Candidate;
        self.current_term += 1;
        self.voted_for = Some(self.node_id);
        self.broadcast_votes(step);
    }

    /// The promise of an election has resolved to "granted".
    fn election_resolved(&mut self, step: &mut Step) {
        if self.state == Role::Candidate {
            self.state = Role::Leader;
            self.leader_id = Some(self.node_id);
            // Ours: the leader's volatile state of Figure 2.
            self.next_index = [self.log.len() as LogIndex; NODES_MAX];
            self.match_index = [0; NODES_MAX];
            step.timers.push(Effect::CancelTimer(Timer::Election));
            self.start_heartbeat_broadcast(step);
        }
    }

    fn apply_to_state_machine(&mut self, step: &mut Step) {
        while self.last_applied < self.commit_index {
            self.last_applied += 1;
            let index = self.last_applied;
            let Entry { term, payload } = self.log[index as usize];
            step.applied.push(Effect::Apply { index, term, payload });
        }
        self.answer_clients(step);
    }
}

/// What the listing lacks, by the prose or, where that is silent, see [`Gaps`].
impl Article {
    fn receive(&mut self, from: NodeId, message: Message, step: &mut Step) {
        let Message { caller, body } = message;
        match body {
            Body::RequestVote { term, last_log } => {
                let vote_granted = self.handle_request_vote(from, term, last_log);
                let reply =
                    Body::RequestVoteReply { term: self.current_term, vote_granted, call: term };
                step.messages.push((from, caller, reply));
            }
            Body::RequestVoteReply { term, vote_granted, call } => {
                self.observe_term(term);
                if vote_granted && caller == self.incarnation {
                    self.count_vote(from, call, step);
                }
            }
            Body::AppendEntries { term, prev_log, entries, leader_commit } => {
                let last = prev_log.index + entries.len() as LogIndex;
                let call = Call { term, prev: prev_log.index, last };
                let (term, success) =
                    self.handle_append_entries(from, term, prev_log, &entries, leader_commit, step);
                let reply = Body::AppendEntriesReply { term, success, call };
                step.messages.push((from, caller, reply));
            }
            Body::AppendEntriesReply { term, success, call } => {
                self.observe_term(term);
                let open = caller == self.incarnation && call.term == self.current_term;
                if open && self.state == Role::Leader {
                    self.handle_append_entries_reply(from, success, call, step);
                }
            }
        }
    }

    /// §07: whoever sees a higher term demotes itself.
    fn observe_term(&mut self, term: Term) {
        if self.current_term < term {
            self.current_term = term;
            self.state = Role::Follower;
            self.voted_for = None;
        }
    }

    /// `broadcastVotes` of the listing's caller. Its promise resolves in [`Self::count_vote`].
    fn broadcast_votes(&mut self, step: &mut Step) {
        let mut votes = NodeSet::EMPTY;
        votes.insert(self.node_id);
        self.elections.insert(self.current_term, votes);
        let body = Body::RequestVote { term: self.current_term, last_log: self.last_log() };
        for peer in self.peers() {
            step.messages.push((peer, self.incarnation, body.clone()));
        }
        step.timers.push(Effect::SetTimer(Timer::Election));
    }

    fn handle_request_vote(&mut self, from: NodeId, term: Term, last_log: LogPosition) -> bool {
        self.observe_term(term);
        let free = self.voted_for.is_none_or(|voted_for| voted_for == from);
        let up_to_date = match self.gaps {
            Gaps::Open => true,
            Gaps::Paper => self.last_log() <= last_log,
        };
        let vote_granted = self.current_term == term && free && up_to_date;
        if vote_granted {
            self.voted_for = Some(from);
        }
        vote_granted
    }

    fn count_vote(&mut self, from: NodeId, election: Term, step: &mut Step) {
        let Some(votes) = self.elections.get_mut(&election) else { return };
        votes.insert(from);
        if self.cluster.len() / 2 < votes.len() {
            self.elections.remove(&election);
            self.election_resolved(step);
        }
    }

    /// §04, phase 1.
    fn append(&mut self, command: Command, step: &mut Step) {
        self.log.push(Entry { term: self.current_term, payload: Payload::Command(command) });
        self.pending.push((self.last_log(), command));
        for peer in self.peers() {
            self.replicate(peer, step);
        }
    }

    fn start_heartbeat_broadcast(&mut self, step: &mut Step) {
        for peer in self.peers() {
            let body = self.append_entries_for(peer, 0);
            step.messages.push((peer, self.incarnation, body));
        }
        step.timers.push(Effect::SetTimer(Timer::Heartbeat));
    }

    fn replicate(&self, peer: NodeId, step: &mut Step) {
        let body = self.append_entries_for(peer, self.batch_entries_max);
        step.messages.push((peer, self.incarnation, body));
    }

    fn append_entries_for(&self, peer: NodeId, entries_max: usize) -> Body {
        // Two leaders of one term cut each other's logs: there may be less than was confirmed.
        let next = self.log.len().min(self.next_index[peer.slot()] as usize);
        let end = self.log.len().min(next + entries_max);
        Body::AppendEntries {
            term: self.current_term,
            prev_log: LogPosition { term: self.log[next - 1].term, index: next as LogIndex - 1 },
            entries: self.log[next..end].to_vec(),
            leader_commit: self.commit_index,
        }
    }

    /// §04, phase 2.
    fn handle_append_entries_reply(
        &mut self,
        from: NodeId,
        success: bool,
        Call { prev, last, .. }: Call,
        step: &mut Step,
    ) {
        let slot = from.slot();
        if success {
            self.match_index[slot] = self.match_index[slot].max(last);
            self.next_index[slot] = self.match_index[slot] + 1;
            let quorum = self.cluster.len() / 2 + 1;
            while self.count_holders(self.commit_index + 1) >= quorum {
                self.commit_index += 1;
            }
            self.apply_to_state_machine(step);
        } else if self.match_index[slot] < prev && prev == self.next_index[slot] - 1 {
            self.next_index[slot] = prev;
        } else {
            return;
        }
        if self.next_index[slot] < self.log.len() as LogIndex {
            self.replicate(from, step);
        }
    }

    /// How many servers have an entry at this index, by what the leader knows.
    fn count_holders(&self, index: LogIndex) -> usize {
        let own = usize::from(index < self.log.len() as LogIndex);
        let peers = self.peers().filter(|peer| index <= self.match_index[peer.slot()]).count();
        own + peers
    }

    fn answer_clients(&mut self, step: &mut Step) {
        let (log, applied) = (&self.log, self.last_applied);
        self.pending.retain(|&(position, command)| {
            if applied < position.index {
                return true;
            }
            let entry = Entry { term: position.term, payload: Payload::Command(command) };
            if log.get(position.index as usize) == Some(&entry) {
                let outcome = Outcome::Committed(position.index);
                step.applied.push(Effect::Reply { command, outcome });
            }
            false
        });
    }

    /// `this.log = this.log.slice(0, end)`.
    fn slice(&mut self, end: usize) {
        self.log.truncate(end);
        self.stored_log.0 = self.stored_log.0.min(end);
    }

    /// One write for all that has changed, then what waits for it.
    fn finish(&mut self, step: Step, effects: &mut Vec<Effect<Message>>) {
        effects.extend(step.timers);
        let hard_state = HardState { current_term: self.current_term, voted_for: self.voted_for };
        let (common, stored) = self.stored_log;
        let write = Write {
            id: self.write_id.unwrap_or(0) + 1,
            hard_state: (self.gaps == Gaps::Paper && hard_state != self.stored)
                .then_some(hard_state),
            truncate_from: (common < stored).then_some(common as LogIndex),
            append: self.log[common..].to_vec(),
        };
        if write != (Write { id: write.id, ..Write::default() }) {
            self.write_id = Some(write.id);
            self.stored = hard_state;
            self.stored_log = (self.log.len(), self.log.len());
            effects.push(Effect::Write(write));
        }
        let after = self.write_id;
        let sends = step.messages.into_iter();
        effects.extend(sends.map(|(to, caller, body)| {
            let message = Message { caller, body };
            Effect::Send { to, message, after }
        }));
        effects.extend(step.applied);
    }

    fn last_log(&self) -> LogPosition {
        let index = self.log.len() - 1;
        LogPosition { term: self.log[index].term, index: index as LogIndex }
    }

    fn peers(&self) -> impl Iterator<Item = NodeId> + use<> {
        let id = self.node_id;
        NodeId::all(self.cluster.len()).filter(move |&peer| peer != id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::pump::{LIMITS, N1, N2, N3, Pump};
    use super::*;

    #[test]
    fn lives_through_election_commit_truncation_and_restart() {
        let mut pump = Pump::<Article>::new(3, Gaps::Paper, LIMITS);
        pump.elect(N1);
        pump.propose(N1, 10);
        pump.settle();
        assert_eq!(pump.replies, [(10, Outcome::Committed(1))]);
        pump.isolated.insert(N1);
        pump.propose(N1, 11);
        pump.drop_all();
        pump.elect(N2);
        pump.isolated.remove(N1);
        pump.propose(N2, 20);
        pump.settle();
        pump.beat(N2);
        for id in [N1, N2, N3] {
            assert_eq!(pump.commands(id), [10, 20]);
            assert_eq!(pump.disk(id).log, pump.disk(N2).log);
        }
        pump.replies.clear();
        pump.propose(N1, 30);
        assert_eq!(pump.replies, [(30, Outcome::Refused)]);

        for id in [N1, N2, N3] {
            pump.restart(id);
        }
        assert_eq!(pump.view(N1).current_term, Some(2));
        pump.elect(N3);
        pump.propose(N3, 40);
        pump.settle();
        pump.beat(N3);
        for id in [N1, N2, N3] {
            assert_eq!(pump.commands(id), [10, 20, 40]);
        }
    }

    #[test]
    fn term_and_vote_are_forgotten_where_the_article_does_not_say_they_are_kept() {
        let mut pump = Pump::<Article>::new(3, Gaps::Open, LIMITS);
        pump.elect(N1);
        pump.propose(N1, 7);
        pump.settle();
        pump.restart(N2);
        let view = pump.view(N2);
        assert_eq!((view.current_term, view.voted_for), (Some(0), Some(None)));
        assert_eq!(view.last_log, Some(LogPosition { term: 1, index: 1 }), "the log is kept");
    }

    #[test]
    fn a_vote_asks_for_an_up_to_date_log_only_as_in_the_paper() {
        for (gaps, elected) in [(Gaps::Open, true), (Gaps::Paper, false)] {
            let mut pump = Pump::<Article>::new(3, gaps, LIMITS);
            pump.elect(N1);
            pump.isolated.insert(N3);
            pump.propose(N1, 7);
            pump.settle();
            pump.isolated.remove(N3);
            pump.timeout(N3, Timer::Election);
            pump.settle();
            assert_eq!(pump.view(N3).role == Some(Role::Leader), elected, "{gaps:?}");
        }
    }

    /// Rule 4 of the listing clamps to the end of the own log, verified or not.
    #[test]
    fn a_heartbeat_commits_what_the_follower_happens_to_have() {
        let mut pump = Pump::<Article>::new(3, Gaps::Paper, LIMITS);
        pump.elect(N1);
        // n1 has two entries that nobody else has.
        pump.isolated.insert(N1);
        pump.propose(N1, 11);
        pump.propose(N1, 12);
        pump.drop_all();
        // n2 commits two others, and n1 hears of that by the first heartbeat, with which n2 still
        // assumes nothing about n1.
        pump.elect(N2);
        pump.propose(N2, 21);
        pump.propose(N2, 22);
        pump.settle();
        pump.isolated.remove(N1);
        pump.timeout(N2, Timer::Heartbeat);
        pump.round();
        assert_eq!(pump.view(N2).commit_index, Some(2));
        assert_eq!(pump.commands(N1), [11, 12]);
    }

    #[test]
    fn a_candidate_stays_one_under_a_leader_of_its_term() {
        let mut pump = Pump::<Article>::new(3, Gaps::Paper, LIMITS);
        for id in [N1, N2] {
            pump.timeout(id, Timer::Election);
        }
        pump.settle();
        assert_eq!(pump.view(N1).role, Some(Role::Leader));
        pump.propose(N1, 7);
        pump.settle();
        let view = pump.view(N2);
        assert_eq!(
            (view.role, view.last_log.map(|last| last.index)),
            (Some(Role::Candidate), Some(1))
        );
    }

    /// The promise of an earlier election makes a leader of a later term.
    #[test]
    fn late_votes_elect_whoever_is_a_candidate_again() {
        let mut pump = Pump::<Article>::new(3, Gaps::Paper, LIMITS);
        pump.timeout(N1, Timer::Election);
        pump.round();
        // The votes of term 1 are under way when n1 stands again.
        assert_eq!(pump.under_way().len(), 2);
        pump.timeout(N1, Timer::Election);
        pump.round();
        assert_eq!(pump.view(N1).role, Some(Role::Leader));
        assert_eq!(pump.view(N1).current_term, Some(2));
    }
}
