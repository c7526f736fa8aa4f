//! Tells the crate which commit it is built from: a seed is an address in what one version draws.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    let package = env!("CARGO_PKG_VERSION");
    let version = packaged().or_else(checked_out);
    let version =
        version.map_or_else(|| package.to_owned(), |commit| format!("{package}+{commit}"));
    // Cargo hands it to what it runs, too, where names that begin with RAFT_SIM_ are settings.
    println!("cargo::rustc-env=BUILT_VERSION={version}");
}

/// The commit of a packaged crate, which cargo writes into it.
fn packaged() -> Option<String> {
    let text = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let after = text.split("\"sha1\"").nth(1)?;
    let digits = after.split('"').nth(1)?;
    digits.get(..7).map(str::to_owned)
}

/// The commit that is checked out around this crate, and whether its files were changed since.
fn checked_out() -> Option<String> {
    for name in ["HEAD", "packed-refs"] {
        watch(&git(&["rev-parse", "--git-path", name])?);
    }
    if let Some(branch) = git(&["symbolic-ref", "--quiet", "HEAD"]) {
        watch(&git(&["rev-parse", "--git-path", &branch])?);
    }
    let commit = git(&["rev-parse", "--short=7", "HEAD"])?;
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no", "--", "src", "Cargo.toml"])?;
    Some(if changed.is_empty() { commit } else { format!("{commit}.changed") })
}

fn watch(path: &str) {
    // Cargo would take a path that is not there for one that has changed.
    if Path::new(path).exists() {
        println!("cargo::rerun-if-changed={path}");
    }
}

/// What git says, if there is a git and it knows this folder.
fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
