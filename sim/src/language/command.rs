//! What clients write, `x=3`, as the number by which logs and judges know it: the only place that
//! knows both.

use std::fmt;

use crate::node::Command;

/// A client writes a value to a key.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Assignment {
    /// The key, from 0 for `a`.
    pub key: u8,
    /// The value.
    pub value: u32,
    /// How often this value was written to this key before, at most [`Assignment::BEFORE_MAX`]: it
    /// makes every command of a run another one.
    pub before: u32,
}

const VALUE_BITS: u32 = 32;
const KEY_BITS: u32 = 8;

impl Assignment {
    /// More than any run has steps.
    pub const BEFORE_MAX: u32 = (1 << (u64::BITS - VALUE_BITS - KEY_BITS)) - 1;

    /// The number that names it.
    pub fn command(self) -> Command {
        let Assignment { key, value, before } = self;
        assert!(before <= Assignment::BEFORE_MAX, "nobody writes a value that often");
        let before_and_key = u64::from(before) << KEY_BITS | u64::from(key);
        Command(before_and_key << VALUE_BITS | u64::from(value))
    }

    /// What a number names.
    pub const fn of(command: Command) -> Self {
        let Command(number) = command;
        Assignment {
            key: (number >> VALUE_BITS) as u8,
            value: number as u32,
            before: (number >> (VALUE_BITS + KEY_BITS)) as u32,
        }
    }
}

/// `x=3`, with a prime for each time it was written before; from the fifth on with their number,
/// `x=3'4`.
impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = char::from(b'a' + self.key % 26);
        write!(f, "{key}={}", self.value)?;
        match self.before {
            few @ 0..=3 => f.write_str(&"'".repeat(few as usize)),
            many => write!(f, "'{many}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_write_is_another_command_and_comes_back() {
        for before in [0, 1, 15, 16, 17, 255, 256, Assignment::BEFORE_MAX] {
            for (key, value) in [(0, 0), (23, 3), (25, u32::MAX)] {
                let written = Assignment { key, value, before };
                assert_eq!(Assignment::of(written.command()), written);
            }
        }
    }

    #[test]
    fn a_number_means_the_same_for_ever() {
        let written = Assignment { key: 23, value: 3, before: 2 };
        assert_eq!(written.command(), Command(2 << 40 | 23 << 32 | 3));
    }

    #[test]
    fn the_seventeenth_write_of_a_value_is_told_apart() {
        let said = |before| Assignment { key: 23, value: 3, before }.to_string();
        assert_eq!([0, 1, 3, 4, 16].map(said), ["x=3", "x=3'", "x=3'''", "x=3'4", "x=3'16"]);
    }
}
