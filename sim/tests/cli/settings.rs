//! Settings: what counts if several places say something, and what is said of a wrong one.

use std::fs;

use super::process::{Ended, Folder, PROGRAM};

const FILE: &str = "\
[default]
target = \"noraft\"
nodes = [3, 5]
[ci]
time = \"8m\"
max-failures = 5
without = [\"skew\", \"disk\"]
[nightly]
inherits = \"ci\"
time = \"50m\"
keep-going = true
";

fn run(folder: &Folder, variables: &[(&str, &str)], args: &[&str]) -> Ended {
    let mut command = folder.command(PROGRAM);
    command.args(args).envs(variables.iter().copied());
    Ended::new(command.output().expect("the program starts"))
}

/// What `--print-config` says of a setting: its value, and where it comes from.
fn said(ended: &Ended, flag: &str) -> (String, String) {
    let line = ended
        .stdout
        .lines()
        .find(|line| line.trim_start_matches("# ").split([' ', '=']).next() == Some(flag));
    let line = line.unwrap_or_else(|| panic!("no {flag}:\n{}", ended.stdout));
    let (value, origin) = line.trim_start_matches("# ").rsplit_once("  # ").expect("both are said");
    let value = value.trim().trim_start_matches(flag).trim().trim_start_matches("= ");
    (value.to_owned(), origin.to_owned())
}

#[track_caller]
fn check(ended: &Ended, flag: &str, value: &str, origin: &str) {
    assert_eq!(said(ended, flag), (value.to_owned(), origin.to_owned()), "{}", ended.stdout);
}

#[test]
fn what_is_typed_counts_more_than_the_environment_and_that_more_than_the_file() {
    let folder = Folder::new("settings");
    folder.write("raft-sim.toml", FILE);
    let print = ["fuzz", "--print-config", "--settings", "ci", "--seed", "1"];
    let of_file = run(&folder, &[], &print).exits(0);
    check(&of_file, "time", "\"8m\"", "raft-sim.toml:5 [ci]");
    check(&of_file, "nodes", "[3, 5]", "raft-sim.toml:3 [default]");
    check(&of_file, "runs", "", "default: 10000; with --time: no limit");
    check(&of_file, "seed", "1", "command line");
    let variables = [("RAFT_SIM_TIME", "1m"), ("RAFT_SIM_WITHOUT", "disk"), ("RAFT_SIM_JOBS", "2")];
    let of_environment = run(&folder, &variables, &print).exits(0);
    check(&of_environment, "time", "\"1m\"", "RAFT_SIM_TIME");
    check(&of_environment, "without", "[\"disk\"]", "RAFT_SIM_WITHOUT");
    check(&of_environment, "max-failures", "5", "raft-sim.toml:6 [ci]");
    let typed = run(&folder, &variables, &[&print[..], &["--time", "2s", "--jobs", "1"]].concat());
    check(&typed, "time", "\"2s\"", "command line");
    check(&typed, "jobs", "1", "command line");
    let empty = run(&folder, &[("RAFT_SIM_TIME", "")], &print).exits(0);
    check(&empty, "time", "\"8m\"", "raft-sim.toml:5 [ci]");
}

#[test]
fn a_section_inherits_and_its_flags_keep_out_what_they_exclude() {
    let folder = Folder::new("settings-inherit");
    folder.write("raft-sim.toml", FILE);
    let print = ["fuzz", "--print-config", "--seed", "1"];
    let nightly = run(&folder, &[("RAFT_SIM_SETTINGS", "nightly")], &print).exits(0);
    check(&nightly, "time", "\"50m\"", "raft-sim.toml:10 [nightly]");
    check(&nightly, "keep-going", "true", "raft-sim.toml:11 [nightly]");
    check(&nightly, "without", "[\"skew\", \"disk\"]", "raft-sim.toml:7 [ci]");
    check(&nightly, "target", "\"noraft\"", "raft-sim.toml:2 [default]");
    check(&nightly, "max-failures", "1", "default");
    let typed = [&print[..], &["--settings", "nightly", "--max-failures", "2"]].concat();
    let typed = run(&folder, &[], &typed).exits(0);
    check(&typed, "max-failures", "2", "command line");
    check(&typed, "keep-going", "false", "default");
    let off = run(&folder, &[("RAFT_SIM_KEEP_GOING", "false")], &typed_nightly(&print)).exits(0);
    check(&off, "keep-going", "false", "RAFT_SIM_KEEP_GOING");
    check(&off, "max-failures", "5", "raft-sim.toml:6 [ci]");
}

fn typed_nightly<'a>(print: &[&'a str]) -> Vec<&'a str> {
    [print, &["--settings", "nightly"]].concat()
}

#[test]
fn what_is_printed_is_a_file_that_says_the_same() {
    let folder = Folder::new("settings-printed");
    folder.write("raft-sim.toml", FILE);
    let print = ["fuzz", "--print-config", "--seed", "0x6c", "--settings", "nightly"];
    let first = run(&folder, &[("RAFT_SIM_OUT", "a \"b\" \\c")], &print).exits(0);
    folder.write("raft-sim.toml", &first.stdout);
    let second = run(&folder, &[], &["fuzz", "--print-config"]).exits(0);
    for flag in ["time", "nodes", "without", "target", "seed", "keep-going", "out", "max-failures"]
    {
        assert_eq!(said(&first, flag).0, said(&second, flag).0, "{flag}");
    }
    let seeds = |ended: &Ended| ended.stdout.split("\n\n").skip(1).collect::<String>();
    assert_eq!(seeds(&first), seeds(&second), "the first seeds mean the same");
}

#[test]
fn the_nearest_file_counts_and_a_campaign_says_so() {
    let folder = Folder::new("settings-nearest");
    folder.write("raft-sim.toml", FILE);
    folder.write("a/b/empty", "");
    let mut command = folder.command(PROGRAM);
    command.current_dir(folder.file("a/b")).args(["fuzz", "--runs", "30", "--seed", "1"]);
    let ended = Ended::new(command.output().expect("the program starts")).exits(0);
    let ended = ended.complains("hunting  noraft --nodes 3,5  30 seeds");
    let ended = ended.complains("settings [default] of ../../raft-sim.toml");
    assert!(ended.stderr.lines().count() < 4, "{}", ended.stderr);
    let quiet = folder.run(&["replay", "1", "--target", "raft-core"]).exits(0);
    assert!(!quiet.stderr.contains("settings"), "other commands do what their line says");
    fs::remove_file(folder.file("raft-sim.toml")).expect("it is there");
}

#[test]
fn wrong_settings_name_file_line_and_remedy() {
    let folder = Folder::new("settings-wrong");
    let check = |file: &str, words: &[&str]| {
        folder.write("raft-sim.toml", file);
        let mut ended = folder.run(&["fuzz", "--runs", "1"]).exits(2);
        for word in words {
            ended = ended.complains(word);
        }
        assert_eq!(ended.stdout, "", "{file}");
    };
    check("[default]\nnodez = 3\n", &["no setting `nodez`", "toml:2:1", "did you mean `nodes`?"]);
    check("[a]\ntime = 8\n", &["'8'", "toml:2:8", "write a time like 8m"]);
    check("[default]\ntime = 8.5\n", &["`time` takes a text or a whole number", "toml:2:8"]);
    check("[default]\nruns = [1]\n", &["`runs` takes a text or a whole number", "toml:2:8"]);
    check("[default]\nformat = \"jsn\"\n", &["'jsn'", "toml:2:10", "human, json"]);
    check("runs = 1\n", &["`runs` stands in no section", "toml:1:1", "write [default] above it"]);
    check("[default\n", &["expected `]`", "toml:1:9"]);
    check("[default]\nruns = 1\nruns = 2\n", &["duplicate key", "toml:3:1"]);
    check("[default]\nkeep-going = \"yes\"\n", &["takes true or false", "toml:2:14"]);
    check("[a]\ninherits = \"b\"\n[b]\ninherits = \"a\"\n", &["inherit from itself", "toml:4:12"]);
    check("[a]\ninherits = \"defalt\"\n[default]\n", &["no section `defalt`", "`default`?"]);
    let both = "[default]\nseed = 1\nseed-from-commit = true\n";
    check(both, &["`seed-from-commit` does not go with `seed`", "toml:3:20", "leave one"]);
    check(
        "[default]\nwithout = [\"bogus\"]\n",
        &["unknown fault", "from raft-sim.toml:2 [default]"],
    );
    check("[default]\nnodes = 12\n", &["12 nodes", "`fuzz --print-config` says where"]);
    folder.write("raft-sim.toml", FILE);
    let named = folder.run(&["fuzz", "--settings", "nigtly"]).exits(2);
    named.complains("no section `nigtly`").complains("did you mean `nightly`?");
    let variable = |name, value| run(&folder, &[(name, value)], &["fuzz", "--runs", "1"]).exits(2);
    variable("RAFT_SIM_JOBZ", "3").complains("no such setting").complains("`RAFT_SIM_JOBS`?");
    variable("RAFT_SIM_JOBS", "x").complains("RAFT_SIM_JOBS: invalid value 'x'");
    variable("RAFT_SIM_KEEP_GOING", "si").complains("neither true nor false");
    variable("RAFT_SIM_SKIP", "lema").complains("--skip comes from RAFT_SIM_SKIP");
    fs::write(folder.file("raft-sim.toml"), b"[default]\n\xff").expect("it is writable");
    folder.run(&["fuzz"]).exits(2).complains("the file is not text").complains("toml:2");
}

#[test]
fn shells_and_manuals_know_every_command() {
    let folder = Folder::new("manuals");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = folder.run(&["completions", shell]).exits(0);
        for word in ["fuzz", "minimize", "--max-failures", "--settings"] {
            assert!(script.stdout.contains(word.trim_start_matches('-')), "{word} for {shell}");
        }
    }
    let script = folder.run(&["completions", "bash"]).exits(0).stdout;
    folder.write("completions", &script);
    let complete = "source ./completions; COMP_WORDS=(raft-sim fuzz --max); COMP_CWORD=2; \
                    $(complete -p raft-sim | sed 's/.*-F //; s/ .*//') raft-sim --max fuzz; echo \"${COMPREPLY[@]}\"";
    let bash = folder.command("bash").args(["-c", complete]).output().expect("there is a bash");
    Ended::new(bash).exits(0).says("--max-failures");
    folder.run(&["man"]).exits(0).says(".TH raft-sim 1").says("fuzz");
    folder.run(&["man", "fuzz"]).exits(0).says(".TH raft-sim-fuzz 1").says("max\\-failures");
    folder.run(&["man", "fuz"]).exits(2).complains("did you mean `fuzz`?");
    folder.run(&["man", "--out", "man"]).exits(0);
    let pages = fs::read_dir(folder.file("man")).expect("the folder is made").count();
    assert!(10 <= pages, "{pages} pages");
}
