//! What clients ask for: writes of ever new values to a few keys.

use crate::draws::{Draws, Purpose, Roots};
use crate::language::action::Action;
use crate::node::NodeId;
use crate::schedule::config::RunConfig;
use crate::world::stage::Stage;

/// Clients of one run.
#[derive(Clone, Debug)]
pub struct Workload {
    draws: Draws,
    keys: u8,
    /// One in this many requests goes to any node; the others go to the newest leader.
    stray_one_in: u64,
    writes_left: u32,
    value: u32,
}

impl Workload {
    /// The clients that the run was drawn.
    pub fn new(config: &RunConfig, roots: &Roots) -> Self {
        Workload {
            draws: roots.draws(Purpose::Workload, 0),
            keys: config.keys,
            stray_one_in: config.stray_one_in,
            writes_left: config.writes_max,
            value: 0,
        }
    }

    /// The next request; `None` if no node would take one, or the clients have no more to say.
    pub fn next(&mut self, stage: &Stage) -> Option<Action> {
        if self.writes_left == 0 {
            return None;
        }
        let anyone = NodeId::at(self.draws.position(stage.hosts.len()));
        let stray = self.draws.one_in(self.stray_one_in);
        let node = if stray { anyone } else { stage.leaders().last().unwrap_or(anyone) };
        if !stage.listens(node) {
            return None;
        }
        self.writes_left -= 1;
        self.value += 1;
        let key = self.draws.below(u64::from(self.keys)) as u8;
        // Keys are named from the end of the alphabet, as everyone's first key is x.
        Some(Action::Write { node, key: (23 + key) % 26, value: self.value })
    }
}
