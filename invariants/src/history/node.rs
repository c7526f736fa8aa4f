//! What the judge knows of one node: its memory, its disk and the step it is in.
//!
//! Nothing here is taken from the node's word except [`Mirror::view`], which is kept apart.

use std::collections::VecDeque;

use super::log::{Log, Mirrored};
use crate::fact::{
    Command, Entry, HardState, LogIndex, LogPosition, NodeId, Role, Statement, Term, View, WriteId,
};

/// Term, vote and log.
#[derive(Clone, Default, Debug)]
pub struct PersistentState {
    /// Term and vote.
    pub hard_state: HardState,
    /// The log.
    pub log: Log,
}

impl PersistentState {
    fn return_to(&mut self, past: &PersistentState) {
        let PersistentState { hard_state, log } = self;
        *hard_state = past.hard_state;
        log.return_to(&past.log);
    }
}

/// A write on its way to the disk, reduced to what it changes.
#[derive(Copy, Clone, Debug)]
pub(super) struct Queued {
    id: WriteId,
    hard_state: Option<HardState>,
    /// The first index that it deletes or adds.
    from: LogIndex,
    /// Whether it deletes.
    deletes: bool,
    /// How many of the queued entries are its own.
    appended: usize,
}

/// What happened in the step that a node is taking, forgotten when the step or the node ends. Steps
/// that are not settled are taken together with the one that is.
#[derive(Clone, Default, Debug)]
pub struct Notes {
    /// The message that the step answers to.
    pub received: Option<(NodeId, Statement)>,
    /// Lowest index at which the log was cut.
    pub truncated_from: Option<LogIndex>,
    /// Lowest index at which entries were added.
    pub appended_from: Option<LogIndex>,
    /// Entries that no log had ever held.
    pub created: Vec<LogPosition>,
    /// Messages that claim what their sender has not shown yet; judged when the step ends.
    pub(crate) unbacked: Vec<(NodeId, Statement)>,
    /// Answers to clients; judged when the step ends.
    pub(crate) acknowledged: Vec<(Command, LogIndex)>,
    /// Whether anything was written or applied.
    pub(crate) acted: bool,
    /// The term that the node was in by its last view, if there were steps since that are not
    /// settled.
    pub(crate) unsettled_since: Option<Term>,
}

impl Notes {
    /// Whether nothing waits for the end of the step.
    pub(crate) fn is_quiet(&self) -> bool {
        self.unbacked.is_empty() && self.acknowledged.is_empty() && !self.spans_steps()
    }

    /// Whether steps that are not settled are part of it: what lies between the view before and the
    /// view after may be more than one step can do.
    pub fn spans_steps(&self) -> bool {
        self.unsettled_since.is_some()
    }

    fn return_to(&mut self, past: &Notes) {
        let Notes {
            received,
            truncated_from,
            appended_from,
            created,
            unbacked,
            acknowledged,
            acted,
            unsettled_since,
        } = self;
        *received = past.received;
        *truncated_from = past.truncated_from;
        *appended_from = past.appended_from;
        created.clone_from(&past.created);
        unbacked.clone_from(&past.unbacked);
        acknowledged.clone_from(&past.acknowledged);
        *acted = past.acted;
        *unsettled_since = past.unsettled_since;
    }

    fn clear(&mut self) {
        let Notes {
            received,
            truncated_from,
            appended_from,
            created,
            unbacked,
            acknowledged,
            acted,
            unsettled_since,
        } = self;
        *received = None;
        *truncated_from = None;
        *appended_from = None;
        created.clear();
        unbacked.clear();
        acknowledged.clear();
        *acted = false;
        *unsettled_since = None;
    }
}

/// One node, as the judge knows it.
#[derive(Clone, Default, Debug)]
pub struct Mirror {
    /// Counts its starts, from 1; 0 before the first.
    pub incarnation: u32,
    /// Whether it runs.
    pub up: bool,
    /// What its own memory shows: the disk and all writes on their way to it.
    pub memory: PersistentState,
    /// What is on its disk.
    pub durable: PersistentState,
    /// How it saw itself before its last step.
    pub before: View,
    /// How it saw itself after its last step.
    pub view: View,
    /// Highest index that it called committed in this incarnation, by message or view.
    pub commit: LogIndex,
    /// Highest index that it applied in this incarnation.
    pub applied: LogIndex,
    /// Up to where its log is known to be the log of the leader of that term.
    pub verified: LogPosition,
    /// Whether a fault outside the model has hit it.
    pub tainted: bool,
    /// Steps taken, over all incarnations.
    pub step: u64,
    /// What happened in the running step.
    pub notes: Notes,
    /// Writes that its last stop took from it.
    pub lost_writes: usize,
    pub(super) queue: VecDeque<Queued>,
    pub(super) queued_entries: VecDeque<Mirrored>,
    /// From here on memory may differ from the disk by writes that were lost.
    pub(super) lost_from: Option<LogIndex>,
}

/// What became durable with one write.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Settled {
    pub(crate) hard_state: HardState,
    pub(crate) cut_from: Option<LogIndex>,
}

impl Mirror {
    /// Its role after its last step.
    pub fn role(&self) -> Role {
        self.view.role.unwrap_or(Role::Follower)
    }

    /// Its role before its last step.
    pub fn role_before(&self) -> Role {
        self.before.role.unwrap_or(Role::Follower)
    }

    /// Its term after its last step.
    pub fn term(&self) -> Term {
        self.view.current_term.unwrap_or(self.memory.hard_state.current_term)
    }

    /// Its term by what it has written, where its view may lag behind.
    pub(crate) fn written_term(&self) -> Term {
        self.term().max(self.memory.hard_state.current_term)
    }

    /// Its term before its last step.
    pub fn term_before(&self) -> Term {
        self.before.current_term.unwrap_or(self.memory.hard_state.current_term)
    }

    /// The term that it leads, as far as it has said; none once it has written a later one, though
    /// the step in which it did so may not be over.
    pub fn leads(&self) -> Option<Term> {
        let leads = self.up && self.role() == Role::Leader;
        let moved_on = self.term() < self.memory.hard_state.current_term;
        (leads && !moved_on).then(|| self.term())
    }

    /// A step ended that is not settled: what it answered to is over, the view is still to come.
    pub(crate) fn unsettle(&mut self) {
        let term = self.term();
        self.notes.unsettled_since.get_or_insert(term);
    }

    /// Writes issued and not yet durable.
    pub fn writes_pending(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn enqueue(
        &mut self,
        id: WriteId,
        hard_state: Option<HardState>,
        from: LogIndex,
        deletes: bool,
        appended: usize,
    ) {
        if self.lost_from.is_some() {
            // A write after a lost one has no place on the disk to go to.
            self.lost_from = self.lost_from.min(Some(from));
            let kept = self.queued_entries.len().saturating_sub(appended);
            self.queued_entries.truncate(kept);
            self.lost_writes += 1;
            return;
        }
        self.queue.push_back(Queued { id, hard_state, from, deletes, appended });
    }

    pub(crate) fn append(&mut self, entry: Mirrored) {
        self.memory.log.push(entry);
        self.queued_entries.push_back(entry);
    }

    pub(crate) fn next_write(&self) -> Option<WriteId> {
        self.queue.front().map(|queued| queued.id)
    }

    /// Moves the oldest queued write to the disk.
    pub(crate) fn settle(&mut self) -> Option<Settled> {
        let queued = self.queue.pop_front()?;
        let before = self.durable.hard_state;
        if let Some(hard_state) = queued.hard_state {
            self.durable.hard_state = hard_state;
        }
        let cut = queued.deletes && queued.from <= self.durable.log.last_index();
        if cut {
            self.durable.log.truncate_from(queued.from);
        }
        let appended = queued.appended.min(self.queued_entries.len());
        self.durable.log.extend(self.queued_entries.drain(..appended));
        Some(Settled { hard_state: before, cut_from: cut.then_some(queued.from) })
    }

    /// Forgets all writes that are not durable.
    pub(crate) fn lose_writes(&mut self) {
        for queued in self.queue.drain(..) {
            self.lost_from = Some(self.lost_from.map_or(queued.from, |from| from.min(queued.from)));
            self.lost_writes += 1;
        }
        self.queued_entries.clear();
        if let Some(from) = self.lost_from {
            self.verified.index = self.verified.index.min(from.saturating_sub(1));
        }
    }

    /// The node is gone, and with it its memory; what is left is its disk.
    pub(crate) fn stop(&mut self) {
        self.lose_writes();
        self.up = false;
        if let Some(from) = self.lost_from.take() {
            self.memory.log.truncate_from(from);
            let shared = self.memory.log.last_index();
            self.memory.log.extend(self.durable.log.suffix(shared + 1).iter().copied());
        }
        self.memory.hard_state = self.durable.hard_state;
        self.end_step();
    }

    pub(crate) fn boot(&mut self, incarnation: u32) {
        self.stop();
        self.incarnation = incarnation;
        self.up = true;
        self.commit = 0;
        self.applied = 0;
        self.view = View {
            current_term: Some(self.durable.hard_state.current_term),
            voted_for: Some(self.durable.hard_state.voted_for),
            role: Some(Role::Follower),
            commit_index: Some(0),
            last_log: Some(self.durable.log.last()),
            ..View::default()
        };
        self.before = self.view;
    }

    pub(crate) fn end_step(&mut self) {
        self.step += 1;
        self.notes.clear();
    }

    /// Becomes what `past` is, in the room that is there.
    pub(super) fn return_to(&mut self, past: &Mirror) {
        let Mirror {
            incarnation,
            up,
            memory,
            durable,
            before,
            view,
            commit,
            applied,
            verified,
            tainted,
            step,
            notes,
            lost_writes,
            queue,
            queued_entries,
            lost_from,
        } = self;
        (*incarnation, *up, *step) = (past.incarnation, past.up, past.step);
        memory.return_to(&past.memory);
        durable.return_to(&past.durable);
        (*before, *view) = (past.before, past.view);
        (*commit, *applied, *verified) = (past.commit, past.applied, past.verified);
        *tainted = past.tainted;
        notes.return_to(&past.notes);
        queue.clone_from(&past.queue);
        queued_entries.clone_from(&past.queued_entries);
        (*lost_writes, *lost_from) = (past.lost_writes, past.lost_from);
    }

    /// The disk is no longer what the writes made it.
    pub(crate) fn replace_disk(&mut self, hard_state: HardState, log: &[Entry]) {
        self.stop();
        self.tainted = true;
        self.verified = LogPosition::default();
        self.durable = PersistentState { hard_state, log: Log::default() };
        for &entry in log {
            let next = self.durable.log.next(entry);
            self.durable.log.push(next);
        }
        self.memory = self.durable.clone();
    }
}
