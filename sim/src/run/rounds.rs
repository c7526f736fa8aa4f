//! Whether a calm goes round: the cluster comes to the same state again and again, but for time and
//! for terms and logs that have grown alike everywhere.
//!
//! A calm has no chance in it, so what repeats goes on for ever: not slow, but stuck.

use raft_invariants::progress::Millitimeouts;

use crate::language::action::Action;
use crate::language::hash::Hasher;
use crate::node::{LogPosition, Timer};
use crate::world::stage::Stage;

/// How often a round must have repeated to be told as one.
const REPEATED: usize = 4;
/// Longest round, in elections.
const ELECTIONS_MAX: usize = 24;

/// What a calm does again and again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Round {
    /// How long one takes.
    pub every: Millitimeouts,
    /// What happens in it.
    pub actions: Vec<Action>,
}

/// What happens in a calm, with the states at its elections.
#[derive(Default)]
pub(super) struct Rounds {
    actions: Vec<Action>,
    elections: Vec<Election>,
}

/// A moment at which an election timer has fired.
struct Election {
    state: u64,
    at_us: u64,
    /// Actions until then.
    actions: usize,
}

impl Rounds {
    pub(super) fn done(&mut self, action: Action, stage: &Stage) {
        self.actions.push(action);
        if let Action::Timeout(_, Timer::Election) = action {
            self.elections.push(Election {
                state: abstract_state(stage),
                at_us: stage.now_us,
                actions: self.actions.len(),
            });
        }
    }

    pub(super) fn into_actions(self) -> Vec<Action> {
        self.actions
    }

    /// The round that the calm has ended up in, if it has.
    pub(super) fn last(&self) -> Option<Round> {
        let end = self.elections.len();
        let repeats = |length: usize| {
            let states = |back: usize| {
                let from = end - length * back;
                self.elections[from..from + length].iter().map(|election| election.state)
            };
            length * REPEATED < end && (2..=REPEATED).all(|back| states(back).eq(states(1)))
        };
        let length = (1..=ELECTIONS_MAX).find(|&length| repeats(length))?;
        let (first, last) = (&self.elections[end - 1 - length], &self.elections[end - 1]);
        let every = (last.at_us - first.at_us) * 1000 / Timer::Election.shortest_us();
        Some(Round { every, actions: self.actions[first.actions..last.actions].to_vec() })
    }
}

/// How the nodes stand to each other, and what is on its way.
fn abstract_state(stage: &Stage) -> u64 {
    let views = || stage.hosts.iter().map(|host| &host.view);
    let base_term = views().filter_map(|view| view.current_term).min().unwrap_or(0);
    let base_index = views().filter_map(|view| view.last_log).map(|last| last.index).min();
    let base_index = base_index.unwrap_or(0);
    let mut hasher = Hasher::new();
    for host in &stage.hosts {
        let view = &host.view;
        let LogPosition { term, index } = view.last_log.unwrap_or_default();
        hasher
            .add(u64::from(host.up))
            .add(view.role.map_or(0, |role| role as u64 + 1))
            .add(view.current_term.unwrap_or(0) - base_term.min(view.current_term.unwrap_or(0)))
            .add(index.saturating_sub(base_index))
            .add(term.saturating_sub(base_term))
            .add(index.saturating_sub(view.commit_index.unwrap_or(0)));
    }
    let mut flights: Vec<_> = stage.flights.iter().collect();
    flights.sort_unstable_by_key(|it| (it.from, it.to, it.label.kind, it.label.yes));
    for flight in flights {
        let kind = u64::from(flight.label.kind) << 1 | u64::from(flight.label.yes);
        hasher.add(u64::from(flight.from.0)).add(u64::from(flight.to.0)).add(kind);
    }
    hasher.finish()
}
