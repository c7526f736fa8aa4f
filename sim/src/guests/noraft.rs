//! Drives the published crate [`noraft`] 0.7.1, the successor of `raftbare`: events in, actions out.
//!
//! What a user of the crate has to know, and what this adapter makes of it:
//!
//! - **Order is the contract.** The crate's `Actions` iterator yields what must be done in order of
//!   priority (action.rs:89-99): save term and vote, append to the log, broadcast, send
//!   (:175-208). So, unlike with raftbare, a leader's broadcast waits for its own append. Effects
//!   keep exactly that order. What comes before a message in one batch must be durable before it
//!   leaves (node.rs:271 and after).
//! - **The next input waits for the disk** ([`Storage::Blocking`]): the crate warns that it gives no
//!   guarantee when later steps see entries that are not durable (action.rs:53-58).
//! - **The log holds no payloads** (log.rs, `LogEntry::Command` has no content). They live in a
//!   side table (`side_table.rs`) and travel beside the message.
//! - **A follower truncates without an action** (node.rs:1110-1136), and term and vote are two: the
//!   side table says how they are written.
//! - **An append may ask for more than the missing suffix** (action.rs:49-51): the write leaves out
//!   what the log already holds.
//! - **The initial configuration** is the snapshot's at index 0 (`Node::restart` with an empty
//!   log, node.rs:380), the same on every server, so that no server needs an entry to know it.
//! - **`voted_for` is not the vote.** Whoever hears of the term's leader records the leader there,
//!   also over a vote cast for somebody else, the candidate's own included (node.rs:1388), and then
//!   even grants it a second vote of the term if the leader's request for votes arrives late. No
//!   second leader can come of that: the only one who can get such a vote has won the term, counts
//!   votes no more, and after a crash stands in a later term only; and a candidate that gives up its
//!   own vote so becomes a follower in the same step (:1383). The judges of votes let a vote for the
//!   winner of a term pass, so votes are revealed like everything else.
//! - **An answer to `AppendEntries` has no success flag**: it states the follower's own last
//!   position (message.rs:59), also when it refuses, and the leader decides what that is worth
//!   (node.rs:1453). It claims success here only if that position is the last one of the very call
//!   that it answers, in the call's term: then the follower does say that it matches up to there.
//!   Any other answer claims nothing, neither success nor failure.
//! - **A refused vote is not answered** unless the request is of an old term (node.rs:1280-1302).
//! - **Disruptive vote requests** are dropped only by users who ask `could_be_disruptive_request_vote`
//!   first (node.rs:1192), an option that this adapter leaves alone: without it a request is handled
//!   as the paper's Figure 2 has it.
//! - **Big messages may be cut** with `LogEntries::truncate` before sending (action.rs:68-69): so
//!   the limit of entries per message is honoured.
//! - **A rejected proposal is rejected for good** (node.rs:1022-1036): another entry is committed in
//!   its place, or an entry of a later term is committed before it, and then no log with that
//!   entry can still have the proposal behind it. The crate tells users to pass that on to the
//!   client, and so does the adapter.
//! - One timer, whose meaning follows from the role (action.rs:11).
//!
//! No clock, no random number, no hash map: `BTreeMap` and `BTreeSet` throughout.

#[cfg(test)]
mod tests;

use noraft::{
    Action, ClusterConfig, CommitStatus, Log, LogEntries, LogEntry, LogIndex as CrateIndex,
    LogPosition as CratePosition, Message as CrateMessage, Node as CrateNode, NodeId as CrateId,
    Role as CrateRole, Term as CrateTerm,
};

use super::side_table::{Fate, Incoming, SideTable};
use crate::language::hash::Hasher;
use crate::node::{
    Boot, Claim, Effect, Entry, HardState, Input, Kind, Label, LogIndex, LogPosition, NODES_MAX,
    Need, Node, NodeId, Outcome, Payload, Reveals, Role, Statement, Storage, Timer, Traits, View,
};

/// A noraft server with the application around it.
pub struct Noraft {
    node: CrateNode,
    table: SideTable,
    batch_entries_max: usize,
}

/// The crate's message, and what an application ships beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    inner: CrateMessage,
    /// One for each entry that `inner` carries.
    payloads: Vec<Payload>,
    /// An answer whose position is the last one of the call that it answers.
    confirms: bool,
}

/// Term and last position of the call that is being handled.
type Answered = Option<(CrateTerm, CratePosition)>;

const KINDS: [Kind; 4] = [
    Kind::new("RequestVote"),
    Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
    Kind::new("AppendEntries").with_outcomes("entries", "empty"),
    Kind::new("AppendEntriesReply"),
];

impl Node for Noraft {
    type Message = Message;
    type Config = ();

    fn traits((): &()) -> Traits {
        Traits {
            storage: Storage::Blocking,
            // Votes: see the module's head. The crate has no `next_index`.
            reveals: Reveals::ALL.without(&[Need::NextIndex]),
            nodes: (1, NODES_MAX),
        }
    }

    fn boot(boot: &Boot<'_, ()>, effects: &mut Vec<Effect<Message>>) -> Self {
        let mut config = ClusterConfig::new();
        config.voters.extend(boot.cluster.iter().map(crate_id));
        let entries = boot.disk.log.entries().iter().map(crate_entry);
        let entries = LogEntries::from_iter(CratePosition::ZERO, entries);
        let HardState { current_term, voted_for } = boot.disk.hard_state;
        let node = CrateNode::restart(
            crate_id(boot.id),
            CrateTerm::new(current_term),
            voted_for.map(crate_id),
            Log::new(config, entries),
        );
        let mut guest = Noraft {
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
                if let CrateMessage::AppendEntriesCall { term, entries, .. } = &inner {
                    let prev = entries.prev_position().index.get();
                    incoming = Incoming { prev, payloads: &payloads };
                    answered = Some((*term, entries.last_position()));
                }
                self.node
                    .handle_message(&inner)
                    .expect("a log without snapshots conflicts with none");
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
                CrateRole::Follower => Role::Follower,
                CrateRole::Candidate => Role::Candidate,
                CrateRole::Leader => Role::Leader,
            }),
            commit_index: Some(self.node.commit_index().get()),
            last_applied: Some(self.table.applied()),
            last_log: Some(ours(self.node.log().last_position())),
            match_index: self.match_index(),
            next_index: None,
        }
    }

    fn kinds((): &()) -> &[Kind] {
        &KINDS
    }

    fn label(message: &Message) -> Label {
        let term = message.inner.term().get();
        let mut hasher = Hasher::new();
        let (kind, yes, claim) = match &message.inner {
            CrateMessage::RequestVoteCall { last_position, .. } => {
                let last_log = ours(*last_position);
                hasher.add(last_log.term).add(last_log.index);
                (0, false, Claim::RequestVote { last_log })
            }
            &CrateMessage::RequestVoteReply { vote_granted, .. } => {
                (1, vote_granted, Claim::RequestVoteReply { vote_granted })
            }
            CrateMessage::AppendEntriesCall { commit_index, entries, .. } => {
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
            CrateMessage::AppendEntriesReply { last_position, .. } => {
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

impl Noraft {
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
        self.table.answer(|position| fate(node.get_commit_status(theirs(position))), effects);
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

    fn send(&self, to: NodeId, mut inner: CrateMessage, answered: Answered) -> Effect<Message> {
        let (mut payloads, mut confirms) = (Vec::new(), false);
        match &mut inner {
            CrateMessage::AppendEntriesCall { entries, .. } => {
                entries.truncate(self.batch_entries_max);
                payloads.extend(entries.iter_with_positions().map(|(position, _)| {
                    self.table.payload(position.index.get(), position.term.get())
                }));
            }
            CrateMessage::AppendEntriesReply { term, last_position, .. } => {
                confirms = answered == Some((*term, *last_position));
            }
            CrateMessage::RequestVoteCall { .. } | CrateMessage::RequestVoteReply { .. } => {}
        }
        let message = Message { inner, payloads, confirms };
        Effect::Send { to, message, after: self.table.after() }
    }

    /// What the leader keeps for its followers; 0 in its own place.
    fn match_index(&self) -> Option<[LogIndex; NODES_MAX]> {
        self.node.role().is_leader().then(|| {
            let mut indexes = [0; NODES_MAX];
            for peer in self.node.peers() {
                let index = self.node.follower_match_index(peer);
                let index = index.expect("a leader follows the progress of each peer");
                indexes[our_id(peer).slot()] = index.get();
            }
            indexes
        })
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

fn crate_id(id: NodeId) -> CrateId {
    CrateId::new(u64::from(id.0))
}

fn our_id(id: CrateId) -> NodeId {
    NodeId(id.get() as u8)
}

fn theirs(LogPosition { term, index }: LogPosition) -> CratePosition {
    CratePosition { term: CrateTerm::new(term), index: CrateIndex::new(index) }
}

fn ours(position: CratePosition) -> LogPosition {
    LogPosition { term: position.term.get(), index: position.index.get() }
}

fn our_entry(position: CratePosition, entry: &LogEntry, incoming: Incoming<'_>) -> Entry {
    let payload = match entry {
        LogEntry::Term(_) => Payload::NoOp,
        LogEntry::Command => incoming.at(position.index.get()),
        LogEntry::ClusterConfig(_) => unreachable!("nobody proposes a configuration"),
    };
    Entry { term: position.term.get(), payload }
}

fn crate_entry(&Entry { term, payload }: &Entry) -> LogEntry {
    match payload {
        Payload::NoOp => LogEntry::Term(CrateTerm::new(term)),
        Payload::Command(_) => LogEntry::Command,
        Payload::Other(_) => unreachable!("nobody proposes a configuration"),
    }
}
