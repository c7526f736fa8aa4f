//! Names the crate's messages and translates between its words and the port's.

use raft::eraftpb::{Entry as RaftEntry, EntryType, Message, MessageType};
use raft_sim::language::hash::Hasher;
use raft_sim::node::{
    Claim, Command, Entry, Kind, Label, LogIndex, LogPosition, NodeId, Payload, Statement,
};

pub(crate) const KINDS: [Kind; 6] = [
    Kind::new("RequestVote"),
    Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
    Kind::new("AppendEntries").with_outcomes("entries", "empty"),
    Kind::new("AppendEntriesReply").with_outcomes("success", "refused"),
    Kind::new("Heartbeat"),
    Kind::new("HeartbeatReply"),
];

/// Name, signature and claim of a message.
pub(crate) fn label(message: &Message) -> Label {
    let (kind, yes, claim) = claim(message);
    let mut hasher = Hasher::new();
    hasher.add(u64::from(kind)).add(message.term).add(message.index).add(message.log_term);
    hasher.add(message.commit).add(message.commit_term);
    hasher.add(u64::from(message.reject)).add(message.reject_hint);
    for entry in &*message.entries {
        hasher.add(entry.term).add_payload(our_payload(entry));
    }
    let statement = Statement { term: Some(message.term), claim };
    Label { kind, yes, signature: hasher.signature(), statement }
}

/// Kind, outcome flag and claim of a message.
fn claim(message: &Message) -> (u8, bool, Claim) {
    let accepted = !message.reject;
    let position = LogPosition { term: message.log_term, index: message.index };
    match message.get_msg_type() {
        MessageType::MsgRequestVote => (0, false, Claim::RequestVote { last_log: position }),
        MessageType::MsgRequestVoteResponse => {
            (1, accepted, Claim::RequestVoteReply { vote_granted: accepted })
        }
        MessageType::MsgAppend => {
            let entries = message.entries.len() as u64;
            let last_log = message
                .entries
                .last()
                .map_or(position, |last| LogPosition { term: last.term, index: last.index });
            let leader_commit = message.commit;
            let claim =
                Claim::AppendEntries { prev_log: position, entries, last_log, leader_commit };
            (2, 0 < entries, claim)
        }
        MessageType::MsgAppendResponse => {
            let match_index = if accepted { message.index } else { 0 };
            (3, accepted, Claim::AppendEntriesReply { success: accepted, match_index })
        }
        MessageType::MsgHeartbeat => (4, false, Claim::Other),
        MessageType::MsgHeartbeatResponse => (5, false, Claim::Other),
        other => unreachable!("{other:?} is of a feature that is off"),
    }
}

pub(crate) fn raft_id(id: NodeId) -> u64 {
    u64::from(id.0)
}

pub(crate) fn our_id(id: u64) -> Option<NodeId> {
    (id != raft::INVALID_ID).then_some(NodeId(id as u8))
}

pub(crate) fn raft_entry(entry: &Entry, index: LogIndex) -> RaftEntry {
    let mut raft = RaftEntry::default();
    raft.set_term(entry.term);
    raft.set_index(index);
    match entry.payload {
        Payload::NoOp => {}
        Payload::Command(command) => raft.set_data(command.0.to_be_bytes().to_vec().into()),
        Payload::Other(_) => unreachable!("nobody proposes a configuration"),
    }
    raft
}

pub(crate) fn our_entry(entry: &RaftEntry) -> Entry {
    Entry { term: entry.term, payload: our_payload(entry) }
}

fn our_payload(entry: &RaftEntry) -> Payload {
    assert_eq!(entry.get_entry_type(), EntryType::EntryNormal, "nobody proposes a configuration");
    match entry.data.as_ref() {
        [] => Payload::NoOp,
        data => {
            let bytes = data.try_into().expect("a command is eight bytes");
            Payload::Command(Command(u64::from_be_bytes(bytes)))
        }
    }
}
