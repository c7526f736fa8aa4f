//! Facts about steps: what a node received, said, and came to believe.

use super::Checker;
use crate::fact::{Claim, LogIndex, NODES_MAX, NodeId, NodeSet, Role, Statement, Term, View};
use crate::history::elections::Election;
use crate::history::ledger;
use crate::history::log::Mirrored;
use crate::moment::{
    Accepted, Acknowledged, AppendEntriesSent, BecameLeader, Changed, CommitAdvanced, Committed,
    Exploded, MatchChanged, NextChanged, Received, RoleChanged, Sent, Stepped, Withheld,
};
use crate::reveals::{Need, Reveals};

impl Checker {
    pub(super) fn rewired(&mut self, reach: [NodeSet; NODES_MAX]) {
        self.history.reach = reach;
        self.history.active = NodeSet::EMPTY;
    }

    pub(super) fn exploded(&mut self, node: NodeId, what: &str) {
        self.emit(&Exploded { node, what: what.to_owned() });
    }

    pub(super) fn received(&mut self, node: NodeId, from: NodeId, what: Statement, again: bool) {
        self.history.node_mut(node).notes.received = Some((from, what));
        self.emit(&Received { node, from, again });
    }

    pub(super) fn sent(&mut self, node: NodeId, to: NodeId, statement: Statement) {
        self.emit(&Sent { node, to, statement });
        let Some(term) = statement.term else { return };
        match statement.claim {
            Claim::RequestVote { .. } => {
                self.history.votes.stand(node, term);
                self.vote(node, term, node);
            }
            Claim::RequestVoteReply { vote_granted: true } => self.vote(node, term, to),
            Claim::AppendEntries { leader_commit, .. } => {
                self.commit_sent(node, term, leader_commit);
                if self.is_backed(node, &statement) {
                    self.append_entries_sent(node, to, &statement);
                } else {
                    self.history.node_mut(node).notes.unbacked.push((to, statement));
                }
            }
            _ => {}
        }
    }

    /// A leader commits when it first says so, and a message may leave before the step that decided
    /// it is over.
    pub(super) fn commit_sent(&mut self, node: NodeId, term: Term, to: LogIndex) {
        let mirror = self.history.node(node);
        let has_it = mirror.commit < to && to <= mirror.memory.log.last_index();
        let leads = mirror.leads() == Some(term);
        if has_it && (leads || self.history.may_have_led(node, term)) {
            self.commit(node, to, Some(term));
        }
    }

    /// Whether an `AppendEntries` plainly says what its sender's log and the ledger are, and comes
    /// from the leader of its term.
    fn is_backed(&self, node: NodeId, statement: &Statement) -> bool {
        let log = &self.history.node(node).memory.log;
        match (statement.term, statement.claim) {
            (Some(term), Claim::AppendEntries { prev_log, last_log, leader_commit, .. }) => {
                log.holds(prev_log)
                    && log.holds(last_log)
                    && leader_commit <= self.history.ledger.len()
                    && self.history.has_led(node, term)
            }
            _ => true,
        }
    }

    pub(super) fn append_entries_sent(&mut self, node: NodeId, to: NodeId, statement: &Statement) {
        let (Some(term), Claim::AppendEntries { prev_log, entries, last_log, leader_commit }) =
            (statement.term, statement.claim)
        else {
            return;
        };
        self.emit(&AppendEntriesSent {
            node,
            to,
            term,
            prev_log,
            entries,
            last_log,
            leader_commit,
        });
    }

    pub(super) fn stepped(&mut self, node: NodeId, view: &View) {
        let mirror = self.history.node_mut(node);
        if !mirror.up {
            // It halted in this step; what it believes has no consequences.
            return;
        }
        let same = mirror.view == *view;
        if !same {
            let withheld = self.history.reveals.withheld(view);
            if !withheld.is_empty() {
                self.withhold(node, withheld);
            }
        }
        let mirror = self.history.node_mut(node);
        if same && !mirror.notes.acted && mirror.notes.is_quiet() {
            // Nearly half of all steps: a heartbeat, a stale message.
            self.accepted(node, true);
            self.end_step(node);
            return;
        }
        mirror.before = mirror.view;
        mirror.view = *view;
        if !same {
            self.role_changed(node);
        }
        if matches!(self.history.node(node).role(), Role::Leader | Role::Candidate) {
            self.history.active.insert(node);
        }
        let step = self.history.node(node).step;
        self.emit(&Changed { node, step });
        self.accepted(node, true);
        if !same {
            self.progress_changed(node);
        }
        self.commit_said(node);
        self.settle_notes(node);
        self.end_step(node);
    }

    fn end_step(&mut self, node: NodeId) {
        let step = self.history.node(node).step;
        self.emit(&Stepped { node, step });
        self.history.node_mut(node).end_step();
    }

    /// A view lacks what is declared: from now on that counts as not revealed.
    #[cold]
    fn withhold(&mut self, node: NodeId, what: Reveals) {
        self.emit(&Withheld { node, what });
        self.withheld = self.withheld.union(what);
        self.history.reveals = self.history.reveals.difference(what);
        for (number, invariant) in self.sitting.iter().enumerate() {
            if !self.history.reveals.meets(invariant.needs) {
                self.bench.unseat(number);
            }
        }
    }

    fn role_changed(&mut self, node: NodeId) {
        let mirror = self.history.node(node);
        let (role, term) = (mirror.role(), mirror.term());
        let before = (mirror.role_before(), mirror.term_before());
        if before == (role, term) {
            return;
        }
        match role {
            Role::Follower | Role::PreCandidate => {}
            Role::Candidate => self.history.votes.stand(node, term),
            Role::Leader => self.became_leader(node, term),
        }
        self.emit(&RoleChanged { node, before, after: (role, term) });
    }

    fn became_leader(&mut self, node: NodeId, term: Term) {
        let mirror = self.history.node(node);
        let incarnation = mirror.incarnation;
        let last = mirror.memory.log.last();
        let hard_state = mirror.memory.hard_state;
        if hard_state.current_term == term && hard_state.voted_for == Some(node) {
            self.vote(node, term, node);
        }
        let earlier = self.history.elections.of(term).copied();
        self.history.elections.record(Election { term, leader: node, incarnation, last });
        self.emit(&BecameLeader { node, term, incarnation, earlier });
    }

    /// What the step made of an `AppendEntries` of the node's own term.
    pub(super) fn accepted(&mut self, node: NodeId, settled: bool) {
        let mirror = self.history.node(node);
        let Some((from, statement)) = mirror.notes.received else { return };
        let (Some(term), Claim::AppendEntries { prev_log, last_log, .. }) =
            (statement.term, statement.claim)
        else {
            return;
        };
        let current = if settled { mirror.term() } else { mirror.written_term() };
        if term != current {
            return;
        }
        let appended = mirror.notes.appended_from.is_some();
        let log = &mirror.memory.log;
        let verified = if log.holds(last_log) {
            last_log.index
        } else if mirror.notes.appended_from.is_some() {
            // It took the first few entries.
            log.last_index().min(last_log.index)
        } else if log.holds(prev_log) {
            prev_log.index
        } else {
            0
        };
        let known = &mut self.history.node_mut(node).verified;
        if known.term == term {
            known.index = known.index.max(verified);
        } else {
            (known.term, known.index) = (term, verified);
        }
        self.emit(&Accepted { node, from, term, last_log, appended, settled });
    }

    /// A leader's knowledge of its followers.
    fn progress_changed(&mut self, node: NodeId) {
        let mirror = self.history.node(node);
        let Some(term) = mirror.leads() else { return };
        let led = mirror.role_before() == Role::Leader && mirror.term_before() == term;
        let (before, after) = (mirror.before, mirror.view);
        if led && before.match_index == after.match_index && before.next_index == after.next_index {
            return;
        }
        for follower in NodeId::all(self.history.cluster()).filter(|&other| other != node) {
            let slot = follower.slot();
            let of = |index: Option<[LogIndex; NODES_MAX]>| index.map(|index| index[slot]);
            let earlier = of(before.match_index).filter(|_| led);
            let matched = of(after.match_index);
            if let Some(after) = matched
                && earlier.unwrap_or(0) != after
            {
                self.emit(&MatchChanged { node, term, follower, before: earlier, after });
            }
            if let (Some(matched), Some(next)) = (matched, of(after.next_index))
                && (earlier != Some(matched) || of(before.next_index) != Some(next))
            {
                self.emit(&NextChanged { node, follower, next, matched });
            }
        }
    }

    /// What the node calls committed, by its view, or by applying where the view keeps silent.
    fn commit_said(&mut self, node: NodeId) {
        let mirror = self.history.node(node);
        let to = mirror.view.commit_index.unwrap_or(mirror.applied);
        if to <= mirror.commit {
            return;
        }
        let leader_of = self.commits_as(node, to);
        self.commit(node, to, leader_of);
    }

    /// The term as whose leader a node commits in the step that has just ended.
    fn commits_as(&self, node: NodeId, to: LogIndex) -> Option<Term> {
        let mirror = self.history.node(node);
        if mirror.notes.spans_steps() {
            return self.committed_unseen(node, to);
        }
        if mirror.role() == Role::Leader {
            return Some(mirror.term());
        }
        // It may commit and step down in one step. But it may also step down to a later leader and
        // learn what that one committed, which is in the ledger already.
        let led = mirror.role_before() == Role::Leader;
        let (term, before) = (mirror.term(), mirror.term_before());
        (led && (term == before || self.history.ledger.len() < to)).then_some(before)
    }

    fn commit(&mut self, node: NodeId, to: LogIndex, leader_of: Option<Term>) {
        let history = &mut self.history;
        let ledger_before = history.ledger.len();
        let commit_term_before = history.ledger.get(to).map(|committed| committed.commit_term);
        let from = std::mem::replace(&mut history.node_mut(node).commit, to);
        // Where roles are not revealed, whoever says it first counts as the leader.
        let blind = !history.reveals.contains(Need::TermAndRole);
        if let Some(term) = leader_of.or_else(|| blind.then(|| history.node(node).term())) {
            self.grow_ledger(node, to, term);
        }
        self.emit(&CommitAdvanced { node, from, to, leader_of, ledger_before, commit_term_before });
        for index in ledger_before + 1..=self.history.ledger.len() {
            self.committed_one(node, index, leader_of.unwrap_or(0));
        }
        if ledger_before < self.history.ledger.len() {
            self.ledger_grew();
        }
    }

    /// Extends the ledger by what a leader commits, unless its log contradicts the ledger.
    fn grow_ledger(&mut self, node: NodeId, to: LogIndex, term: Term) {
        let log = &self.history.node(node).memory.log;
        let shared = self.history.ledger.len().min(to);
        if log.hash_at(shared) != self.history.ledger.hash_at(shared) {
            return;
        }
        let history = &mut self.history;
        history.ledger.lower(to, term);
        for index in shared + 1..=to {
            let Some(&Mirrored { entry, hash }) = history.node(node).memory.log.get(index) else {
                return;
            };
            history.ledger.push(ledger::LedgerEntry { entry, hash, commit_term: term });
        }
    }

    fn committed_one(&mut self, node: NodeId, index: LogIndex, term: Term) {
        let Some(&ledger::LedgerEntry { entry, .. }) = self.history.ledger.get(index) else {
            return;
        };
        self.note_committed(index, entry);
        self.emit(&Committed { node, index, entry, term });
    }

    fn ledger_grew(&mut self) {
        let length = self.history.ledger.len();
        while let Some(position) =
            self.history.early.iter().position(|&(_, _, index)| index <= length)
        {
            let (node, command, index) = self.history.early.swap_remove(position);
            self.emit(&Acknowledged { node, command, index, late: true });
        }
    }

    /// Judges what could not be judged before the step was over.
    fn settle_notes(&mut self, node: NodeId) {
        let mut unbacked = std::mem::take(&mut self.history.node_mut(node).notes.unbacked);
        for (to, statement) in unbacked.drain(..) {
            self.append_entries_sent(node, to, &statement);
        }
        self.history.node_mut(node).notes.unbacked = unbacked;

        let mut acknowledged = std::mem::take(&mut self.history.node_mut(node).notes.acknowledged);
        for (command, index) in acknowledged.drain(..) {
            self.emit(&Acknowledged { node, command, index, late: false });
        }
        self.history.node_mut(node).notes.acknowledged = acknowledged;
    }
}
