//! `raft-sim explain`: what a name means, at length.

use clap::Args;
use raft_invariants::{Invariant, Witness, catalogue, find, witness};

use super::App;
use super::error::{CliError, Exit};
use crate::faults::{FAULTS, Fault, Promise};
use crate::language::action::{Action, ROWS, Row, Verb};
use crate::language::phrase::{PHRASES, Wording};
use crate::language::text::{did_you_mean, quoted, suggest};
#[cfg(feature = "guests")]
use crate::mutants::{self, MUTANTS, Mutant};
use crate::report::formats::human::indented;
use crate::report::look::Look;
use crate::report::words::wrapped;
use crate::schedule::{self, SCHEDULERS};

/// Columns that prose fills at most: longer lines are hard to read.
const PROSE: usize = 88;

/// Prose as lines.
fn prose(text: &str, look: Look) -> String {
    wrapped(text, look.width.min(PROSE)).join(
        "
",
    )
}

/// Explain an action, an invariant, a witness, a fault, a scheduler or a planted bug
#[derive(Args)]
#[command(after_help = "\
Examples:
  raft-sim explain ElectionSafety
  raft-sim explain A1                              by its number
  raft-sim explain isolate-leader
  raft-sim explain vote-no-log-check               what a planted bug breaks
  raft-sim explain actions                         every line that a script may have")]
pub(super) struct ExplainArgs {
    /// Its name
    name: String,
}

pub(super) fn run(app: &App, args: &ExplainArgs) -> Result<Exit, CliError> {
    let name = args.name.trim();
    let look = app.console.look;
    let texts = explanations(name, look);
    if texts.is_empty() {
        return Err(unknown(name));
    }
    app.console.out(&texts.join("\n"));
    Ok(Exit::Passed)
}

/// Of everything with this name: a fault may be called what its action is called.
fn explanations(name: &str, look: Look) -> Vec<String> {
    let is_it = |other: &str| other.eq_ignore_ascii_case(name);
    let mut texts = Vec::new();
    texts.extend(find(name).map(|it| explain_invariant(it, look)));
    let witness = witness::list().iter().find(|witness| is_it(witness.name));
    texts.extend(witness.map(|it| explain_witness(it, look)));
    let fault = FAULTS.iter().find(|fault| is_it(fault.name));
    texts.extend(fault.map(|it| explain_fault(it, look)));
    let scheduler = schedule::named(&name.to_lowercase());
    texts.extend(
        scheduler
            .map(|it| format!("{}  scheduler\n\n{}\n", look.bold(it.name), sentence(it.summary))),
    );
    #[cfg(feature = "guests")]
    texts.extend(mutants::find(&name.to_lowercase()).map(|it| explain_mutant(it, look)));
    for row in ROWS {
        let verbs = row.verbs.iter().filter(|verb| is_it("actions") || is_it(verb.word));
        texts.extend(verbs.map(|verb| explain_verb(row, verb, look)));
    }
    let phrases = PHRASES.iter().filter(|phrase| is_it("actions") || is_it(phrase.word));
    texts.extend(phrases.map(|phrase| explain_phrase(phrase, look)));
    texts
}

fn unknown(name: &str) -> CliError {
    let invariants = catalogue().iter().flat_map(|invariant| [invariant.name, invariant.id]);
    let others = witness::list().iter().map(|witness| witness.name);
    let others = others.chain(FAULTS.iter().map(|fault| fault.name));
    let others = others.chain(SCHEDULERS.iter().map(|kind| kind.name));
    #[cfg(feature = "guests")]
    let others = others.chain(MUTANTS.iter().map(|mutant| mutant.id));
    let others = others.chain(Action::verbs().map(|verb| verb.word)).chain(["actions"]);
    let others = others.chain(PHRASES.iter().map(|phrase| phrase.word));
    CliError::usage(format!("there is nothing called {}", quoted(name)))
        .hint_if(suggest(name, invariants.chain(others)).map(did_you_mean))
        .hint("`list` has all names: `list invariants`, `list faults`, `list bugs` and so on")
}

fn explain_invariant(invariant: &Invariant, look: Look) -> String {
    let name = look.bold(&format!("{} {}", invariant.id, invariant.name));
    format!(
        "{name}  {}, {}\n\n{}\n\n{}",
        invariant.level,
        invariant.source,
        prose(invariant.statement, look),
        paragraphs(invariant.explain, look)
    )
}

fn explain_witness(witness: &Witness, look: Look) -> String {
    let required = if witness.required {
        "Required: a campaign of some size that never saw it, though it could have, ends with exit \
         code 3. It proves nothing, however green it is."
    } else {
        "Not required: it is good to have been seen, and may be rare."
    };
    let needs = match witness.needs_faults {
        [] => String::new(),
        faults => format!("\nIt cannot be seen without these faults: {}.\n", faults.join(", ")),
    };
    format!(
        "{}  witness\n\n{}\n\n{}\n{needs}",
        look.bold(witness.name),
        prose(witness.statement, look),
        prose(required, look)
    )
}

fn explain_fault(fault: &Fault, look: Look) -> String {
    let promise = match fault.promise {
        Promise::Safety => {
            "A Raft promises safety under it: a violation is a bug. Leave it out with --without."
        }
        Promise::Nothing => {
            "No Raft survives it: it strikes only if it is asked for, with --with, and a violation \
             after it is reported as expected and does not fail a campaign."
        }
    };
    format!(
        "{}  fault, {}\n\n{}\n\n{}\n",
        look.bold(fault.name),
        fault.family,
        prose(&sentence(fault.summary), look),
        prose(promise, look)
    )
}

#[cfg(feature = "guests")]
fn explain_mutant(mutant: &Mutant, look: Look) -> String {
    let breaks = format!("It breaks {}.", mutant.breaks);
    let mut text = format!(
        "{}  planted bug, {}\n\n{}\n\n{}\n",
        look.bold(mutant.id),
        mutant.harm,
        prose(&sentence(mutant.instead), look),
        prose(&breaks, look),
    );
    if !mutant.seen_in.is_empty() {
        text.push_str("\nSeen in\n");
        text.extend(mutant.seen_in.iter().map(|place| format!("  {place}\n")));
    }
    text
}

fn explain_verb(row: &Row, verb: &Verb, look: Look) -> String {
    let meanings = row.fields.iter().map(|part| part.meaning);
    let about: Vec<&str> =
        [verb.about].into_iter().chain(meanings).filter(|text| !text.is_empty()).collect();
    format!(
        "{}  action\n\n{}\n\n{}\n",
        look.bold(&row.form(verb)),
        prose(&about.join(" "), look),
        indented(&verb.script()).trim_end()
    )
}

fn explain_phrase(phrase: &Wording, look: Look) -> String {
    format!(
        "{}  phrase\n\n{}\n\n{}\n",
        look.bold(phrase.form),
        prose(phrase.about, look),
        indented(&phrase.script()).trim_end()
    )
}

/// A summary as a sentence: with a capital and a stop.
fn sentence(summary: &str) -> String {
    let mut chars = summary.chars();
    let first = chars.next().map(char::to_uppercase);
    format!("{}{}.", first.into_iter().flatten().collect::<String>(), chars.as_str())
}

/// Paragraphs, broken into lines; what is indented stays as it is.
fn paragraphs(text: &str, look: Look) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| {
        if paragraph.lines().any(|line| line.starts_with(' ')) {
            paragraph.to_owned()
        } else {
            prose(paragraph, look)
        }
    });
    paragraphs.collect::<Vec<_>>().join("\n\n") + "\n"
}
