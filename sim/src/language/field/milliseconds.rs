//! A time, `250ms`.

use std::fmt;

use proptest::prelude::*;

use super::{Cast, Field, Line};
use crate::language::hash::Hasher;
use crate::language::text::ParseError;

/// A time: `250ms`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Milliseconds(pub u32);

impl Field for Milliseconds {
    const FORM: &'static str = "TIME";
    const MEANING: &'static str = "A whole number of milliseconds, such as 250ms.";

    fn read(line: &mut Line<'_>) -> Result<Self, ParseError> {
        let token = line.cursor.take();
        let what = "a time such as 250ms";
        let digits = token.text.strip_suffix("ms");
        let digits = digits.ok_or_else(|| line.cursor.expected(what, &token))?;
        line.cursor.number(&token, digits, what, 0..=u32::MAX).map(Milliseconds)
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {}ms", self.0)
    }

    fn head(&self, before: u64) -> u64 {
        before
    }

    fn tail(&self, hasher: &mut Hasher) {
        hasher.add(u64::from(self.0));
    }

    fn plainness(&self) -> u64 {
        u64::from(self.0)
    }

    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>> {
        let time = if cast.wild { any::<u32>().boxed() } else { (1u32..=500).boxed() };
        Some(time.prop_map(Milliseconds).boxed())
    }
}
