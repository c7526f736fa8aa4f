//! A step that cannot run on a machine says so: it ends with 77, and the last line says what is
//! missing and how it is had. Whoever reads `SKIPPED` needs nothing else.
//!
//! The scripts run with a `PATH` that leads to a few programs of which nobody is without.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Programs that every system has.
const EVERYWHERE: [&str; 11] =
    ["bash", "cat", "cmp", "cp", "dirname", "env", "grep", "id", "mkdir", "realpath", "rm"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout is around this crate")
}

/// An empty folder for a test.
fn folder(name: &str) -> PathBuf {
    let folder = root().join("target/ci/tests").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the checkout is writable");
    folder
}

/// Where the shell finds a program.
fn whereabouts(program: &str) -> PathBuf {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
    let found = found.expect("there is a shell").stdout;
    PathBuf::from(String::from_utf8(found).expect("a path is a text").trim())
}

/// A folder with those programs, and these.
fn programs(name: &str, more: &[&str]) -> PathBuf {
    let folder = folder(name);
    for program in EVERYWHERE.iter().chain(more) {
        symlink(whereabouts(program), folder.join(program)).expect("the folder is empty");
    }
    folder
}

/// Runs a script of `ci/`, or a copy of it, with nothing but these programs.
fn run(script: &Path, arguments: &[&str], programs: &Path) -> Output {
    let mut command = Command::new(programs.join("bash"));
    command.arg(script).args(arguments).env_clear().env("PATH", programs);
    command.current_dir(root()).stdin(Stdio::null());
    command.output().expect("there is a bash")
}

/// Demands that it was skipped, and that the last line has all of these words.
#[track_caller]
fn skipped(output: &Output, words: &[&str]) {
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let said = String::from_utf8_lossy(&said);
    assert_eq!(output.status.code(), Some(77), "{said}");
    let last = said.trim_end().lines().last().unwrap_or_default();
    for word in words {
        assert!(last.contains(word), "{word:?} is not in the last line of\n{said}");
    }
}

#[test]
fn engines_that_are_not_there_are_named_with_their_packages() {
    let bin = programs("no-engines", &[]);
    let slurm = run(&root().join("ci/engines/slurm.sh"), &["/bin/sh"], &bin);
    skipped(&slurm, &["there is no Slurm here", "as root, install", "slurmctld slurmd", "munge"]);
    let parallel = run(&root().join("ci/engines/parallel.sh"), &["/bin/sh"], &bin);
    skipped(&parallel, &["there is no GNU parallel here", "as root, install", "parallel"]);
    let page = run(&root().join("ci/page.sh"), &[], &bin);
    skipped(&page, &["there is no node 20 or later here", "install"]);
}

#[test]
fn a_program_of_the_same_name_is_no_engine() {
    let bin = programs("other-parallel", &[]);
    symlink(whereabouts("true"), bin.join("parallel")).expect("there is none");
    let parallel = run(&root().join("ci/engines/parallel.sh"), &["/bin/sh"], &bin);
    skipped(&parallel, &["there is no GNU parallel here"]);
}

/// A copy of what runs programs of Python's, with nothing installed beside it.
fn python(name: &str) -> PathBuf {
    let ci = folder(name).join("ci");
    fs::create_dir_all(&ci).expect("the folder is ours");
    for file in ["python.sh", "requirements.txt"] {
        fs::copy(root().join("ci").join(file), ci.join(file)).expect("both are there");
    }
    ci.join("python.sh")
}

#[test]
fn whoever_has_no_python_is_told_so() {
    let bin = programs("no-python-bin", &[]);
    let ended = run(&python("no-python"), &["zizmor"], &bin);
    skipped(&ended, &["no Python here", "install", "venv"]);
}

/// Makes what it is told to be an environment, in which nothing can be installed.
const PYTHON_WITHOUT_A_NETWORK: &str = "#!/usr/bin/env bash
mkdir -p \"$3/bin\"
printf '#!/usr/bin/env bash\\nexit 1\\n' >\"$3/bin/pip\"
chmod +x \"$3/bin/pip\"
";

#[test]
fn packages_that_cannot_be_had_are_told_apart_from_what_they_check() {
    let bin = programs("no-packages-bin", &["chmod"]);
    let python3 = bin.join("python3");
    fs::write(&python3, PYTHON_WITHOUT_A_NETWORK).expect("the folder is ours");
    fs::set_permissions(&python3, fs::Permissions::from_mode(0o755)).expect("the file is ours");
    let ended = run(&python("no-packages"), &["zizmor"], &bin);
    skipped(&ended, &["ci/requirements.txt", "cannot be installed", "pip"]);
}
