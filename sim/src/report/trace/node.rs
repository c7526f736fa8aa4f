//! How a node stands, and what of it a step has changed.

use serde::Serialize;

use crate::node::{Entry, NodeId, Role, Timer, WriteId};
use crate::report::sentence::content;
use crate::report::state::write;
use crate::world::stage::Host;

/// What a step has changed of a node; what is absent is as it was.
#[derive(Clone, Default, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct NodeChange {
    /// Whose.
    pub node: u8,
    /// All that is a single value.
    #[serde(flatten)]
    pub values: Values,
    /// Its log, whether durable or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<LogChange>,
    /// What its disk owes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owes: Option<OwesChange>,
}

/// What has changed of the writes for which a disk still has to care.
#[derive(Clone, Default, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct OwesChange {
    /// So many at the beginning are as they were.
    pub keep: usize,
    /// These follow them, in words, oldest first.
    pub add: Vec<String>,
}

/// What has changed of a log.
#[derive(Clone, Default, Debug, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct LogChange {
    /// So many entries at its beginning are as they were.
    pub keep: usize,
    /// These follow them: a term and what the entry carries.
    pub add: Vec<(u64, String)>,
    /// So many entries at its beginning are durable.
    pub durable: usize,
}

/// Writes a struct of values once, with what goes for all of them.
macro_rules! values {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// What is a single value: numbers, and flags as 0 and 1.
        #[derive(Clone, PartialEq, Eq, Default, Debug, Serialize)]
        #[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
        pub struct Values {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $name: Option<u64>,)*
        }

        impl Values {
            /// Takes over what a later step has changed.
            pub fn follow(&mut self, later: &Self) {
                $(self.$name = later.$name.or(self.$name);)*
            }

            /// Those that are not as they were; 0 where one is known no longer.
            fn since(&self, before: &Self) -> Self {
                Values {
                    $($name: (self.$name != before.$name).then(|| self.$name.unwrap_or(0)),)*
                }
            }
        }
    };
}

values! {
    /// Whether its process runs.
    up,
    /// Whether it is paused.
    paused,
    /// Whether its disk completes nothing.
    stalled,
    /// Whether it waits for its disk.
    busy,
    /// Starts so far.
    starts,
    /// How its clock runs, in percent of true time.
    clock,
    /// 0 follower, 1 candidate, 2 leader, 3 candidate before its term.
    role,
    /// `currentTerm`.
    term,
    /// `votedFor`; 0 is nobody.
    vote,
    /// `commitIndex`.
    commit,
    /// `lastApplied`.
    applied,
    /// Since when its election timer runs, in microseconds and one more; 0 if it is off.
    election,
    /// The same of its heartbeat timer.
    heartbeat,
}

/// How a node stood when it was last looked at.
#[derive(Default)]
pub(super) struct NodeState {
    values: Values,
    log: Vec<Entry>,
    durable: usize,
    /// How many writes made its disk: a log changes only with them, and with those that wait.
    written: usize,
    /// The writes that wait.
    owed: Vec<WriteId>,
}

impl NodeState {
    /// Looks again; `None` if nothing has changed, unless `always`.
    pub(super) fn follow(&mut self, id: NodeId, host: &Host, always: bool) -> Option<NodeChange> {
        let now = values_of(host);
        let values = now.since(&self.values);
        self.values = now;
        let owes = self.follow_queue(host);
        let is_written = self.written != host.journal.len() || owes.is_some();
        self.written = host.journal.len();
        let log = (is_written || always).then(|| self.follow_log(host)).flatten();
        let nothing = values == Values::default() && log.is_none() && owes.is_none();
        (always || !nothing).then_some(NodeChange { node: id.0, values, log, owes })
    }

    fn follow_queue(&mut self, host: &Host) -> Option<OwesChange> {
        let same = self.owed.iter().zip(&host.queue).take_while(|(id, write)| **id == write.id);
        let keep = same.count();
        if keep == self.owed.len() && keep == host.queue.len() {
            return None;
        }
        self.owed.truncate(keep);
        self.owed.extend(host.queue.range(keep..).map(|write| write.id));
        Some(OwesChange { keep, add: host.queue.range(keep..).map(write).collect() })
    }

    fn follow_log(&mut self, host: &Host) -> Option<LogChange> {
        let disk = host.disk.log.entries();
        let mut log = disk.to_vec();
        let base = host.disk.log.base().index;
        for write in &host.queue {
            if let Some(from) = write.truncate_from {
                let kept = from.saturating_sub(base + 1);
                log.truncate(usize::try_from(kept).expect("a log fits into memory"));
            }
            log.extend_from_slice(&write.append);
        }
        let durable = same_beginning(disk, &log);
        let keep = same_beginning(&self.log, &log);
        if keep == self.log.len() && keep == log.len() && durable == self.durable {
            return None;
        }
        let add = log[keep..].iter().map(|entry| (entry.term, content(entry.payload))).collect();
        (self.log, self.durable) = (log, durable);
        Some(LogChange { keep, add, durable })
    }
}

fn same_beginning(one: &[Entry], other: &[Entry]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

fn values_of(host: &Host) -> Values {
    let view = &host.view;
    let since = |timer| Some(host.timers[timer].map_or(0, |set_us| set_us + 1));
    Values {
        up: Some(host.up.into()),
        paused: Some(host.paused.into()),
        stalled: Some(host.stalled.into()),
        busy: Some(host.busy.into()),
        starts: Some(host.incarnation.into()),
        clock: Some(host.clock_percent),
        role: view.role.map(|role| match role {
            Role::Follower => 0,
            Role::Candidate => 1,
            Role::Leader => 2,
            Role::PreCandidate => 3,
        }),
        term: view.current_term,
        vote: view.voted_for.map(|vote| vote.map_or(0, |node| node.0.into())),
        commit: view.commit_index,
        applied: view.last_applied,
        election: since(Timer::Election),
        heartbeat: since(Timer::Heartbeat),
    }
}
