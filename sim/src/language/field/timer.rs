//! A timer. Nothing stands for it behind the verb: each timer has a verb of its own.

use std::fmt;

use proptest::prelude::*;

use super::{Cast, Field, Line};
use crate::language::text::ParseError;
use crate::node::Timer;

impl Field for Timer {
    const FORM: &'static str = "";
    const MEANING: &'static str = "";

    fn read(line: &mut Line<'_>) -> Result<Self, ParseError> {
        Ok(of(line.verb))
    }

    fn print(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    fn head(&self, before: u64) -> u64 {
        before << 8 | *self as u64
    }

    fn verb(&self) -> Option<&'static str> {
        Some(match self {
            Timer::Election => "timeout",
            Timer::Heartbeat => "heartbeat",
        })
    }

    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>> {
        Some(Just(of(cast.verb)).boxed())
    }
}

/// The timer that this verb lets fire.
fn of(verb: &str) -> Timer {
    let timer = Timer::ALL.into_iter().find(|timer| timer.verb() == Some(verb));
    timer.expect("verbs that let timers fire are those of timers")
}
