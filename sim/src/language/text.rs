//! Reading lines that people write: words, where they stand, and what was probably meant.

use std::fmt;
use std::ops::{Range, RangeInclusive};

/// What is wrong with a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// Where, in characters from 1.
    pub column: usize,
    /// How many characters are meant; at least 1.
    pub width: usize,
    /// What is wrong, in lower case.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ParseError {}

/// A word or a brace, and where it stands.
#[derive(Clone)]
pub(crate) struct Token<'a> {
    pub(crate) text: &'a str,
    pub(crate) bytes: Range<usize>,
}

/// Reads a line from left to right.
pub(crate) struct Cursor<'a> {
    line: &'a str,
    /// How many bytes are read.
    read: usize,
    /// A right line that begins with the same word, for hints.
    pub(crate) example: &'static str,
}

impl<'a> Cursor<'a> {
    /// At the beginning of a line.
    pub(crate) fn new(line: &'a str) -> Self {
        Cursor { line, read: 0, example: "" }
    }

    /// The next token; empty at the end of the line.
    pub(crate) fn peek(&self) -> Token<'a> {
        let rest = self.line[self.read..].trim_start_matches([' ', '\t']);
        let start = self.line.len() - rest.len();
        let len = if rest.starts_with(['{', '}']) {
            1
        } else {
            rest.find([' ', '\t', '{', '}']).unwrap_or(rest.len())
        };
        Token { text: &rest[..len], bytes: start..start + len }
    }

    /// Reads a token.
    pub(crate) fn take(&mut self) -> Token<'a> {
        let token = self.peek();
        self.read = token.bytes.end;
        token
    }

    /// A mistake in (or at) a token.
    pub(crate) fn error(
        &self,
        at: &Token<'_>,
        message: String,
        hint: impl Into<String>,
    ) -> ParseError {
        ParseError {
            column: self.line[..at.bytes.start].chars().count() + 1,
            width: at.text.chars().count().max(1),
            message,
            hint: Some(hint.into()),
        }
    }

    /// Something else stands where `what` should be.
    pub(crate) fn expected(&self, what: &str, found: &Token<'_>) -> ParseError {
        let found_text =
            if found.text.is_empty() { "the end of the line".into() } else { quoted(found.text) };
        let hint = format!("write it like `{}`", self.example);
        self.error(found, format!("expected {what}, found {found_text}"), hint)
    }

    /// A whole number in `digits`, which are (part of) `token`.
    pub(crate) fn number(
        &self,
        token: &Token<'_>,
        digits: &str,
        what: &str,
        range: RangeInclusive<u32>,
    ) -> Result<u32, ParseError> {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.expected(what, token));
        }
        digits.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            let hint = format!("it is a whole number from {} to {}", range.start(), range.end());
            self.error(token, format!("{} is out of range", clipped(digits)), hint)
        })
    }
}

/// The usual hint.
pub(crate) fn did_you_mean(word: &str) -> String {
    format!("did you mean `{word}`?")
}

/// A piece of input for a message: short, on one line, without control characters.
pub(crate) fn clipped(text: &str) -> String {
    let mut shown: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    if 40 < text.chars().count() {
        shown.push('…');
    }
    shown
}

/// [`clipped`] in backticks.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", clipped(text))
}

/// The candidate that was probably meant: few typing errors away, the first of the closest.
pub(crate) fn suggest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if word.is_empty() || 40 < word.len() {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 5)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many characters to insert, delete, replace or swap with a neighbour to make `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    // Rows of the usual table: `rows[i][j]` is the distance of the first i from the first j.
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if 1 < i && 1 < j && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_near() {
        let verbs = ["deliver", "drop", "heal", "stall", "unstall"];
        let check = |word, meant| assert_eq!(suggest(word, verbs), meant, "{word}");
        check("delvier", Some("deliver"));
        check("Drop", Some("drop"));
        check("install", Some("unstall"));
        check("hael", Some("heal"));
        check("hello", None);
        check("", None);
        check("x", None);
    }

    #[test]
    fn quotes_are_short_and_harmless() {
        assert_eq!(quoted("a\u{1b}[31m"), "`a\\u{1b}[31m`");
        assert_eq!(clipped(&"x".repeat(1000)).chars().count(), 41);
    }
}
