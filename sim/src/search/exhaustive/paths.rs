//! From numbers of states back to worlds: a stack with one world for each action of a path.
//!
//! A state is kept as the step that led to it, six bytes. States of a level come in the order of
//! their parents, so most of the path to one is the path to the one before it, and only what
//! differs is performed again: about two actions a state, whatever the depth.

use super::scope::{Allowance, SmallScope, StepCode};
use super::tree::Tree;
use crate::language::action::Action;
use crate::node::Explorable;
use crate::world::World;

/// The worlds along a path from the first state.
pub(super) struct Path<N: Explorable> {
    scope: SmallScope,
    places: Vec<Waypoint<N>>,
    /// States that are to be reached next, the last one first.
    ahead: Vec<usize>,
}

/// One state of the path.
struct Waypoint<N: Explorable> {
    state: usize,
    world: World<N>,
    left: Allowance,
}

impl<N: Explorable> Path<N> {
    /// The path that ends where it begins.
    pub(super) fn new(scope: SmallScope, first: World<N>) -> Self {
        let left = scope.allowance;
        let place = Waypoint { state: 0, world: first, left };
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
    fn step(&mut self, depth: usize, state: usize, step: StepCode) {
        self.make_room(depth);
        let (before, after) = self.places.split_at_mut(depth + 1);
        let (past, place) = (&before[depth], &mut after[0]);
        place.world.return_to(&past.world);
        place.world.perform_stamped(step.event(&self.scope, past.left));
        place.left = step.spend(past.left);
        place.state = state;
    }

    fn make_room(&mut self, depth: usize) {
        if self.places.len() == depth + 1 {
            let Waypoint { world, left, .. } = &self.places[depth];
            let world = world.fork(depth as u64 + 2);
            let place = Waypoint { state: usize::MAX, world, left: *left };
            self.places.push(place);
        }
    }

    /// The world and what is allowed in it, after so many actions.
    pub(super) fn at(&self, depth: usize) -> (&World<N>, Allowance) {
        (&self.places[depth].world, self.places[depth].left)
    }

    /// A world for trying steps from any place of the path.
    pub(super) fn spare(&self) -> World<N> {
        self.places[0].world.fork(1)
    }

    /// The actions that lead to a state, and the step after it.
    pub(super) fn actions(
        &mut self,
        tree: &Tree,
        state: usize,
        last: Option<StepCode>,
    ) -> Vec<Action> {
        let mut steps: Vec<StepCode> = last.into_iter().collect();
        let mut at = state;
        while at != 0 {
            steps.push(tree.step(at));
            at = tree.parent(at);
        }
        let mut world = self.spare();
        let mut left = self.scope.allowance;
        let actions = steps.into_iter().rev().map(|step| {
            let action = world.perform_stamped(step.event(&self.scope, left));
            left = step.spend(left);
            action
        });
        actions.collect()
    }
}
