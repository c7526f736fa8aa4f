//! What clients of a play ask for and are told.

use super::Play;
use crate::fact::{Command, Fact, LogIndex, NodeId, Outcome};

impl Play {
    pub(crate) fn invoke(&mut self, node: u8, command: u64) -> &mut Self {
        self.tell(&Fact::Invoked { node: NodeId(node), command: Command(command) })
    }

    pub(crate) fn acknowledge(&mut self, node: u8, command: u64, index: LogIndex) -> &mut Self {
        let outcome = Outcome::Committed(index);
        self.tell(&Fact::Replied { node: NodeId(node), command: Command(command), outcome })
    }

    pub(crate) fn refuse(&mut self, node: u8, command: u64) -> &mut Self {
        let outcome = Outcome::Refused;
        self.tell(&Fact::Replied { node: NodeId(node), command: Command(command), outcome })
    }
}
