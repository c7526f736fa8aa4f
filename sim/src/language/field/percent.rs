//! How much faster than true time a clock runs, `+3%`.

use std::fmt;
use std::ops::RangeInclusive;

use proptest::prelude::*;

use super::{Cast, Field, Line};
use crate::language::text::{ParseError, clipped};

/// Percent by which a clock may run fast or slow.
pub const SKEW_PERCENT: RangeInclusive<i16> = -90..=900;

/// How much faster (slower, if negative) a clock runs than true time, within [`SKEW_PERCENT`].
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Percent(pub i16);

impl Field for Percent {
    const FORM: &'static str = "PERCENT";
    const MEANING: &'static str = "So much faster than true time, or slower if negative: -90% to \
        +900%.";

    fn read(line: &mut Line<'_>) -> Result<Self, ParseError> {
        let token = line.cursor.take();
        let what = "a percentage such as +3%";
        let cursor = &line.cursor;
        let signed = token.text.strip_suffix('%').ok_or_else(|| cursor.expected(what, &token))?;
        let digits = signed.strip_prefix(['+', '-']).unwrap_or(signed);
        let size = i64::from(cursor.number(&token, digits, what, 0..=u32::MAX)?);
        let size = if signed.starts_with('-') { -size } else { size };
        let within = i16::try_from(size).ok().filter(|percent| SKEW_PERCENT.contains(percent));
        within.map(Percent).ok_or_else(|| {
            let (slow, fast) = (SKEW_PERCENT.start(), SKEW_PERCENT.end());
            let message = format!("{} is out of range", clipped(token.text));
            cursor.error(&token, message, format!("a skew is from {slow:+}% to {fast:+}%"))
        })
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {:+}%", self.0)
    }

    fn head(&self, before: u64) -> u64 {
        u64::from(self.0.cast_unsigned()) << 8 | before
    }

    fn plainness(&self) -> u64 {
        u64::from(self.0.unsigned_abs())
    }

    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>> {
        let range = if cast.wild { SKEW_PERCENT } else { -10..=10 };
        Some(range.prop_map(Percent).boxed())
    }
}
