//! What a line of a scenario says: an action, or a phrase that stands for several.
//!
//! A phrase means what people mean: `elect n1 by n2` is a timeout, two messages, and whatever has
//! to be synced between them. Which actions it stands for depends on how things stand then, so
//! whoever plays it finds them out (`run/player.rs`).

use std::fmt;

use crate::language::action::{Action, ParseError};
use crate::language::field::{Field, Line};
use crate::language::script::{CALM, Cluster};
use crate::language::text::Cursor;
use crate::node::{Kind, NodeId, NodeSet};

/// What a line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Phrase {
    /// One action.
    Act(Action),
    /// `elect n1 by n2 n3`: `n1` stands, asks those voters only, and wins.
    Elect {
        /// Who.
        candidate: NodeId,
        /// By whom, in this order.
        voters: Vec<NodeId>,
    },
    /// `stabilize n1 n2`: among those nodes everything is synced and arrives, oldest first. Among
    /// all if none is named.
    Stabilize(NodeSet),
    /// `settle`: everything arrives, then the leader's heartbeats and all that follows from them,
    /// until nothing changes.
    Settle,
    /// `clear`: whatever is on its way is lost.
    Clear,
    /// `calm`: all faults end for these nodes, and they must make progress. Nothing comes after it.
    Calm(NodeSet),
}

/// A phrase's first word, and what is known of it.
#[derive(Debug)]
pub struct Wording {
    /// The word.
    pub word: &'static str,
    /// The form of the line.
    pub form: &'static str,
    /// What it stands for.
    pub about: &'static str,
    /// A line to copy.
    pub example: &'static str,
    /// Lines without which the example could not be played.
    after: &'static str,
    read: fn(&mut Line<'_>, Cluster) -> Result<Phrase, ParseError>,
}

/// All phrases that are no actions.
pub const PHRASES: &[Wording] = &[
    Wording {
        word: "elect",
        form: "elect NODE by NODE ...",
        about: "The node stands for election, asks those voters only, and wins. It is an error if \
                it does not.",
        example: "elect n1 by n2 n3",
        after: "cluster nodes=5",
        read: |line, _| {
            let candidate = NodeId::read(line)?;
            let by = line.cursor.take();
            if by.text != "by" {
                return Err(line.cursor.expected("`by`", &by));
            }
            let first = line.cursor.peek();
            let voters = nodes(line, Some(candidate))?;
            if voters.is_empty() {
                return Err(line.cursor.expected("a node", &first));
            }
            Ok(Phrase::Elect { candidate, voters })
        },
    },
    Wording {
        word: "stabilize",
        form: "stabilize [NODE ...]",
        about: "Among those nodes (all, if none is named) everything that is on its way arrives, \
                the oldest first, and everything is synced, until there is nothing left.",
        example: "stabilize n1 n2",
        after: "cluster nodes=3\nelect n1 by n2",
        read: |line, _| Ok(Phrase::Stabilize(nodes(line, None)?.into_iter().collect())),
    },
    Wording {
        word: "settle",
        form: "settle",
        about: "Everything that is on its way arrives; then the leader's heartbeat timer fires, and \
                everything arrives, until a round changes nothing. Somebody must lead.",
        example: "settle",
        after: "cluster nodes=3\nelect n1 by n2\nwrite n1 x=10",
        read: |_, _| Ok(Phrase::Settle),
    },
    Wording {
        word: "clear",
        form: "clear",
        about: "Whatever is on its way is lost.",
        example: "clear",
        after: "cluster nodes=3\nelect n1 by n2",
        read: |_, _| Ok(Phrase::Clear),
    },
    Wording {
        word: CALM,
        form: "calm [{NODE ...}]",
        about: "The last line of a script. All faults end, and what must come about is waited for: \
                a leader that commits, writes that are answered, logs and commits that are \
                everywhere, no more elections. `list invariants` has it under the level progress. \
                No chance is in it: messages take a few percent of the shortest election timeout, \
                timers come from a fixed sequence, a client goes on asking. Only the named nodes \
                heal, by default all; they must be a majority. The others stay down, cut off or \
                slow as they are; where one of them disturbs the rest so that Raft promises \
                nothing, the calm is excused.",
        example: "calm {n1 n2}",
        after: "cluster nodes=3\ntimeout n1\ncrash n1\nrestart n1",
        read: |line, cluster| cluster.read_calm(line).map(Phrase::Calm),
    },
];

impl Wording {
    /// The example as a script that can be played.
    pub fn script(&self) -> String {
        format!("{}\n{}", self.after, self.example)
    }
}

impl Cluster {
    /// Reads a line of a scenario that can happen to this cluster.
    ///
    /// # Errors
    /// When the line is neither an action nor another phrase, or names a node that the cluster does
    /// not have.
    pub fn parse_phrase(&self, line: &str, kinds: &[Kind]) -> Result<Phrase, ParseError> {
        let mut cursor = Cursor::new(line);
        let word = cursor.take();
        let Some(phrase) = PHRASES.iter().find(|phrase| phrase.word == word.text) else {
            let others: Vec<&str> = PHRASES.iter().map(|phrase| phrase.word).collect();
            return self.parse_action_or(line, kinds, &others).map(Phrase::Act);
        };
        cursor.example = phrase.example;
        let mut rest = Line { cursor, kinds, verb: phrase.word };
        let read = (phrase.read)(&mut rest, *self)?;
        rest.end(&read)?;
        self.knows(line, read.nodes())?;
        Ok(read)
    }
}

impl Phrase {
    /// The nodes that the line names.
    pub fn nodes(&self) -> NodeSet {
        match self {
            Phrase::Act(action) => action.nodes(),
            Phrase::Elect { candidate, voters } => {
                voters.iter().copied().chain([*candidate]).collect()
            }
            Phrase::Stabilize(nodes) | Phrase::Calm(nodes) => *nodes,
            Phrase::Settle | Phrase::Clear => NodeSet::EMPTY,
        }
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Phrase::Act(action) => write!(f, "{action}"),
            Phrase::Elect { candidate, voters } => {
                write!(f, "elect {candidate} by")?;
                voters.iter().try_for_each(|voter| write!(f, " {voter}"))
            }
            Phrase::Stabilize(nodes) => {
                f.write_str("stabilize")?;
                nodes.iter().try_for_each(|node| write!(f, " {node}"))
            }
            Phrase::Settle => f.write_str("settle"),
            Phrase::Clear => f.write_str("clear"),
            Phrase::Calm(core) => write!(f, "{CALM} {core}"),
        }
    }
}

/// Nodes, to the end of the line; not the candidate, who votes for itself anyhow.
fn nodes(line: &mut Line<'_>, candidate: Option<NodeId>) -> Result<Vec<NodeId>, ParseError> {
    let mut nodes = Vec::new();
    while !line.cursor.peek().text.is_empty() {
        let token = line.cursor.peek();
        let node = NodeId::read(line)?;
        if nodes.contains(&node) {
            let message = format!("{node} is named already");
            return Err(line.cursor.error(&token, message, "name each node once"));
        }
        if candidate == Some(node) {
            let message = format!("{node} is the candidate");
            return Err(line.cursor.error(&token, message, "it votes for itself anyhow"));
        }
        nodes.push(node);
    }
    Ok(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Phrase, ParseError> {
        let cluster = Cluster::parse("cluster nodes=5").expect("the test's line is right");
        cluster.parse_phrase(line, &[])
    }

    #[test]
    fn every_phrase_is_read_as_it_is_printed() {
        for line in ["elect n1 by n2 n3", "stabilize n1 n2", "settle", "clear", "calm {n1 n2 n3}"] {
            assert_eq!(parse(line).expect("the line is right").to_string(), line);
        }
        assert_eq!(parse(" stabilize "), Ok(Phrase::Stabilize(NodeSet::EMPTY)));
        assert_eq!(parse("calm"), Ok(Phrase::Calm(NodeSet::first(5))));
        assert_eq!(parse("heal"), Ok(Phrase::Act(Action::Heal)));
    }

    #[track_caller]
    fn wrong(line: &str, text: &str) {
        let error = parse(line).expect_err("the line is wrong");
        assert_eq!(error.to_string(), text, "{line}");
    }

    #[test]
    fn mistakes_are_explained() {
        let like = "hint: write it like `elect n1 by n2 n3`";
        wrong("elect n1", &format!("column 9: expected `by`, found the end of the line\n{like}"));
        wrong("elect 1 by n2", &format!("column 7: expected a node, found `1`\n{like}"));
        wrong(
            "elect n1 by",
            &format!("column 12: expected a node, found the end of the line\n{like}"),
        );
        wrong("elect n1 by n2 n2", "column 16: n2 is named already\nhint: name each node once");
        wrong(
            "elect n1 by n2 n1",
            "column 16: n1 is the candidate\nhint: it votes for itself anyhow",
        );
        wrong(
            "elect n1 by n7",
            "column 13: there is no node `n7`\nhint: the cluster has 5 nodes, n1 to n5",
        );
        wrong(
            "settle n1",
            "column 8: unexpected `n1`\nhint: the action is complete before it: `settle`",
        );
        wrong("setle", "column 1: unknown action `setle`\nhint: did you mean `settle`?");
        wrong(
            "calm {n1 n2}",
            "column 6: 2 of 5 nodes can make no progress\n\
             hint: name a majority, at least 3 of them",
        );
    }
}
