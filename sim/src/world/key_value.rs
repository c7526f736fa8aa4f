//! The state machine that runs on every server: keys with values, as clients see them.
//!
//! Judges compare the machines of all servers after every entry, so a machine must not lose what
//! tells two pasts apart as soon as they part: each key remembers which command wrote it and how
//! many entries had been applied then, and entries that are no commands leave a hash behind. Two
//! equal machines that apply different entries are different machines; and so are two that have
//! applied a different number of entries.

use crate::language::command::Assignment;
use crate::language::hash::{Hasher, mix};
use crate::node::{Command, Payload};

/// The state of one server's machine.
#[derive(PartialEq, Eq, Debug)]
pub struct KeyValue {
    /// Entries applied.
    revision: u64,
    /// What was ever written, by key.
    cells: Vec<Cell>,
    /// Sum of the hashes of all cells, so that a hash of everything costs no look at everything.
    sum: u64,
    /// Hash of the entries that were no commands, in their order.
    others: u64,
    /// Hash of all that.
    hash: u64,
}

/// What a key holds.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Cell {
    /// The command that wrote it last; it says which key.
    command: Command,
    /// Entries applied then, that one included.
    revision: u64,
}

impl KeyValue {
    /// A machine that has applied nothing.
    pub const EMPTY: KeyValue =
        KeyValue { revision: 0, cells: Vec::new(), sum: 0, others: 0, hash: 0 };

    /// Applies an entry.
    pub fn apply(&mut self, payload: Payload) {
        self.revision += 1;
        if let Payload::Command(command) = payload {
            self.write(Cell { command, revision: self.revision });
        } else {
            self.others = Hasher::new().add(self.others).add_payload(payload).finish();
        }
        self.hash = Hasher::new().add(self.revision).add(self.sum).add(self.others).finish();
    }

    fn write(&mut self, cell: Cell) {
        self.sum = self.sum.wrapping_add(cell.hash());
        match self.cells.binary_search_by_key(&cell.key(), |cell| cell.key()) {
            Ok(place) => {
                let before = std::mem::replace(&mut self.cells[place], cell);
                self.sum = self.sum.wrapping_sub(before.hash());
            }
            Err(place) => self.cells.insert(place, cell),
        }
    }

    /// What each key that was ever written holds, in the order of keys.
    pub fn values(&self) -> impl Iterator<Item = Assignment> + '_ {
        self.cells.iter().map(|cell| Assignment::of(cell.command))
    }

    /// A hash of the whole state.
    pub const fn hash(&self) -> u64 {
        self.hash
    }
}

/// Search copies machines all the time: it does so in the room that is there.
impl Clone for KeyValue {
    fn clone(&self) -> Self {
        let KeyValue { revision, cells, sum, others, hash } = self;
        let (revision, sum, others, hash) = (*revision, *sum, *others, *hash);
        KeyValue { revision, cells: cells.clone(), sum, others, hash }
    }

    fn clone_from(&mut self, other: &Self) {
        let KeyValue { revision, cells, sum, others, hash } = other;
        (self.revision, self.sum, self.others, self.hash) = (*revision, *sum, *others, *hash);
        self.cells.clone_from(cells);
    }
}

impl Cell {
    const fn key(self) -> u8 {
        Assignment::of(self.command).key
    }

    /// Cells of different keys never hold the same command, so the key needs no mention.
    const fn hash(self) -> u64 {
        let Cell { command: Command(number), revision } = self;
        mix(mix(number).wrapping_add(revision))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn machine(payloads: &[Payload]) -> KeyValue {
        let mut machine = KeyValue::EMPTY;
        for &payload in payloads {
            machine.apply(payload);
        }
        machine
    }

    fn write(key: u8, value: u32) -> Payload {
        Payload::Command(Assignment { key, value, before: 0 }.command())
    }

    fn payload() -> impl Strategy<Value = Payload> {
        // Few, so that the same thing is often applied again.
        let command = (0..3_u8, 1..3_u32, 0..2_u32);
        prop_oneof![
            6 => command.prop_map(|(key, value, before)| {
                Payload::Command(Assignment { key, value, before }.command())
            }),
            1 => Just(Payload::NoOp),
            1 => (0..2_u64).prop_map(Payload::Other),
            1 => any::<u64>().prop_map(|number| Payload::Command(Command(number))),
        ]
    }

    proptest! {
        #[test]
        fn equal_machines_differ_after_different_entries(
            past in vec(payload(), 0..8),
            one in payload(),
            other in payload(),
        ) {
            let after = |payload| machine(&[&past[..], &[payload]].concat());
            let (one_state, other_state) = (after(one), after(other));
            prop_assert_eq!(one == other, one_state == other_state);
            prop_assert_eq!(one == other, one_state.hash() == other_state.hash());
        }

        #[test]
        fn a_hash_is_one_of_everything(
            one in vec(payload(), 0..8),
            other in vec(payload(), 0..8),
        ) {
            let (one, other) = (machine(&one), machine(&other));
            prop_assert_eq!(one == other, one.hash() == other.hash());
        }
    }

    #[test]
    fn a_copy_into_another_machine_is_one_of_everything() {
        let one = machine(&[write(23, 1), Payload::NoOp, write(0, 7)]);
        let mut other = machine(&[write(1, 1), write(2, 2), write(3, 3), Payload::Other(4)]);
        other.clone_from(&one);
        assert_eq!((&other, &one.clone()), (&one, &one));
    }

    #[test]
    fn the_last_write_counts() {
        let machine = machine(&[write(23, 1), Payload::NoOp, write(0, 7), write(23, 2)]);
        let values: Vec<String> = machine.values().map(|value| value.to_string()).collect();
        assert_eq!(values, ["a=7", "x=2"]);
    }

    #[test]
    fn an_entry_applied_twice_or_not_at_all_is_seen() {
        let (x, y, end) = (write(23, 1), write(24, 1), write(23, 2));
        let hash = |payloads: &[Payload]| machine(payloads).hash();
        assert_ne!(hash(&[x, y, end]), hash(&[x, x, y, end]));
        assert_ne!(hash(&[x, y, end]), hash(&[y, end]));
        assert_ne!(hash(&[x, y, end]), hash(&[x, Payload::NoOp, y, end]));
        assert_ne!(hash(&[x, y]), hash(&[y, x]));
    }
}
