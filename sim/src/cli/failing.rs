//! Failing runs as people hand them in, to be minimized or explained: what fails, and how.

use std::collections::BTreeMap;

use clap::Parser;

use super::App;
use super::error::CliError;
use super::input::{self, File, Input};
use super::settings::SettingsArgs;
use crate::language::repro::{Expect, Found, Repro, Verdict};
use crate::language::script::Script;
use crate::run::{Class, Failure, Run};
use crate::schedule::config::Settings;
use crate::search::target::Target;

/// A failing script, and what is known about it.
pub(super) struct Failing<'a> {
    pub(super) target: &'a dyn Target,
    pub(super) script: Script,
    pub(super) class: Class,
    /// What the campaign was allowed in which it was found, as far as that is known.
    pub(super) settings: Settings,
    /// What was kept with it, or where it comes from.
    pub(super) repro: Repro,
}

/// Reads a seed or a file and runs it; `None` if it does not fail.
pub(super) fn read<'a>(
    app: &'a App,
    what: &str,
    settings: &SettingsArgs,
) -> Result<Option<Failing<'a>>, CliError> {
    match input::read(app, what, settings.target.as_deref())? {
        Input::Seed(seed) => of_seed(app, settings, seed),
        Input::File(file) => of_file(app, settings, *file),
    }
}

fn of_seed<'a>(
    app: &'a App,
    settings: &SettingsArgs,
    seed: u64,
) -> Result<Option<Failing<'a>>, CliError> {
    let chosen = settings.choose(app)?;
    let target = chosen.target;
    let config = chosen.draw(seed)?;
    let run = target.run(&config, &chosen.selection);
    let Some(failure) = gravest(&run) else { return Ok(None) };
    let script = run.script(failure.actions);
    let words = chosen.settings.words();
    let found = Found::now(seed, config.scheduler.name, target.version(), &words);
    let repro = Repro {
        title: None,
        issue: None,
        target: target.name().to_owned(),
        expect: expect(&failure.class(), &run, &script),
        found: Some(found),
        one_minimal: None,
        script: script.clone(),
        why: BTreeMap::new(),
    };
    let (class, settings) = (failure.class(), chosen.settings);
    Ok(Some(Failing { target, script, class, settings, repro }))
}

fn of_file<'a>(
    app: &App,
    settings: &SettingsArgs,
    file: File<'a>,
) -> Result<Option<Failing<'a>>, CliError> {
    let selection = settings.judges().choose()?;
    let (script, run) = file.run(app, &selection)?;
    let expected = file.repro.as_ref().and_then(|repro| repro.expect.invariant.as_deref());
    let named = run.failures.iter().find(|it| Some(it.violation.invariant.name) == expected);
    let Some(failure) = named.or_else(|| gravest(&run)).or_else(|| run.failure()) else {
        return Ok(None);
    };
    let class = failure.class();
    let found = file.repro.as_ref().and_then(|repro| repro.found.as_ref());
    let words = found.and_then(|found| found.settings.as_deref()).unwrap_or_default();
    let settings = if settings.concern_seeds() { settings.clone() } else { parsed(words) };
    let settings = settings.choose(app)?.settings;
    let repro = Repro {
        title: file.repro.as_ref().and_then(|repro| repro.title.clone()),
        issue: file.repro.as_ref().and_then(|repro| repro.issue.clone()),
        target: file.target.name().to_owned(),
        expect: expect(&class, &run, &script),
        found: file.repro.and_then(|repro| repro.found),
        one_minimal: None,
        script: script.clone(),
        why: BTreeMap::new(),
    };
    Ok(Some(Failing { target: file.target, script, class, settings, repro }))
}

/// The flags that a file has kept; none if they are of another version.
fn parsed(words: &str) -> SettingsArgs {
    #[derive(Parser)]
    #[command(no_binary_name = true)]
    struct Kept {
        #[command(flatten)]
        settings: SettingsArgs,
    }
    let kept = Kept::try_parse_from(words.split_whitespace());
    kept.map_or_else(|_| parsed(""), |kept| kept.settings)
}

/// What a run is reported for: a lemma only if nothing graver follows.
fn gravest(run: &Run) -> Option<&Failure> {
    run.alarms().last().copied()
}

/// What a file must say of this run.
pub(super) fn expect(class: &Class, run: &Run, script: &Script) -> Expect {
    Expect {
        outcome: Verdict::Violation,
        invariant: Some(class.invariant.to_owned()),
        place: class.place.clone(),
        actions: Some(script.steps() as u32),
        hash: Some(run.hash),
    }
}

/// Nothing can be said of a run that comes out differently each time.
pub(super) fn fails_only_sometimes(what: &str, class: &Class) -> CliError {
    let message = format!("{what} fails with {} only sometimes", class.invariant);
    let hint = "the target is not deterministic: a clock, a random number, a thread or the order \
                of a hash map has decided something";
    let error = CliError::usage(message).hint(hint);
    CliError { kind: super::error::Exit::NotDeterministic, ..error }
}
