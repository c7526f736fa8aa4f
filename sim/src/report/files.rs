//! Files and folders: the one place that writes them.
//!
//! Nothing that a person owns is replaced by something else: a link stays a link, and what is no
//! file (a device, a pipe) is written into.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Links that are followed from one to the next.
const LINKS_MAX: usize = 40;

/// Writes a file whole or not at all, with the folders around it: whoever reads it, or kills us,
/// finds either what was there before or the whole text.
///
/// # Errors
/// If the system does not let us.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let before = fs::metadata(path).ok();
    // What stands in /dev may be a file that somebody else has open, such as our own stdout.
    if before.as_ref().is_some_and(|before| !before.is_file() || path.starts_with("/dev")) {
        return OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes());
    }
    let path = &behind_links(path)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = draft_of(path);
    let written = fs::write(&draft, text)
        .and_then(|()| before.map_or(Ok(()), |it| fs::set_permissions(&draft, it.permissions())))
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The draft may not even exist.
        let _ = fs::remove_file(&draft);
    }
    written
}

/// Tries whether a file could be written whole, and leaves everything as it is but for the folders
/// around it. What is no file is not tried: a pipe may have no reader yet.
///
/// # Errors
/// If it could not.
pub fn try_whole(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(before) if before.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(before) if !before.is_file() || path.starts_with("/dev") => return Ok(()),
        _ => {}
    }
    let path = &behind_links(path)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = draft_of(path);
    fs::write(&draft, "").and_then(|()| fs::remove_file(&draft))
}

/// Adds to the end of a file.
///
/// # Errors
/// If the system does not let us.
pub fn append(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().create(true).append(true).open(path)?.write_all(text.as_bytes())
}

/// What a link points to, whether that exists or not; anything else as it is.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS_MAX {
        match fs::read_link(&path) {
            Ok(to) => path = path.parent().unwrap_or(Path::new("")).join(to),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links"))
}

/// Where a file is written before it takes its place.
fn draft_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}", std::process::id()))
}

/// Whether it is something that was being written when its writer was killed.
pub fn is_draft(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let number = name.strip_prefix('.').and_then(|name| name.rsplit_once('.'));
    number.is_some_and(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()))
}
