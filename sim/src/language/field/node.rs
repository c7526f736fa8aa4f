//! A node, `n5`.

use std::fmt;

use proptest::prelude::*;

use super::{Cast, Field, Line, Scope};
use crate::language::text::{Cursor, ParseError, Token, quoted};
use crate::node::{NODES_MAX, NodeId};

impl Field for NodeId {
    const FORM: &'static str = "NODE";
    const MEANING: &'static str = "";

    fn read(line: &mut Line<'_>) -> Result<Self, ParseError> {
        let token = line.cursor.take();
        read_in(&line.cursor, &token)
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {self}")
    }

    fn head(&self, before: u64) -> u64 {
        before << 8 | u64::from(self.0)
    }

    fn scope(&self) -> Option<Scope> {
        Some(Scope::Node(*self))
    }

    fn renamed(self, name: &mut impl FnMut(NodeId) -> NodeId) -> Self {
        name(self)
    }

    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>> {
        Some((1..=cast.nodes).prop_map(NodeId).boxed())
    }
}

/// Reads a node that is (part of) a token.
pub(super) fn read_in(cursor: &Cursor<'_>, token: &Token<'_>) -> Result<NodeId, ParseError> {
    let digits = token.text.strip_prefix('n').unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(cursor.expected("a node", token));
    }
    match digits.as_bytes() {
        &[digit @ b'1'..=b'9'] => Ok(NodeId(digit - b'0')),
        _ => Err(cursor.error(
            token,
            format!("there is no node {}", quoted(token.text)),
            format!("nodes are n1 to n{NODES_MAX}"),
        )),
    }
}
