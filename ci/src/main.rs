//! `cargo ci`: everything that continuous integration runs, as a list of steps that anyone can run.
//!
//! `cargo ci` runs all of them, `cargo ci fmt test` those two, `cargo ci --list` says what there
//! is. A step that fails does not keep the others from running: whoever looks at a red build sees
//! everything that is wrong with it at once, and nothing else (see [`run`]).

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that talks to people")]

mod clock;
mod readme;
mod run;
mod steps;

use std::path::Path;
use std::process::ExitCode;

use run::{End, Outcome};
use steps::{STEPS, Step};

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if names.iter().any(|name| name == "--list") {
        return list();
    }
    let steps = match chosen(&names) {
        Ok(steps) => steps,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let outcomes: Vec<Outcome> = steps.into_iter().map(one).collect();
    println!("\n{:<10} {:>9} {:>9}", "step", "wall", "cpu");
    for Outcome { step, clock, end, .. } in &outcomes {
        let end = match end {
            End::Passed => "ok".to_owned(),
            End::Skipped(why) => format!("SKIPPED: {why}"),
            End::Failed(why) => format!("FAILED: {why}"),
        };
        println!("{:<10} {:>9} {:>9}  {end}", step.name, clock.wall(), clock.cpu());
    }
    ExitCode::from(u8::from(outcomes.iter().any(Outcome::has_failed)))
}

/// Runs one step, and says so before and after it.
fn one(step: &'static Step) -> Outcome {
    println!("\n=== {}: {}", step.name, step.shows);
    let outcome = run::run(step, root());
    println!("{}", outcome.told());
    outcome
}

/// The steps of these names, in the order of the list; all of them if there is no name.
fn chosen(names: &[String]) -> Result<Vec<&'static Step>, String> {
    if let Some(stranger) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("there is no step `{stranger}`; there are {}", known.join(", ")));
    }
    let is_chosen = |step: &&Step| names.is_empty() || names.iter().any(|name| name == step.name);
    Ok(STEPS.iter().filter(is_chosen).collect())
}

fn list() -> ExitCode {
    for step in STEPS {
        println!("{:<10} {}", step.name, step.shows);
        match (step.lines)(root()) {
            Ok(lines) => lines.iter().for_each(|line| println!("{:<10}   {line}", "")),
            Err(why) => println!("{:<10}   cannot run: {why}", ""),
        }
    }
    ExitCode::SUCCESS
}

/// The checkout.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this crate is in a folder of the checkout")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(chosen: &[&'static Step]) -> Vec<&'static str> {
        chosen.iter().map(|step| step.name).collect()
    }

    #[test]
    fn steps_run_in_the_order_of_the_list_whatever_order_they_are_named_in() {
        let named = chosen(&["test".to_owned(), "fmt".to_owned()]).expect("both are steps");
        assert_eq!(names(&named), ["fmt", "test"]);
        assert_eq!(chosen(&[]).expect("no name is wrong").len(), STEPS.len());
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_right_ones() {
        let message = chosen(&["tests".to_owned()]).err().expect("there is no such step");
        assert!(message.starts_with("there is no step `tests`; there are fmt, "), "{message}");
    }
}
