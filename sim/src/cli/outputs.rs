//! Where reports go: one format to stdout, any others to files, and what GitHub wants where GitHub
//! wants it.

use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};

use super::App;
use super::environment::variable;
use super::error::CliError;
use crate::report::campaign::Report;
use crate::report::files::{append, try_whole, write_whole};
use crate::report::formats::{Told, WRITERS, Writer, github, markdown};
use crate::report::issue::issues;
use crate::report::look::Look;

/// A file, whose name GitHub hands to each step, for the summary of the job.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The flag that names a folder for issues.
const ISSUES: &str = "issues";

/// What to write, and where to.
#[derive(Clone)]
pub(super) struct Outputs {
    /// The format on stdout.
    pub(super) format: &'static Writer,
    /// The others.
    files: Vec<(&'static Writer, PathBuf)>,
    /// A folder for what a tracker is to be told.
    issues: Option<PathBuf>,
}

impl Outputs {
    /// Tries the files: whatever cannot be written had better be known now than after eight hours.
    pub(super) fn try_files(&self) -> Result<(), CliError> {
        let mut paths = self.files.iter().map(|(_, path)| path);
        paths.try_for_each(|path| tried(path))
    }

    /// Says what there is to tell, on stdout.
    pub(super) fn tell(&self, app: &App, told: &Told<'_>) {
        app.console.out(&(self.format.write)(told, app.console.look));
    }

    /// Says the end on stdout, and writes the files.
    pub(super) fn end(&self, app: &App, report: &Report) -> Result<(), CliError> {
        let told = &Told::End(report);
        self.tell(app, told);
        for (folder, issue) in self.issues.iter().flat_map(|folder| {
            issues(report, &app.prefix).into_iter().map(move |issue| (folder, issue))
        }) {
            let path = folder.join(issue.name);
            write_whole(&path, &issue.text).map_err(|error| CliError::unwritable(&path, &error))?;
        }
        for (writer, path) in &self.files {
            let text = (writer.write)(told, Look::default());
            write_whole(path, &text).map_err(|error| CliError::unwritable(path, &error))?;
        }
        if self.format.name != github::WRITER.name {
            return Ok(());
        }
        let Some(path) = variable(SUMMARY).map(PathBuf::from) else { return Ok(()) };
        let text = (markdown::WRITER.write)(told, Look::default());
        append(&path, &text).map_err(|error| CliError::unwritable(&path, &error))
    }
}

/// Tries a file that is to be written at the end.
pub(super) fn tried(path: &Path) -> Result<(), CliError> {
    try_whole(path).map_err(|error| CliError::unwritable(path, &error).hint("choose another file"))
}

/// Whether GitHub's runner reads our stdout, and no person.
fn is_read_by_github() -> bool {
    variable("GITHUB_ACTIONS").is_some_and(|value| value == "true") && !stdout().is_terminal()
}

/// Formats whose whole is one document: they can stand in a file of their own.
fn documents() -> impl Iterator<Item = &'static Writer> {
    WRITERS.iter().filter(|writer| writer.is_document)
}

impl Args for Outputs {
    fn augment_args(command: Command) -> Command {
        let choice = |writer: &'static Writer| PossibleValue::new(writer.name).help(writer.summary);
        let format = Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .help("How to write the result [in GitHub Actions: github]")
            .default_value(WRITERS[0].name)
            .value_parser(
                PossibleValuesParser::new(WRITERS.iter().map(choice)).map(|name| named(&name)),
            )
            .help_heading("Results");
        let issues = Arg::new(ISSUES)
            .long(ISSUES)
            .value_name("DIR")
            .help(
                "Write each new failure to a file of its own, too: Markdown, an issue of a tracker",
            )
            .value_parser(value_parser!(PathBuf))
            .hide_short_help(true)
            .help_heading("Results");
        documents().fold(command.arg(format).arg(issues), |command, writer| {
            let file = Arg::new(writer.name)
                .long(writer.name)
                .value_name("FILE")
                .help(format!("Write the result to a file, too: {}", writer.summary))
                .value_parser(value_parser!(PathBuf))
                .hide_short_help(true)
                .help_heading("Results");
            command.arg(file)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Outputs::augment_args(command)
    }
}

/// The format of that name.
fn named(name: &str) -> &'static Writer {
    let named = WRITERS.iter().find(|writer| writer.name == name);
    named.expect("the parser lets nothing else through")
}

impl FromArgMatches for Outputs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let is_default = matches.value_source("format") == Some(ValueSource::DefaultValue);
        let format = if is_default && is_read_by_github() {
            Some(&github::WRITER)
        } else {
            matches.get_one::<&'static Writer>("format").copied()
        };
        let file = |writer: &'static Writer| {
            matches.get_one::<PathBuf>(writer.name).map(|path| (writer, path.clone()))
        };
        Ok(Outputs {
            format: format.expect("it has a default"),
            files: documents().filter_map(file).collect(),
            issues: matches.get_one::<PathBuf>(ISSUES).cloned(),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Outputs::from_arg_matches(matches)?;
        Ok(())
    }
}
