//! What can stand behind a verb. Each type of field is one file, and all that is done with fields
//! is done there: reading, printing, hashing, renaming, making plainer, drawing, explaining.

mod counts;
mod groups;
mod key_value;
mod link;
mod milliseconds;
mod node;
mod pattern;
mod percent;
mod timer;

pub use counts::{Keep, Writes};
pub use groups::Groups;
pub use key_value::KeyValue;
pub use link::Link;
pub use milliseconds::Milliseconds;
pub use pattern::Pattern;
pub use percent::{Percent, SKEW_PERCENT};

use std::fmt;

use proptest::strategy::BoxedStrategy;

use crate::language::hash::Hasher;
use crate::language::text::{Cursor, ParseError};
use crate::node::{Kind, NodeId, NodeSet};

/// What an action is about.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Scope {
    /// A node: its process, its disk or its clock.
    Node(NodeId),
    /// A message.
    Message(Pattern),
    /// One direction of a link.
    Link(Link),
    /// The cluster as a whole.
    Cluster,
}

/// A part of a line.
pub(crate) trait Field: Copy + 'static {
    /// Its place in the form of a line: `NODE`. Empty if it is told by the verb alone.
    const FORM: &'static str;
    /// What stands there, in a sentence; empty if that needs no words.
    const MEANING: &'static str;

    /// Reads it from the line.
    fn read(line: &mut Line<'_>) -> Result<Self, ParseError>;

    /// Prints it exactly as it is read, with a blank before it.
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Puts it into the number with which the action's hash begins. Names of nodes move what is
    /// there up by a byte, other numbers stand above one name. The same for ever: files keep hashes.
    fn head(&self, before: u64) -> u64;

    /// Adds what that number has no room for.
    fn tail(&self, hasher: &mut Hasher) {
        let _ = hasher;
    }

    /// The verb of its line, if the field tells that.
    fn verb(&self) -> Option<&'static str> {
        None
    }

    /// What its action is about, if the field tells that.
    fn scope(&self) -> Option<Scope> {
        None
    }

    /// A copy in which `name` has replaced every node, in the order in which the line has them.
    #[must_use]
    fn renamed(self, name: &mut impl FnMut(NodeId) -> NodeId) -> Self {
        let _ = name;
        self
    }

    /// What is left of it if there are these nodes only; `None` if it names another.
    fn within(self, nodes: NodeSet) -> Option<Self> {
        let mut all = true;
        let _ = self.renamed(&mut |node| {
            all &= nodes.contains(node);
            node
        });
        all.then_some(self)
    }

    /// The same without the hash of a message's content, which only scripts need.
    #[must_use]
    fn unsigned(self) -> Self {
        self
    }

    /// How far it is from the plainest one; only fields of one type compare.
    fn plainness(&self) -> u64 {
        0
    }

    /// What a story would rather have in its place, the plainest first. The action is the `nth` of
    /// its verb, from 1.
    fn plainer(&self, nth: u32) -> Vec<Self> {
        let _ = nth;
        Vec::new()
    }

    /// Draws one; `None` if this cluster has none.
    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>>;
}

/// A line while it is read.
pub(crate) struct Line<'a> {
    pub(crate) cursor: Cursor<'a>,
    /// The target's vocabulary.
    pub(crate) kinds: &'a [Kind],
    /// Its verb.
    pub(crate) verb: &'static str,
}

/// For whom fields are drawn.
#[derive(Copy, Clone)]
pub(crate) struct Cast<'a> {
    /// How many nodes there are.
    pub(crate) nodes: u8,
    /// What they send.
    pub(crate) kinds: &'a [Kind],
    /// The verb before the field.
    pub(crate) verb: &'static str,
    /// Everything the language has, and not only what a run might do.
    pub(crate) wild: bool,
}
