//! Writes now and then what a campaign knows, so that little is lost to a kill.

use super::super::progress::Progress;
use super::invocation::Around;
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
    /// What the same command line asks for beside it.
    pub(super) around: Around,
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
        let Teller { args, chosen, plan, place, .. } = self.teller;
        let Around { over, to_come } = self.around.clone();
        // What a run of a guided campaign does depends on all runs before it, and the corpus is too
        // large to be written again and again: such a campaign goes on from its beginning.
        let (wall_ms, campaign) =
            if chosen.is_guided { (0, Campaign::begin()) } else { (wall_ms, campaign.clone()) };
        let (version, flags) = (TOOL.to_owned(), args.flags(chosen, plan));
        let checkpoint = Checkpoint { version, flags, over, to_come, wall_ms, campaign };
        self.teller.write(&place.checkpoint(), &checkpoint.to_text());
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
