//! How every state was reached first, in six bytes each.

use super::scope::StepCode;

/// From which state, by which step. The first state is 0; states are in the order in which they
/// were found, so children of one state stand together.
pub(super) struct Tree {
    parents: Vec<u32>,
    steps: Vec<StepCode>,
}

impl Tree {
    /// The first state.
    pub(super) fn new() -> Self {
        Tree { parents: vec![0], steps: vec![StepCode::NONE] }
    }

    pub(super) fn add(&mut self, parent: usize, step: StepCode) {
        self.parents.push(u32::try_from(parent).expect("the limit of states is below 2^32"));
        self.steps.push(step);
    }

    pub(super) fn len(&self) -> usize {
        self.parents.len()
    }

    pub(super) fn parent(&self, state: usize) -> usize {
        self.parents[state] as usize
    }

    pub(super) fn step(&self, state: usize) -> StepCode {
        self.steps[state]
    }

    /// Bytes that it occupies.
    pub(super) fn bytes(&self) -> u64 {
        (self.parents.capacity() * size_of::<u32>() + self.steps.capacity() * size_of::<StepCode>())
            as u64
    }
}
