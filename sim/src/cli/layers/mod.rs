//! Settings: flags of `fuzz` that were not typed.
//!
//! What stands in the environment or in `raft-sim.toml` is put behind what was typed, as flags, and
//! all of it is read as one line. So a setting can say whatever a flag can, and nothing else; it is
//! checked as a flag is; and the line that a campaign prints carries it.
//!
//! A flag that was typed counts more than the environment, and that more than the file; there, a
//! section counts more than the one it inherits from. Other commands take no settings: they do what
//! their line says, wherever it is typed.

mod file;
mod print;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches};

use super::error::{CliError, Exit};
use super::shard::SHARDS;
use super::{Arguments, environment};
use crate::language::file_error::FileError;
use crate::language::text::{did_you_mean, quoted, suggest};

/// The command that takes settings.
const COMMAND: &str = "fuzz";
/// Its flags that are none: they say where settings come from, or ask something.
const NO_SETTINGS: &[&str] = &["settings", "print-config", "resume", "help", "version"];

/// What to do about a value that somebody else has set.
const ORIGINS: &str = "`fuzz --print-config` says where each value comes from";

/// A file of settings.
#[derive(PartialEq, Eq, Debug)]
struct Source {
    path: PathBuf,
    text: String,
}

/// Where a value comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Origin {
    Variable(String),
    File { source: Arc<Source>, section: String, byte: usize, width: usize },
}

/// What a setting says.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Value {
    /// The flag stands there, or does not although a layer below has it.
    Switch(bool),
    One(String),
    Many(Vec<String>),
}

/// A flag that was not typed.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Setting {
    flag: String,
    value: Value,
    origin: Origin,
}

/// What is not on the command line.
#[derive(Default)]
pub(super) struct Layers {
    taken: BTreeMap<String, Setting>,
    /// Everything as clap has read it; `None` of a command without settings.
    all: Option<ArgMatches>,
}

/// What the arguments say, with all settings.
pub(super) fn complete(line: Vec<OsString>) -> Result<(Arguments, Layers), CliError> {
    let mut command = Arguments::command();
    command.build();
    let matches = command.clone().get_matches_from(&line);
    let args = Arguments::from_arg_matches(&matches).map_err(|error| misfit(&error))?;
    let (Some(super::Command::Fuzz(typed_args)), Some((_, typed))) =
        (&args.command, matches.subcommand())
    else {
        return Ok((args, Layers::default()));
    };
    let fuzz = command.find_subcommand(COMMAND).expect("there is one");
    let folder = std::env::current_dir();
    let folder = folder.map_err(|error| CliError::unreadable(Path::new("."), &error))?;
    let variables = of_environment(fuzz, &environment::ours())?;
    let wanted = typed_args.section.clone();
    let wanted = wanted.or_else(|| environment::variable(&variable_of("settings")));
    let mut layers = vec![variables];
    layers.extend(file::layers(fuzz, &folder, wanted.as_deref())?);
    let taken = choose(fuzz, typed, layers)?;
    let line = with(line, taken.values().filter_map(|setting| setting.typed(fuzz)));
    let mut matches = command.try_get_matches_from(line).map_err(|error| misfit(&error))?;
    let all = matches.subcommand_matches(COMMAND).cloned();
    let args = Arguments::from_arg_matches_mut(&mut matches).map_err(|error| misfit(&error))?;
    Ok((args, Layers { taken, all }))
}

/// The settings that count: of each flag the uppermost, unless one above it excludes it.
fn choose(
    fuzz: &Command,
    typed: &ArgMatches,
    layers: Vec<Vec<Setting>>,
) -> Result<BTreeMap<String, Setting>, CliError> {
    let is_typed =
        |arg: &&Arg| typed.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine);
    // What is decided above, and of that what excludes others.
    let mut decided: Vec<&Arg> = fuzz.get_arguments().filter(is_typed).collect();
    let mut given = decided.clone();
    let mut taken = BTreeMap::new();
    for layer in layers {
        let mut here: Vec<(&Arg, Setting)> = Vec::new();
        for setting in layer {
            let arg = setting.arg(fuzz);
            if decided.contains(&arg) || given.iter().any(|above| excludes(fuzz, above, arg)) {
                continue;
            }
            let other = here.iter().find(|(other, before)| {
                before.is_on() && setting.is_on() && excludes(fuzz, other, arg)
            });
            if let Some((_, other)) = other {
                let message = format!("`{}` does not go with `{}`", setting.flag, other.flag);
                return Err(setting.complain(&message, Some("leave one of them out".to_owned())));
            }
            here.push((arg, setting));
        }
        for (arg, setting) in here {
            decided.push(arg);
            if setting.is_on() {
                given.push(arg);
            }
            taken.insert(setting.flag.clone(), setting);
        }
    }
    Ok(taken)
}

/// Whether two flags cannot stand on one line.
fn excludes(command: &Command, one: &Arg, other: &Arg) -> bool {
    command.get_arg_conflicts_with(one).contains(&other)
        || command.get_arg_conflicts_with(other).contains(&one)
}

/// The line with more flags behind it.
fn with(mut line: Vec<OsString>, flags: impl Iterator<Item = String>) -> Vec<OsString> {
    let end = line.iter().position(|word| word == "--").unwrap_or(line.len());
    line.splice(end..end, flags.map(OsString::from));
    line
}

/// The flags that can be set.
fn settable(fuzz: &Command) -> impl Iterator<Item = &Arg> {
    let is_flag = |arg: &&Arg| arg.get_long().is_some_and(|flag| !NO_SETTINGS.contains(&flag));
    fuzz.get_arguments().filter(is_flag)
}

fn find<'a>(fuzz: &'a Command, flag: &str) -> Option<&'a Arg> {
    settable(fuzz).find(|arg| arg.get_long() == Some(flag))
}

fn is_switch(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::SetTrue)
}

/// `max-failures` is `RAFT_SIM_MAX_FAILURES`.
fn variable_of(flag: &str) -> String {
    format!("{}{}", environment::OURS, flag.to_uppercase().replace('-', "_"))
}

fn of_environment(
    fuzz: &Command,
    variables: &[(String, String)],
) -> Result<Vec<Setting>, CliError> {
    let others = [SHARDS.to_owned(), variable_of("settings")];
    let mut settings = Vec::new();
    for (name, text) in variables.iter().filter(|(name, _)| !others.contains(name)) {
        let arg = settable(fuzz).find(|arg| variable_of(flag_of(arg)) == *name);
        let arg = arg.ok_or_else(|| {
            let names: Vec<String> =
                settable(fuzz).map(|arg| variable_of(flag_of(arg))).chain(others.clone()).collect();
            CliError::usage(format!("{name} is set, and there is no such setting"))
                .hint_if(suggest(name, names.iter().map(String::as_str)).map(did_you_mean))
                .hint(format!("every flag of `{COMMAND}` has one: {}", variable_of("max-failures")))
        })?;
        let value = match (is_switch(arg), text.as_str()) {
            (true, "0" | "false" | "no" | "off") => Value::Switch(false),
            (true, "1" | "true" | "yes" | "on") => Value::Switch(true),
            (true, _) => {
                let message =
                    format!("{name} is {}, which is neither true nor false", quoted(text));
                return Err(CliError::usage(message));
            }
            (false, text) => Value::One(text.to_owned()),
        };
        let origin = Origin::Variable(name.clone());
        let setting = Setting { flag: flag_of(arg).to_owned(), value, origin };
        setting.check(fuzz)?;
        settings.push(setting);
    }
    Ok(settings)
}

fn flag_of(arg: &Arg) -> &str {
    arg.get_long().expect("settings are flags")
}

impl Setting {
    fn arg<'a>(&self, fuzz: &'a Command) -> &'a Arg {
        find(fuzz, &self.flag).expect("it was looked up when it was read")
    }

    fn is_on(&self) -> bool {
        self.value != Value::Switch(false)
    }

    /// As it would be typed, if it would be.
    fn typed(&self, fuzz: &Command) -> Option<String> {
        let flag = format!("--{}", self.flag);
        match &self.value {
            Value::Switch(false) => None,
            Value::Switch(true) => Some(flag),
            Value::One(text) => Some(format!("{flag}={text}")),
            Value::Many(texts) => {
                let between = self.arg(fuzz).get_value_delimiter().unwrap_or(',');
                Some(format!("{flag}={}", texts.join(&between.to_string())))
            }
        }
    }

    /// Refuses a value that the flag would not take.
    fn check(&self, fuzz: &Command) -> Result<(), CliError> {
        let Some(typed) = self.typed(fuzz) else { return Ok(()) };
        let line = ["raft-sim", COMMAND, &typed];
        match Arguments::command().try_get_matches_from(line) {
            Err(error) if is_about_a_value(error.kind()) => {
                let (message, hint) = words(&error);
                Err(self.complain(&message, hint))
            }
            _ => Ok(()),
        }
    }

    /// An error that shows where the setting stands.
    fn complain(&self, message: &str, hint: Option<String>) -> CliError {
        match &self.origin {
            Origin::Variable(name) => CliError::usage(format!("{name}: {message}")).hint_if(hint),
            Origin::File { source, byte, width, .. } => {
                let error = FileError::at(&source.path, &source.text, *byte, *width, message);
                CliError::from(FileError { hint, ..error })
            }
        }
    }

    /// Whether the text has this value in quotes.
    fn is_named_in(&self, text: &str) -> bool {
        let values = match &self.value {
            Value::Switch(_) => Vec::new(),
            Value::One(value) => value.split(',').collect(),
            Value::Many(values) => values.iter().map(String::as_str).collect(),
        };
        values.iter().any(|value| text.contains(&quoted(value)))
    }
}

impl Layers {
    /// Says of an error where the wrong word stands, if nobody typed it.
    pub(super) fn explain(&self, error: CliError) -> CliError {
        let named = self.taken.values().filter(|setting| setting.is_named_in(&error.message));
        let hints: Vec<String> =
            named.map(|it| format!("--{} comes from {}", it.flag, it.origin)).collect();
        if hints.is_empty() && !self.taken.is_empty() && error.kind == Exit::Usage {
            return error.hint(ORIGINS);
        }
        hints.into_iter().fold(error, CliError::hint)
    }

    /// What was not typed and counts, in few words; `None` if there is nothing.
    pub(super) fn summary(&self) -> Option<String> {
        let mut places: Vec<String> = Vec::new();
        for setting in self.taken.values() {
            let place = match &setting.origin {
                Origin::Variable(name) => name.clone(),
                Origin::File { source, section, .. } => {
                    format!("[{section}] of {}", source.path.display())
                }
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        (!places.is_empty()).then(|| places.join(", "))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Variable(name) => f.write_str(name),
            Origin::File { source, section, byte, .. } => {
                let line = source.text[..*byte].matches('\n').count() + 1;
                write!(f, "{}:{line} [{section}]", source.path.display())
            }
        }
    }
}

fn is_about_a_value(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidValue
            | ErrorKind::ValueValidation
            | ErrorKind::WrongNumberOfValues
            | ErrorKind::TooManyValues
            | ErrorKind::InvalidUtf8
            | ErrorKind::NoEquals
    )
}

/// Flags and settings that do not go together.
fn misfit(error: &clap::Error) -> CliError {
    let (message, hint) = words(error);
    CliError::usage(message).hint_if(hint).hint(ORIGINS)
}

/// What clap says, and what it adds.
pub(super) fn words(error: &clap::Error) -> (String, Option<String>) {
    let text = error.render().to_string();
    let text = text.trim_start_matches("error: ").split("\n\nUsage").next().unwrap_or_default();
    let text = text.split("\n\nFor more").next().unwrap_or_default();
    let (message, more) = text.split_once('\n').unwrap_or((text, ""));
    let more: Vec<&str> = more.split_whitespace().collect();
    (message.to_owned(), Some(more.join(" ")).filter(|more| !more.is_empty()))
}
