//! Facts about clients and state machines.

use super::Checker;
use crate::fact::{Command, Entry, LogIndex, NodeId, Outcome, Payload, Term};
use crate::moment::{Acknowledged, Applied, Replied};

impl Checker {
    pub(super) fn invoked(&mut self, command: Command) {
        self.history.commands.entry(command).or_default().open += 1;
    }

    pub(super) fn replied(&mut self, node: NodeId, command: Command, outcome: Outcome) {
        match outcome {
            Outcome::Committed(index) if self.history.ledger.len() < index => {
                // It may be committed when the step is over.
                self.history.node_mut(node).notes.acknowledged.push((command, index));
                self.history.early.push((node, command, index));
            }
            Outcome::Committed(index) => {
                self.emit(&Acknowledged { node, command, index, late: false });
            }
            Outcome::Refused => {
                let requests = self.history.commands.entry(command).or_default();
                requests.open = requests.open.saturating_sub(1);
                requests.refused = true;
            }
        }
        self.emit(&Replied { node, command, outcome });
    }

    pub(super) fn note_committed(&mut self, index: LogIndex, entry: Entry) {
        if let Payload::Command(command) = entry.payload {
            self.history.commands.entry(command).or_default().committed.get_or_insert(index);
        }
    }

    pub(super) fn applied(
        &mut self,
        node: NodeId,
        index: LogIndex,
        term: Term,
        payload: Payload,
        state_hash: u64,
    ) {
        let known = self.history.learn_state(index, state_hash, node);
        self.emit(&Applied { node, index, term, payload, state_hash, known });
        let mirror = self.history.node_mut(node);
        mirror.applied = mirror.applied.max(index);
        mirror.notes.acted = true;
    }
}
