//! How the corpus of a guided campaign grew, for reports.

/// How a corpus grew.
#[derive(Clone, Debug, Default)]
pub struct Growth {
    /// Scripts that the campaign began with.
    pub loaded: u64,
    /// After each doubling of the runs.
    pub marks: Vec<Mark>,
    /// Now.
    pub now: Mark,
}

/// How large a corpus was at some time.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Mark {
    /// Runs done then.
    pub runs: u64,
    /// Scripts in the corpus.
    pub scripts: u64,
    /// Abstract states reached.
    pub states: u64,
}

impl Growth {
    /// The corpus is this large now.
    pub fn mark(&mut self, now: Mark) {
        self.now = now;
        let last = self.marks.last().map_or(0, |mark| mark.runs);
        if 2 * last <= now.runs {
            self.marks.push(now);
        }
    }
}
