//! What was seen when a promise broke: a sentence whose parts keep their meaning.
//!
//! Judges know commands, terms and indexes, and no words for them but these. Whoever tells of a
//! violation knows more (that command 17 is `x=3`), and makes words of the parts; what judges would
//! say themselves is [`Evidence`]'s `Display`.

use std::borrow::Cow;
use std::fmt;

use crate::fact::{Command, LogIndex, LogPosition, NodeId, NodeSet, Payload, Role, Term};
use crate::reveals::Reveals;

/// A sentence in parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    parts: Vec<Part>,
}

/// One part of a sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Words between the other parts.
    Text(Cow<'static, str>),
    /// A server.
    Node(NodeId),
    /// Several servers.
    Nodes(NodeSet),
    /// A term.
    Term(Term),
    /// A position in a log, also a `matchIndex`, `nextIndex` or `commitIndex`.
    Index(LogIndex),
    /// A position in a log and the term of the entry there.
    Position(LogPosition),
    /// What an entry carries.
    Payload(Payload),
    /// A client's command.
    Command(Command),
    /// A role.
    Role(Role),
    /// What a guest reveals, or does not.
    Reveals(Reveals),
    /// How many of something, or the how-manieth.
    Number(u64),
    /// A hash.
    Hash(u64),
}

impl Evidence {
    /// A template with a part for each `{}`; written by `evidence!`, which counts them.
    pub(crate) fn new<const PARTS: usize>(template: &'static str, parts: [Part; PARTS]) -> Self {
        let mut texts = template.split("{}");
        let mut all = Vec::with_capacity(2 * PARTS + 1);
        let text = |text: &'static str| (!text.is_empty()).then(|| Part::from(text));
        all.extend(texts.next().and_then(text));
        for (part, after) in parts.into_iter().zip(texts) {
            all.push(part);
            all.extend(text(after));
        }
        Evidence { parts: all }
    }

    /// The same sentence with more to it.
    #[must_use]
    pub(crate) fn then(mut self, more: Evidence) -> Self {
        self.parts.extend(more.parts);
        self
    }

    /// The parts in their order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }
}

/// A template that asks for this many parts.
pub(crate) const fn template(template: &'static str, parts: usize) -> &'static str {
    assert!(holes(template) == parts, "there is a part for each hole");
    template
}

/// How many parts a template asks for.
const fn holes(template: &str) -> usize {
    let (bytes, mut at, mut holes) = (template.as_bytes(), 1, 0);
    while at < bytes.len() {
        holes += (bytes[at - 1] == b'{' && bytes[at] == b'}') as usize;
        at += 1;
    }
    holes
}

/// `evidence!("{} votes for {}", node, candidate)`: as many parts as there are `{}`, or it does not
/// compile.
macro_rules! evidence {
    ($template:literal $(, $part:expr)* $(,)?) => {
        $crate::evidence::Evidence::new(
            const {
                $crate::evidence::template($template, <[&str]>::len(&[$(stringify!($part)),*]))
            },
            [$($crate::evidence::Part::from($part)),*],
        )
    };
}
pub(crate) use evidence;

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| write!(f, "{part}"))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Text(text) => f.write_str(text),
            Part::Node(node) => write!(f, "{node}"),
            Part::Nodes(nodes) => write!(f, "{nodes}"),
            Part::Term(number) | Part::Index(number) | Part::Number(number) => {
                write!(f, "{number}")
            }
            Part::Position(position) => write!(f, "{position}"),
            Part::Payload(payload) => write!(f, "{payload}"),
            Part::Command(command) => write!(f, "{command}"),
            Part::Role(role) => write!(f, "{role}"),
            Part::Reveals(reveals) => write!(f, "{reveals}"),
            Part::Hash(hash) => write!(f, "{hash:016x}"),
        }
    }
}

impl From<NodeId> for Part {
    fn from(node: NodeId) -> Self {
        Part::Node(node)
    }
}

impl From<NodeSet> for Part {
    fn from(nodes: NodeSet) -> Self {
        Part::Nodes(nodes)
    }
}

impl From<LogPosition> for Part {
    fn from(position: LogPosition) -> Self {
        Part::Position(position)
    }
}

impl From<Payload> for Part {
    fn from(payload: Payload) -> Self {
        Part::Payload(payload)
    }
}

impl From<Command> for Part {
    fn from(command: Command) -> Self {
        Part::Command(command)
    }
}

impl From<Role> for Part {
    fn from(role: Role) -> Self {
        Part::Role(role)
    }
}

impl From<Reveals> for Part {
    fn from(reveals: Reveals) -> Self {
        Part::Reveals(reveals)
    }
}

impl From<usize> for Part {
    fn from(number: usize) -> Self {
        Part::Number(number as u64)
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Part::Text(Cow::Owned(text))
    }
}

impl From<&'static str> for Part {
    fn from(text: &'static str) -> Self {
        Part::Text(Cow::Borrowed(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_in_order() {
        let last = LogPosition { term: 2, index: 7 };
        let said =
            evidence!("{} votes in term {} for a log up to {}", NodeId(1), Part::Term(3), last);
        assert_eq!(said.to_string(), "n1 votes in term 3 for a log up to 7@2");
        let parts: Vec<&Part> = said.parts().iter().step_by(2).collect();
        assert_eq!(parts, [&Part::Node(NodeId(1)), &Part::Term(3), &Part::Position(last)]);
    }

    #[test]
    fn a_sentence_may_go_on() {
        let command = Part::Command(Command(17));
        let said =
            evidence!("{} is said", command).then(evidence!(", but {} is done", Payload::NoOp));
        assert_eq!(said.to_string(), "command 17 is said, but no-op is done");
        assert_eq!(evidence!("nothing").parts(), [Part::from("nothing")]);
    }

    #[test]
    fn holes_are_counted() {
        assert_eq!([holes(""), holes("{"), holes("{}"), holes("{} and {}")], [0, 0, 1, 2]);
    }
}
