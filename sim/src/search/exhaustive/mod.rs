//! `Exhaustive`: every state of a small cluster, breadth first.
//!
//! What campaigns draw by chance is enumerated here: all steps from all states that differ, in a
//! stated [`SmallScope`]. So the first violation has the shortest story there is, and if there is
//! none, there is none in that scope. It is as far as "none" can be shown by trying, and the
//! other way round it tries the judges: a correct Raft that alarms one of them alarms it here.
//!
//! ```text
//! for each state of a level, in the order in which they were found:
//!     for each step that the scope allows:
//!         perform it, ask the judges, take its fingerprint; if that is new, it is a state of the
//!         next level
//! ```
//!
//! A scope may ask for more: that all faults may end in any state, and the cluster recovers. Then
//! a copy of each state goes through a calm, and the search ends at the first one in which
//! something is violated.

mod paths;
mod scope;
mod state;
#[cfg(test)]
mod tests;
mod tree;

use std::ops::Range;

use raft_invariants::{Reveals, Selection, Witnesses};

pub use scope::{Allowance, SmallScope};
pub use state::Likeness;

use crate::language::script::Script;
use crate::node::Explorable;
use crate::run::calm::fails_in_calm;
use crate::search::seen::Seen;
use crate::world::World;
use paths::Path;
use scope::{StepCode, steps};
use tree::Tree;

/// What to search, and how far.
#[derive(Clone, Debug)]
pub struct Exploration {
    /// How much may happen.
    pub scope: SmallScope,
    /// Which invariants judge.
    pub selection: Selection,
    /// Which states count as one.
    pub likeness: Likeness,
    /// Most states that are kept, at about 25 bytes each; below 2^32.
    pub states_max: u64,
}

/// What came of a search, or has come of it so far.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explored {
    /// How it ended; `None` while it goes on.
    pub end: Option<End>,
    /// States by their distance from the first one, in actions. After an early end the last number
    /// is of those that were found, not of all.
    pub levels: Vec<u64>,
    /// Steps that were performed to find them.
    pub steps: u64,
    /// What was seen on the way.
    pub witnesses: Witnesses,
    /// What is declared and was shown.
    pub shown: Reveals,
    /// What views kept silent about though it is declared.
    pub withheld: Reveals,
    /// Bytes that the states occupied.
    pub bytes: u64,
}

/// How a search ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// All states were visited: after those of the last level nothing can happen any more.
    Everything,
    /// All states within the scope's depth were visited.
    Depth,
    /// An invariant was violated: by the last action of this script, which may be the calm that it
    /// ends in, and by no shorter one.
    Violation(Script),
    /// There are more states than were to be kept.
    Full,
    /// Somebody wanted it to end.
    Interrupted,
}

/// Is told how far a search has come, now and then; whether it shall go on.
pub type GoesOn<'a> = &'a mut dyn FnMut(&Explored) -> bool;

impl Explored {
    /// Whether there is no state of the scope that was not visited.
    pub fn is_complete(&self) -> bool {
        matches!(self.end, Some(End::Everything | End::Depth))
    }

    /// States in all.
    pub fn states(&self) -> u64 {
        self.levels.iter().sum()
    }
}

/// Visits every state of the scope, up to the first violation.
pub fn explore<N: Explorable>(
    plan: &Exploration,
    config: &N::Config,
    goes_on: GoesOn<'_>,
) -> Explored {
    let mut search = Search::<N>::new(plan, config);
    let end = search.run(goes_on);
    search.finish(end)
}

/// A search that goes on.
struct Search<'a, N: Explorable> {
    plan: &'a Exploration,
    seen: Seen,
    tree: Tree,
    path: Path<N>,
    /// Where steps are tried.
    spare: World<N>,
    explored: Explored,
}

/// States between two questions whether to go on.
const BLOCK: usize = 4096;
/// The share of copies that go through a calm: their messages have higher numbers than all others.
const CALM_SHARE: u64 = 1 << 20;

impl<'a, N: Explorable> Search<'a, N> {
    fn new(plan: &'a Exploration, config: &N::Config) -> Self {
        let first = World::<N>::new(plan.scope.cluster, config, &plan.selection, false);
        let path = Path::new(plan.scope, first);
        Search {
            plan,
            seen: Seen::default(),
            tree: Tree::new(),
            spare: path.spare(),
            path,
            explored: Explored {
                end: None,
                levels: Vec::new(),
                steps: 0,
                witnesses: Witnesses::NONE,
                shown: Reveals::NONE,
                withheld: Reveals::NONE,
                bytes: 0,
            },
        }
    }

    fn run(&mut self, goes_on: GoesOn<'_>) -> End {
        let (first, left) = self.path.at(0);
        if !first.checker().violations().is_empty() {
            return self.violation(0, None);
        }
        if self.plan.scope.calm && self.is_lost(first) {
            return self.lost(0, None);
        }
        self.seen.insert(self.plan.likeness.fingerprint(first, left));
        let mut level = 0..1;
        while !level.is_empty() {
            self.explored.levels.push(level.len() as u64);
            let depth = self.explored.levels.len() - 1;
            if self.plan.scope.depth.is_some_and(|limit| limit as usize <= depth) {
                return End::Depth;
            }
            if let Some(end) = self.expand(level.clone(), depth, goes_on) {
                return end;
            }
            level = level.end..self.tree.len();
        }
        End::Everything
    }

    /// Finds all states that follow those of a level.
    fn expand(&mut self, level: Range<usize>, depth: usize, goes_on: GoesOn<'_>) -> Option<End> {
        let likeness = self.plan.likeness;
        let mut possible = Vec::new();
        for state in level {
            if state % BLOCK == 0 {
                self.explored.bytes = self.seen.bytes() + self.tree.bytes();
                if !goes_on(&self.explored) {
                    return Some(End::Interrupted);
                }
            }
            self.path.go_to(&self.tree, state, depth);
            let (world, left) = self.path.at(depth);
            steps(world.stage(), left, &mut possible);
            self.spare.return_to(world);
            for &step in &possible {
                let after = step.spend(left);
                self.spare.perform_stamped(step.event(&self.plan.scope, left));
                self.explored.steps += 1;
                if !self.spare.checker().violations().is_empty() {
                    return Some(self.violation(state, Some(step)));
                }
                if !likeness.is_idle(world, &self.spare, step)
                    && self.seen.insert(likeness.fingerprint(&self.spare, after))
                {
                    if self.plan.states_max <= self.tree.len() as u64 {
                        return Some(End::Full);
                    }
                    if self.plan.scope.calm && self.is_lost(&self.spare) {
                        return Some(self.lost(state, Some(step)));
                    }
                    self.tree.add(state, step);
                }
                self.spare.return_to(world);
            }
        }
        None
    }

    fn finish(mut self, end: End) -> Explored {
        let visited = self.explored.states();
        if visited < self.tree.len() as u64 {
            self.explored.levels.push(self.tree.len() as u64 - visited);
        }
        self.explored.bytes = self.seen.bytes() + self.tree.bytes();
        self.explored.witnesses = self.spare.checker().witnesses();
        self.explored.shown = self.spare.checker().shown();
        self.explored.withheld = self.spare.checker().withheld();
        self.explored.end = Some(end);
        self.explored
    }

    fn violation(&mut self, state: usize, last: Option<StepCode>) -> End {
        let actions = self.path.actions(&self.tree, state, last);
        End::Violation(Script { cluster: self.plan.scope.cluster, actions, calm: None })
    }

    /// Whether something is violated in a calm that begins here, for everyone.
    fn is_lost(&self, world: &World<N>) -> bool {
        fails_in_calm(&mut world.fork(CALM_SHARE), self.plan.scope.cluster.all())
    }

    /// The story of a state that is lost, if this step leads to it.
    fn lost(&mut self, state: usize, last: Option<StepCode>) -> End {
        let cluster = self.plan.scope.cluster;
        let actions = self.path.actions(&self.tree, state, last);
        End::Violation(Script { cluster, actions, calm: Some(cluster.all()) })
    }
}
