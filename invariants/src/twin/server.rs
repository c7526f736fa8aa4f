//! What the twin knows of one server: whole copies.

use crate::fact::{Entry, HardState, LogIndex, NodeId, Role, Statement, Term, View, Write};

#[derive(Clone, Default)]
pub(super) struct Server {
    pub(super) up: bool,
    pub(super) incarnation: u32,
    pub(super) hard_state: HardState,
    pub(super) log: Vec<Entry>,
    pub(super) disk_hard_state: HardState,
    pub(super) disk: Vec<Entry>,
    pub(super) queue: Vec<Write>,
    /// Writes were lost while it ran: what it writes now goes nowhere.
    pub(super) cut_off: bool,
    pub(super) view: View,
    pub(super) commit: LogIndex,
    pub(super) applied: LogIndex,
    pub(super) deleted: bool,
    /// What the running step answers to.
    pub(super) received: Option<(NodeId, Statement)>,
    /// Of the `AppendEntries` that the running step has sent, term and `leaderCommit`.
    pub(super) sent: Vec<(Term, LogIndex)>,
    /// Its term by its last view, if steps since have not been settled.
    pub(super) unsettled_since: Option<Term>,
}

pub(super) fn apply(log: &mut Vec<Entry>, write: &Write) {
    if let Some(from) = write.truncate_from {
        log.truncate(usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX));
    }
    log.extend(&write.append);
}

pub(super) fn prefix(log: &[Entry], index: LogIndex) -> Option<&[Entry]> {
    log.get(..usize::try_from(index).ok()?)
}

impl Server {
    pub(super) fn role(&self) -> Role {
        self.view.role.unwrap_or(Role::Follower)
    }

    pub(super) fn view_term(&self) -> Term {
        self.view.current_term.unwrap_or(self.hard_state.current_term)
    }

    /// The term that it leads by its view, unless it has written a later one.
    pub(super) fn leads(&self) -> Option<Term> {
        let moved_on = self.view_term() < self.hard_state.current_term;
        (self.up && self.role() == Role::Leader && !moved_on).then(|| self.view_term())
    }

    pub(super) fn stop(&mut self) {
        self.up = false;
        self.queue.clear();
        self.cut_off = false;
        self.log.clone_from(&self.disk);
        self.hard_state = self.disk_hard_state;
        self.end_step();
    }

    pub(super) fn end_step(&mut self) {
        self.deleted = false;
        self.received = None;
        self.sent.clear();
        self.unsettled_since = None;
    }

    pub(super) fn boot(&mut self, incarnation: u32) {
        self.stop();
        self.up = true;
        self.incarnation = incarnation;
        self.commit = 0;
        self.applied = 0;
        self.view = View {
            current_term: Some(self.disk_hard_state.current_term),
            role: Some(Role::Follower),
            commit_index: Some(0),
            ..View::default()
        };
    }
}
