//! `raft-core`, the reference, and every bug planted in it.
//!
//! Its own words and the port's are nearly the same, so this is mostly renaming. The disk is
//! asynchronous: the server goes on while its writes are under way, and every message names the
//! write it waits for. A planted bug is the configuration: its rules go into the server, and its
//! [`Boundary`], if it has one, sits between the server and the world.

#[cfg(test)]
mod tests;

use raft_core::{Body, Input as CoreInput, Outcome as CoreOutcome, Raft};
use raft_invariants::fact::Outcome;

use crate::language::hash::Hasher;
use crate::mutants::{Boundary, Mutant};
use crate::node::{
    Boot, Claim, Command, Effect, Entry, Explorable, Fingerprint, HardState, Input, Kind, Label,
    LogPosition, NODES_MAX, Node, NodeId, NodeSet, Payload, Reveals, Role, Statement, Storage,
    Timer, Traits, View, Write,
};

/// A server of `raft-core`.
pub struct RaftCore {
    raft: Raft,
    cluster: NodeSet,
    mutant: Option<&'static Mutant>,
    boundary: Option<Box<dyn Boundary>>,
    /// What a step wanted, kept to spare an allocation with every one.
    effects: Vec<raft_core::Effect>,
}

const KINDS: [Kind; 4] = [
    Kind::new("RequestVote"),
    Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
    Kind::new("AppendEntries").with_outcomes("entries", "empty"),
    Kind::new("AppendEntriesReply").with_outcomes("success", "refused"),
];

impl Node for RaftCore {
    type Message = raft_core::Message;
    type Config = Option<&'static Mutant>;

    fn traits(_: &Self::Config) -> Traits {
        Traits { storage: Storage::Asynchronous, reveals: Reveals::ALL, nodes: (1, NODES_MAX) }
    }

    fn boot(boot: &Boot<'_, Self::Config>, effects: &mut Vec<Effect<Self::Message>>) -> Self {
        let mutant = *boot.config;
        let cluster: Vec<_> = boot.cluster.iter().map(core_id).collect();
        let options = raft_core::Options {
            batch_entries_max: usize::from(boot.limits.batch_entries_max),
            window_messages_max: usize::from(boot.limits.window_messages_max),
        };
        let HardState { current_term, voted_for } = boot.disk.hard_state;
        let mut disk = raft_core::Disk {
            hard_state: raft_core::HardState { current_term, voted_for: voted_for.map(core_id) },
            log: boot.disk.log.entries().iter().map(core_entry).collect(),
        };
        let mut boundary = boundary(mutant);
        if let Some(boundary) = &mut boundary {
            boundary.on_boot(&mut disk);
        }
        let rules = mutant.map_or(&raft_core::Paper as _, |mutant| mutant.rules);
        let mut wanted = Vec::new();
        let raft = Raft::boot(core_id(boot.id), &cluster, options, rules, disk, &mut wanted);
        let cluster = boot.cluster;
        let mut guest = RaftCore { raft, cluster, mutant, boundary, effects: wanted };
        guest.pass_on(effects);
        guest
    }

    fn step(&mut self, input: Input<Self::Message>, effects: &mut Vec<Effect<Self::Message>>) {
        let input = match input {
            Input::Timeout(Timer::Election) => CoreInput::Timeout(raft_core::Timer::Election),
            Input::Timeout(Timer::Heartbeat) => CoreInput::Timeout(raft_core::Timer::Heartbeat),
            Input::Receive { from, message } => CoreInput::Receive { from: core_id(from), message },
            Input::Propose(command) => CoreInput::ClientRequest(command.0),
            Input::WriteDone(through) => CoreInput::WriteDone(through),
            Input::WriteFailed => CoreInput::WriteFailed,
        };
        match &mut self.boundary {
            None => self.raft.step(input, &mut self.effects),
            Some(boundary) => boundary.step(&mut self.raft, input, &mut self.effects),
        }
        self.pass_on(effects);
    }

    fn view(&self) -> View {
        let (raft, state) = (&self.raft, self.raft.state());
        let by_slot = |index_of: fn(&Raft, raft_core::NodeId) -> Option<u64>| {
            let mut by_slot = [0; NODES_MAX];
            for node in self.cluster.iter() {
                by_slot[node.slot()] = index_of(raft, core_id(node)).unwrap_or(0);
            }
            by_slot
        };
        View {
            current_term: Some(state.current_term),
            voted_for: Some(state.voted_for.map(port_id)),
            role: Some(match state.role {
                raft_core::Role::Follower { .. } => Role::Follower,
                raft_core::Role::Candidate { .. } => Role::Candidate,
                raft_core::Role::Leader => Role::Leader,
            }),
            commit_index: Some(state.commit_index),
            last_applied: Some(state.last_applied),
            last_log: Some(port_position(state.log.last())),
            match_index: state.leads().then(|| by_slot(Raft::match_index)),
            next_index: state.leads().then(|| by_slot(Raft::next_index)),
        }
    }

    fn kinds(_: &Self::Config) -> &[Kind] {
        &KINDS
    }

    fn label(message: &Self::Message) -> Label {
        let (kind, yes) = match &message.body {
            Body::RequestVote { .. } => (0, true),
            Body::RequestVoteReply { vote_granted } => (1, *vote_granted),
            Body::AppendEntries { entries, .. } => (2, !entries.is_empty()),
            Body::AppendEntriesReply { success, .. } => (3, *success),
        };
        let statement = Statement { term: Some(message.term), claim: claim(&message.body) };
        Label { kind, yes, signature: signature(kind, yes, message), statement }
    }
}

impl Explorable for RaftCore {
    fn fork(&self) -> Self {
        let RaftCore { raft, cluster, mutant, boundary: _, effects: _ } = self;
        // A boundary that remembers something is not explored.
        RaftCore {
            raft: raft.clone(),
            cluster: *cluster,
            mutant: *mutant,
            boundary: boundary(*mutant),
            effects: Vec::new(),
        }
    }

    fn fingerprint(&self, print: &mut Fingerprint<'_>) {
        let state = self.raft.state();
        print.add(state.current_term).node_if_any(state.voted_for.map(port_id));
        print.add(state.commit_index).add(state.last_applied).add(u64::from(state.halted));
        for index in 1..=state.log.last_index() {
            let Entry { term, payload } =
                port_entry(state.log.entry(index).expect("a log has no holes"));
            print.add(term).payload(payload);
        }
        let journal = &state.journal;
        let (term_write, vote_write) = journal.hard_state_writes();
        print.add(journal.pending()).add(term_write).add(vote_write).add(journal.durable_index());
        for (write, last_index) in journal.log_writes() {
            print.add(write).add(last_index);
        }
        self.fingerprint_role(print);
    }
}

/// The boundary of a server that starts.
fn boundary(mutant: Option<&'static Mutant>) -> Option<Box<dyn Boundary>> {
    let boundary = mutant?.boundary?;
    Some(boundary())
}

impl RaftCore {
    /// Hands the world what the server wants, in the port's words.
    fn pass_on(&mut self, effects: &mut Vec<Effect<raft_core::Message>>) {
        effects.extend(self.effects.drain(..).map(port_effect));
    }

    /// What it is, and what it knows as such.
    fn fingerprint_role(&self, print: &mut Fingerprint<'_>) {
        let state = self.raft.state();
        match &state.role {
            raft_core::Role::Follower { leader } => {
                print.add(u64::MAX).node_if_any(leader.map(port_id));
            }
            raft_core::Role::Candidate { votes_granted } => {
                print.add(u64::MAX - 1);
                for &voter in votes_granted {
                    print.node(port_id(voter));
                }
            }
            raft_core::Role::Leader => {
                print.add(u64::MAX - 2);
            }
        }
        for client in &state.clients {
            print.add(client.index).add(client.command);
        }
        // Who does not lead has forgotten its followers, unless that is its bug.
        if state.leads() || self.mutant.is_some() {
            print.each(self.cluster.iter(), |print, node| {
                let Some(follower) = state.follower(core_id(node)) else { return };
                print.add(follower.match_index).add(follower.next_index);
                print.add(u64::from(follower.is_probing()));
                for last_index in follower.in_flight() {
                    print.add(last_index);
                }
            });
        }
    }
}

fn port_effect(effect: raft_core::Effect) -> Effect<raft_core::Message> {
    match effect {
        raft_core::Effect::Write(write) => Effect::Write(port_write(write)),
        raft_core::Effect::Send { to, message, after } => {
            Effect::Send { to: port_id(to), message, after }
        }
        raft_core::Effect::SetTimer(raft_core::Timer::Election) => {
            Effect::SetTimer(Timer::Election)
        }
        raft_core::Effect::SetTimer(raft_core::Timer::Heartbeat) => {
            Effect::SetTimer(Timer::Heartbeat)
        }
        raft_core::Effect::Apply { index, entry } => {
            let Entry { term, payload } = port_entry(entry);
            Effect::Apply { index, term, payload }
        }
        raft_core::Effect::Reply { command, outcome } => {
            let outcome = match outcome {
                CoreOutcome::Committed(index) => Outcome::Committed(index),
                CoreOutcome::NotLeader => Outcome::Refused,
            };
            Effect::Reply { command: Command(command), outcome }
        }
        raft_core::Effect::Halt => Effect::Halt,
    }
}

fn port_write(write: raft_core::Write) -> Write {
    Write {
        id: write.id,
        hard_state: write.hard_state.map(|hard_state| HardState {
            current_term: hard_state.current_term,
            voted_for: hard_state.voted_for.map(port_id),
        }),
        truncate_from: write.truncate_from,
        append: write.append.into_iter().map(port_entry).collect(),
    }
}

fn claim(body: &Body) -> Claim {
    match body {
        Body::RequestVote { last_log } => Claim::RequestVote { last_log: port_position(*last_log) },
        Body::RequestVoteReply { vote_granted } => {
            Claim::RequestVoteReply { vote_granted: *vote_granted }
        }
        Body::AppendEntries { prev_log, entries, leader_commit } => {
            let count = entries.len() as u64;
            let last_log = entries.last().map_or(port_position(*prev_log), |last| LogPosition {
                term: last.term,
                index: prev_log.index + count,
            });
            Claim::AppendEntries {
                prev_log: port_position(*prev_log),
                entries: count,
                last_log,
                leader_commit: *leader_commit,
            }
        }
        Body::AppendEntriesReply { success, match_index, .. } => {
            Claim::AppendEntriesReply { success: *success, match_index: *match_index }
        }
    }
}

/// A hash of the content. The sender is on the envelope, and so no part of it.
fn signature(kind: u8, yes: bool, message: &raft_core::Message) -> u32 {
    let mut hasher = Hasher::new();
    hasher.add(u64::from(kind) << 1 | u64::from(yes)).add(message.term);
    match &message.body {
        Body::RequestVote { last_log } => add_position(&mut hasher, *last_log),
        Body::RequestVoteReply { .. } => {}
        Body::AppendEntries { prev_log, entries, leader_commit } => {
            add_position(&mut hasher, *prev_log);
            hasher.add(*leader_commit);
            for &entry in entries {
                let Entry { term, payload } = port_entry(entry);
                hasher.add(term).add_payload(payload);
            }
        }
        Body::AppendEntriesReply { match_index, hint, .. } => {
            hasher.add(*match_index);
            match hint {
                Some(hint) => add_position(&mut hasher, *hint),
                None => {
                    hasher.add(u64::MAX);
                }
            }
        }
    }
    hasher.signature()
}

fn add_position(hasher: &mut Hasher, position: raft_core::LogPosition) {
    hasher.add(position.term).add(position.index);
}

const fn core_id(id: NodeId) -> raft_core::NodeId {
    raft_core::NodeId(id.0)
}

const fn port_id(id: raft_core::NodeId) -> NodeId {
    NodeId(id.0)
}

const fn port_position(position: raft_core::LogPosition) -> LogPosition {
    LogPosition { term: position.term, index: position.index }
}

fn core_entry(entry: &Entry) -> raft_core::Entry {
    let command = match entry.payload {
        Payload::NoOp => raft_core::Command::NoOp,
        Payload::Command(command) => raft_core::Command::Client(command.0),
        Payload::Other(_) => panic!("this guest writes no other entries"),
    };
    raft_core::Entry { term: entry.term, command }
}

const fn port_entry(entry: raft_core::Entry) -> Entry {
    let payload = match entry.command {
        raft_core::Command::NoOp => Payload::NoOp,
        raft_core::Command::Client(command) => Payload::Command(Command(command)),
    };
    Entry { term: entry.term, payload }
}
