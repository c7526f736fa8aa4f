//! The form of a scenario's file: read, and written back byte for byte but for its pictures.

use std::fmt;

use raft_sim::language::script::Cluster;

/// A scenario.
pub(crate) struct Scenario {
    /// Everything above the first action, verbatim: comments and the `cluster` line.
    head: Vec<String>,
    pub(crate) cluster: Cluster,
    pub(crate) blocks: Vec<Block>,
    pub(crate) bugs: Vec<Bug>,
}

/// Some actions and the picture that they give.
#[derive(Default)]
pub(crate) struct Block {
    /// Position of the first line in the file.
    first_line: usize,
    /// Actions, comments and blank lines, verbatim.
    lines: Vec<String>,
    pub(crate) picture: String,
}

/// Another target that plays the same actions, and the alarms that must follow.
pub(crate) struct Bug {
    pub(crate) target: String,
    pub(crate) alarms: String,
}

impl Block {
    /// The lines that do something, with their numbers.
    pub(crate) fn commands(&self) -> Vec<(usize, &str)> {
        let numbered = self.lines.iter().enumerate();
        let commands = numbered.map(|(position, line)| (self.first_line + position, line.trim()));
        commands.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect()
    }
}

impl Scenario {
    /// Reads a file.
    pub(crate) fn parse(text: &str) -> Result<Scenario, String> {
        let mut lines = text.lines().enumerate().map(|(position, line)| (position + 1, line));
        let mut head = Vec::new();
        let cluster = loop {
            let (number, line) = lines.next().ok_or("there is no `cluster` line")?;
            head.push(line.to_owned());
            if line.starts_with("cluster") {
                let problem = |error| format!("line {number}: {error:?}");
                break Cluster::parse(line).map_err(problem)?;
            }
        };
        let mut scenario = Scenario { head, cluster, blocks: Vec::new(), bugs: Vec::new() };
        let mut block = Block::default();
        while let Some((number, line)) = lines.next() {
            if let Some(target) = line.strip_prefix("==== ") {
                let target = target.to_owned();
                scenario.bugs.push(Bug { target, alarms: String::new() });
            } else if scenario.bugs.is_empty() && line == "----" {
                // The old picture is not read: a new one takes its place.
                let _ = lines.by_ref().find(|(_, line)| line.is_empty());
                scenario.blocks.push(std::mem::take(&mut block));
            } else if scenario.bugs.is_empty() {
                if block.lines.is_empty() {
                    block.first_line = number;
                }
                block.lines.push(line.to_owned());
            }
        }
        if let Some((line, command)) = block.commands().first() {
            return Err(format!("line {line}: after `{command}` there is no picture: add `----`"));
        }
        if !scenario.head[0].starts_with("# ") {
            return Err("line 1: say in a comment what it shows".to_owned());
        }
        Ok(scenario)
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.head {
            writeln!(f, "{line}")?;
        }
        for (position, block) in self.blocks.iter().enumerate() {
            if 0 < position {
                writeln!(f)?;
            }
            for line in &block.lines {
                writeln!(f, "{line}")?;
            }
            write!(f, "----\n{}", block.picture)?;
        }
        for Bug { target, alarms } in &self.bugs {
            write!(f, "\n==== {target}\nviolations {alarms}\n")?;
        }
        Ok(())
    }
}
