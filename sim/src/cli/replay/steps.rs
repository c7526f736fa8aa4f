//! Every step of one run, for programs: `raft-sim-trace/1`, or a log for ShiViz.

use super::{Format, Teller, cut_at};
use crate::cli::error::{CliError, Exit};
use crate::cli::input::{self, Input};
use crate::report::shiviz::shiviz;
use crate::report::trace::Recording;
use crate::run::Watched;

impl Teller<'_> {
    /// One run for programs, from its beginning to its end.
    pub(super) fn trace(&self, what: &str) -> Result<Exit, CliError> {
        let selection = &self.chosen.selection;
        let (target, mut script) =
            match input::read(self.app, what, self.args.settings.target.as_deref())? {
                Input::Seed(seed) => {
                    let run = self.chosen.target.run(&self.chosen.draw(seed)?, selection);
                    (self.chosen.target, run.whole())
                }
                Input::File(file) => {
                    self.refuse_seed_settings()?;
                    (file.target, file.script(self.app)?)
                }
            };
        if let Some(until) = self.args.until {
            let length = cut_at(until, script.steps())?;
            script = script.until(length);
        }
        let watched = Watched { script: &script, times_us: &[], then: None };
        let recording = Recording::take(target, &watched, selection);
        self.app.console.out(&match self.args.format {
            Format::Shiviz => shiviz(&recording),
            _ => recording.to_json(),
        });
        Ok(if recording.violations.is_empty() { Exit::Passed } else { Exit::Violation })
    }
}
