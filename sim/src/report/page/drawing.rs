//! The space-time diagram of a recorded run as a drawing of its own: a lane for each node, a row for
//! each action, time downwards.
//!
//! Colours stand in attributes, for whoever allows no styles; with the page's style sheet the same
//! classes as on the page give them those of the theme.

use std::fmt::Write as _;

use super::markup::{escaped, outcome};
use crate::report::trace::{MessageReport, Recording, Values};

/// Distances, in units of the drawing.
const ROW: usize = 34;
const HEAD: usize = 34;
const MARGIN: usize = 44;
const PITCH: usize = 62;
const WORDS: usize = 620;
/// Letters of an outcome that fit.
const LETTERS_MAX: usize = 96;
/// The hues of terms on white, none first.
const HUES: [&str; 7] =
    ["#4a4d54", "#17665c", "#7a5200", "#5a3fb0", "#8a2566", "#44610f", "#3c5068"];

/// Draws a run from a step on.
pub(super) fn drawing(recording: &Recording, first: usize) -> String {
    let mut drawing = Drawing { recording, first, text: String::new() };
    let nodes = usize::from(recording.nodes);
    let rows = recording.steps.len().saturating_sub(first);
    let (width, height) = (MARGIN + nodes * PITCH + WORDS, HEAD + rows * ROW + ROW / 2);
    drawing.lanes(nodes);
    for step in first..recording.steps.len() {
        drawing.arrows(step);
        drawing.row(step);
    }
    format!(
        "<svg class=\"drawing\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"Space-time diagram: the table \
         below says the same in words\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n\
         <rect class=\"ground\" width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n{}</svg>",
        drawing.text
    )
}

struct Drawing<'a> {
    recording: &'a Recording,
    first: usize,
    text: String,
}

impl Drawing<'_> {
    fn y(&self, step: usize) -> usize {
        match step.checked_sub(self.first) {
            Some(row) => HEAD + row * ROW + ROW / 2,
            None => HEAD,
        }
    }

    fn put(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// How each node stands after each step: thin while it follows, hatched while it stands for
    /// election, thick while it leads, nothing while it is down.
    fn lanes(&mut self, nodes: usize) {
        let mut stands = vec![Values::default(); nodes];
        let last = self.recording.steps.len();
        for node in 1..=self.recording.nodes {
            let x = x_of(node);
            self.put(&format!("<text class=\"inked\" x=\"{x}\" y=\"20\" text-anchor=\"middle\" font-weight=\"bold\" fill=\"#191a1d\">n{node}</text>"));
        }
        for step in 0..last {
            for change in &self.recording.steps[step].nodes {
                stands[usize::from(change.node) - 1].follow(&change.values);
            }
            if step + 1 < self.first {
                continue;
            }
            for node in 1..=self.recording.nodes {
                let values = &stands[usize::from(node) - 1];
                if values.up != Some(1) {
                    continue;
                }
                let (kind, width, dash) = match values.role {
                    Some(2) => ("lead", 7, ""),
                    Some(1 | 3) => ("stand", 7, " stroke-dasharray=\"2 2\""),
                    _ => ("follow", 2, ""),
                };
                let (class, colour) = hue(values.term);
                let (x, y1) = (x_of(node), if step < self.first { HEAD } else { self.y(step) });
                let y2 = if step + 1 < last { self.y(step + 1) } else { self.y(step) + ROW / 2 };
                self.put(&format!("<line class=\"lane {kind} {class}\" x1=\"{x}\" x2=\"{x}\" y1=\"{y1}\" y2=\"{y2}\" stroke=\"{colour}\" stroke-width=\"{width}\"{dash}/>"));
            }
        }
    }

    /// Messages that are gone with a step, from where they were sent.
    fn arrows(&mut self, step: usize) {
        let action = self.recording.steps[step].action.as_deref().unwrap_or_default();
        let is_lost = action.starts_with("drop");
        let gone: Vec<&MessageReport> = if is_lost || action.starts_with("deliver") {
            self.recording.messages.iter().filter(|it| it.gone == Some(step)).collect()
        } else {
            Vec::new()
        };
        for message in gone {
            let (class, colour) = hue(message.term);
            let (x1, x2) = (x_of(message.from), x_of(message.to));
            let (y1, y2) = (self.y(message.sent), self.y(step));
            let dash = match (message.is, message.entries) {
                ("vote" | "voted", _) => " stroke-dasharray=\"5 3\"",
                ("append", Some(0)) => " stroke-dasharray=\"2 3\"",
                _ => "",
            };
            let (end_x, end_y) =
                if is_lost { (x1.midpoint(x2), y1.midpoint(y2)) } else { (x2, y2) };
            self.put(&format!("<line class=\"arrow {class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{end_x}\" y2=\"{end_y}\" stroke=\"{colour}\" stroke-width=\"1.5\"{dash}/>"));
            if is_lost {
                self.put(&format!("<path class=\"lost {class}\" d=\"M{} {}l8 8m0 -8l-8 8\" stroke=\"{colour}\" stroke-width=\"2\"/>", end_x - 4, end_y - 4));
            } else {
                let back = if x1 < x2 { -9 } else { 9 };
                self.put(&format!("<path class=\"head {class}\" d=\"M{end_x} {end_y}l{back} -5v10z\" fill=\"{colour}\"/>"));
            }
        }
    }

    /// The number of a step, its sign, and its words.
    fn row(&mut self, step: usize) {
        let report = &self.recording.steps[step];
        let (y, action) = (self.y(step), report.action.as_deref().unwrap_or_default());
        let is_broken = self.recording.violations.iter().any(|it| it.step == step);
        self.put(&format!("<text class=\"faint\" x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#50535a\">{step}</text>", MARGIN - 14, y + 4));
        if let Some(note) = report.notes.first() {
            let (x, is) =
                (x_of(note.node), |kind: &str| report.notes.iter().any(|it| it.is == kind));
            let (class, colour) = hue(report.notes.iter().find_map(|it| it.term));
            let shape = if is("leads") {
                format!(
                    "<path class=\"dot leads {class}\" d=\"M{} {y}l4 -7h8l4 7l-4 7h-8z\" fill=\"{colour}\"/>",
                    x - 8
                )
            } else if is("crashes") {
                format!(
                    "<path class=\"dot crash\" d=\"M{} {}l10 10m0 -10l-10 10\" stroke=\"#191a1d\" stroke-width=\"2.4\"/>",
                    x - 5,
                    y - 5
                )
            } else {
                format!(
                    "<circle class=\"dot {class}\" cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"#ffffff\" stroke=\"{colour}\" stroke-width=\"1.6\"/>"
                )
            };
            self.put(&shape);
            if is_broken {
                self.put(&format!("<circle class=\"ring\" cx=\"{x}\" cy=\"{y}\" r=\"12\" fill=\"none\" stroke=\"#b0161c\" stroke-width=\"2\"/>"));
            }
        } else if ["partition", "heal", "cut", "mend"].iter().any(|verb| action.starts_with(verb)) {
            let end = MARGIN + usize::from(self.recording.nodes) * PITCH;
            self.put(&format!("<line class=\"across\" x1=\"{MARGIN}\" x2=\"{end}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#50535a\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\"/>"));
        }
        let x = MARGIN + usize::from(self.recording.nodes) * PITCH + 12;
        let colour = if is_broken { ("bad", "#b0161c") } else { ("inked", "#191a1d") };
        let mut words: String = outcome(report).chars().take(LETTERS_MAX).collect();
        if words.chars().count() == LETTERS_MAX {
            words.push('…');
        }
        let words = if words.is_empty() { escaped(action) } else { escaped(&words) };
        let _ = writeln!(
            self.text,
            "<text class=\"{}\" x=\"{x}\" y=\"{}\" fill=\"{}\">{words}</text>",
            colour.0,
            y - 1,
            colour.1
        );
        let _ = writeln!(
            self.text,
            "<text class=\"faint\" x=\"{x}\" y=\"{}\" fill=\"#50535a\" font-size=\"11\" font-family=\"monospace\">{}</text>",
            y + 12,
            escaped(action)
        );
    }
}

/// The middle of a lane.
fn x_of(node: u8) -> usize {
    MARGIN + usize::from(node) * PITCH - PITCH / 2
}

/// Class and colour of a term.
fn hue(term: Option<u64>) -> (String, &'static str) {
    let slot = term.filter(|term| 0 < *term).map_or(0, |term| (term - 1) % 6 + 1);
    (format!("t{slot}"), HUES[usize::try_from(slot).expect("there are seven")])
}
