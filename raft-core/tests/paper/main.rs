//! One test per sentence of the paper: arrange, step, compare effects.
//!
//! Each test names the section and says the sentence in our words. Together they are the
//! specification of this crate; if one fails, either the code or the reading of the paper is wrong.

mod clients;
mod commitment;
mod elections;
mod followers;
mod leaders;
mod storage;
mod terms;

use raft_core::{
    Body, Command, Disk, Effect, Entry, HardState, Input, LogIndex, LogPosition, Message, NodeId,
    Options, Paper, Raft, Role, Rules, State, Term, Timer, Write, WriteId,
};

const N1: NodeId = NodeId(1);
const N2: NodeId = NodeId(2);
const N3: NodeId = NodeId(3);
const N4: NodeId = NodeId(4);
const N5: NodeId = NodeId(5);

/// A server under test: always n1 of the cluster.
struct Server {
    raft: Raft,
    boot: Vec<Effect>,
    last_write: WriteId,
}

/// Plenty of room; tests of the limits set their own.
const OPTIONS: Options = Options { batch_entries_max: 8, window_messages_max: 4 };

impl Server {
    /// Starts with a term, a vote, and a log given as the terms of its entries.
    fn boot_with(
        members: u8,
        options: Options,
        rules: &'static dyn Rules,
        hard_state: HardState,
        terms: &[Term],
    ) -> Self {
        let cluster: Vec<NodeId> = (1..=members).map(NodeId).collect();
        let disk = Disk { hard_state, log: log(terms) };
        let mut boot = Vec::new();
        let raft = Raft::boot(N1, &cluster, options, rules, disk, &mut boot);
        Server { raft, boot, last_write: 0 }
    }

    /// A follower that has not voted in its term.
    fn follower(members: u8, current_term: Term, terms: &[Term]) -> Self {
        let hard_state = HardState { current_term, voted_for: None };
        Server::boot_with(members, OPTIONS, &Paper, hard_state, terms)
    }

    /// A candidate of this term whose vote for itself is durable.
    fn candidate(members: u8, current_term: Term, terms: &[Term]) -> Self {
        let mut server = Server::follower(members, current_term - 1, terms);
        server.step(Input::Timeout(Timer::Election));
        server.sync();
        server
    }

    /// A leader of this term whose no-op is durable at home and nowhere else.
    fn leader(members: u8, current_term: Term, terms: &[Term]) -> Self {
        Server::leader_with(members, OPTIONS, current_term, terms)
    }

    fn leader_with(members: u8, options: Options, current_term: Term, terms: &[Term]) -> Self {
        let hard_state = HardState { current_term: current_term - 1, voted_for: None };
        let mut server = Server::boot_with(members, options, &Paper, hard_state, terms);
        server.step(Input::Timeout(Timer::Election));
        server.sync();
        for voter in 2..=members / 2 + 1 {
            server.receive(NodeId(voter), current_term, granted());
        }
        assert!(server.leads(), "a majority elects");
        server.sync();
        server
    }

    fn step(&mut self, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.raft.step(input, &mut effects);
        for effect in &effects {
            if let Effect::Write(write) = effect {
                self.last_write = write.id;
            }
        }
        effects
    }

    fn receive(&mut self, from: NodeId, term: Term, body: Body) -> Vec<Effect> {
        self.step(Input::Receive { from, message: Message { term, body } })
    }

    /// All writes so far become durable.
    fn sync(&mut self) -> Vec<Effect> {
        self.step(Input::WriteDone(self.last_write))
    }

    fn leads(&self) -> bool {
        self.raft.state().leads()
    }

    fn follows(&self) -> bool {
        matches!(self.raft.state().role, Role::Follower { .. })
    }

    /// The terms of its log.
    fn terms(&self) -> Vec<Term> {
        let log = &self.raft.state().log;
        log.slice(1, usize::MAX).iter().map(|entry| entry.term).collect()
    }
}

fn log(terms: &[Term]) -> Vec<Entry> {
    terms.iter().enumerate().map(|(offset, &term)| entry(offset as u64 + 1, term)).collect()
}

/// The entry that tests put at an index: its command is the index.
fn entry(index: LogIndex, term: Term) -> Entry {
    Entry { term, command: Command::Client(index) }
}

fn at(index: LogIndex, term: Term) -> LogPosition {
    LogPosition { term, index }
}

fn request_vote(last_log: LogPosition) -> Body {
    Body::RequestVote { last_log }
}

fn granted() -> Body {
    Body::RequestVoteReply { vote_granted: true }
}

fn denied() -> Body {
    Body::RequestVoteReply { vote_granted: false }
}

/// `AppendEntries` after `prev_log` with entries of these terms.
fn append(prev_log: LogPosition, terms: &[Term], leader_commit: LogIndex) -> Body {
    let entries =
        terms.iter().zip(prev_log.index + 1..).map(|(&term, index)| entry(index, term)).collect();
    Body::AppendEntries { prev_log, entries, leader_commit }
}

fn heartbeat(prev_log: LogPosition, leader_commit: LogIndex) -> Body {
    append(prev_log, &[], leader_commit)
}

fn success(match_index: LogIndex, term: Term) -> Body {
    Body::AppendEntriesReply { success: true, match_index, hint: Some(at(match_index, term)) }
}

fn refusal(hint: LogPosition) -> Body {
    Body::AppendEntriesReply { success: false, match_index: 0, hint: Some(hint) }
}

/// A refusal of a message that is too old to be looked at.
fn stale() -> Body {
    Body::AppendEntriesReply { success: false, match_index: 0, hint: None }
}

/// A message that waits for nothing.
fn send(to: NodeId, term: Term, body: Body) -> Effect {
    Effect::Send { to, message: Message { term, body }, after: None }
}

/// A message that waits for a write.
fn send_after(write: WriteId, to: NodeId, term: Term, body: Body) -> Effect {
    Effect::Send { to, message: Message { term, body }, after: Some(write) }
}

fn write_hard_state(id: WriteId, current_term: Term, voted_for: Option<NodeId>) -> Effect {
    let hard_state = Some(HardState { current_term, voted_for });
    Effect::Write(Write { id, hard_state, ..Write::default() })
}

fn write_entries(id: WriteId, append: Vec<Entry>) -> Effect {
    Effect::Write(Write { id, append, ..Write::default() })
}

const ELECTION_TIMER: Effect = Effect::SetTimer(Timer::Election);
const HEARTBEAT_TIMER: Effect = Effect::SetTimer(Timer::Heartbeat);

/// Only what is sent, with its addressee.
fn sent(effects: &[Effect]) -> Vec<(NodeId, &Body)> {
    let sends = effects.iter().filter_map(|effect| match effect {
        Effect::Send { to, message, .. } => Some((*to, &message.body)),
        _ => None,
    });
    sends.collect()
}

/// Indices applied.
fn applied(effects: &[Effect]) -> Vec<LogIndex> {
    let applies = effects.iter().filter_map(|effect| match effect {
        Effect::Apply { index, .. } => Some(*index),
        _ => None,
    });
    applies.collect()
}

/// The one write of a step.
fn written(effects: &[Effect]) -> &Write {
    let mut writes = effects.iter().filter_map(|effect| match effect {
        Effect::Write(write) => Some(write),
        _ => None,
    });
    let write = writes.next().expect("the step changed something");
    assert!(writes.next().is_none(), "a step writes once");
    write
}
