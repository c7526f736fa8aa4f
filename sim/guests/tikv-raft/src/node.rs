//! The adapter: `RawNode` and its `Ready`s as steps with effects.
//!
//! What a user of the crate has to know, and what this adapter makes of it:
//!
//! - **`Ready` comes with an order** (lib.rs:176 and after; `raw_node.rs:179`, :200).
//!   A leader's `messages()` may leave before the write, everybody else's are
//!   `persisted_messages()` and wait for it (`raw_node.rs:546`). Entries and hard state are one atomic
//!   write: the documentation lists them as two, and a server whose disk tears between them comes
//!   back with an entry of a term that it has never been in.
//! - **Two modes.** [`ReadyMode::Sync`] ends each `Ready` with `advance`, which takes what was
//!   written for durable; so the next input waits for the disk ([`Storage::Blocking`]).
//!   [`ReadyMode::Async`] ends it with `advance_append_async` and reports `on_persist_ready` when
//!   told of the write. A `Ready` without a write counts as persisted with the write before it,
//!   since they persist in order (`raw_node.rs:612`). The report must come before any answer to a
//!   message that waited for the same write, or a candidate may win with entries that the crate
//!   does not know to be persisted, and panic (raft.rs:1214): the port's `WriteDone` follows the
//!   write before anything else happens.
//! - **Every step is settled**, in both modes: term, role and the last entry that the crate shows are
//!   those in its memory, persisted or not.
//! - **Hard state is term and vote.** A `Ready` that changes only `commit` needs no write
//!   (`raw_node.rs:224`, `must_sync`), see the `storage` module for why it may be lost.
//! - **Timers.** The crate counts ticks and draws its election timeout from `thread_rng`
//!   (raft.rs:2810), from a range that is one value here, so that the draw decides nothing. A timer
//!   that fires is a late one: all its ticks at once, until the node stands. When the crate starts
//!   its count anew, it sets the public `election_elapsed` to 0; the adapter leaves a 1 there after
//!   each step, and so sees it. Nothing else reads that field while `check_quorum` is off
//!   (raft.rs:1100, :1333) and no leadership is transferred.
//! - **A follower forwards proposals** to its leader (raft.rs:2321). Its answer would then be
//!   another server's, so whoever does not lead refuses by itself.
//! - **A proposal is lost for good** when an entry of another term is applied in its place, or one
//!   of a later term before it: no log with that committed entry can still have the proposal.
//! - **Commit travels in three more ways than in the paper**: with heartbeats, up to what the
//!   leader knows the follower to have (raft.rs:868); with requests for votes and with refusals of
//!   them, for an index whose term matches (raft.rs:2174). None of them claims anything here that a
//!   judge would take for `AppendEntries`.
//! - **`next_idx` is not revealed.** A stale refusal in the probing state moves it to or below
//!   `matched` (progress.rs:166). That only sends entries again, but is not the paper's
//!   `nextIndex`, which stays above `matchIndex`.
//! - **A server alone** leads before its vote is written, since it asks nobody (raft.rs:1271), and after
//!   a crash it may lead the same term again with other entries. Nobody has heard of the first ones,
//!   so nothing is lost, but judges count leaders and entries as they appear. Hence two at least.
//! - **The limit of entries per message** is one of bytes (`max_size_per_msg`, 0 for one entry), so
//!   messages that carry no-ops may hold a few more.
//! - **Messages of one `Ready` go out in the order of their addressees**: the crate iterates over
//!   hash maps. Their hasher has no seed (lib.rs:602), but their layout may differ
//!   from one kind of processor to another. No order on any link changes by that.
//!
//! Pre-vote, check-quorum, snapshots, reads, leadership transfer and membership are off. No clock is
//! read anywhere, and the logger discards.

use std::collections::VecDeque;
use std::mem;

use raft::eraftpb::{Entry as RaftEntry, HardState as RaftHardState, Message};
use raft::{RawNode, Ready, StateRole};
use raft_sim::node::{
    Boot, Command, Effect, Entry, HardState, Input, Kind, Label, LogIndex, LogPosition, NODES_MAX,
    Need, Node, NodeId, Outcome, Reveals, Role, Storage, Timer, Traits, View, Write, WriteId,
};

use crate::message::{self, KINDS, our_entry, our_id, raft_entry, raft_id};
use crate::storage::Store;

/// Which of the crate's two ways of handling a `Ready` is used.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum ReadyMode {
    /// `advance`.
    Sync,
    /// `advance_append_async` and `on_persist_ready`.
    Async,
}

/// What distinguishes the targets.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// How a `Ready` is handled.
    pub ready: ReadyMode,
}

/// A server of tikv's raft with the application around it.
pub struct Tikv {
    raw: RawNode<Store>,
    ready: ReadyMode,
    /// Term and vote as last written.
    hard_state: HardState,
    last_write: Option<WriteId>,
    /// Writes under way, and the last `Ready` that is persisted with each.
    unpersisted: VecDeque<(WriteId, u64)>,
    applied: LogPosition,
    pending: Vec<(LogPosition, Command)>,
    /// Whether it led after its last step.
    leads: bool,
}

/// Ticks of an election timeout: the shortest that the crate takes beside heartbeats of one tick.
const ELECTION_TICKS: usize = 2;

/// Encoded size of an entry with a command, while term and index are below 128.
const ENTRY_SIZE: u64 = 14;

impl Node for Tikv {
    type Message = Message;
    type Config = Config;

    fn traits(config: &Config) -> Traits {
        let storage = match config.ready {
            ReadyMode::Sync => Storage::Blocking,
            ReadyMode::Async => Storage::Asynchronous,
        };
        let reveals = Reveals::ALL.without(&[Need::NextIndex, Need::CommitsByAppend]);
        Traits { storage, reveals, nodes: (2, NODES_MAX) }
    }

    fn boot(boot: &Boot<'_, Config>, effects: &mut Vec<Effect<Message>>) -> Self {
        let HardState { current_term, voted_for } = boot.disk.hard_state;
        let mut hard_state = RaftHardState::default();
        hard_state.set_term(current_term);
        hard_state.set_vote(voted_for.map_or(0, raft_id));
        let voters = boot.cluster.iter().map(raft_id).collect();
        let entries = boot.disk.log.iter().map(|(index, entry)| raft_entry(&entry, index));
        let store = Store::new(hard_state, voters, entries.collect());
        let batch = u64::from(boot.limits.batch_entries_max);
        let config = raft::Config {
            id: raft_id(boot.id),
            heartbeat_tick: 1,
            election_tick: ELECTION_TICKS,
            min_election_tick: ELECTION_TICKS,
            max_election_tick: ELECTION_TICKS + 1,
            max_size_per_msg: if batch == 1 { 0 } else { batch * ENTRY_SIZE },
            max_inflight_msgs: usize::from(boot.limits.window_messages_max),
            ..raft::Config::default()
        };
        let logger = slog::Logger::root(slog::Discard, slog::o!());
        let mut guest = Tikv {
            raw: RawNode::new(&config, store, &logger).expect("the configuration is valid"),
            ready: boot.config.ready,
            hard_state: boot.disk.hard_state,
            last_write: None,
            unpersisted: VecDeque::new(),
            applied: LogPosition::default(),
            pending: Vec::new(),
            leads: false,
        };
        guest.set_timers(false, effects);
        guest.handle_readies(effects);
        guest
    }

    fn step(&mut self, input: Input<Message>, effects: &mut Vec<Effect<Message>>) {
        let mut beat = false;
        match input {
            Input::Timeout(Timer::Election) => self.stand(),
            Input::Timeout(Timer::Heartbeat) => {
                assert!(self.leads, "only a leader has a heartbeat timer");
                self.raw.tick();
                beat = true;
            }
            Input::Receive { message, .. } => {
                self.raw.step(message).expect("messages of members are taken");
            }
            Input::Propose(command) => {
                if let Some(reply) = self.propose(command) {
                    effects.push(reply);
                }
            }
            Input::WriteDone(through) => self.persisted(through),
            Input::WriteFailed => {
                effects.push(Effect::Halt);
                return;
            }
        }
        self.set_timers(beat, effects);
        self.handle_readies(effects);
    }

    fn view(&self) -> View {
        let raft = &self.raw.raft;
        let last_log =
            LogPosition { term: raft.raft_log.last_term(), index: raft.raft_log.last_index() };
        View {
            current_term: Some(raft.term),
            voted_for: Some(our_id(raft.vote)),
            role: Some(match raft.state {
                StateRole::Follower => Role::Follower,
                StateRole::PreCandidate => Role::PreCandidate,
                StateRole::Candidate => Role::Candidate,
                StateRole::Leader => Role::Leader,
            }),
            commit_index: Some(raft.raft_log.committed),
            last_applied: Some(self.applied.index),
            last_log: Some(last_log),
            match_index: (raft.state == StateRole::Leader).then(|| self.match_index()),
            next_index: None,
        }
    }

    fn kinds(_: &Self::Config) -> &[Kind] {
        &KINDS
    }

    fn label(message: &Message) -> Label {
        message::label(message)
    }
}

impl Tikv {
    /// The election timer has fired: all its ticks at once.
    fn stand(&mut self) {
        assert!(!self.leads, "a leader has no election timer");
        let stood = (0..ELECTION_TICKS).any(|_| self.raw.tick());
        assert!(stood, "an election timeout is {ELECTION_TICKS} ticks");
    }

    /// Hands a command in, and answers at once if that fails.
    fn propose(&mut self, command: Command) -> Option<Effect<Message>> {
        let refused = Effect::Reply { command, outcome: Outcome::Refused };
        if !self.leads || self.raw.propose(Vec::new(), command.0.to_be_bytes().to_vec()).is_err() {
            return Some(refused);
        }
        let raft = &self.raw.raft;
        self.pending
            .push((LogPosition { term: raft.term, index: raft.raft_log.last_index() }, command));
        None
    }

    /// All writes up to this one are durable.
    fn persisted(&mut self, through: WriteId) {
        let mut last = None;
        while let Some(&(write, number)) = self.unpersisted.front()
            && write <= through
        {
            last = Some(number);
            self.unpersisted.pop_front();
        }
        if let Some(number) = last {
            self.raw.on_persist_ready(number);
        }
    }

    /// Sets the timers as the crate's counters of ticks were set.
    fn set_timers(&mut self, beat: bool, effects: &mut Vec<Effect<Message>>) {
        let raft = &mut self.raw.raft;
        let leads = raft.state == StateRole::Leader;
        let restarted = mem::replace(&mut raft.election_elapsed, 1) == 0;
        match (mem::replace(&mut self.leads, leads), leads) {
            (false, true) => {
                effects.push(Effect::CancelTimer(Timer::Election));
                effects.push(Effect::SetTimer(Timer::Heartbeat));
            }
            (true, false) => {
                effects.push(Effect::CancelTimer(Timer::Heartbeat));
                effects.push(Effect::SetTimer(Timer::Election));
            }
            (true, true) if beat => effects.push(Effect::SetTimer(Timer::Heartbeat)),
            (false, false) if restarted => effects.push(Effect::SetTimer(Timer::Election)),
            _ => {}
        }
    }

    fn handle_readies(&mut self, effects: &mut Vec<Effect<Message>>) {
        while self.raw.has_ready() {
            let mut ready = self.raw.ready();
            assert!(ready.snapshot().is_empty(), "there are no snapshots");
            let after = match self.ready {
                ReadyMode::Sync => self.last_write,
                ReadyMode::Async => None,
            };
            send(ready.take_messages(), after, effects);
            self.apply(&ready.take_committed_entries(), effects);
            let wrote = self.write(&ready);
            let has_written = wrote.is_some();
            effects.extend(wrote.map(Effect::Write));
            send(ready.take_persisted_messages(), self.last_write, effects);
            match self.ready {
                ReadyMode::Sync => self.advance(ready, effects),
                ReadyMode::Async => self.advance_async(ready, has_written),
            }
        }
    }

    fn advance(&mut self, ready: Ready, effects: &mut Vec<Effect<Message>>) {
        let mut light = self.raw.advance(ready);
        send(light.take_messages(), self.last_write, effects);
        self.apply(&light.take_committed_entries(), effects);
        self.raw.advance_apply();
    }

    fn advance_async(&mut self, ready: Ready, has_written: bool) {
        let number = ready.number();
        self.raw.advance_append_async(ready);
        match (self.last_write, self.unpersisted.back_mut()) {
            (Some(write), _) if has_written => self.unpersisted.push_back((write, number)),
            (_, Some(write)) => write.1 = number,
            (_, None) => self.raw.on_persist_ready(number),
        }
        self.raw.advance_apply_to(self.applied.index);
    }

    /// What is to be written for a `Ready`, already readable in the store.
    fn write(&mut self, ready: &Ready) -> Option<Write> {
        let hard_state = ready
            .hs()
            .map(|state| HardState { current_term: state.term, voted_for: our_id(state.vote) });
        let hard_state = hard_state.filter(|&state| state != self.hard_state);
        let entries = ready.entries();
        if hard_state.is_none() && entries.is_empty() {
            return None;
        }
        self.hard_state = hard_state.unwrap_or(self.hard_state);
        let cuts = self.raw.mut_store().append(entries);
        let id = self.last_write.unwrap_or(0) + 1;
        self.last_write = Some(id);
        Some(Write {
            id,
            hard_state,
            truncate_from: cuts.then(|| entries[0].index),
            append: entries.iter().map(our_entry).collect(),
        })
    }

    fn apply(&mut self, entries: &[RaftEntry], effects: &mut Vec<Effect<Message>>) {
        for entry in entries {
            let Entry { term, payload } = our_entry(entry);
            let index = entry.index;
            self.applied = LogPosition { term, index };
            effects.push(Effect::Apply { index, term, payload });
            self.pending.retain(|&(position, command)| {
                let outcome = if position == (LogPosition { term, index }) {
                    Outcome::Committed(index)
                } else if position.index == index || position.term < term {
                    Outcome::Refused
                } else {
                    return true;
                };
                effects.push(Effect::Reply { command, outcome });
                false
            });
        }
    }

    fn match_index(&self) -> [LogIndex; NODES_MAX] {
        let mut indexes = [0; NODES_MAX];
        for id in NodeId::all(NODES_MAX) {
            if let Some(progress) = self.raw.raft.prs().get(raft_id(id)) {
                indexes[id.slot()] = progress.matched;
            }
        }
        indexes
    }
}

fn send(mut messages: Vec<Message>, after: Option<WriteId>, effects: &mut Vec<Effect<Message>>) {
    messages.sort_by_key(|message| message.to);
    effects.extend(messages.into_iter().map(|message| {
        let to = our_id(message.to).expect("a message has an addressee");
        Effect::Send { to, message, after }
    }));
}
