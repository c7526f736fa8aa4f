//! Why a script fails, as text for people and as JSON for programs: `raft-sim-why/1`.

use std::fmt::Write as _;
use std::ops::Range;

use serde::Serialize;

use super::evidence::evidence;
use super::json::to_text;
use super::look::Look;
use super::sentence;
use super::story::{correctly, title};
use super::words::{counted, percent, table, wrapped};
use crate::explain::why::Why;
use crate::explain::why::deviation::Deviation;
use crate::explain::why::likelihood::{Jump, Likelihood, Point};
use crate::explain::why::necessity::{Consequence, Lost, Missing, Omission};
use crate::run::{Class, Run};

/// The version of the object.
pub const FORMAT: &str = "raft-sim-why/1";
/// Levels of the curve, from 0 % to 100 %.
const LEVELS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// The answer in two tables.
pub fn human(why: &Why, look: Look) -> String {
    let failing = why.run.failure().expect("what is explained fails");
    let name = look.red(&format!("✗ {}", failing.violation.invariant.name));
    let place = why.class.place.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
    let length = counted(why.run.actions.len() as u64, "action");
    let evidence = paragraph(&evidence(&failing.violation), look);
    let wrong =
        why.deviation.as_ref().map_or_else(String::new, |it| first_wrong_step(why, it, look));
    format!(
        "{name}{place}  after {length} on {}\n{evidence}{wrong}\n{}\n{}",
        why.run.cluster,
        necessity(why, look),
        likelihood(why, look)
    )
}

fn first_wrong_step(why: &Why, deviation: &Deviation, look: Look) -> String {
    let action = deviation.at.checked_sub(1).and_then(|position| why.run.actions.get(position));
    let action = action.map_or_else(|| "the boot".to_owned(), title);
    let instead = paragraph(&correctly(deviation), look);
    format!("    first wrong step: {}  {action}\n{instead}", deviation.at)
}

fn paragraph(text: &str, look: Look) -> String {
    format!("    {}\n", wrapped(text, look.width - 4).join("\n    "))
}

/// A row for each action; of a long script for those blocks that are needed.
fn necessity(why: &Why, look: Look) -> String {
    let blocks = why.omissions.iter().any(|omission| 1 < omission.actions.len());
    let titles = ["", if blocks { "actions" } else { "action" }, "", "without it", "missing then"];
    let told = why.omissions.iter().filter(|omission| !blocks || omission.is_needed());
    let rows = told.map(|omission| omission_row(why, omission));
    let rows: Vec<Vec<String>> =
        std::iter::once(titles.map(str::to_owned).to_vec()).chain(rows).collect();
    let heading = look.bold("Which actions matter?");
    let mut text = format!("  {heading}\n{}", table(&rows, 4, look.width));
    let (needed, all) = (rows.len() - 1, counted(why.omissions.len() as u64, "block"));
    if blocks {
        let _ =
            writeln!(text, "    Needed are {needed} of {all}; `minimize` finds a short script.");
    } else if why.undone == 0 && why.omissions.iter().all(Omission::is_needed) {
        text.push_str("    All do: the script is 1-minimal.\n");
    }
    text
}

fn omission_row(why: &Why, omission: &Omission) -> Vec<String> {
    let needed = omission.is_needed();
    let lost = match &omission.lost {
        Some(lost) if needed => format!("{}: {}", lost.at, missing(&why.run, lost)),
        None if needed => "the violation alone".to_owned(),
        _ => String::new(),
    };
    vec![
        numbers(&omission.actions),
        told(&why.run, &omission.actions),
        if needed { "NEEDED" } else { "not needed" }.to_owned(),
        outcome(&omission.outcome),
        lost,
    ]
}

fn missing(run: &Run, lost: &Lost) -> String {
    match &lost.what {
        Missing::Note(note) => sentence::told(note),
        Missing::Action => title(&run.actions[lost.at - 1]),
    }
}

fn outcome(outcome: &Consequence) -> String {
    match outcome {
        Consequence::Passes => "does not fail".to_owned(),
        Consequence::FailsOtherwise { class, at } => {
            format!("fails otherwise: {} at {at}", class.invariant)
        }
        Consequence::FailsTheSame { at } => format!("fails the same, at {at}"),
    }
}

fn likelihood(why: &Why, look: Look) -> String {
    let Likelihood { moments, futures } = &why.likelihood;
    let (Some(first), Some(last)) = (moments.first(), moments.last()) else {
        return String::new();
    };
    let futures = counted(u64::from(*futures), "random future");
    let sampled = if moments.len() <= last.after {
        format!(", at {} moments", moments.len())
    } else {
        String::new()
    };
    let mut text = format!(
        "  {}  share of {futures} that fail the same way, after each action{sampled}\n    {} {} {}\n",
        look.bold("When was it decided?"),
        first.after,
        curve(&why.likelihood),
        last.after
    );
    let decisive = why.likelihood.decisive();
    let row = |jump: &Jump| {
        let share =
            |moment: Point| percent(u64::from(moment.failing), u64::from(why.likelihood.futures));
        let mark = if decisive == Some(*jump) { look.yellow("decided it") } else { String::new() };
        let actions = jump.from.after..jump.to.after;
        vec![
            numbers(&actions),
            told(&why.run, &actions),
            format!("{:>6} -> {:>5}", share(jump.from), share(jump.to)),
            mark,
        ]
    };
    let rows: Vec<Vec<String>> = why.likelihood.jumps().iter().map(row).collect();
    text.push_str(&table(&rows, 4, look.width));
    if decisive.is_none() && why.undone == 0 {
        let share = percent(u64::from(first.failing), u64::from(why.likelihood.futures));
        let _ = writeln!(
            text,
            "    No single action made it much more likely; from the beginning it was {share}."
        );
    }
    text
}

/// One character for each moment.
fn curve(likelihood: &Likelihood) -> String {
    let level = |moment: &Point| {
        let level = (likelihood.permille(*moment) * LEVELS.len() as u64 / 1001) as usize;
        LEVELS[level]
    };
    likelihood.moments.iter().map(level).collect()
}

/// `7`, or `7-12`.
fn numbers(actions: &Range<usize>) -> String {
    let (first, last) = (actions.start + 1, actions.end);
    if first == last { format!("{first:>3}") } else { format!("{first:>3}-{last}") }
}

/// An action, or the first of several.
fn told(run: &Run, actions: &Range<usize>) -> String {
    let first = run.actions.get(actions.start).map_or_else(String::new, title);
    if actions.len() < 2 { first } else { format!("{first} ...") }
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
struct WhyJson<'a> {
    #[cfg_attr(feature = "cli", schemars(extend("const" = FORMAT)))]
    format: &'static str,
    version: &'static str,
    target: &'a str,
    invariant: &'a str,
    place: Option<&'a str>,
    evidence: String,
    cluster: String,
    script: Vec<String>,
    first_wrong: Option<WrongJson>,
    omissions: Vec<OmissionJson<'a>>,
    futures: u32,
    moments: Vec<PointJson>,
    decided_by: Option<[usize; 2]>,
    undone: usize,
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
struct WrongJson {
    action: usize,
    correctly: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
struct OmissionJson<'a> {
    actions: [usize; 2],
    needed: bool,
    fails_with: Option<&'a str>,
    at: Option<usize>,
    missing: Option<MissingJson>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
struct MissingJson {
    action: usize,
    what: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
struct PointJson {
    after: usize,
    horizon: u32,
    failing: u32,
}

/// What [`json`] writes.
#[cfg(feature = "cli")]
pub fn schema(generator: schemars::SchemaGenerator) -> schemars::Schema {
    generator.into_root_schema_for::<WhyJson<'static>>()
}

/// The answer as one object. Actions count from 1; pairs are the first and the last of a block.
pub fn json(target: &str, why: &Why) -> String {
    let Class { invariant, place } = &why.class;
    let failing = why.run.failure().expect("what is explained fails");
    let moment = |&Point { after, horizon, failing }: &Point| PointJson { after, horizon, failing };
    to_text(&WhyJson {
        format: FORMAT,
        version: crate::language::version::TOOL,
        target,
        invariant,
        place: place.as_deref(),
        evidence: evidence(&failing.violation),
        cluster: why.run.cluster.to_string(),
        script: why.run.actions.iter().map(title).collect(),
        first_wrong: why
            .deviation
            .as_ref()
            .map(|wrong| WrongJson { action: wrong.at, correctly: correctly(wrong) }),
        omissions: why
            .omissions
            .iter()
            .map(|omission| omission_json(&why.run, omission, invariant))
            .collect(),
        futures: why.likelihood.futures,
        moments: why.likelihood.moments.iter().map(moment).collect(),
        decided_by: why.likelihood.decisive().map(|jump| [jump.from.after + 1, jump.to.after]),
        undone: why.undone,
    })
}

fn omission_json<'a>(run: &Run, omission: &'a Omission, same: &'a str) -> OmissionJson<'a> {
    let (fails_with, at) = match &omission.outcome {
        Consequence::Passes => (None, None),
        Consequence::FailsOtherwise { class, at } => (Some(class.invariant), Some(*at)),
        Consequence::FailsTheSame { at } => (Some(same), Some(*at)),
    };
    OmissionJson {
        actions: [omission.actions.start + 1, omission.actions.end],
        needed: omission.is_needed(),
        fails_with,
        at,
        missing: omission
            .lost
            .as_ref()
            .map(|lost| MissingJson { action: lost.at, what: missing(run, lost) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::look::in_ascii;

    fn likelihood(shares: &[u32]) -> Likelihood {
        let moment = |(after, &failing)| Point { after, horizon: 10, failing };
        Likelihood { moments: shares.iter().enumerate().map(moment).collect(), futures: 1000 }
    }

    #[test]
    fn the_curve_rises_from_nothing_to_all() {
        let rising = likelihood(&[0, 125, 126, 500, 875, 999, 1000]);
        assert_eq!(curve(&rising), "▁▁▂▄▇██");
        assert_eq!(in_ascii(&curve(&rising)), "__.-*##");
    }

    #[test]
    fn blocks_are_told_by_their_first_and_last() {
        assert_eq!(numbers(&(6..7)), "  7");
        assert_eq!(numbers(&(6..12)), "  7-12");
    }
}
