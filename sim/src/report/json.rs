//! Reports for programs: one JSON document.

use serde::Serialize;

use super::Writer;

/// Everything at the end, since a document is one.
pub const WRITER: Writer = Writer {
    name: "json",
    summary: "for programs: one document",
    campaign: |_, _| String::new(),
    end: |report| to_text(report),
};

/// Anything as JSON over several lines.
pub(crate) fn to_text(object: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(object);
    text.expect("names are texts and numbers are whole") + "\n"
}
