//! Messages and their contents. Flights lie on the stage, where everyone sees them; contents are of
//! the guest's type and lie in the world. Only the functions here change either, both at once, so
//! that a flight and its content always have the same position.

use std::collections::VecDeque;
use std::ops::Deref;

use crate::node::{Label, NodeId};

/// Messages remembered after their delivery, for late duplicates.
const DELIVERED_MAX: usize = 64;

/// A message on its way, without its content.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Flight {
    /// Sender.
    pub from: NodeId,
    /// Addressee.
    pub to: NodeId,
    /// Its name and claim.
    pub label: Label,
    /// Counts the messages of the run: a larger number was sent later.
    pub number: u64,
}

/// Messages on their way, in no particular order.
#[derive(Clone, Default, Debug)]
pub struct Flights(Vec<Flight>);

/// Messages that have arrived lately, oldest first.
#[derive(Clone, Default, Debug)]
pub struct Delivered(VecDeque<Flight>);

/// Contents of the messages on the stage, position by position.
#[derive(Clone)]
pub(super) struct Mail<M> {
    flights: Vec<M>,
    delivered: VecDeque<M>,
}

impl Deref for Flights {
    type Target = [Flight];

    fn deref(&self) -> &[Flight] {
        &self.0
    }
}

impl Deref for Delivered {
    type Target = VecDeque<Flight>;

    fn deref(&self) -> &VecDeque<Flight> {
        &self.0
    }
}

impl<M: Clone> Mail<M> {
    pub(super) fn new() -> Self {
        Mail { flights: Vec::new(), delivered: VecDeque::new() }
    }

    /// Content of the message at this position of [`Flights`].
    pub(super) fn flight(&self, slot: usize) -> &M {
        &self.flights[slot]
    }

    /// Content of the message at this position of [`Delivered`].
    pub(super) fn delivered(&self, slot: usize) -> &M {
        &self.delivered[slot]
    }

    /// A message sets out.
    #[inline]
    pub(super) fn send(&mut self, flights: &mut Flights, flight: Flight, content: M) {
        flights.0.push(flight);
        self.flights.push(content);
    }

    /// A message arrives, and is remembered.
    #[inline]
    pub(super) fn deliver(
        &mut self,
        flights: &mut Flights,
        delivered: &mut Delivered,
        slot: usize,
    ) -> (Flight, M) {
        let (flight, content) = self.lose(flights, slot);
        if delivered.0.len() == DELIVERED_MAX {
            delivered.0.pop_front();
            self.delivered.pop_front();
        }
        delivered.0.push_back(flight);
        self.delivered.push_back(content.clone());
        (flight, content)
    }

    /// A message is on its way no more.
    #[inline]
    pub(super) fn lose(&mut self, flights: &mut Flights, slot: usize) -> (Flight, M) {
        (flights.0.swap_remove(slot), self.flights.swap_remove(slot))
    }

    /// What is on its way becomes what it was, in the room that is there: most never left.
    pub(super) fn return_flights(&mut self, now: &mut Flights, past: &Mail<M>, then: &Flights) {
        self.flights.truncate(past.flights.len());
        for (slot, content) in past.flights.iter().enumerate() {
            if self.flights.len() <= slot {
                self.flights.push(content.clone());
            } else if now[slot].number != then[slot].number {
                self.flights[slot] = content.clone();
            }
        }
        now.0.clone_from(&then.0);
    }

    /// The same for what has arrived, of which the beginning never changes.
    pub(super) fn return_delivered(
        &mut self,
        now: &mut Delivered,
        past: &Mail<M>,
        then: &Delivered,
    ) {
        let same = now.iter().zip(then.iter());
        let same = same.take_while(|(now, then)| now.number == then.number).count();
        self.delivered.truncate(same);
        self.delivered.extend(past.delivered.iter().skip(same).cloned());
        now.0.truncate(same);
        now.0.extend(then.iter().skip(same));
    }
}
