//! Reports for programs: one JSON document.

use super::{Told, Writer};
use crate::report::json::to_text;

/// Everything at the end.
pub const WRITER: Writer = Writer {
    name: "json",
    summary: "for programs: one document",
    is_document: true,
    write: |told, _| match told {
        Told::End(report) => to_text(report),
        _ => String::new(),
    },
};
