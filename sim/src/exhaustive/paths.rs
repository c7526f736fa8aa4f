//! From numbers of states back to worlds: a stack with one world for each action of a path.
//!
//! A state is kept as the step that led to it, six bytes. States of a level come in the order of
//! their parents, so most of the path to one is the path to the one before it, and only what
//! differs is performed again: about two actions a state, whatever the depth.

use super::scope::{Allowance, Scope, Step};
use super::seen::Tree;
use crate::action::Action;
use crate::node::{Explorable, NodeSet};
use crate::world::World;

/// Messages that one world of a search may number before it takes numbers of another one.
const NUMBERS: u64 = 1 << 48;

/// The worlds along a path from the first state.
pub(super) struct Path<N: Explorable> {
    scope: Scope,
    places: Vec<Place<N>>,
    /// States that are to be reached next, the last one first.
    ahead: Vec<usize>,
}

/// One state of the path.
struct Place<N: Explorable> {
    state: usize,
    world: World<N>,
    left: Allowance,
    /// What the world differs in from the one before it, if that is still the one it came from.
    stepped: NodeSet,
}

impl<N: Explorable> Path<N> {
    /// The path that ends where it begins.
    pub(super) fn new(scope: Scope, first: World<N>) -> Self {
        let left = scope.allowance;
        let place = Place { state: 0, world: first, left, stepped: NodeSet::EMPTY };
        Path { scope, places: vec![place], ahead: Vec::new() }
    }

    /// The path to a state so many actions from the first one.
    pub(super) fn go_to(&mut self, tree: &Tree, state: usize, depth: usize) {
        let mut shared = depth;
        let mut next = state;
        while self.places.get(shared).is_none_or(|place| place.state != next) {
            self.ahead.push(next);
            next = tree.parent(next);
            shared -= 1;
        }
        while let Some(next) = self.ahead.pop() {
            self.step(shared, next, tree.step(next));
            shared += 1;
        }
    }

    /// Performs the step that leads from the place at `depth` to the state behind it.
    fn step(&mut self, depth: usize, state: usize, step: Step) {
        self.make_room(depth);
        let (before, after) = self.places.split_at_mut(depth + 1);
        let (past, place) = (&before[depth], &mut after[0]);
        place.world.return_to(&past.world, place.stepped);
        place.stepped = step.touches(past.world.stage());
        let event = step.event(&self.scope, past.left);
        place.world.perform(event).expect("what was possible once is possible again");
        place.left = step.spend(past.left);
        place.state = state;
        // What comes behind came from another world.
        if let Some(behind) = after.get_mut(1) {
            behind.stepped = NodeSet::first(usize::from(self.scope.cluster.nodes));
        }
    }

    fn make_room(&mut self, depth: usize) {
        if self.places.len() == depth + 1 {
            let Place { world, left, .. } = &self.places[depth];
            let world = world.fork((depth as u64 + 1) * NUMBERS);
            let place = Place { state: usize::MAX, world, left: *left, stepped: NodeSet::EMPTY };
            self.places.push(place);
        }
    }

    /// The world and what is allowed in it, after so many actions.
    pub(super) fn at(&self, depth: usize) -> (&World<N>, Allowance) {
        (&self.places[depth].world, self.places[depth].left)
    }

    /// A world for trying steps from any place of the path.
    pub(super) fn spare(&self) -> World<N> {
        self.places[0].world.fork(u64::MAX / 2)
    }

    /// The actions that lead to a state, and the step after it.
    pub(super) fn actions(&mut self, tree: &Tree, state: usize, last: Option<Step>) -> Vec<Action> {
        let mut steps: Vec<Step> = last.into_iter().collect();
        let mut at = state;
        while at != 0 {
            steps.push(tree.step(at));
            at = tree.parent(at);
        }
        let mut world = self.spare();
        let mut left = self.scope.allowance;
        let actions = steps.into_iter().rev().map(|step| {
            let action = world.perform(step.event(&self.scope, left));
            left = step.spend(left);
            action.expect("what was possible once is possible again")
        });
        actions.collect()
    }
}
