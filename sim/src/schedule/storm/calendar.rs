//! A calendar: what was put in for the earliest time comes out first, and of what is due at the same
//! time what was put in first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// See the head of this file.
#[derive(Clone, Debug)]
pub(super) struct Calendar<T> {
    heap: BinaryHeap<Appointment<T>>,
    made: u64,
}

/// The one that comes out sooner is the greater: a heap gives out the greatest.
#[derive(Clone, Debug)]
struct Appointment<T> {
    at_us: u64,
    number: u64,
    due: T,
}

impl<T> Calendar<T> {
    /// Puts something in.
    pub(super) fn appoint(&mut self, at_us: u64, due: T) {
        self.made += 1;
        self.heap.push(Appointment { at_us, number: self.made, due });
    }

    /// Takes out what comes first, with its time.
    pub(super) fn pop(&mut self) -> Option<(u64, T)> {
        self.heap.pop().map(|Appointment { at_us, due, .. }| (at_us, due))
    }
}

impl<T> Default for Calendar<T> {
    fn default() -> Self {
        Calendar { heap: BinaryHeap::new(), made: 0 }
    }
}

impl<T> Ord for Appointment<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at_us, other.number).cmp(&(self.at_us, self.number))
    }
}

impl<T> PartialOrd for Appointment<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Appointment<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for Appointment<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_then_what_was_put_in_first() {
        let mut calendar = Calendar::default();
        for (at_us, due) in [(7, 'd'), (3, 'a'), (7, 'e'), (3, 'b'), (5, 'c')] {
            calendar.appoint(at_us, due);
        }
        let order: Vec<(u64, char)> = std::iter::from_fn(|| calendar.pop()).collect();
        assert_eq!(order, [(3, 'a'), (3, 'b'), (5, 'c'), (7, 'd'), (7, 'e')]);
    }
}
