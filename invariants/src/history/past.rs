//! For search that goes back and forth: what of the past later verdicts depend on, and how to
//! return to an earlier one.
//!
//! Left out of the fingerprint is what follows from the cluster's own state (the mirrors of logs
//! and disks), what only words in evidence and witnesses
//! need (who wrote an entry first, who stood), and what a step forgets when it ends.

use super::canon::Canon;
use super::ledger::Ledger;
use super::node::{Mirror, Notes, PersistentState};
use super::votes::{Ballot, Votes};
use super::{History, Requests};
use crate::fact::{LogPosition, NODES_MAX, NodeId, NodeSet, View};
use crate::fingerprint::Fingerprint;

impl History {
    /// Adds what judges will go by beside the present state of the cluster. Between two steps only,
    /// and without faults outside the model and cut links.
    pub fn add_to(&self, print: &mut Fingerprint<'_>) {
        // Every field has its turn here; a new one does not compile until it has, too.
        let History {
            nodes: _,   // node by node, see `Mirror::add_to`
            cluster: _, // never changes
            reveals: _, // never changes
            canon,
            ledger,
            elections,
            votes,
            commands,
            states,
            reach: _,  // links are never cut
            active: _, // for a witness
            early,
        } = self;
        canon.add_to(print);
        ledger.add_to(print);
        for election in elections.iter() {
            print.add(election.term).node(election.leader);
            print.add(election.last.term).add(election.last.index);
            let started_since = self.node(election.leader).incarnation != election.incarnation;
            print.add(u64::from(started_since));
        }
        votes.add_to(print);
        for (&command, &Requests { open, refused, committed }) in commands {
            print.add(command.0).add(u64::from(open) << 1 | u64::from(refused));
            print.add(committed.unwrap_or(0));
        }
        print.add(u64::MAX);
        for state in states {
            print.add(state.map_or(0, |(state_hash, _)| state_hash));
        }
        for &(node, command, index) in early {
            print.node(node).add(command.0).add(index);
        }
    }

    /// Becomes what `past` is, if no more than the named nodes have stepped in between (or the
    /// other way round).
    pub fn return_to(&mut self, past: &History, stepped: NodeSet) {
        let History {
            nodes,
            cluster,
            reveals: _, // never changes
            canon,
            ledger,
            elections,
            votes,
            commands,
            states,
            reach,
            active,
            early,
        } = self;
        for node in NodeId::all(*cluster).filter(|&node| stepped.contains(node)) {
            nodes[node.slot()].return_to(&past.nodes[node.slot()]);
        }
        canon.return_to(&past.canon);
        ledger.return_to(&past.ledger);
        elections.return_to(&past.elections);
        votes.return_to(&past.votes);
        if *commands != past.commands {
            commands.clone_from(&past.commands);
        }
        states.clone_from(&past.states);
        *reach = past.reach;
        *active = past.active;
        early.clone_from(&past.early);
    }
}

impl Mirror {
    /// Adds what judges will go by beside the node's present state and its disk.
    pub fn add_to(&self, print: &mut Fingerprint<'_>) {
        let Mirror {
            incarnation: _, // see the elections in `History::add_to`
            up,
            memory: PersistentState { hard_state, log },
            durable: _, // the node's disk
            before: _,  // what the step before made of it
            view,
            commit,
            applied,
            verified,
            tainted: _, // there are no faults outside the model
            step: _,    // a number of its own
            notes,      // forgotten when a step ends, if it is settled
            lost_writes,
            queue: _,          // the node's queue
            queued_entries: _, // the node's queue
            lost_from,
        } = self;
        if let Some(from) = *lost_from {
            // A node that did not stop after a disk error remembers more than its disk.
            print.add(u64::MAX).add(from).add(*lost_writes as u64);
            print.add(hard_state.current_term).node_if_any(hard_state.voted_for);
            print.add(log.hash_at(log.last_index()).unwrap_or(0));
        }
        if notes.spans_steps() {
            add_put_off(view, notes, print);
        }
        let verified = if verified.term == self.term() { verified.index } else { 0 };
        print.add(*commit).add(*applied).add(verified);
        if !up {
            // The view of a node that is down is a memory, too.
            let View { current_term, role, .. } = view;
            print.add(current_term.unwrap_or(0)).add(role.map_or(0, |role| 1 + role as u64));
        }
    }
}

/// Adds what a node was before steps that are not settled, and what has been put off since.
fn add_put_off(view: &View, notes: &Notes, print: &mut Fingerprint<'_>) {
    let View {
        current_term,
        voted_for,
        role,
        commit_index,
        last_applied: _, // see `applied`
        last_log: _,     // compared with the log when it is said
        match_index,
        next_index,
    } = *view;
    print.add(u64::MAX).add(current_term.unwrap_or(0)).node_if_any(voted_for.flatten());
    print.add(role.map_or(0, |role| 1 + role as u64)).add(commit_index.unwrap_or(0));
    print.each(NodeId::all(NODES_MAX), |print, node| {
        for index in [match_index, next_index] {
            print.add(index.map_or(0, |index| index[node.slot()]));
        }
    });
    let Notes {
        received: _,      // judged with the step that answered it
        appended_from: _, // likewise
        unbacked: _,      // judged when the step was over
        acted: _,         // whether there is anything to judge: there is
        truncated_from,
        created,
        acknowledged,
        unsettled_since,
    } = notes;
    print.add(truncated_from.unwrap_or(0)).add(unsettled_since.unwrap_or(0));
    for created in created {
        print.add(created.term).add(created.index);
    }
    for &(command, index) in acknowledged {
        print.add(command.0).add(index);
    }
}

impl Canon {
    fn add_to(&self, print: &mut Fingerprint<'_>) {
        // Which of two entries of an index came first has no consequences.
        let mut sum = 0_u64;
        self.visit(|LogPosition { term, index }, hash| {
            let mut one = Fingerprint::new(&[0; NODES_MAX]);
            sum = sum.wrapping_add(one.add(index).add(term).add(hash).finish());
        });
        print.add(sum);
    }
}

impl Ledger {
    fn add_to(&self, print: &mut Fingerprint<'_>) {
        print.add(self.entries().last().map_or(0, |committed| committed.hash));
        for committed in self.entries() {
            print.add(committed.commit_term);
        }
    }
}

impl Votes {
    fn add_to(&self, print: &mut Fingerprint<'_>) {
        for (term, Ballot { candidates: _, cast }) in self.iter() {
            let voted = NodeId::all(NODES_MAX).filter(|voter| cast[voter.slot()].is_some());
            print.add(term).each(voted, |print, voter| {
                print.node_if_any(cast[voter.slot()]);
            });
        }
    }
}
