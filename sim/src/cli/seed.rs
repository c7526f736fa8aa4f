//! Seeds as people write them: a number, a commit, or none.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::language::hash::mix;
use crate::language::text::quoted;

/// Reads a seed: decimal, hexadecimal after `0x`, or a commit of 40 hexadecimal digits.
pub(super) fn parse(text: &str) -> Result<u64, CliError> {
    let digits = text.replace('_', "");
    let number = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) if !hex.starts_with('+') => u64::from_str_radix(hex, 16).ok(),
        Some(_) => None,
        None if is_commit(&digits) => return Ok(of_commit(&digits)),
        None if digits.starts_with('+') => None,
        None => digits.parse().ok(),
    };
    number.ok_or_else(|| {
        CliError::usage(format!("{} is not a seed", quoted(text)))
            .hint("a seed is a number of 64 bits (108, 0x6c) or a commit of 40 hexadecimal digits")
    })
}

/// What there is to say of a number that looks like the beginning of a commit.
pub(super) fn remark(text: &str) -> Option<String> {
    let is_like_a_commit =
        (7..40).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    is_like_a_commit.then(|| {
        format!("{text} is taken for a number; a commit is written with all its 40 digits")
    })
}

/// Whether a word looks like a seed rather than like a path.
pub(super) fn is_like_one(word: &str) -> bool {
    is_commit(word) || word.starts_with(|char: char| char.is_ascii_digit()) && parse(word).is_ok()
}

/// A commit stands for its first 64 bits: new seeds on each commit, and the same ones for ever.
fn of_commit(commit: &str) -> u64 {
    u64::from_str_radix(&commit[..16], 16).expect("a commit has hexadecimal digits")
}

fn is_commit(word: &str) -> bool {
    word.len() == 40 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A seed that nobody has drawn before. It is printed, and from there on it is an ordinary one;
/// 48 bits are enough for that, and short enough to be typed.
#[expect(clippy::disallowed_types, reason = "no run sees this clock, only the printed seed")]
pub(super) fn fresh() -> u64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let nanoseconds = since.as_secs().wrapping_mul(1_000_000_000) + u64::from(since.subsec_nanos());
    mix(nanoseconds ^ u64::from(std::process::id()) << 40) >> 16
}

/// The commit that is checked out in the repository around `folder`.
pub(super) fn head_commit(folder: &Path) -> Result<String, CliError> {
    let wrong = |message: &str| {
        CliError::usage(format!("cannot tell the commit: {message}"))
            .hint("name it: --seed-from-commit <40 hexadecimal digits>")
    };
    let git = folder.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists());
    let git = git.ok_or_else(|| wrong("there is no git repository around this folder"))?;
    let git = real_folder(&git).ok_or_else(|| wrong("the .git file names no folder"))?;
    let head = read_line(&git.join("HEAD")).ok_or_else(|| wrong("HEAD cannot be read"))?;
    let commit = match head.strip_prefix("ref: ") {
        None => Some(head.clone()),
        Some(name) => resolve(&git, name),
    };
    commit
        .filter(|commit| is_commit(commit))
        .ok_or_else(|| wrong(&format!("{} names none yet", quoted(&head))))
}

/// Of a worktree, `.git` is a file that names the folder.
fn real_folder(git: &Path) -> Option<PathBuf> {
    if git.is_dir() {
        return Some(git.to_owned());
    }
    let line = read_line(git)?;
    Some(git.parent()?.join(line.strip_prefix("gitdir: ")?))
}

/// The commit of a reference: a file of its own, or a line of `packed-refs`. Worktrees share them.
fn resolve(git: &Path, name: &str) -> Option<String> {
    let common = read_line(&git.join("commondir")).map(|common| git.join(common));
    let folders = [Some(git.to_owned()), common];
    folders.into_iter().flatten().find_map(|folder| {
        read_line(&folder.join(name)).or_else(|| {
            let packed = fs::read_to_string(folder.join("packed-refs")).ok()?;
            let found = packed
                .lines()
                .find_map(|line| line.split_once(' ').filter(|(_, reference)| *reference == name));
            found.map(|(commit, _)| commit.to_owned())
        })
    })
}

fn read_line(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "9f3c2ab0a1b2c3d4e5f60718293a4b5c6d7e8f90";

    #[test]
    fn seeds_have_three_forms() {
        let check = |text, seed| assert_eq!(parse(text).ok(), seed, "{text}");
        check("108", Some(108));
        check("0x6c", Some(108));
        check("0xffff_ffff_ffff_ffff", Some(u64::MAX));
        check(COMMIT, Some(0x9f3c_2ab0_a1b2_c3d4));
        check("18446744073709551616", None);
        check("-1", None);
        check("+1", None);
        check("0x+1", None);
        check("", None);
        check("seed", None);
    }

    #[test]
    fn a_number_that_may_be_a_commit_is_remarked() {
        assert!(remark("5094506").is_some());
        assert_eq!(
            [
                remark("108"),
                remark("0x5094506"),
                remark(&COMMIT.replace(['a', 'b', 'c', 'd', 'e', 'f'], "1"))
            ],
            [None, None, None]
        );
    }

    #[test]
    fn paths_are_not_seeds() {
        let check = |word, is| assert_eq!(is_like_one(word), is, "{word}");
        check("108", true);
        check(COMMIT, true);
        check("seeds", false);
        check("1-figure-8.txt", false);
    }

    #[test]
    fn a_commit_is_found_in_loose_and_packed_references() {
        let root = std::env::temp_dir().join(format!("raft-sim-head-{}", std::process::id()));
        let git = root.join(".git");
        fs::create_dir_all(git.join("refs/heads")).expect("a temporary folder is writable");
        let write = |name: &str, text: &str| {
            fs::write(git.join(name), text).expect("a temporary folder is writable");
        };
        write("HEAD", "ref: refs/heads/main\n");
        let below = root.join("a");
        assert!(head_commit(&below).is_err(), "the branch has no commit");
        write("packed-refs", &format!("# pack-refs\n{COMMIT} refs/heads/main\n"));
        assert_eq!(head_commit(&below).as_deref(), Ok(COMMIT));
        let newer = COMMIT.replace('9', "8");
        write("refs/heads/main", &format!("{newer}\n"));
        assert_eq!(head_commit(&below), Ok(newer));
        write("HEAD", COMMIT);
        assert_eq!(head_commit(&below).as_deref(), Ok(COMMIT));
        fs::remove_dir_all(&root).expect("it was made above");
    }
}
