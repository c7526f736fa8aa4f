//! `replay --html`: one run as a page of one file.

use std::path::Path;

use super::{Teller, cut_at};
use crate::cli::error::CliError;
use crate::cli::input::{self, Input};
use crate::report::files::write_whole;
use crate::report::page::start::Opened;
use crate::report::page::whole::whole;

impl Teller<'_> {
    /// Writes the page, and says where.
    pub(super) fn page(&self, file: &Path) -> Result<(), CliError> {
        let [what] = self.args.what.as_slice() else {
            return Err(CliError::usage("--html is a page of one run").hint("name one run"));
        };
        let mut opened = self.opened(what)?;
        if let Some(until) = self.args.until {
            let length = cut_at(until, opened.script.steps())?;
            opened.script = opened.script.until(length);
        }
        write_whole(file, &whole(&opened, &self.chosen.selection))
            .map_err(|error| CliError::unwritable(file, &error))?;
        self.app.console.talk(&format!("page     {}", file.display()));
        Ok(())
    }

    /// What is to be seen on it.
    fn opened(&self, what: &str) -> Result<Opened<'_>, CliError> {
        match input::read(self.app, what, self.args.settings.target.as_deref())? {
            Input::Seed(seed) => {
                let target = self.chosen.target;
                let run = target.run(&self.chosen.draw(seed)?, &self.chosen.selection);
                let length = run.failures.first().map_or(run.steps(), |first| first.actions);
                Ok(Opened {
                    mode: "explore",
                    name: format!("{seed:#x}"),
                    target,
                    script: run.script(length),
                    invariant: None,
                    one_minimal: false,
                    command: &self.app.prefix,
                })
            }
            Input::File(file) => {
                self.refuse_seed_settings()?;
                file.opened(self.app)
            }
        }
    }
}
