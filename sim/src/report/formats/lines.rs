//! Reports as JSON lines, for whoever follows a hunt: an object for each thing when it happens.

use serde::{Deserialize, Serialize};

use super::{Told, Writer};
use crate::report::campaign::CampaignReport;
use crate::report::failure::FindingReport;
use crate::report::progress::{BeginReport, ProgressReport};

/// Everything when it happens.
pub const WRITER: Writer = Writer {
    name: "jsonl",
    summary: "for programs that follow: one line when something happens",
    is_document: false,
    write: |told, _| {
        let line = match told.clone() {
            Told::Begin(begin) => Line::Begin(begin.clone()),
            Told::Progress(progress) => Line::Progress(progress.clone()),
            Told::Finding(finding) => Line::Finding(Box::new(finding.clone())),
            Told::Campaign(campaign) => Line::Campaign(Box::new(campaign.clone())),
            Told::End(report) => Line::End { version: report.version.clone(), exit: report.exit },
        };
        serde_json::to_string(&line).expect("names are texts and numbers are whole") + "\n"
    },
};

/// One line; `event` says which.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Line {
    /// A campaign begins.
    Begin(BeginReport),
    /// How far it is: about once a second.
    Progress(ProgressReport),
    /// A bug was found, or a smaller script for it (then `minimized` is not null).
    Finding(Box<FindingReport>),
    /// A campaign is over.
    Campaign(Box<CampaignReport>),
    /// Nothing more will come.
    End {
        /// The version of raft-sim.
        version: String,
        /// The process's exit code.
        exit: u8,
    },
}
