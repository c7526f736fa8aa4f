//! Commands that the README tells people to type. They are read from there and not copied, so that
//! what continuous integration runs and what people are told cannot drift apart.

use std::path::Path;

/// The first line of a fenced code block of the README for which `wanted` holds.
pub(crate) fn command(root: &Path, what: &str, wanted: fn(&str) -> bool) -> Result<String, String> {
    let text = std::fs::read_to_string(root.join("README.md"))
        .map_err(|error| format!("README.md cannot be read: {error}"))?;
    let found = fenced(&text).find(|line| wanted(line));
    found.map(str::to_owned).ok_or_else(|| format!("README.md has no code block with {what}"))
}

/// The lines inside fenced code blocks, without a prompt in front of them.
fn fenced(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().filter_map(move |line| {
        if line.trim_start().starts_with("```") {
            inside = !inside;
            return None;
        }
        let line = line.trim();
        inside.then(|| line.strip_prefix("$ ").unwrap_or(line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_code_blocks_count() {
        let text = "cargo test\n```console\n$ cargo test --workspace\nok\n```\ncargo doc\n";
        assert_eq!(fenced(text).collect::<Vec<_>>(), ["cargo test --workspace", "ok"]);
    }
}
