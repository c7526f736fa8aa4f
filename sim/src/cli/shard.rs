//! `--shard`: which part of the work is ours, said on the command line or by whatever started us.

use std::str::FromStr;

use super::environment::variable;
use super::error::CliError;
use crate::search::shard::Shard;

/// How many parts there are, where an engine tells only our own number.
pub(super) const SHARDS: &str = "RAFT_SIM_SHARDS";

/// What `--shard` takes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum ShardArg {
    Part(Shard),
    /// Whatever started us has told us.
    Auto,
}

/// An engine that runs many copies of one command, and how it tells them apart.
struct Engine {
    name: &'static str,
    /// Our number among the copies.
    number: &'static str,
    /// What the number of the first copy is.
    first: First,
    /// How many copies there are; the engine may not tell.
    count: Option<&'static str>,
}

enum First {
    Is(u64),
    IsIn(&'static str),
}

const ENGINES: &[Engine] = &[
    Engine {
        name: "Slurm",
        number: "SLURM_ARRAY_TASK_ID",
        first: First::IsIn("SLURM_ARRAY_TASK_MIN"),
        count: Some("SLURM_ARRAY_TASK_COUNT"),
    },
    Engine { name: "Kubernetes", number: "JOB_COMPLETION_INDEX", first: First::Is(0), count: None },
    Engine {
        name: "AWS Batch",
        number: "AWS_BATCH_JOB_ARRAY_INDEX",
        first: First::Is(0),
        count: Some("AWS_BATCH_JOB_ARRAY_SIZE"),
    },
    Engine {
        name: "GitLab",
        number: "CI_NODE_INDEX",
        first: First::Is(1),
        count: Some("CI_NODE_TOTAL"),
    },
    Engine {
        name: "Buildkite",
        number: "BUILDKITE_PARALLEL_JOB",
        first: First::Is(0),
        count: Some("BUILDKITE_PARALLEL_JOB_COUNT"),
    },
    Engine {
        name: "CircleCI",
        number: "CIRCLE_NODE_INDEX",
        first: First::Is(0),
        count: Some("CIRCLE_NODE_TOTAL"),
    },
    Engine { name: "Nomad", number: "NOMAD_ALLOC_INDEX", first: First::Is(0), count: None },
    Engine {
        name: "Bazel",
        number: "TEST_SHARD_INDEX",
        first: First::Is(0),
        count: Some("TEST_TOTAL_SHARDS"),
    },
    Engine { name: "GNU parallel", number: "PARALLEL_SEQ", first: First::Is(1), count: None },
];

impl ShardArg {
    /// The part that is meant.
    pub(super) fn resolve(self) -> Result<Shard, CliError> {
        match self {
            ShardArg::Part(shard) => Ok(shard),
            ShardArg::Auto => auto(&variable),
        }
    }
}

impl FromStr for ShardArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "auto" {
            return Ok(ShardArg::Auto);
        }
        text.parse().map(ShardArg::Part).map_err(|error: String| format!("{error}, or auto"))
    }
}

/// What the engines around us say, which must be one thing.
fn auto(variable: &dyn Fn(&str) -> Option<String>) -> Result<Shard, CliError> {
    let mut said: Option<(&Engine, Shard)> = None;
    for engine in ENGINES.iter().filter(|engine| variable(engine.number).is_some()) {
        let shard = engine.shard(variable)?;
        match said {
            Some((first, other)) if other != shard => {
                let (one, two) = (first.name, engine.name);
                let message = format!("{one} says shard {other}, and {two} says {shard}");
                return Err(CliError::usage(message).hint("say which one it is: --shard K/N"));
            }
            _ => said = Some((engine, shard)),
        }
    }
    said.map(|(_, shard)| shard).ok_or_else(|| {
        let numbers: Vec<&str> = ENGINES.iter().map(|engine| engine.number).collect();
        CliError::usage("nothing here says which shard this is")
            .hint(format!("--shard auto reads {}", numbers.join(", ")))
            .hint("say it yourself: --shard K/N")
    })
}

impl Engine {
    fn shard(&self, variable: &dyn Fn(&str) -> Option<String>) -> Result<Shard, CliError> {
        let number = |name: &str| -> Result<Option<u64>, CliError> {
            let Some(text) = variable(name) else { return Ok(None) };
            let wrong = || CliError::usage(format!("{name} is {text:?}, which is no number"));
            text.parse().map(Some).map_err(|_| wrong().hint("say it yourself: --shard K/N"))
        };
        let own = number(self.number)?.unwrap_or(0);
        let counted = self.count.map(number).transpose()?.flatten();
        let of = number(SHARDS)?.or(counted).ok_or_else(|| self.lacks())?;
        let first = match self.first {
            First::Is(first) => first,
            First::IsIn(name) if counted == Some(of) => number(name)?.unwrap_or(1),
            // Some of an array are started again, and the engine counts only those.
            First::IsIn(_) => 1,
        };
        let shard = own.checked_sub(first).and_then(|nth| Shard::new(nth.checked_add(1)?, of));
        shard.ok_or_else(|| {
            let message = format!(
                "{} says {} {own}, which is none of {of} shards counted from {first}",
                self.name, self.number
            );
            CliError::usage(message).hint("say it yourself: --shard K/N")
        })
    }

    fn lacks(&self) -> CliError {
        CliError::usage(format!("{} says which shard this is, and not of how many", self.name))
            .hint(format!("set {SHARDS} to the number of shards, or say --shard K/N"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(variables: &[(&str, &str)]) -> Result<String, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        auto(&variable).map(|shard| shard.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_engine_is_understood() {
        let check = |variables: &[(&str, &str)], shard: &str| {
            assert_eq!(says(variables), Ok(shard.to_owned()), "{variables:?}");
        };
        let slurm = [("SLURM_ARRAY_TASK_MIN", "0"), ("SLURM_ARRAY_TASK_COUNT", "8")];
        check(&[("SLURM_ARRAY_TASK_ID", "0"), slurm[0], slurm[1]], "1/8");
        check(&[("JOB_COMPLETION_INDEX", "3"), (SHARDS, "4")], "4/4");
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_SIZE", "4")];
        check(&batch, "1/4");
        check(&[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "4")], "1/4");
        let buildkite = [("BUILDKITE_PARALLEL_JOB", "1"), ("BUILDKITE_PARALLEL_JOB_COUNT", "4")];
        check(&buildkite, "2/4");
        check(&[("CIRCLE_NODE_INDEX", "1"), ("CIRCLE_NODE_TOTAL", "4")], "2/4");
        check(&[("NOMAD_ALLOC_INDEX", "2"), (SHARDS, "4")], "3/4");
        check(&[("TEST_SHARD_INDEX", "2"), ("TEST_TOTAL_SHARDS", "4")], "3/4");
        check(&[("PARALLEL_SEQ", "16"), (SHARDS, "16")], "16/16");
    }

    #[test]
    fn a_part_of_an_array_that_is_started_again_keeps_its_number() {
        let slurm = [("SLURM_ARRAY_TASK_MIN", "3"), ("SLURM_ARRAY_TASK_COUNT", "1")];
        let again = [("SLURM_ARRAY_TASK_ID", "3"), slurm[0], slurm[1], (SHARDS, "8")];
        assert_eq!(says(&again), Ok("3/8".to_owned()));
        let all = [("SLURM_ARRAY_TASK_MIN", "0"), ("SLURM_ARRAY_TASK_COUNT", "8"), (SHARDS, "8")];
        assert_eq!(
            says(&[&[("SLURM_ARRAY_TASK_ID", "0")], &all[..]].concat()),
            Ok("1/8".to_owned())
        );
    }

    #[test]
    fn what_nobody_says_or_two_say_differently_is_refused() {
        let check = |variables: &[(&str, &str)], words: &str| {
            let error = says(variables).expect_err("it cannot be told");
            assert!(error.contains(words), "{error}");
        };
        check(&[], "nothing here says which shard this is");
        check(&[("JOB_COMPLETION_INDEX", "0")], "set RAFT_SIM_SHARDS to the number of shards");
        check(&[("CI_NODE_INDEX", "1")], "GitLab says which shard this is");
        check(&[("JOB_COMPLETION_INDEX", "4"), (SHARDS, "4")], "none of 4 shards counted from 0");
        check(&[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "4")], "none of 4 shards counted from 1");
        check(&[("PARALLEL_SEQ", "x"), (SHARDS, "4")], "PARALLEL_SEQ is \"x\", which is no number");
        let two = [("PARALLEL_SEQ", "1"), ("JOB_COMPLETION_INDEX", "1"), (SHARDS, "4")];
        check(&two, "Kubernetes says shard 2/4, and GNU parallel says 1/4");
        let same = [("PARALLEL_SEQ", "2"), ("JOB_COMPLETION_INDEX", "1"), (SHARDS, "4")];
        assert_eq!(says(&same), Ok("2/4".to_owned()), "they agree");
    }
}
