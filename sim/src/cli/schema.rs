//! `raft-sim schema`: what the JSON means that we write and read, for programs and editors.

use clap::Args;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};

use super::App;
use super::error::{CliError, Exit};
use super::list::{self, ListReport};
use crate::language::repro;
use crate::language::text::{did_you_mean, quoted, suggest};
use crate::report::campaign::Report;
use crate::report::comparison::ComparisonReport;
use crate::report::explored::ExploredReport;
use crate::report::formats::lines::Line;
use crate::report::json::to_text;
use crate::report::kept::{self, KeptReport};
use crate::report::minimized::ShortestStoryReport;
use crate::report::replayed::ReplayedReport;
use crate::report::scores::ScoresReport;
use crate::report::trace::Recording;
use crate::report::words::table;
use crate::report::{campaign, comparison, explored, minimized, replayed, scores, trace, why};

/// Print the JSON Schema of what commands write, and of the files that they read
#[derive(Args)]
#[command(after_help = "\
Examples:
  raft-sim schema                                  all documents
  raft-sim schema report > report.schema.json
  raft-sim schema repro > seeds/schema.json        for editors

`--format json` prints one document for each invocation, however many targets, files or seeds it is
about. What has no --format is for people, shells or engines: explain, emit, completions, man. The
page of lab and explore reads `trace`.")]
pub(super) struct SchemaArgs {
    /// A document [default: the list of them]
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// A kind of document.
struct Document {
    name: &'static str,
    /// Its name and version, as the document itself says them.
    format: &'static str,
    summary: &'static str,
    schema: fn(SchemaGenerator) -> Schema,
}

/// All of them. What a document has beyond these keys is of a later version, and may be passed
/// over; what it has of them stays.
const DOCUMENTS: &[Document] = &[
    Document {
        name: "report",
        format: campaign::FORMAT,
        summary: "campaigns: report.json, `fuzz` and `merge` with --format json",
        schema: SchemaGenerator::into_root_schema_for::<Report>,
    },
    Document {
        name: "line",
        format: "",
        summary: "one line of `fuzz` and `merge` with --format jsonl",
        schema: SchemaGenerator::into_root_schema_for::<Line>,
    },
    Document {
        name: "replayed",
        format: replayed::FORMAT,
        summary: "`replay` and `corpus check` with --format json",
        schema: SchemaGenerator::into_root_schema_for::<ReplayedReport>,
    },
    Document {
        name: "minimized",
        format: minimized::FORMAT,
        summary: "`minimize` with --format json",
        schema: SchemaGenerator::into_root_schema_for::<ShortestStoryReport>,
    },
    Document {
        name: "why",
        format: why::FORMAT,
        summary: "`why` with --format json",
        schema: why::schema,
    },
    Document {
        name: "explored",
        format: explored::FORMAT,
        summary: "`exhaust` with --format json",
        schema: SchemaGenerator::into_root_schema_for::<ExploredReport>,
    },
    Document {
        name: "trace",
        format: trace::FORMAT,
        summary: "`replay` with --trace --format json: every step of a run",
        schema: SchemaGenerator::into_root_schema_for::<Recording>,
    },
    Document {
        name: "kept",
        format: kept::FORMAT,
        summary: "`corpus add` and `corpus fmt` with --format json",
        schema: SchemaGenerator::into_root_schema_for::<KeptReport>,
    },
    Document {
        name: "scores",
        format: scores::FORMAT,
        summary: "`bugs` with --format json",
        schema: SchemaGenerator::into_root_schema_for::<ScoresReport>,
    },
    Document {
        name: "comparison",
        format: comparison::FORMAT,
        summary: "`bugs` with --compare --format json",
        schema: SchemaGenerator::into_root_schema_for::<ComparisonReport>,
    },
    Document {
        name: "list",
        format: list::FORMAT,
        summary: "`list` with --format json",
        schema: SchemaGenerator::into_root_schema_for::<ListReport>,
    },
    Document {
        name: "repro",
        format: repro::FORMAT,
        summary: "a kept run, in seeds/ and wherever runs are read",
        schema: |_| repro::schema(),
    },
];

pub(super) fn run(app: &App, args: &SchemaArgs) -> Result<Exit, CliError> {
    let Some(name) = &args.name else {
        let row = |it: &Document| [it.name, it.format, it.summary].map(str::to_owned).to_vec();
        let rows: Vec<Vec<String>> = DOCUMENTS.iter().map(row).collect();
        app.console.out(&table(&rows, 0, app.console.look.width));
        return Ok(Exit::Passed);
    };
    let document = DOCUMENTS.iter().find(|document| document.name == name).ok_or_else(|| {
        CliError::usage(format!("nothing called {} has a schema", quoted(name)))
            .hint_if(suggest(name, DOCUMENTS.iter().map(|it| it.name)).map(did_you_mean))
            .hint("`schema` alone has all documents")
    })?;
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    app.console.out(&to_text(&(document.schema)(generator)));
    Ok(Exit::Passed)
}
