//! What the engine's servers send each other, and how that is named and read.

use crate::language::hash::Hasher;
use crate::node::{Claim, Entry, Kind, Label, LogIndex, LogPosition, Statement, Term};

/// What the engine's servers send each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Incarnation of the server that made the call: a promise dies with its process. Part of the
    /// signature, since answers to different processes are treated differently.
    pub(super) caller: u32,
    pub(super) body: Body,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Body {
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
pub(super) struct Call {
    pub(super) term: Term,
    pub(super) prev: LogIndex,
    pub(super) last: LogIndex,
}

pub(super) const KINDS: [Kind; 4] = [
    Kind::new("RequestVote"),
    Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
    Kind::new("AppendEntries").with_outcomes("entries", "empty"),
    Kind::new("AppendEntriesReply").with_outcomes("success", "refused"),
];

impl Message {
    /// Name, signature and claim.
    pub(super) fn label(&self) -> Label {
        let mut hasher = Hasher::new();
        let (kind, yes, term, claim) = match &self.body {
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
                    hasher.add(entry.term).add_payload(entry.payload);
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
        hasher.add(u64::from(self.caller));
        let signature = hasher.add(u64::from(kind)).add(u64::from(yes)).add(term).signature();
        Label { kind, yes, signature, statement: Statement { term: Some(term), claim } }
    }
}
