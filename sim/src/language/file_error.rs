//! What is wrong with a file: the place, the line itself with the words underlined, and a hint.

use crate::language::text::ParseError;
use std::fmt;
use std::path::{Path, PathBuf};

/// What is wrong with a file that somebody wrote, in the manner of a compiler:
///
/// ```text
/// there is no node `n4`
///   --> seeds/known/election-safety-9c1e77d0.json:13:14
///    |
/// 13 |     "timeout n4",
///    |              ^^
/// hint: the cluster has 3 nodes, n1 to n3
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileError {
    /// The file, as it was named.
    pub path: PathBuf,
    /// From 1.
    pub line: usize,
    /// In characters from 1; `None` if all of the line is meant.
    pub column: Option<usize>,
    /// How many characters are meant; at least 1.
    pub width: usize,
    /// What is wrong, in lower case.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The line itself.
    pub source_line: Box<str>,
}

/// Of a longer line, only the surroundings of the mistake are shown.
const SHOWN_CHARS_MAX: usize = 100;

impl FileError {
    /// A mistake at a byte of `text`, `width` characters wide.
    pub(crate) fn at(
        path: &Path,
        text: &str,
        byte: usize,
        width: usize,
        message: impl Into<String>,
    ) -> FileError {
        let byte = (0..=byte).rev().find(|&byte| text.is_char_boundary(byte)).unwrap_or(0);
        let before = &text[..byte];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        FileError {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: Some(text[start..byte].chars().count() + 1),
            width: width.max(1),
            message: message.into(),
            hint: None,
            source_line: text[start..].lines().next().unwrap_or_default().into(),
        }
    }

    /// A mistake in one line of a file; `line` counts from 1.
    pub(crate) fn in_line(path: &Path, line: usize, text: &str, error: ParseError) -> FileError {
        FileError {
            path: path.to_owned(),
            line,
            column: Some(error.column),
            width: error.width,
            message: error.message,
            hint: error.hint,
            source_line: text.into(),
        }
    }

    /// With a hint.
    pub(crate) fn hint(self, hint: impl Into<String>) -> FileError {
        FileError { hint: Some(hint.into()), ..self }
    }

    /// Bytes of a file as text.
    ///
    /// # Errors
    /// When they are not UTF-8; the error names the line.
    pub fn utf8<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, FileError> {
        std::str::from_utf8(bytes).map_err(|error| {
            let valid = std::str::from_utf8(&bytes[..error.valid_up_to()])
                .expect("the bytes before the first wrong one are right");
            FileError::at(path, valid, valid.len(), 1, "the file is not text")
                .hint("raft-sim reads UTF-8")
        })
    }
}

impl std::error::Error for FileError {}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        write!(f, "{}\n{margin}--> {}:{number}", self.message, self.path.display())?;
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        let column = self.column.unwrap_or(1);
        let hidden = if column <= SHOWN_CHARS_MAX { 0 } else { column - SHOWN_CHARS_MAX / 2 };
        // Tabs and control characters would move the caret, or the terminal.
        let shown: String = (self.source_line.chars().skip(hidden).take(SHOWN_CHARS_MAX))
            .map(|char| if char.is_control() { ' ' } else { char })
            .collect();
        let shown = shown.trim_end();
        write!(f, "\n{margin} |\n{number} | {shown}")?;
        if self.column.is_some() {
            let before = column - hidden - 1;
            let width = self.width.min(shown.chars().count().saturating_sub(before)).max(1);
            write!(f, "\n{margin} | {}{}", " ".repeat(before), "^".repeat(width))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stands_under_the_mistake() {
        let text = "heal\r\n\tcrash né\n";
        let byte = text.find('n').expect("there is one");
        let error = FileError::at(Path::new("a.txt"), text, byte, 2, "what is né?").hint("a node");
        let expected =
            "what is né?\n --> a.txt:2:8\n  |\n2 |  crash né\n  |        ^^\nhint: a node";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn of_a_long_line_only_a_part_is_shown() {
        let text = format!("{}!{}", "a".repeat(5000), "b".repeat(5000));
        let error = FileError::at(Path::new("a.txt"), &text, 5000, 5000, "no");
        let shown = error.to_string();
        assert!(shown.lines().all(|line| line.len() <= 110), "lines fit a screen");
        assert!(shown.contains("a!b"), "the mistake is in sight");
    }

    #[test]
    fn a_file_that_is_not_text_names_the_line() {
        let error = FileError::utf8(Path::new("a.txt"), b"heal\nhe\xffal").expect_err("not UTF-8");
        assert_eq!((error.line, error.column), (2, Some(3)));
    }
}
