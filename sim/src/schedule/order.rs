//! In which order messages arrive: what schedulers that walk differ in.

use super::pick;
use crate::draws::Draws;
use crate::world::stage::Stage;

/// Chooses among the messages that can arrive.
pub(super) trait Order {
    /// Hears what has happened since the last time; it is asked to before every action.
    fn keep_up(&mut self, _stage: &Stage) {}

    /// The message that arrives next, by its slot in [`Stage::flights`]; `None` if none can.
    fn next(&mut self, stage: &Stage, draws: &mut Draws) -> Option<usize>;

    /// What the seed has drawn for it, for people.
    fn knobs(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// Any of them, one as likely as the other.
pub(super) struct Uniform;

impl Order for Uniform {
    fn next(&mut self, stage: &Stage, draws: &mut Draws) -> Option<usize> {
        pick::any_flight(stage, draws)
    }
}
