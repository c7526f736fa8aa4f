//! What clients ask for: writes of ever new values to a few keys.

use crate::draws::{Draws, Purpose, Roots};
use crate::language::action::{Action, KeyValue};
use crate::node::NodeId;
use crate::schedule::given::Clients;
use crate::world::stage::Stage;

/// Clients of one run.
#[derive(Clone, Debug)]
pub struct Workload {
    draws: Draws,
    clients: Clients,
    writes_left: u32,
    value: u32,
}

impl Workload {
    /// The clients that the run was drawn.
    pub fn new(clients: Clients, roots: &Roots) -> Self {
        Workload {
            draws: roots.draws(Purpose::Workload, 0),
            clients,
            writes_left: clients.writes_max,
            value: 0,
        }
    }

    /// Whether the clients have no more to say.
    pub const fn is_over(&self) -> bool {
        self.writes_left == 0
    }

    /// The next request; `None` if no node would take one, or the clients have no more to say.
    pub fn next(&mut self, stage: &Stage) -> Option<Action> {
        if self.is_over() {
            return None;
        }
        let anyone = NodeId::at(self.draws.position(stage.hosts.len()));
        let stray = self.draws.one_in(self.clients.stray_one_in);
        let node = if stray { anyone } else { stage.newest_leader().unwrap_or(anyone) };
        if !stage.listens(node) {
            return None;
        }
        self.writes_left -= 1;
        self.value += 1;
        let key = self.draws.below(u64::from(self.clients.keys)) as u8;
        // Keys are named from the end of the alphabet, as everyone's first key is x.
        Some(Action::Write(node, KeyValue { key: (23 + key) % 26, value: self.value }))
    }
}
