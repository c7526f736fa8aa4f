//! Values as JSON.

use serde::Serialize;

/// Anything as JSON over several lines.
pub(crate) fn to_text(object: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(object);
    text.expect("names are texts and numbers are whole") + "\n"
}
