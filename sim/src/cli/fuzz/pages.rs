//! A page for each finding, in the folder that `--html` names: whoever gets it needs no raft-sim.

use std::io;
use std::path::{Path, PathBuf};

use super::teller::Teller;
use crate::explain::finding::Finding;
use crate::explain::stuck;
use crate::report::files::write_whole;
use crate::report::page::start::Opened;
use crate::report::page::whole::whole;

impl Teller<'_> {
    /// Where the page of a kept file lies, if pages are wanted. Folders of campaigns have names of
    /// their own, so that pages of many campaigns can lie side by side.
    pub(super) fn page_of(&self, file: &Path) -> Option<PathBuf> {
        let folder = self.args.html.as_ref()?;
        let campaign = self.place.folder().file_name().unwrap_or_default().to_string_lossy();
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        Some(folder.join(format!("{campaign}-{name}.html")))
    }

    /// Writes the page of a finding whose script is kept in this file.
    pub(super) fn keep_page(
        &self,
        finding: &Finding,
        file: &Path,
    ) -> Result<(), (PathBuf, io::Error)> {
        let Some(page) = self.page_of(file) else { return Ok(()) };
        if finding.class.invariant == stuck::INVARIANT {
            // Recording it would call what does not come back.
            return Ok(());
        }
        let opened = Opened {
            mode: "explore",
            name: file.display().to_string(),
            target: self.chosen.target,
            script: finding.script.clone(),
            invariant: Some(finding.class.invariant.to_owned()),
            one_minimal: finding.minimized.as_ref().is_some_and(|it| it.one_minimal),
            command: &self.app.prefix,
        };
        let text = whole(&opened, &self.plan.selection);
        write_whole(&page, &text).map_err(|error| (page, error))
    }
}
