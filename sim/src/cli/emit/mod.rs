//! `raft-sim emit`: a campaign in shards, as something that an engine runs.
//!
//! Every manifest is a text file beside this one, which says in itself how it is used; all that is
//! put into it are a few words between `@`. It runs every shard of one campaign, all of which write
//! into one folder, and then merges what lies there. A shard can be run again at any time: it takes
//! the same seeds, and the merge counts none of them twice.

use std::num::NonZero;
use std::path::Path;

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, ValueEnum, parser::ValueSource};

use super::error::{CliError, Exit};
use super::fuzz::FuzzArgs;
use super::layers::words;
use super::{App, Arguments};
use crate::language::text::quoted;
use crate::report::words::shell;

/// Something that can be emitted.
struct Manifest {
    name: &'static str,
    summary: &'static str,
    /// With `@WORD@` for what [`fill`] knows.
    template: &'static str,
    /// The flag for the first seed where nothing names one; without it one is drawn now, and
    /// written down.
    seed: Option<&'static str>,
    place: Place,
    /// Flags that it has itself, by the names that clap has for them.
    own: &'static [&'static str],
}

/// Where the program runs.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Place {
    /// On machines that see the same files.
    Here,
    /// In an image that has it.
    Image,
    /// Where nothing is but a checkout: it must be built first.
    Checkout,
}

/// All of them.
const MANIFESTS: &[Manifest] = &[
    Manifest {
        name: "slurm",
        summary: "an array of tasks and a job that merges, as a script that submits both",
        template: include_str!("slurm.sh"),
        seed: None,
        place: Place::Here,
        own: &["shard", "out"],
    },
    Manifest {
        name: "parallel",
        summary: "a script for GNU parallel, on one machine",
        template: include_str!("parallel.sh"),
        seed: None,
        place: Place::Here,
        own: &["shard", "out"],
    },
    Manifest {
        name: "k8s",
        summary: "an Indexed Job of Kubernetes, a Job that merges, and a volume for both",
        template: include_str!("k8s.yaml"),
        seed: None,
        place: Place::Image,
        own: &["shard", "out"],
    },
    Manifest {
        name: "github",
        summary: "a workflow of GitHub's for every pull request: red if something new is found",
        template: include_str!("github.yml"),
        seed: Some("--seed-from-commit"),
        place: Place::Checkout,
        own: &["shard", "out", "html"],
    },
    Manifest {
        name: "github-nightly",
        summary: "a workflow of GitHub's for every night: an issue for each new failure",
        template: include_str!("github-nightly.yml"),
        seed: Some("--seed \"$GITHUB_RUN_ID\""),
        place: Place::Checkout,
        own: &["shard", "out", "html", "scheduler", "guided_corpus"],
    },
];

/// Print a ready manifest that runs a campaign in shards, and merges their reports
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  raft-sim emit slurm --shards 100 -- --target noraft --time 1h > campaign.sh
  raft-sim emit parallel --shards 8 -- --runs 1000000 --keep-going > campaign.sh
  raft-sim emit k8s --shards 100 --program /bin/raft-sim -- --time 1h | kubectl apply -f -
  raft-sim emit github --shards 4 -- --time 8m > .github/workflows/fuzz.yml

What follows `--` are flags of `fuzz`. All shards take their seeds from one campaign: from the seed
that those flags name, or from one that is drawn now and written down; on GitHub it is the commit,
or the number of the nightly run.
Every manifest begins with how it is used, and how shards that are missing are run again.")]
pub(super) struct EmitArgs {
    /// What is to run it
    #[arg(value_name = "ENGINE")]
    kind: Named,
    /// How many shards
    #[arg(long, value_name = "N")]
    shards: NonZero<u32>,
    /// How the program is called there [default: as in lines that it prints itself]
    ///
    /// For Kubernetes the default is its name, as an image has it. For GitHub, where nothing is but a
    /// checkout, it is the `cargo run` that builds it; in a folder of its own it may be
    /// `cargo run -qr --manifest-path sim/Cargo.toml --`.
    #[arg(long, value_name = "COMMAND")]
    program: Option<String>,
    /// Flags of `fuzz`
    #[arg(last = true, value_name = "FLAGS")]
    flags: Vec<String>,
}

/// A manifest, by its name.
#[derive(Copy, Clone)]
struct Named(&'static Manifest);

impl ValueEnum for Named {
    fn value_variants<'a>() -> &'a [Self] {
        const { &kinds() }
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.name).help(self.0.summary))
    }
}

const fn kinds() -> [Named; MANIFESTS.len()] {
    let mut kinds = [Named(&MANIFESTS[0]); MANIFESTS.len()];
    let mut at = 0;
    while at < kinds.len() {
        kinds[at] = Named(&MANIFESTS[at]);
        at += 1;
    }
    kinds
}

pub(super) fn run(app: &App, args: &EmitArgs) -> Result<Exit, CliError> {
    let Named(manifest) = args.kind;
    let campaign = Campaign::read(app, &args.flags, manifest)?;
    let program = args.program.clone().unwrap_or_else(|| called(app, manifest));
    app.console.out(&fill(manifest.template, args.shards.get(), &program, &app.program, &campaign));
    Ok(Exit::Passed)
}

/// How the program is called where nobody says it.
fn called(app: &App, manifest: &Manifest) -> String {
    let program = &app.prefix;
    match manifest.place {
        Place::Image => return app.program.clone(),
        Place::Checkout if !program.starts_with("cargo ") => {}
        _ => return program.clone(),
    }
    cargo_run(program).unwrap_or_else(|| {
        let note = "note: it must be there when the workflow runs; --program says how it is built";
        app.console.talk(&format!("the workflow runs {}\n{note}", quoted(program)));
        program.clone()
    })
}

/// The line that builds a program and runs it, if it lies where cargo puts what it builds.
fn cargo_run(program: &str) -> Option<String> {
    let path = Path::new(program);
    let name = path.file_stem()?.to_str()?;
    let is_plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    let mut folders = path.ancestors().skip(1).filter_map(|folder| folder.file_name()?.to_str());
    let (kind, profile) = match folders.next()? {
        "examples" => ("example", folders.next()?),
        profile => ("bin", profile),
    };
    let is_cargos = matches!(profile, "debug" | "release") && name.chars().all(is_plain);
    is_cargos.then(|| format!("cargo run --quiet --release --{kind} {name} --"))
}

/// What all shards have in common.
struct Campaign {
    /// As a shell takes them, the first seed among them.
    flags: String,
    /// A name for what comes of it, where one is needed: the first seed.
    name: String,
}

impl Campaign {
    /// From flags of `fuzz`, which must be right.
    fn read(app: &App, flags: &[String], manifest: &Manifest) -> Result<Campaign, CliError> {
        let line = ["raft-sim", "fuzz"].into_iter().chain(flags.iter().map(String::as_str));
        let matches = Arguments::command().try_get_matches_from(line).map_err(|error| {
            let (message, hint) = words(&error);
            CliError::usage(message).hint_if(hint).hint("what follows `--` are flags of `fuzz`")
        })?;
        let fuzz = matches.subcommand_matches("fuzz").expect("it is in the line");
        let own = manifest.own.iter().map(|flag| (*flag, "the manifest has its own"));
        for (flag, why) in own.chain(REFUSED.iter().copied()) {
            if is_typed(fuzz, flag) {
                let message = format!("--{} has no place here: {why}", flag.replace('_', "-"));
                return Err(CliError::usage(message));
            }
        }
        let typed = FuzzArgs::from_arg_matches(fuzz).expect("clap has read it");
        typed.check_targets(app)?;
        let is_seeded = is_typed(fuzz, "seed") || is_typed(fuzz, "seed_from_commit");
        let shells =
            |flags: &[String]| -> Vec<String> { flags.iter().map(|it| shell(it)).collect() };
        let (flags, name) = match manifest.seed {
            Some(_) if is_seeded => (shells(flags), String::new()),
            Some(seed) => ([shells(flags), vec![seed.to_owned()]].concat(), String::new()),
            None => {
                let seed = format!("{:#x}", typed.first_seed()?);
                let flags = [without_seed(flags), vec!["--seed".to_owned(), seed.clone()]].concat();
                (shells(&flags), seed)
            }
        };
        Ok(Campaign { flags: flags.join(" "), name })
    }
}

/// Flags that no manifest takes, and why.
const REFUSED: &[(&str, &str)] = &[
    ("json", "all shards would write the same file"),
    ("junit", "all shards would write the same file"),
    ("markdown", "all shards would write the same file"),
    ("issues", "all shards would write the same files"),
    ("resume", "a shard that was ended early is run again from its beginning"),
    ("print_config", "it runs nothing"),
];

fn is_typed(fuzz: &ArgMatches, flag: &str) -> bool {
    fuzz.value_source(flag) == Some(ValueSource::CommandLine)
}

/// The flags but for those that name the first seed.
fn without_seed(flags: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut flags = flags.iter().peekable();
    while let Some(flag) = flags.next() {
        if matches!(flag.as_str(), "--seed" | "--seed-from-commit") {
            flags.next_if(|value| !value.starts_with('-'));
        } else if !flag.starts_with("--seed=") && !flag.starts_with("--seed-from-commit=") {
            kept.push(flag.clone());
        }
    }
    kept
}

/// The template with everything in its place.
fn fill(template: &str, shards: u32, program: &str, image: &str, campaign: &Campaign) -> String {
    let numbers: Vec<String> = (1..=shards).map(|number| number.to_string()).collect();
    template
        .replace("@SHARDS@", &shards.to_string())
        .replace("@NUMBERS@", &numbers.join(", "))
        .replace("@PROGRAM@", program)
        .replace("@IMAGE@", image)
        .replace("@FLAGS@", &campaign.flags)
        .replace("@NAME@", &campaign.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_seed_is_left_out_however_it_is_written() {
        let check = |typed: &str, kept: &str| {
            let typed: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
            assert_eq!(without_seed(&typed).join(" "), kept);
        };
        check("--runs 7", "--runs 7");
        check("--seed 0x7 --runs 7", "--runs 7");
        check("--runs 7 --seed=7", "--runs 7");
        check("--seed-from-commit --keep-going", "--keep-going");
        check("--seed-from-commit 9f3c --keep-going", "--keep-going");
        check("--keep-going --seed-from-commit=9f3c", "--keep-going");
    }

    #[test]
    fn what_cargo_has_built_is_built_by_it_again() {
        let check = |program: &str, line: Option<&str>| {
            assert_eq!(cargo_run(program).as_deref(), line, "{program}");
        };
        let line = Some("cargo run --quiet --release --bin my-raft --");
        check("target/debug/my-raft", line);
        check("/somewhere/else/release/my-raft.exe", line);
        let line = Some("cargo run --quiet --release --example hunt --");
        check("target/release/examples/hunt", line);
        check("raft-sim", None);
        check("/usr/local/bin/raft-sim", None);
        check("'/my files/target/debug/raft-sim'", None);
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        let campaign = Campaign { flags: "--runs 7".to_owned(), name: "0x7".to_owned() };
        for manifest in MANIFESTS {
            let text = fill(manifest.template, 3, "raft-sim", "raft-sim", &campaign);
            let words = text.split('@').skip(1).step_by(2);
            let capital = |word: &&str| word.chars().all(|char| char.is_ascii_uppercase());
            assert_eq!(words.filter(capital).collect::<Vec<_>>(), [""; 0], "{}", manifest.name);
        }
    }
}
