//! The timers that a node can set: which there are, what they are called, how long they run.

use std::ops::{Index, IndexMut};

/// Timers a node can set.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Timer {
    /// Fires when nothing was heard of a leader for an election timeout.
    Election,
    /// Fires when a leader should send heartbeats.
    Heartbeat,
}

impl Timer {
    /// All of them.
    pub const ALL: [Timer; 2] = [Timer::Election, Timer::Heartbeat];

    /// Its name, for people.
    pub const fn name(self) -> &'static str {
        match self {
            Timer::Election => "election",
            Timer::Heartbeat => "heartbeat",
        }
    }

    /// The shortest time after which it fires, in microseconds of its node's clock. That of
    /// elections is the unit of all simulated time.
    pub const fn shortest_us(self) -> u64 {
        match self {
            Timer::Election => 150_000,
            Timer::Heartbeat => 50_000,
        }
    }
}

/// Something for each timer.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Timers<T>([T; Timer::ALL.len()]);

impl<T> Index<Timer> for Timers<T> {
    type Output = T;

    fn index(&self, timer: Timer) -> &T {
        &self.0[timer as usize]
    }
}

impl<T> IndexMut<Timer> for Timers<T> {
    fn index_mut(&mut self, timer: Timer) -> &mut T {
        &mut self.0[timer as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_timer_has_a_place_of_its_own() {
        let mut numbers = Timers::default();
        for (number, timer) in Timer::ALL.into_iter().enumerate() {
            numbers[timer] = number;
        }
        assert_eq!(Timer::ALL.map(|timer| numbers[timer]), [0, 1]);
    }
}
