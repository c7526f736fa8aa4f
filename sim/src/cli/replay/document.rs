//! `replay --format json`: everything as one document.

use raft_invariants::Selection;

use super::super::error::{CliError, Exit};
use super::super::outcome::{Outcome, gravest};
use super::Teller;
use super::many::{Seen, each};
use crate::report::json::to_text;
use crate::report::replayed::{ReplayedReport, ReplayedRun, SeenReport};
use crate::run::Replay;

impl Teller<'_> {
    /// Everything as one document: of many runs what came of each, of one its story, too.
    pub(super) fn document(&self) -> Result<Exit, CliError> {
        if self.args.until.is_some() || self.args.state.is_some() {
            let message = "--until and --state look into a run, for people";
            return Err(CliError::usage(message).hint("leave them out, or leave out --format"));
        }
        let words = each(&self.args.what)?;
        self.refuse_seed_settings_without_seeds(&words)?;
        let (mut exits, mut runs) = (Vec::new(), Vec::new());
        for word in &words {
            match self.seen(word) {
                Ok(seen) => {
                    exits.push(seen.outcome.exit);
                    runs.push(seen.report(word, words.len() == 1, &self.chosen.selection));
                }
                Err(error) => {
                    self.app.console.error(&error);
                    exits.push(error.kind);
                    runs.push(Outcome::of_error(&error).report(word, None));
                }
            }
        }
        let exit = gravest(&exits);
        self.app.console.out(&to_text(&ReplayedReport::of(runs, exit as u8)));
        Ok(exit)
    }
}

impl Seen<'_> {
    fn report(self, word: &str, is_told: bool, selection: &Selection) -> ReplayedRun {
        let Seen { outcome, target, run } = self;
        let mut seen = SeenReport::of(target, &run);
        if is_told {
            let script = run.whole();
            seen = seen.told(target, &target.replay(&script, selection, Replay::STORY).0);
        }
        outcome.report(word, Some(seen))
    }
}
