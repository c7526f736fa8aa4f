//! How a report looks: with or without colour, with or without drawing characters. What it says
//! never depends on either.

/// How to draw.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Look {
    /// ANSI colours.
    pub colour: bool,
    /// ASCII only.
    pub ascii: bool,
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

    /// The first, or where only ASCII is wanted the second.
    pub const fn glyph<'a>(self, drawn: &'a str, ascii: &'a str) -> &'a str {
        if self.ascii { ascii } else { drawn }
    }

    /// The mark of a violation.
    pub const fn cross(self) -> &'static str {
        self.glyph("✗", "x")
    }

    fn painted(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
