//! The name of a message, `n5->n3 RequestVoteReply granted #9f3c12ab`.

use std::fmt;

use proptest::option;
use proptest::prelude::*;

use super::{Cast, Field, Line, Link, Scope};
use crate::language::hash::Hasher;
use crate::language::text::{ParseError, did_you_mean, quoted, suggest};
use crate::node::{Kind, NodeId, Word};

/// Names a message: by link, kind and outcome, and exactly by signature.
///
/// `n5->n3 RequestVoteReply granted #9f3c12ab`; the outcome and the signature may be left out.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// Sender.
    pub from: NodeId,
    /// Addressee.
    pub to: NodeId,
    /// The kind's name.
    pub kind: Word,
    /// The outcome, by its word; `None` matches either.
    pub outcome: Option<Word>,
    /// `#9f3c12ab`: hash of the content. `None` matches the newest on the link.
    pub signature: Option<u32>,
}

impl Pattern {
    /// The link that the message takes.
    pub const fn link(&self) -> Link {
        Link { from: self.from, to: self.to }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.link(), self.kind)?;
        if let Some(outcome) = self.outcome {
            write!(f, " {outcome}")?;
        }
        if let Some(signature) = self.signature {
            write!(f, " #{signature:08x}")?;
        }
        Ok(())
    }
}

impl Field for Pattern {
    const FORM: &'static str = "FROM->TO KIND [OUTCOME] [#SIGNATURE]";
    const MEANING: &'static str = "A message is named by its link and its kind, by its outcome where \
        it has one, and exactly by the hash of its content; without that, the newest is meant.";

    fn read(line: &mut Line<'_>) -> Result<Self, ParseError> {
        let Link { from, to } = Link::read(line)?;
        let kind = kind(line)?;
        let outcome = outcome(line, kind)?;
        let signature = signature(line)?;
        Ok(Pattern { from, to, kind: kind.name, outcome, signature })
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {self}")
    }

    fn head(&self, before: u64) -> u64 {
        self.link().head(before)
    }

    /// A message with a signature is its signature.
    fn tail(&self, hasher: &mut Hasher) {
        match self.signature {
            Some(signature) => hasher.add(u64::from(signature)),
            None => hasher.add_str(self.kind.text()).add_str(self.outcome.map_or("", Word::text)),
        };
    }

    fn scope(&self) -> Option<Scope> {
        Some(Scope::Message(*self))
    }

    fn renamed(self, name: &mut impl FnMut(NodeId) -> NodeId) -> Self {
        let Link { from, to } = self.link().renamed(name);
        Pattern { from, to, ..self }
    }

    fn unsigned(self) -> Self {
        Pattern { signature: None, ..self }
    }

    /// Without a signature, so that it fits the newest of its kind.
    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>> {
        if cast.kinds.is_empty() {
            return None;
        }
        let kinds = cast.kinds.to_vec();
        let flag = prop_oneof![2 => Just(None), 1 => any::<bool>().prop_map(Some)];
        let signature =
            if cast.wild { option::of(any::<u32>()).boxed() } else { Just(None).boxed() };
        let parts = (Link::arbitrary(cast)?, 0..kinds.len(), flag, signature);
        let pattern = parts.prop_map(move |(Link { from, to }, kind, flag, signature)| {
            let kind = &kinds[kind];
            let outcome = flag.and_then(|flag| kind.outcome(flag));
            Pattern { from, to, kind: kind.name, outcome, signature }
        });
        Some(pattern.boxed())
    }
}

fn kind<'a>(line: &mut Line<'a>) -> Result<&'a Kind, ParseError> {
    let token = line.cursor.take();
    if token.text.is_empty() {
        return Err(line.cursor.expected("a message kind", &token));
    }
    if let Some(kind) = line.kinds.iter().find(|kind| kind.name == token.text) {
        return Ok(kind);
    }
    let names: Vec<_> = line.kinds.iter().map(|kind| kind.name.text()).collect();
    let mut hint = format!("this target sends {}", names.join(", "));
    if let Some(name) = suggest(token.text, names) {
        hint = format!("{} {hint}", did_you_mean(name));
    }
    Err(line.cursor.error(&token, format!("unknown message kind {}", quoted(token.text)), hint))
}

fn outcome(line: &mut Line<'_>, kind: &Kind) -> Result<Option<Word>, ParseError> {
    let token = line.cursor.peek();
    if token.text.is_empty() || token.text.starts_with('#') {
        return Ok(None);
    }
    let Some([yes, no]) = kind.outcomes else {
        let message = format!("unexpected {}", quoted(token.text));
        return Err(line.cursor.error(&token, message, format!("{} has no outcome", kind.name)));
    };
    line.cursor.take();
    if let Some(&word) = [yes, no].iter().find(|word| **word == token.text) {
        return Ok(Some(word));
    }
    let message = format!("unknown outcome {}", quoted(token.text));
    let either = format!("{} is `{yes}` or `{no}`", kind.name);
    Err(line.cursor.error(&token, message, either))
}

fn signature(line: &mut Line<'_>) -> Result<Option<u32>, ParseError> {
    let token = line.cursor.peek();
    let Some(digits) = token.text.strip_prefix('#') else { return Ok(None) };
    let is_signature =
        digits.len() == 8 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_signature {
        let message = format!("{} is not a signature", quoted(token.text));
        let hint = "a signature is # and eight digits of 0-9 a-f: `#9f3c12ab`";
        return Err(line.cursor.error(&token, message, hint));
    }
    line.cursor.take();
    Ok(Some(u32::from_str_radix(digits, 16).expect("eight hex digits are a u32")))
}
