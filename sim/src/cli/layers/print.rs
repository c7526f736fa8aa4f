//! `--print-config`: every value and where it comes from, as a file that says the same.

use std::fmt::Write as _;

use clap::parser::ValueSource;
use clap::{Arg, CommandFactory};

use super::{COMMAND, Layers, flag_of, is_switch, settable};
use crate::cli::Arguments;

/// Where the comments begin.
const COLUMN: usize = 34;

impl Layers {
    /// Every setting with its origin, as a section of `raft-sim.toml`. Those that nobody has set are
    /// comments.
    pub(in crate::cli) fn print(&self) -> String {
        let mut command = Arguments::command();
        command.build();
        let fuzz = command.find_subcommand(COMMAND).expect("there is one");
        let mut text = String::from("[default]\n");
        for arg in settable(fuzz) {
            let value = self.value(arg).map_or_else(String::new, |value| format!(" = {value}"));
            let (mark, origin) = match self.origin(arg) {
                Some(origin) => ("", origin),
                None => ("# ", default(arg)),
            };
            let line = format!("{mark}{}{value}", flag_of(arg));
            let _ = writeln!(text, "{line:<COLUMN$}  # {origin}");
        }
        text
    }

    /// As TOML; `None` if it has none.
    fn value(&self, arg: &Arg) -> Option<String> {
        let all = self.all.as_ref()?;
        let id = arg.get_id().as_str();
        if is_switch(arg) {
            return Some(all.get_flag(id).to_string());
        }
        let words: Vec<String> =
            all.get_raw(id)?.map(|word| toml_word(&word.to_string_lossy())).collect();
        match words.as_slice() {
            [word] if arg.get_value_delimiter().is_none() => Some(word.clone()),
            words => Some(format!("[{}]", words.join(", "))),
        }
    }

    /// Who has set it; `None` if nobody has.
    fn origin(&self, arg: &Arg) -> Option<String> {
        let set = self.taken.get(flag_of(arg)).map(|setting| setting.origin.to_string());
        let source = self.all.as_ref()?.value_source(arg.get_id().as_str());
        let typed = source.filter(|source| *source == ValueSource::CommandLine);
        set.or_else(|| typed.map(|_| "command line".to_owned()))
    }
}

/// What the help text says happens then.
fn default(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let said = help.rsplit_once("[default: ").and_then(|(_, rest)| rest.strip_suffix(']'));
    said.map_or_else(|| "default".to_owned(), |said| format!("default: {said}"))
}

/// A word as TOML: whole numbers as they are, all else as a text.
fn toml_word(word: &str) -> String {
    let is_number = !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_digit())
        && (word == "0" || !word.starts_with('0'))
        && word.parse::<i64>().is_ok();
    if is_number {
        return word.to_owned();
    }
    let mut text = String::from("\"");
    for char in word.chars() {
        match char {
            '"' | '\\' => text.extend(['\\', char]),
            char if char.is_control() => {
                let _ = write!(text, "\\u{:04x}", u32::from(char));
            }
            char => text.push(char),
        }
    }
    text.push('"');
    text
}
