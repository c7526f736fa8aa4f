//! Drives the published crate [`raftbare`] 0.2.2: events in, actions out.
//!
//! What a user of the crate has to know, and what this adapter makes of it:
//!
//! - **Order is the contract.** The crate's `Actions` iterator yields what must be done in order of
//!   priority (action.rs:73-79): save term and vote, broadcast, append to the log, send (:153-180).
//!   A broadcast therefore leaves before the append of the entries it carries, which is the
//!   leader's parallel write of the dissertation (§10.2.1); a reply never does. Effects keep
//!   exactly that order.
//! - **The next input waits for the disk** ([`Storage::Blocking`]): what is to be saved has to be
//!   saved before anyone hears of it (action.rs:29, :34), and a save under way is not foreseen.
//! - **The log holds no payloads** (log.rs, `LogEntry::Command` has no content). They live in a
//!   side table (`side_table.rs`) and travel beside the message.
//! - **A follower truncates without an action** (node.rs:700-717), and term and vote are two: the side
//!   table says how they are written.
//! - **The initial configuration** is the snapshot's at index 0 (`Node::restart` with an empty
//!   log, node.rs:162), the same on every server, so that no server needs an entry to know it.
//! - **`voted_for` doubles as "leader of the term"** (node.rs:882): a follower that has not voted
//!   records the leader as its vote. That is none-to-someone, which a vote may do, and whoever won
//!   the term may as well be voted for. A follower that has voted for a loser keeps that vote and
//!   ignores the winner's messages for the rest of the term (:886). So what this guest reveals of
//!   votes is true as the crate means it, and never changes within a term.
//! - **An answer to `AppendEntries` has no success flag**: it states the follower's own last
//!   position (message.rs:48), also when it refuses, and the leader decides what that is worth
//!   (node.rs:935). It claims success here only if that position is the last one of the very call
//!   that it answers, in the call's term: then the follower does say that it matches up to there.
//!   Any other answer claims nothing, neither success nor failure.
//! - **Big messages may be cut** with `LogEntries::truncate` before sending (action.rs:61-62): so
//!   the limit of entries per message is honoured.
//! - **A rejected proposal is rejected for good** (node.rs:611-624): another entry is committed in
//!   its place, or an entry of a later term is committed before it, and then no log with that
//!   entry can still have the proposal behind it. The crate tells users to pass that on to the
//!   client, and so does the adapter.
//! - One timer, whose meaning follows from the role (action.rs:11).
//!
//! No clock, no random number, no hash map: `BTreeMap` and `BTreeSet` throughout.

#[cfg(test)]
mod tests;

use raftbare::{
    Action, ClusterConfig, CommitStatus, Log, LogEntries, LogEntry, LogIndex as BareIndex,
    LogPosition as BarePosition, Message as BareMessage, Node as BareNode, NodeId as BareId,
    Role as BareRole, Term as BareTerm,
};

use super::side_table::{Fate, Incoming, SideTable};
use crate::language::hash::Hasher;
use crate::node::{
    Boot, Claim, Effect, Entry, HardState, Input, Kind, Label, LogPosition, NODES_MAX, Need, Node,
    NodeId, Outcome, Payload, Reveals, Role, Statement, Storage, Timer, Traits, View,
};

/// A raftbare server with the application around it.
pub struct Raftbare {
    node: BareNode,
    table: SideTable,
    batch_entries_max: usize,
}

/// The crate's message, and what an application ships beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    inner: BareMessage,
    /// One for each entry that `inner` carries.
    payloads: Vec<Payload>,
    /// An answer whose position is the last one of the call that it answers.
    confirms: bool,
}

/// Term and last position of the call that is being handled.
type Answered = Option<(BareTerm, BarePosition)>;

const KINDS: [Kind; 4] = [
    Kind::new("RequestVote"),
    Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
    Kind::new("AppendEntries").with_outcomes("entries", "empty"),
    Kind::new("AppendEntriesReply"),
];

impl Node for Raftbare {
    type Message = Message;
    type Config = ();

    fn traits((): &()) -> Traits {
        Traits {
            storage: Storage::Blocking,
            // The crate keeps `match_index` to itself and has no `next_index`.
            reveals: Reveals::ALL.without(&[Need::MatchIndex, Need::NextIndex]),
            nodes: (1, NODES_MAX),
        }
    }

    fn boot(boot: &Boot<'_, ()>, effects: &mut Vec<Effect<Message>>) -> Self {
        let mut config = ClusterConfig::new();
        config.voters.extend(boot.cluster.iter().map(bare_id));
        let entries = boot.disk.log.entries().iter().map(bare_entry);
        let entries = LogEntries::from_iter(BarePosition::ZERO, entries);
        let HardState { current_term, voted_for } = boot.disk.hard_state;
        let node = BareNode::restart(
            bare_id(boot.id),
            BareTerm::new(current_term),
            voted_for.map(bare_id),
            Log::new(config, entries),
        );
        let mut guest = Raftbare {
            node,
            table: SideTable::restore(boot.disk.log.entries()),
            batch_entries_max: usize::from(boot.limits.batch_entries_max),
        };
        guest.carry_out(Incoming::default(), None, effects);
        guest
    }

    fn step(&mut self, input: Input<Message>, effects: &mut Vec<Effect<Message>>) {
        match input {
            Input::Timeout(timer) => {
                self.table.disarm(timer);
                assert_eq!(timer, self.timer(), "the timer's name follows from the role");
                self.node.handle_election_timeout();
                self.carry_out(Incoming::default(), None, effects);
            }
            Input::Receive { message: Message { inner, payloads, .. }, .. } => {
                let (mut incoming, mut answered) = (Incoming::default(), None);
                if let BareMessage::AppendEntriesCall { header, entries, .. } = &inner {
                    let prev = entries.prev_position().index.get();
                    incoming = Incoming { prev, payloads: &payloads };
                    answered = Some((header.term, entries.last_position()));
                }
                self.node.handle_message(inner);
                self.carry_out(incoming, answered, effects);
            }
            Input::Propose(command) => {
                let prev = self.table.last().index;
                let position = self.node.propose_command();
                if position.is_invalid() {
                    let outcome = Outcome::Refused;
                    effects.push(Effect::Reply { command, outcome });
                    return;
                }
                self.table.await_commit(ours(position), command);
                let payloads = &[Payload::Command(command)];
                self.carry_out(Incoming { prev, payloads }, None, effects);
            }
            Input::WriteDone(_) => unreachable!("a blocking node waits for its writes"),
            Input::WriteFailed => effects.push(Effect::Halt),
        }
    }

    fn view(&self) -> View {
        View {
            current_term: Some(self.node.current_term().get()),
            voted_for: Some(self.node.voted_for().map(our_id)),
            role: Some(match self.node.role() {
                BareRole::Follower => Role::Follower,
                BareRole::Candidate => Role::Candidate,
                BareRole::Leader => Role::Leader,
            }),
            commit_index: Some(self.node.commit_index().get()),
            last_applied: Some(self.table.applied()),
            last_log: Some(ours(self.node.log().last_position())),
            match_index: None,
            next_index: None,
        }
    }

    fn kinds((): &()) -> &[Kind] {
        &KINDS
    }

    fn label(message: &Message) -> Label {
        let term = message.inner.term().get();
        let mut hasher = Hasher::new();
        // A leader ignores answers to calls older than the newest one answered (node.rs:924), so
        // two messages that differ in nothing but their number are two.
        hasher.add(message.inner.seqno().get()).add(u64::from(message.confirms));
        let (kind, yes, claim) = match &message.inner {
            BareMessage::RequestVoteCall { last_position, .. } => {
                let last_log = ours(*last_position);
                hasher.add(last_log.term).add(last_log.index);
                (0, false, Claim::RequestVote { last_log })
            }
            &BareMessage::RequestVoteReply { vote_granted, .. } => {
                (1, vote_granted, Claim::RequestVoteReply { vote_granted })
            }
            BareMessage::AppendEntriesCall { commit_index, entries, .. } => {
                let prev_log = ours(entries.prev_position());
                let leader_commit = commit_index.get();
                hasher.add(prev_log.term).add(prev_log.index).add(leader_commit);
                for ((position, _), &payload) in
                    entries.iter_with_positions().zip(&message.payloads)
                {
                    hasher.add(position.term.get()).add_payload(payload);
                }
                let last_log = ours(entries.last_position());
                let entries = entries.len() as u64;
                let claim = Claim::AppendEntries { prev_log, entries, last_log, leader_commit };
                (2, 0 < entries, claim)
            }
            BareMessage::AppendEntriesReply { last_position, .. } => {
                let LogPosition { term, index } = ours(*last_position);
                hasher.add(term).add(index);
                let confirmed = Claim::AppendEntriesReply { success: true, match_index: index };
                (3, false, if message.confirms { confirmed } else { Claim::Other })
            }
        };
        let signature = hasher.add(u64::from(kind)).add(u64::from(yes)).add(term).signature();
        Label { kind, yes, signature, statement: Statement { term: Some(term), claim } }
    }
}

impl Raftbare {
    /// Does what the crate asks for, then applies and answers what has been committed.
    fn carry_out(
        &mut self,
        incoming: Incoming<'_>,
        answered: Answered,
        effects: &mut Vec<Effect<Message>>,
    ) {
        self.mirror(incoming);
        self.table.write_cut(effects);
        while let Some(action) = self.node.actions_mut().next() {
            match action {
                Action::SetElectionTimeout => self.table.arm(self.timer(), effects),
                Action::SaveCurrentTerm | Action::SaveVotedFor => {
                    self.table.write_hard_state(effects);
                }
                Action::BroadcastMessage(message) => {
                    for peer in self.node.peers() {
                        effects.push(self.send(our_id(peer), message.clone(), answered));
                    }
                }
                Action::AppendLogEntries(_) => self.table.write_append(effects),
                Action::SendMessage(to, message) => {
                    effects.push(self.send(our_id(to), message, answered));
                }
                Action::InstallSnapshot(_) => unreachable!("no log is ever compacted"),
            }
        }
        self.table.apply_through(self.node.commit_index().get(), effects);
        let node = &self.node;
        self.table.answer(|position| fate(node.get_commit_status(bare(position))), effects);
    }

    /// Tells the side table what the call has changed.
    fn mirror(&mut self, incoming: Incoming<'_>) {
        let actions = self.node.actions();
        let saves = actions.save_current_term || actions.save_voted_for;
        let hard_state = saves.then(|| HardState {
            current_term: self.node.current_term().get(),
            voted_for: self.node.voted_for().map(our_id),
        });
        let appended = actions.append_log_entries.as_ref().map(|entries| {
            let anchor = entries.prev_position().index.get();
            let entries = entries
                .iter_with_positions()
                .map(|(position, entry)| our_entry(position, &entry, incoming));
            (anchor, entries.collect())
        });
        self.table.mirror(ours(self.node.log().last_position()), appended, hard_state);
    }

    fn send(&self, to: NodeId, mut inner: BareMessage, answered: Answered) -> Effect<Message> {
        let (mut payloads, mut confirms) = (Vec::new(), false);
        match &mut inner {
            BareMessage::AppendEntriesCall { entries, .. } => {
                entries.truncate(self.batch_entries_max);
                payloads.extend(entries.iter_with_positions().map(|(position, _)| {
                    self.table.payload(position.index.get(), position.term.get())
                }));
            }
            BareMessage::AppendEntriesReply { header, last_position } => {
                confirms = answered == Some((header.term, *last_position));
            }
            BareMessage::RequestVoteCall { .. } | BareMessage::RequestVoteReply { .. } => {}
        }
        let message = Message { inner, payloads, confirms };
        Effect::Send { to, message, after: self.table.after() }
    }

    /// What the crate's one timer means now.
    fn timer(&self) -> Timer {
        if self.node.role().is_leader() { Timer::Heartbeat } else { Timer::Election }
    }
}

fn fate(status: CommitStatus) -> Fate {
    match status {
        CommitStatus::Committed => Fate::Committed,
        CommitStatus::Rejected => Fate::Rejected,
        CommitStatus::InProgress | CommitStatus::Unknown => Fate::Open,
    }
}

fn bare_id(id: NodeId) -> BareId {
    BareId::new(u64::from(id.0))
}

fn our_id(id: BareId) -> NodeId {
    NodeId(id.get() as u8)
}

fn bare(LogPosition { term, index }: LogPosition) -> BarePosition {
    BarePosition { term: BareTerm::new(term), index: BareIndex::new(index) }
}

fn ours(position: BarePosition) -> LogPosition {
    LogPosition { term: position.term.get(), index: position.index.get() }
}

fn our_entry(position: BarePosition, entry: &LogEntry, incoming: Incoming<'_>) -> Entry {
    let payload = match entry {
        LogEntry::Term(_) => Payload::NoOp,
        LogEntry::Command => incoming.at(position.index.get()),
        LogEntry::ClusterConfig(_) => unreachable!("nobody proposes a configuration"),
    };
    Entry { term: position.term.get(), payload }
}

fn bare_entry(&Entry { term, payload }: &Entry) -> LogEntry {
    match payload {
        Payload::NoOp => LogEntry::Term(BareTerm::new(term)),
        Payload::Command(_) => LogEntry::Command,
        Payload::Other(_) => unreachable!("nobody proposes a configuration"),
    }
}
