//! A script: a cluster, and what happens to it; as plain text in scenario files and on stdin.
//!
//! ```
//! use raft_sim::language::script::Script;
//!
//! let text = "\
//! ## A leader's power fails at once.
//! cluster nodes=3 disk=queued batch=1 window=2
//! timeout n1
//! crash n1 keep 1
//! restart n1
//! ";
//! let script = Script::parse(text, "leader.txt".as_ref(), &[])?;
//! assert_eq!(script.cluster.nodes, 3);
//! assert_eq!(script.actions.len(), 3);
//! # Ok::<(), raft_sim::language::file_error::FileError>(())
//! ```
//!
//! The `cluster` line comes first. It must say how many nodes there are; without the other words
//! it means `disk=instant batch=1 window=1`. The last line may be `calm`, or `calm {n1 n2 n3}`: then
//! all faults end, for these nodes at least, and they must make progress.

use crate::language::action::{Action, ParseError};
use crate::language::field::{Field as _, Groups, Line};
use crate::language::text::{Cursor, Token, did_you_mean, quoted, suggest};
use crate::node::{Kind, Limits, NODES_MAX, NodeSet};
use std::fmt;

/// Actions of a run at most, whether drawn or written down: what a campaign finds can be read again,
/// and whatever is read is run and told in less than 100 MB, a trace of every step in less than 150 MB.
pub const ACTIONS_MAX: usize = 20_000;

/// What happens to a cluster, in order; nothing else happens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    /// To whom.
    pub cluster: Cluster,
    /// What.
    pub actions: Vec<Action>,
    /// What comes after it: the calm in which all faults end for these nodes, and they must make
    /// progress; `None` if nothing does.
    pub calm: Option<NodeSet>,
}

/// What a run starts from.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Cluster {
    /// How many nodes, 1 to [`NODES_MAX`].
    pub nodes: u8,
    /// Limits of replication.
    pub limits: Limits,
    /// How the disks behave.
    pub disk: DiskMode,
}

/// When a write becomes durable.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DiskMode {
    /// The moment it is issued; there is nothing to `sync`.
    Instant,
    /// When a `sync` comes; until then a crash may lose it.
    Queued,
}

impl DiskMode {
    /// Both.
    pub const ALL: [DiskMode; 2] = [DiskMode::Instant, DiskMode::Queued];

    /// Its word in files.
    pub const fn name(self) -> &'static str {
        match self {
            DiskMode::Instant => "instant",
            DiskMode::Queued => "queued",
        }
    }

    /// The mode of that name.
    pub fn by_name(name: &str) -> Option<DiskMode> {
        DiskMode::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// What is wrong with the action after the last one that a run may have.
pub(super) fn too_long() -> String {
    format!("a run has at most {ACTIONS_MAX} actions")
}

/// What to do about it.
pub(super) const LEAVE_OUT: &str = "leave out what comes after the failure, or split the file";

/// The word of the line that ends a script in calm.
pub const CALM: &str = "calm";

impl Script {
    /// The same cluster and ending, to which nothing happens.
    #[must_use]
    pub fn without_actions(&self) -> Script {
        Script { cluster: self.cluster, actions: Vec::new(), calm: self.calm }
    }

    /// How long it is: the calm that it ends in counts as one action.
    pub fn steps(&self) -> usize {
        self.actions.len() + usize::from(self.calm.is_some())
    }

    /// Its beginning, up to and including action number `length`.
    #[must_use]
    pub fn until(mut self, length: usize) -> Script {
        self.calm = self.calm.filter(|_| self.actions.len() < length);
        self.actions.truncate(length);
        self
    }

    /// Its lines after the first.
    pub fn lines(&self) -> Vec<String> {
        self.actions.iter().map(ToString::to_string).chain(self.calm_line()).collect()
    }

    /// The line that says that it ends in calm: `calm`, or `calm {n1 n2}` where the others go on
    /// suffering.
    pub fn calm_line(&self) -> Option<String> {
        let core = self.calm?;
        let is_for_all = core == self.cluster.all();
        Some(if is_for_all { CALM.to_owned() } else { format!("{CALM} {core}") })
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.cluster)?;
        self.lines().iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl fmt::Display for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Limits { batch_entries_max, window_messages_max } = self.limits;
        write!(f, "cluster nodes={} disk={}", self.nodes, self.disk.name())?;
        write!(f, " batch={batch_entries_max} window={window_messages_max}")
    }
}

impl Cluster {
    /// All nodes of the cluster.
    pub fn all(&self) -> NodeSet {
        NodeSet::first(usize::from(self.nodes))
    }

    /// Reads a `cluster` line.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(line: &str) -> Result<Cluster, ParseError> {
        let mut cursor = Cursor::new(line);
        cursor.example = "cluster nodes=5 disk=instant batch=1 window=2";
        let word = cursor.take();
        if word.text != "cluster" {
            return Err(cursor.expected("the `cluster` line", &word));
        }
        let mut keys: [(&str, Option<u32>); 4] =
            [("nodes", None), ("disk", None), ("batch", None), ("window", None)];
        loop {
            let word = cursor.take();
            if word.text.is_empty() {
                break;
            }
            setting(&cursor, &word, &mut keys)?;
        }
        let [(_, nodes), (_, disk), (_, batch), (_, window)] = keys;
        let Some(nodes) = nodes else {
            return Err(cursor.expected("`nodes=`", &cursor.peek()));
        };
        Ok(Cluster {
            nodes: nodes as u8,
            limits: Limits {
                batch_entries_max: batch.unwrap_or(1) as u16,
                window_messages_max: window.unwrap_or(1) as u16,
            },
            disk: DiskMode::ALL[disk.unwrap_or(0) as usize],
        })
    }

    /// Whether these are more than half of the nodes.
    pub fn is_majority(&self, nodes: NodeSet) -> bool {
        usize::from(self.nodes) / 2 < nodes.len()
    }

    /// Reads a `calm` line: who must make progress once the faults are over, by default everyone.
    ///
    /// # Errors
    /// When it is none, or names fewer than a majority of the cluster.
    pub fn parse_calm(&self, line: &str) -> Result<NodeSet, ParseError> {
        let mut cursor = Cursor::new(line);
        cursor.example = "calm {n1 n2 n3}";
        cursor.take();
        self.read_calm(&mut Line { cursor, kinds: &[], verb: CALM })
    }

    /// Reads what stands behind the word `calm`.
    pub(crate) fn read_calm(self, line: &mut Line<'_>) -> Result<NodeSet, ParseError> {
        let open = line.cursor.peek();
        if open.text.is_empty() {
            return Ok(self.all());
        }
        let Groups([core, others @ ..]) = Groups::read(line)?;
        let cursor = &line.cursor;
        if core.0 & !self.all().0 != 0 || others.iter().any(|group| !group.is_empty()) {
            return Err(cursor.expected("one group of the cluster's nodes", &open));
        }
        if !self.is_majority(core) {
            let message = format!("{} of {} nodes can make no progress", core.len(), self.nodes);
            let hint = format!("name a majority, at least {} of them", self.nodes / 2 + 1);
            return Err(cursor.error(&open, message, hint));
        }
        Ok(core)
    }

    /// Reads an action that can happen to this cluster.
    ///
    /// # Errors
    /// When the line is not in the language, names a node that the cluster does not have, or
    /// syncs a disk that is instant.
    pub fn parse_action(&self, line: &str, kinds: &[Kind]) -> Result<Action, ParseError> {
        self.parse_action_or(line, kinds, &[])
    }

    /// The same where a line may begin with other words, too, which this one does not.
    pub(crate) fn parse_action_or(
        self,
        line: &str,
        kinds: &[Kind],
        others: &[&'static str],
    ) -> Result<Action, ParseError> {
        let action = Action::parse_or(line, kinds, others)?;
        self.knows(line, action.nodes())?;
        if matches!(action, Action::Sync(_)) && self.disk == DiskMode::Instant {
            let verb = Cursor::new(line).take();
            let message = "there is nothing to sync: the disk is instant".to_owned();
            let hint = "delete the line, or make the cluster's disk `queued`";
            return Err(Cursor::new(line).error(&verb, message, hint));
        }
        Ok(action)
    }

    /// The cluster has all nodes that a line names.
    pub(crate) fn knows(self, line: &str, nodes: NodeSet) -> Result<(), ParseError> {
        let Some(stranger) = nodes.iter().find(|node| self.nodes < node.0) else { return Ok(()) };
        let name = stranger.to_string();
        let start = line.find(&name).expect("the line names its nodes");
        let token = Token { text: &name, bytes: start..start + name.len() };
        let hint = match self.nodes {
            1 => "the cluster has one node, n1".to_owned(),
            nodes => format!("the cluster has {nodes} nodes, n1 to n{nodes}"),
        };
        Err(Cursor::new(line).error(&token, format!("there is no node `{name}`"), hint))
    }
}

/// Reads `key=value` into its place among the keys; a disk mode by its position in the list.
fn setting(
    cursor: &Cursor<'_>,
    word: &Token<'_>,
    keys: &mut [(&str, Option<u32>); 4],
) -> Result<(), ParseError> {
    let (name, value) = word.text.split_once('=').unwrap_or((word.text, ""));
    let start = word.bytes.start;
    let key_token = Token { text: name, bytes: start..start + name.len() };
    let token = Token { text: value, bytes: word.bytes.end - value.len()..word.bytes.end };
    let names = keys.map(|(name, _)| name);
    let Some((name, place)) = keys.iter_mut().find(|(key, _)| *key == name) else {
        let all = || format!("a cluster has {}", names.join(", "));
        let hint = suggest(name, names).map_or_else(all, did_you_mean);
        return Err(cursor.error(&key_token, format!("unknown setting {}", quoted(name)), hint));
    };
    if place.is_some() {
        return Err(cursor.error(&key_token, format!("`{name}` is given twice"), "delete one"));
    }
    let limit = u32::from(u16::MAX);
    *place = Some(match *name {
        "nodes" => cursor.number(&token, value, "a number of nodes", 1..=NODES_MAX as u32)?,
        "disk" => match DiskMode::ALL.iter().position(|mode| mode.name() == value) {
            Some(position) => position as u32,
            None => return Err(cursor.expected("`instant` or `queued`", &token)),
        },
        "batch" => cursor.number(&token, value, "a number of entries", 1..=limit)?,
        _ => cursor.number(&token, value, "a number of messages", 1..=limit)?,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::language::file_error::FileError;

    const KINDS: [Kind; 1] = [Kind::new("RequestVote")];

    fn parse(text: &str) -> Result<Script, FileError> {
        Script::parse(text, Path::new("fig8.txt"), &KINDS)
    }

    #[test]
    fn comments_and_blank_lines_mean_nothing() {
        let text = "# Figure 8\n\ncluster nodes=5\n  # (a)\n timeout n5\r\n\theal";
        let script = parse(text).expect("the script is right");
        let printed = "cluster nodes=5 disk=instant batch=1 window=1\ntimeout n5\nheal\n";
        assert_eq!(script.to_string(), printed);
        assert_eq!(parse(printed), Ok(script));
    }

    #[track_caller]
    fn wrong(text: &str, line: usize, column: usize, message: &str, hint: &str) {
        let error = parse(text).expect_err("the script is wrong");
        assert_eq!((error.line, error.column), (line, Some(column)), "{error}");
        assert_eq!(error.message, message);
        assert_eq!(error.hint.as_deref(), Some(hint));
    }

    #[test]
    fn mistakes_are_explained() {
        let like = "write it like `cluster nodes=5 disk=instant batch=1 window=2`";
        let begin = "begin with a line like `cluster nodes=3`";
        wrong("", 1, 1, "the script is empty", begin);
        wrong("# only\n# words\n", 2, 8, "the script is empty", begin);
        wrong("heal", 1, 1, "expected the `cluster` line, found `heal`", like);
        wrong("cluster disk=queued", 1, 20, "expected `nodes=`, found the end of the line", like);
        wrong("cluster node=5", 1, 9, "unknown setting `node`", "did you mean `nodes`?");
        wrong("cluster nodes=5 nodes=5", 1, 17, "`nodes` is given twice", "delete one");
        wrong("cluster nodes=10", 1, 15, "10 is out of range", "it is a whole number from 1 to 9");
        wrong(
            "cluster nodes=3 disk=fast",
            1,
            22,
            "expected `instant` or `queued`, found `fast`",
            like,
        );
        wrong(
            "cluster nodes=3\ncluster nodes=3",
            2,
            1,
            "a script has one `cluster` line",
            "delete this one",
        );
        let hint = "the cluster has 3 nodes, n1 to n3";
        wrong("cluster nodes=3\ncut n1->n4", 2, 9, "there is no node `n4`", hint);
        let hint = "delete the line, or make the cluster's disk `queued`";
        let message = "there is nothing to sync: the disk is instant";
        wrong("cluster nodes=3\n\n sync n1", 3, 2, message, hint);
        wrong(
            "cluster nodes=3\ntimout n1",
            2,
            1,
            "unknown action `timout`",
            "did you mean `timeout`?",
        );
    }
}
