//! Where words go: results to stdout, talk to stderr. The only place that prints.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use terminal_size::{Height, Width, terminal_size_of};

use super::environment::variable;
use super::error::{CliError, Exit};
use crate::report::look::{Look, WIDTH, harmless, in_ascii};

/// When to colour.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Nothing that could panic happens while the lock is held.
const UNBROKEN: &str = "nobody panics while holding it";

/// Both streams of the process.
pub(super) struct Console {
    /// How results are drawn.
    pub(super) look: Look,
    /// How talk is drawn.
    pub(super) talk_look: Look,
    /// ASCII only.
    ascii: bool,
    quiet: bool,
    /// Nobody reads our results any more (`| head`): say no more, and end as usual.
    closed: AtomicBool,
    failed: Mutex<Option<io::Error>>,
}

impl Console {
    pub(super) fn new(colour: Colour, ascii: bool, quiet: bool) -> Self {
        let look = |terminal, size: Option<(Width, Height)>| Look {
            colour: is_coloured(colour, terminal),
            width: size.map_or(WIDTH, |(Width(columns), _)| usize::from(columns).clamp(60, 200)),
        };
        Console {
            look: look(io::stdout().is_terminal(), terminal_size_of(io::stdout())),
            talk_look: look(io::stderr().is_terminal(), terminal_size_of(io::stderr())),
            ascii: ascii || !is_utf8(),
            quiet,
            closed: AtomicBool::new(false),
            failed: Mutex::new(None),
        }
    }

    /// Results: whole lines to stdout.
    pub(super) fn out(&self, text: &str) {
        if self.closed.load(Ordering::Relaxed) || text.is_empty() {
            return;
        }
        let mut stdout = io::stdout().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let text = self.drawn(text, self.look);
        let written = write!(stdout, "{text}{end}").and_then(|()| stdout.flush());
        if let Err(error) = written {
            self.closed.store(true, Ordering::Relaxed);
            if error.kind() != io::ErrorKind::BrokenPipe {
                *self.failed.lock().expect(UNBROKEN) = Some(error);
            }
        }
    }

    /// Talk: a line to stderr, unless it was asked to be quiet.
    pub(super) fn talk(&self, text: &str) {
        if !self.quiet {
            complain(&self.drawn(text, self.talk_look));
        }
    }

    /// The first, or where only ASCII is wanted the second.
    pub(super) const fn glyphs<'a>(&self, drawn: &'a str, ascii: &'a str) -> &'a str {
        if self.ascii { ascii } else { drawn }
    }

    fn drawn<'a>(&self, text: &'a str, look: Look) -> Cow<'a, str> {
        let text = harmless(text, look.colour);
        if self.ascii { in_ascii(&text).into() } else { text }
    }

    /// The same, if there is something to say.
    pub(super) fn talk_if(&self, text: Option<String>) {
        if let Some(text) = text {
            self.talk(&text);
        }
    }

    /// What went wrong, to stderr.
    pub(super) fn error(&self, error: &CliError) {
        let look = self.talk_look;
        let mut text = format!("{} {}", look.red("error:"), error.message);
        for hint in &error.hints {
            text = format!("{text}\n{} {hint}", look.bold("hint:"));
        }
        complain(&self.drawn(&text, look));
    }

    /// Whether all results have reached their reader.
    pub(super) fn finish(&self) -> Result<(), CliError> {
        match self.failed.lock().expect(UNBROKEN).take() {
            None => Ok(()),
            Some(error) => {
                let message = format!("cannot write to stdout: {error}");
                Err(CliError { kind: Exit::Output, message, hints: Vec::new() })
            }
        }
    }
}

/// A line to stderr. Where nobody listens there is nothing to be done about it.
fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn is_coloured(colour: Colour, terminal: bool) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if variable("NO_COLOR").is_some() => false,
        Colour::Auto if variable("CLICOLOR_FORCE").is_some_and(|force| force != "0") => true,
        Colour::Auto => terminal && variable("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// Whether the locale takes more than ASCII. Where none is set, the answer is yes: continuous
/// integration has none, and takes it.
fn is_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    locale.is_none_or(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
