//! Writes now and then what a campaign knows, so that little is lost to a kill.

use super::super::progress::Progress;
use super::teller::Teller;
use crate::language::version::TOOL;
use crate::report::checkpoint::Checkpoint;
use crate::search::campaign::clock::Stopwatch;
use crate::search::campaign::{Campaign, Watcher};

/// Between two times of writing.
const PAUSE_MS: u64 = 2_000;

/// See the head of this file.
pub(super) struct Books<'a, 'b> {
    pub(super) teller: &'a Teller<'a>,
    pub(super) progress: &'b mut Progress<'a>,
    /// The flags that make the same campaign; none if it cannot go on after a kill.
    pub(super) flags: Option<Vec<String>>,
    pub(super) clock: Clock,
    /// When to write next.
    pub(super) next_ms: u64,
    /// Classes of failure that are written.
    pub(super) classes: usize,
}

/// The wall time of a campaign, over all its lives.
#[derive(Copy, Clone)]
pub(super) struct Clock {
    pub(super) stopwatch: Stopwatch,
    /// What its earlier lives have spent.
    pub(super) before_ms: u64,
}

impl Clock {
    pub(super) fn wall_ms(&self) -> u64 {
        self.before_ms + self.stopwatch.wall_ms()
    }
}

impl Books<'_, '_> {
    /// Writes everything, as if the campaign ended here.
    pub(super) fn write(&mut self, campaign: &Campaign) {
        let wall_ms = self.clock.wall_ms();
        self.classes = campaign.failures.len();
        self.next_ms = wall_ms + PAUSE_MS;
        self.teller.write_partial_report(campaign, wall_ms);
        if let Some(flags) = self.flags.clone() {
            let version = TOOL.to_owned();
            let campaign = campaign.clone();
            let checkpoint = Checkpoint { version, flags, wall_ms, campaign };
            self.teller.write(&self.teller.place.checkpoint(), &checkpoint.to_text());
        }
    }
}

impl Watcher for Books<'_, '_> {
    fn progress(&mut self, campaign: &Campaign) {
        self.progress.progress(campaign);
        if self.next_ms <= self.clock.wall_ms() || self.classes < campaign.failures.len() {
            self.write(campaign);
        }
    }
}
