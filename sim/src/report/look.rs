//! How a report looks: with or without colour, with or without drawing characters. What it says
//! never depends on either.

use std::borrow::Cow;

/// Columns where there is no terminal that could say how many it has.
pub const WIDTH: usize = 100;

/// How to colour, and how wide.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Look {
    /// ANSI colours.
    pub colour: bool,
    /// Columns that a line may fill, 60 or more. What cannot be broken is longer: names, and lines
    /// to be copied.
    pub width: usize,
}

impl Default for Look {
    fn default() -> Self {
        Look { colour: false, width: WIDTH }
    }
}

/// What reports draw with, and what stands in its place where only ASCII is wanted.
const ASCII: [(char, char); 27] = [
    ('─', '-'),
    ('═', '='),
    ('┆', '|'),
    ('▶', '>'),
    ('◀', '<'),
    ('→', '>'),
    ('●', 'o'),
    ('•', 'o'),
    ('·', '.'),
    ('⏱', 'T'),
    ('✎', 'w'),
    ('⟳', 'r'),
    ('▪', 's'),
    ('✗', 'x'),
    ('✓', 'c'),
    ('✂', '%'),
    ('★', '*'),
    ('▓', '#'),
    ('▁', '_'),
    ('▂', '.'),
    ('▃', ':'),
    ('▄', '-'),
    ('▅', '='),
    ('▆', '+'),
    ('▇', '*'),
    ('█', '#'),
    (HARMLESS, '?'),
];

/// The same in ASCII, each character in its place; what nobody draws with is left as it is.
pub fn in_ascii(text: &str) -> String {
    let plain = |char: char| ASCII.iter().find(|(drawn, _)| *drawn == char).map(|(_, it)| *it);
    text.chars().map(|char| plain(char).unwrap_or(char)).collect()
}

/// Codes of the colours that reports are painted with, and of their end.
const CODES: [&str; 6] = [RED, GREEN, YELLOW, BOLD, DIM, PLAIN];
const RED: &str = "31;1";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const BOLD: &str = "1";
const DIM: &str = "2";
const PLAIN: &str = "0";

/// What stands for a character that a terminal would obey.
const HARMLESS: char = '\u{fffd}';

/// The text without anything that a terminal would obey but ends of lines, tabs, and the colours of
/// reports if they are wanted: names of files, titles and messages of panics are not ours.
pub fn harmless(text: &str, coloured: bool) -> Cow<'_, str> {
    if !text.chars().any(is_obeyed) {
        return text.into();
    }
    let mut harmless = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let paint = if coloured { paint(rest) } else { None };
        let length = paint.unwrap_or(char.len_utf8());
        if paint.is_none() && is_obeyed(char) {
            harmless.push(HARMLESS);
        } else {
            harmless.push_str(&rest[..length]);
        }
        rest = &rest[length..];
    }
    harmless.into()
}

fn is_obeyed(char: char) -> bool {
    char.is_control() && char != '\n' && char != '\t'
}

/// How long the colour is with which the text begins.
fn paint(text: &str) -> Option<usize> {
    let code = text.strip_prefix("\x1b[")?;
    let known = CODES
        .iter()
        .find(|known| code.strip_prefix(**known).is_some_and(|rest| rest.starts_with('m')))?;
    Some("\x1b[m".len() + known.len())
}

impl Look {
    /// Bad news.
    pub fn red(self, text: &str) -> String {
        self.painted(RED, text)
    }

    /// Good news.
    pub fn green(self, text: &str) -> String {
        self.painted(GREEN, text)
    }

    /// Worth a second look.
    pub fn yellow(self, text: &str) -> String {
        self.painted(YELLOW, text)
    }

    /// Headings.
    pub fn bold(self, text: &str) -> String {
        self.painted(BOLD, text)
    }

    /// Of less importance.
    pub fn dim(self, text: &str) -> String {
        self.painted(DIM, text)
    }

    fn painted(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[{PLAIN}m")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_obeys_nothing_but_our_colours() {
        let coloured = Look { colour: true, ..Look::default() };
        let red = coloured.red("no");
        let hostile = format!("a\x1b]0;title\x07 \x1b[2J\u{9b}31m\r\x08 {red}\tb\n");
        let harmless = |coloured| harmless(&hostile, coloured);
        let plain = "a\u{fffd}]0;title\u{fffd} \u{fffd}[2J\u{fffd}31m\u{fffd}\u{fffd} ";
        assert_eq!(harmless(true), format!("{plain}{red}\tb\n"));
        assert_eq!(harmless(false), format!("{plain}\u{fffd}[31;1mno\u{fffd}[0m\tb\n"));
        let paints = [Look::red, Look::green, Look::yellow, Look::bold, Look::dim];
        for paint in paints {
            let painted = paint(coloured, "it");
            assert_ne!(painted, "it");
            assert_eq!(super::harmless(&painted, true), painted);
        }
        assert!(matches!(super::harmless("plain ✗", false), Cow::Borrowed(_)));
    }
}
