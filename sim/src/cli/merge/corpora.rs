//! The corpora of guided shards as one: each script of any of them, once.
//!
//! A script is named by what is in it, so neither the order of the folders matters nor how often a
//! shard was tried. Of two files with one script, which two targets may have written, the one whose
//! text is less is taken: always the same.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::App;
use super::super::error::CliError;
use super::super::fuzz::guided::is_name;
use crate::language::repro::{Repro, Verdict};
use crate::report::files::write_whole;
use crate::report::words::counted;

/// Scripts by the names of their files.
#[derive(Default)]
pub(super) struct Corpora(BTreeMap<String, String>);

impl Corpora {
    /// Takes a file if it is a script of a guided corpus.
    pub(super) fn offer(&mut self, path: &Path, bytes: &[u8]) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(text) = std::str::from_utf8(bytes).ok().filter(|_| is_name(&name)) else { return };
        let is_script =
            Repro::subject(text, path).is_ok_and(|(_, expect)| expect.outcome == Verdict::Pass);
        if is_script && self.0.get(&name).is_none_or(|other| text < other.as_str()) {
            self.0.insert(name, text.to_owned());
        }
    }

    /// Adds all to a folder, and says how many that are. What lies there is left as it is.
    pub(super) fn add_to(&self, app: &App, folder: &Path) -> Result<(), CliError> {
        let new = self.0.iter().map(|(name, text)| (folder.join(name), text));
        let new: Vec<_> = new.filter(|(path, _)| !path.exists()).collect();
        for (path, text) in &new {
            write_whole(path, text).map_err(|error| CliError::unwritable(path, &error))?;
        }
        let (all, new) = (counted(self.0.len() as u64, "script"), new.len());
        app.console.talk(&format!(
            "corpus   {all} of guided shards, {new} of them new in {}",
            folder.display()
        ));
        Ok(())
    }
}
