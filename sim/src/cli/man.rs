//! `raft-sim man`: the pages of the manual.

use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use super::error::{CliError, Exit};
use super::{App, Arguments};
use crate::language::text::{did_you_mean, quoted, suggest};
use crate::report::files::write_whole;

/// Print a page of the manual, or write all of them
#[derive(Args)]
#[command(after_help = "\
Examples:
  raft-sim man | man -l -                  the first page
  raft-sim man fuzz > raft-sim-fuzz.1      the page of a command
  raft-sim man --out ~/.local/share/man/man1")]
pub(super) struct ManArgs {
    /// Which command's page [default: the first one]
    command: Option<String>,
    /// Folder for all pages
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out: Option<PathBuf>,
}

pub(super) fn run(app: &App, args: &ManArgs) -> Result<Exit, CliError> {
    let mut whole = Arguments::command().name(app.program.clone());
    whole.build();
    if let Some(folder) = &args.out {
        write(folder, &whole)?;
        for command in whole.get_subcommands() {
            write(folder, command)?;
        }
        return Ok(Exit::Passed);
    }
    let command = match &args.command {
        None => &whole,
        Some(name) => whole.find_subcommand(name).ok_or_else(|| {
            let known = whole.get_subcommands().map(Command::get_name);
            CliError::usage(format!("there is no command {}", quoted(name)))
                .hint_if(suggest(name, known).map(did_you_mean))
        })?,
    };
    app.console.out(&page(command));
    Ok(Exit::Passed)
}

fn write(folder: &Path, command: &Command) -> Result<(), CliError> {
    let path = folder.join(format!("{}.1", name(command)));
    write_whole(&path, &page(command)).map_err(|error| CliError::unwritable(&path, &error))
}

/// `raft-sim-fuzz`
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(command: &Command) -> String {
    let mut page = Vec::new();
    let man = Man::new(command.clone().name(name(command).to_owned()));
    man.render(&mut page).expect("a list of bytes takes everything");
    String::from_utf8(page).expect("the manual is text")
}
