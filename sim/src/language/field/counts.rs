//! Numbers of writes: those that survive, `keep 1`, and those that are lost, `2`.

use std::fmt;

use proptest::prelude::*;

use super::{Cast, Field, Line};
use crate::language::text::ParseError;

/// How many of the queued writes survive, the oldest: `keep 1`, or nothing at all for none.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Keep(pub u16);

/// How many durable writes, the newest.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Writes(pub u16);

impl Field for Keep {
    const FORM: &'static str = "[keep N]";
    const MEANING: &'static str = "Of the writes that are queued at the disk the first N survive; \
        without it, none does.";

    fn read(line: &mut Line<'_>) -> Result<Self, ParseError> {
        match line.cursor.peek().text {
            "" => Ok(Keep(0)),
            "keep" => {
                line.cursor.take();
                count(line).map(Keep)
            }
            _ => {
                let found = line.cursor.peek();
                Err(line.cursor.expected("`keep` or the end of the line", &found))
            }
        }
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 { Ok(()) } else { write!(f, " keep {}", self.0) }
    }

    fn head(&self, before: u64) -> u64 {
        u64::from(self.0) << 8 | before
    }

    fn plainness(&self) -> u64 {
        u64::from(self.0)
    }

    fn plainer(&self, _: u32) -> Vec<Self> {
        std::iter::once(Keep(0)).chain(self.0.checked_sub(1).map(Keep)).collect()
    }

    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>> {
        let few = prop_oneof![3 => Just(0), 2 => 1u16..=3];
        let count = if cast.wild { any::<u16>().boxed() } else { few.boxed() };
        Some(count.prop_map(Keep).boxed())
    }
}

impl Field for Writes {
    const FORM: &'static str = "N";
    const MEANING: &'static str = "";

    fn read(line: &mut Line<'_>) -> Result<Self, ParseError> {
        count(line).map(Writes)
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}", self.0)
    }

    fn head(&self, before: u64) -> u64 {
        u64::from(self.0) << 8 | before
    }

    fn plainness(&self) -> u64 {
        u64::from(self.0)
    }

    fn plainer(&self, _: u32) -> Vec<Self> {
        vec![Writes(1)]
    }

    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>> {
        let count = if cast.wild { any::<u16>().boxed() } else { (1u16..=3).boxed() };
        Some(count.prop_map(Writes).boxed())
    }
}

fn count(line: &mut Line<'_>) -> Result<u16, ParseError> {
    let token = line.cursor.take();
    let range = 0..=u32::from(u16::MAX);
    line.cursor.number(&token, token.text, "a number of writes", range).map(|count| count as u16)
}
