//! What an invariant is: a static description with judges that have no memory of their own.

use std::fmt;

pub use crate::bench::{Judge, Judgement};
pub use crate::reveals::Need;

/// How deep a promise lies. An alarm at a low level says that a rule was broken; whether it does
/// harm shows when a higher one follows in the same run.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// The simulated node or its adapter does not behave like one.
    Harness,
    /// What a healed cluster must achieve, see [`progress`](crate::progress).
    Progress,
    /// A step of the proof: local, and broken long before anything bad can be seen.
    Lemma,
    /// What must be on disk before something may be said or done.
    Durability,
    /// What follows from the properties of Figure 3 over the whole history.
    History,
    /// The properties of Figure 3.
    Paper,
    /// What a client can see.
    Client,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Harness => "harness",
            Level::Progress => "progress",
            Level::Lemma => "lemma",
            Level::Durability => "durability",
            Level::History => "history",
            Level::Paper => "paper",
            Level::Client => "client",
        })
    }
}

/// A property that must hold after every step.
pub struct Invariant {
    /// Short name of its group and number: `A1`.
    pub id: &'static str,
    /// Its name, stable for ever: `ElectionSafety`.
    pub name: &'static str,
    /// How deep it lies.
    pub level: Level,
    /// One sentence.
    pub statement: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Why it must hold, what it does not flag on purpose, and an example of a violation.
    pub explain: &'static str,
    /// What it must see of a guest to judge it.
    pub needs: &'static [Need],
    /// Who judges it, and when; nobody where a [`Monitor`](crate::progress::Monitor) does.
    pub judges: &'static [Judge],
}

impl fmt::Debug for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.name)
    }
}

impl PartialEq for Invariant {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Invariant {}
