//! What drawing and tables share: words as markup, and what a step says.

use crate::report::trace::{NoteReport, StepReport};

/// What came of a step, in words: what matters, or if nothing does, all of it.
pub(super) fn outcome(step: &StepReport) -> String {
    let matter: Vec<&NoteReport> = step.notes.iter().filter(|it| 0 < it.weight).collect();
    let told = if matter.is_empty() { step.notes.iter().collect() } else { matter };
    told.iter().map(|it| format!("n{} {}", it.node, it.says)).collect::<Vec<_>>().join("; ")
}

/// Text as markup.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
