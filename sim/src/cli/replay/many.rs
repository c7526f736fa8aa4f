//! Many runs at once, a line for each.

use std::path::Path;

use super::Teller;
use crate::cli::error::{CliError, Exit};
use crate::cli::input::{self, Input};
use crate::cli::outcome::{Outcome, gravest};
use crate::report::words::{counted, table};
use crate::run::Run;
use crate::search::target::Target;

impl Teller<'_> {
    /// A line for each; the gravest exit code wins.
    pub(super) fn many(&self, words: &[String]) -> Result<Exit, CliError> {
        self.refuse_seed_settings_without_seeds(words)?;
        let (mut exits, mut rows) = (Vec::new(), Vec::new());
        for word in each(words)? {
            self.one(&word, &mut exits, &mut rows);
        }
        self.app.console.out(&table(&rows, 2, self.app.console.look.width));
        let ok = exits.iter().filter(|&&exit| exit == Exit::Passed).count() as u64;
        let rest = exits.len() as u64 - ok;
        let rest = if rest == 0 { String::new() } else { format!(", {rest} not") };
        self.app
            .console
            .out(&format!("{}: {ok} as expected{rest}", counted(exits.len() as u64, "run")));
        Ok(gravest(&exits))
    }

    /// Runs one of many; an error is a row like any other.
    fn one(&self, word: &str, exits: &mut Vec<Exit>, rows: &mut Vec<Vec<String>>) {
        let outcome = self.seen(word).map_or_else(
            |error| {
                self.app.console.error(&error);
                Outcome { exit: error.kind, text: "see above".to_owned(), notes: Vec::new() }
            },
            |seen| seen.outcome,
        );
        exits.push(outcome.exit);
        let mark = match outcome.exit {
            Exit::Passed => "ok",
            Exit::Differs => "DIFF",
            Exit::Usage => "ERROR",
            _ => "FAIL",
        };
        rows.push(vec![mark.to_owned(), word.to_owned(), outcome.with_notes()]);
    }

    /// Runs one thing twice, and compares.
    pub(super) fn seen(&self, word: &str) -> Result<Seen<'_>, CliError> {
        let (target, selection) = (self.chosen.target, &self.chosen.selection);
        match input::read(self.app, word, self.args.settings.target.as_deref())? {
            Input::Seed(seed) => {
                let config = self.chosen.draw(seed)?;
                let run = target.run(&config, selection);
                let same = target.run(&config, selection).hash == run.hash;
                let outcome = if same {
                    Outcome::of(&run, None, false)
                } else {
                    Outcome::not_deterministic()
                };
                Ok(Seen { outcome, target, run })
            }
            Input::File(file) => {
                let target = file.target;
                let told = self.play(&file, &file.scenario).map_err(|it| it.error)?;
                Ok(Seen { outcome: told.outcome, target, run: told.played.run })
            }
        }
    }
}

/// A run, and what came of it.
pub(super) struct Seen<'a> {
    pub(super) outcome: Outcome,
    pub(super) target: &'a dyn Target,
    pub(super) run: Run,
}

/// The files of folders beside what else is named.
pub(super) fn each(words: &[String]) -> Result<Vec<String>, CliError> {
    let mut each = Vec::new();
    for word in words {
        let path = Path::new(word);
        if !path.is_dir() {
            each.push(word.clone());
            continue;
        }
        let runs = input::runs_in(path)?;
        if runs.is_empty() {
            let message = format!("there are no runs in {word}");
            return Err(CliError::usage(message).hint("runs are files .json and .txt"));
        }
        each.extend(runs.iter().map(|run| run.display().to_string()));
    }
    Ok(each)
}
