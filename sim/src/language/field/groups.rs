//! The groups of a partition, `{n1 n2} {n3 n4 n5}`.

use std::fmt;

use proptest::prelude::*;

use super::node::read_in;
use super::{Cast, Field, Line};
use crate::language::hash::Hasher;
use crate::language::text::ParseError;
use crate::node::{NODES_MAX, NodeId, NodeSet};

/// The groups of a partition; unused places are empty.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Groups(pub [NodeSet; NODES_MAX]);

impl FromIterator<NodeSet> for Groups {
    /// Those of the groups that are not empty, at most [`NODES_MAX`].
    fn from_iter<I: IntoIterator<Item = NodeSet>>(groups: I) -> Self {
        let mut all = Groups::default();
        let used = groups.into_iter().filter(|group| !group.is_empty());
        for (place, group) in all.0.iter_mut().zip(used) {
            *place = group;
        }
        all
    }
}

impl fmt::Display for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An empty group changes nothing, but it has a place: the same value must come back.
        let used = self.0.iter().rposition(|group| !group.is_empty()).map_or(1, |last| last + 1);
        for (position, group) in self.0[..used].iter().enumerate() {
            if 0 < position {
                f.write_str(" ")?;
            }
            write!(f, "{group}")?;
        }
        Ok(())
    }
}

impl Field for Groups {
    const FORM: &'static str = "{NODE ...} ...";
    const MEANING: &'static str = "Only nodes that share a group reach each other. Groups may \
        overlap (a bridge, a ring); a node in no group is alone.";

    /// To the end of the line.
    fn read(line: &mut Line<'_>) -> Result<Self, ParseError> {
        let mut groups = Groups::default();
        let mut count = 0;
        while count == 0 || !line.cursor.peek().text.is_empty() {
            let open = line.cursor.take();
            if open.text != "{" {
                return Err(line.cursor.expected("a group such as {n1 n2}", &open));
            }
            if count == NODES_MAX {
                let hint = format!("a partition has at most {NODES_MAX} groups");
                return Err(line.cursor.error(&open, "one group too many".into(), hint));
            }
            groups.0[count] = group(line)?;
            count += 1;
        }
        Ok(groups)
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {self}")
    }

    fn head(&self, before: u64) -> u64 {
        before
    }

    fn tail(&self, hasher: &mut Hasher) {
        self.0.iter().fold(hasher, |hasher, group| hasher.add(u64::from(group.0)));
    }

    fn renamed(self, name: &mut impl FnMut(NodeId) -> NodeId) -> Self {
        Groups(self.0.map(|group| group.iter().map(&mut *name).collect()))
    }

    /// A partition goes on among those who are left.
    fn within(self, nodes: NodeSet) -> Option<Self> {
        Some(Groups(self.0.map(|group| NodeSet(group.0 & nodes.0))))
    }

    /// A cut is plainer.
    fn plainness(&self) -> u64 {
        1
    }

    /// Two groups: usually a split, sometimes with a bridge, sometimes with somebody left alone.
    fn arbitrary(cast: &Cast<'_>) -> Option<BoxedStrategy<Self>> {
        let all = NodeSet::first(usize::from(cast.nodes)).0;
        if cast.wild {
            // Half of the groups empty, wherever they stand.
            let group = move |bits: u16| NodeSet(if bits & 0x8000 == 0 { bits & all } else { 0 });
            let groups = any::<[u16; NODES_MAX]>().prop_map(move |bits| Groups(bits.map(group)));
            return Some(groups.boxed());
        }
        let loose = prop_oneof![4 => Just(None), 1 => (0..cast.nodes).prop_map(Some)];
        let groups = (0..=all, loose).prop_map(move |(group, loose)| {
            let other = (all & !group) ^ loose.map_or(0, |slot| 1 << slot);
            [group, other].map(NodeSet).into_iter().collect()
        });
        Some(groups.boxed())
    }
}

/// What follows a group's opening brace, with the closing one.
fn group(line: &mut Line<'_>) -> Result<NodeSet, ParseError> {
    let mut group = NodeSet::EMPTY;
    loop {
        let token = line.cursor.take();
        if token.text == "}" {
            return Ok(group);
        }
        if matches!(token.text, "" | "{") {
            return Err(line.cursor.expected("a node or `}`", &token));
        }
        let node = read_in(&line.cursor, &token)?;
        if group.contains(node) {
            let message = format!("{node} is in this group already");
            return Err(line.cursor.error(&token, message, "name each node once"));
        }
        group.insert(node);
    }
}
