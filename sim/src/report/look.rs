//! How a report looks: with or without colour, with or without drawing characters. What it says
//! never depends on either.

/// How to colour.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Look {
    /// ANSI colours.
    pub colour: bool,
}

/// What reports draw with, and what stands in its place where only ASCII is wanted.
const ASCII: [(char, char); 26] = [
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
];

/// The same in ASCII, each character in its place; what nobody draws with is left as it is.
pub fn in_ascii(text: &str) -> String {
    let plain = |char: char| ASCII.iter().find(|(drawn, _)| *drawn == char).map(|(_, it)| *it);
    text.chars().map(|char| plain(char).unwrap_or(char)).collect()
}

impl Look {
    /// Bad news.
    pub fn red(self, text: &str) -> String {
        self.painted("31;1", text)
    }

    /// Good news.
    pub fn green(self, text: &str) -> String {
        self.painted("32", text)
    }

    /// Worth a second look.
    pub fn yellow(self, text: &str) -> String {
        self.painted("33", text)
    }

    /// Headings.
    pub fn bold(self, text: &str) -> String {
        self.painted("1", text)
    }

    /// Of less importance.
    pub fn dim(self, text: &str) -> String {
        self.painted("2", text)
    }

    fn painted(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
