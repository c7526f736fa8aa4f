//! One direction of a link, `n1->n2`.

use std::fmt;
use std::ops::Range;

use proptest::prelude::*;

use super::node::read_in;
use super::{Cast, Field, Line, Scope};
use crate::language::text::{ParseError, Token};
use crate::node::NodeId;

/// From one node to another: `n1->n2`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// From.
    pub from: NodeId,
    /// To.
    pub to: NodeId,
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}->{}", self.from, self.to)
    }
}

impl Field for Link {
    const FORM: &'static str = "FROM->TO";
    const MEANING: &'static str = "";

    fn read(line: &mut Line<'_>) -> Result<Self, ParseError> {
        let token = line.cursor.take();
        let Some((from, to)) = token.text.split_once("->") else {
            return Err(line.cursor.expected("a link", &token));
        };
        let Range { start, end } = token.bytes;
        let from = Token { text: from, bytes: start..start + from.len() };
        let to = Token { text: to, bytes: end - to.len()..end };
        Ok(Link { from: read_in(&line.cursor, &from)?, to: read_in(&line.cursor, &to)? })
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {self}")
    }

    fn head(&self, before: u64) -> u64 {
        self.to.head(self.from.head(before))
    }

    fn scope(&self) -> Option<Scope> {
        Some(Scope::Link(*self))
    }

    fn renamed(self, name: &mut impl FnMut(NodeId) -> NodeId) -> Self {
        Link { from: name(self.from), to: name(self.to) }
    }

    /// Between two different nodes.
    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>> {
        let nodes = cast.nodes;
        let steps = if cast.wild { 0..nodes } else { 1..nodes };
        let step = move |(from, step): (u8, u8)| {
            let to = (from - 1 + step) % nodes + 1;
            Link { from: NodeId(from), to: NodeId(to) }
        };
        (!steps.is_empty()).then(|| (1..=nodes, steps).prop_map(step).boxed())
    }
}
