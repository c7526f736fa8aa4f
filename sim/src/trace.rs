//! Notes on a run: what happened in each action, in the words of the paper. Only taken when asked
//! for; a campaign takes none.

use std::fmt::Write as _;

use raft_invariants::fact::{
    Claim, Fact, LogPosition, NODES_MAX, OutOfModel, Outcome, Payload, Role, Statement, View, Write,
};

use crate::action::Action;
use crate::node::NodeId;

/// Everything noted about a run.
#[derive(Clone, Default, Debug)]
pub struct Trace {
    /// What happened while the nodes booted, then one entry for each action.
    pub steps: Vec<Step>,
    views: [View; NODES_MAX],
}

/// One action and what came of it.
#[derive(Clone, Debug)]
pub struct Step {
    /// The action; `None` for the boot.
    pub action: Option<Action>,
    /// True time at its beginning.
    pub now_us: u64,
    /// What happened, in order.
    pub notes: Vec<Note>,
}

/// One thing that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// To whom, or by whom.
    pub node: NodeId,
    /// In words, without the node: `becomes leader of term 2`.
    pub text: String,
    /// How much it matters.
    pub weight: Weight,
}

/// How much a note matters to a reader.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// For whoever looks inside (`--trace`).
    Detail,
    /// Part of the story.
    Story,
    /// A turn of the story: a leader, a commit, a truncation.
    Turn,
}

impl Trace {
    pub(crate) fn begin(&mut self, action: Action, now_us: u64) {
        self.steps.push(Step { action: Some(action), now_us, notes: Vec::new() });
    }

    pub(crate) fn note(&mut self, fact: &Fact<'_>) {
        if self.steps.is_empty() {
            self.steps.push(Step { action: None, now_us: 0, notes: Vec::new() });
        }
        match fact {
            Fact::Stepped { node, view } => self.note_view(*node, view),
            Fact::Booted { node, incarnation } => {
                self.views[node.slot()] = View::default();
                if 1 < *incarnation {
                    self.push(*node, Weight::Story, format!("boots for the {}", nth(*incarnation)));
                }
            }
            Fact::Crashed { node, kept } => {
                self.push(*node, Weight::Story, format!("is down; {} survive", writes(*kept)));
            }
            Fact::Halted { node } => self.push(*node, Weight::Story, "stops".into()),
            Fact::WriteFailed { node, kept } => {
                let text = format!("cannot write; {} survive", writes(*kept));
                self.push(*node, Weight::Story, text);
            }
            Fact::Panicked { node, place, .. } => {
                self.push(*node, Weight::Turn, format!("panics at {place}"));
            }
            Fact::OutOfModel { node, fault, .. } => {
                let text = match fault {
                    OutOfModel::FsyncLied => "has lost writes that its disk called durable",
                    OutOfModel::Wiped => "comes back with an empty disk",
                };
                self.push(*node, Weight::Turn, text.into());
            }
            Fact::WriteIssued { node, write } => self.note_write(*node, write),
            Fact::WriteDurable { node, .. } => {
                self.push(*node, Weight::Detail, "has everything durable".into());
            }
            Fact::Sent { from, to, statement } => {
                let text = format!("sends {} to {to}", said(statement));
                self.push(*from, Weight::Detail, text);
            }
            Fact::Received { node, from, statement, again } => {
                let again = if *again { " once more" } else { "" };
                let text = format!("hears {} from {from}{again}", said(statement));
                self.push(*node, Weight::Detail, text);
            }
            Fact::Applied { node, index, payload, .. } => {
                let text = format!("applies {} at index {index}", content(*payload));
                self.push(*node, Weight::Detail, text);
            }
            Fact::Invoked { node, command } => {
                let text = format!("is asked to execute {}", content(Payload::Command(*command)));
                self.push(*node, Weight::Detail, text);
            }
            Fact::Replied { node, command, outcome } => {
                let told = match outcome {
                    Outcome::Committed(index) => format!("is committed at index {index}"),
                    Outcome::Refused => "is refused".to_owned(),
                };
                let text =
                    format!("tells its client: {} {told}", content(Payload::Command(*command)));
                self.push(*node, Weight::Story, text);
            }
            Fact::Rewired { .. } => {}
            Fact::Exploded { node, what } => {
                self.push(*node, Weight::Turn, format!("brings about far too many {what}"));
            }
        }
    }

    fn push(&mut self, node: NodeId, weight: Weight, text: String) {
        let step = self.steps.last_mut().expect("the boot is a step");
        step.notes.push(Note { node, text, weight });
    }

    fn note_view(&mut self, node: NodeId, view: &View) {
        let before = std::mem::replace(&mut self.views[node.slot()], *view);
        let term = view.current_term.unwrap_or(0);
        let (was, is) = (before.role.unwrap_or(Role::Follower), view.role);
        match is {
            Some(Role::Leader) if was != Role::Leader => {
                self.push(node, Weight::Turn, format!("becomes leader of term {term}"));
            }
            Some(Role::Candidate)
                if was != Role::Candidate || before.current_term != view.current_term =>
            {
                self.push(node, Weight::Story, format!("stands as candidate for term {term}"));
            }
            Some(Role::Follower) if was != Role::Follower => {
                self.push(
                    node,
                    Weight::Story,
                    format!("steps down: {was} to follower, term {term}"),
                );
            }
            _ if before.current_term.is_some() && before.current_term != view.current_term => {
                self.push(node, Weight::Story, format!("moves on to term {term}"));
            }
            _ => {}
        }
        if let (was, Some(is)) = (before.commit_index.unwrap_or(0), view.commit_index)
            && was != is
        {
            let verb = if was < is { "commits up to" } else { "takes its commit index back to" };
            self.push(node, Weight::Turn, format!("{verb} index {is}"));
        }
    }

    fn note_write(&mut self, node: NodeId, write: &Write) {
        if let Some(hard_state) = write.hard_state {
            let vote = match hard_state.voted_for {
                Some(candidate) => format!("its vote for {candidate}"),
                None => "no vote".to_owned(),
            };
            let text = format!("writes term {} and {vote}", hard_state.current_term);
            let for_another = hard_state.voted_for.is_some_and(|candidate| candidate != node);
            self.push(node, if for_another { Weight::Story } else { Weight::Detail }, text);
        }
        if let Some(from) = write.truncate_from {
            self.push(node, Weight::Turn, format!("cuts its log from index {from} on"));
        }
        if !write.append.is_empty() {
            let mut text = "appends".to_owned();
            for entry in &write.append {
                let _ = write!(text, " {}(t{})", content(entry.payload), entry.term);
            }
            self.push(node, Weight::Story, text);
        }
    }
}

/// A message in words.
pub fn said(statement: &Statement) -> String {
    let mut text = match statement.claim {
        Claim::RequestVote { last_log } => format!("RequestVote(last={})", at(last_log)),
        Claim::RequestVoteReply { vote_granted: true } => "its vote".to_owned(),
        Claim::RequestVoteReply { vote_granted: false } => "a denied vote".to_owned(),
        Claim::AppendEntries { prev_log, entries, leader_commit, .. } => {
            format!("AppendEntries(prev={} +{entries} commit={leader_commit})", at(prev_log))
        }
        Claim::AppendEntriesReply { success: true, match_index } => {
            format!("success up to {match_index}")
        }
        Claim::AppendEntriesReply { success: false, .. } => "a refusal".to_owned(),
        Claim::Other => "a message".to_owned(),
    };
    if let Some(term) = statement.term {
        let _ = write!(text, " of term {term}");
    }
    text
}

/// What an entry carries, in words: `x=3`, with a prime for each time it was written before.
pub fn content(payload: Payload) -> String {
    match payload {
        Payload::NoOp => "no-op".to_owned(),
        Payload::Command(command) => {
            let key = char::from(b'a' + ((command >> 32) & 0x1f) as u8 % 26);
            let again = "'".repeat((command >> 40) as usize & 0xf);
            format!("{key}={}{again}", command & 0xffff_ffff)
        }
        Payload::Other(hash) => format!("other {:08x}", hash >> 32),
    }
}

/// The judges' evidence with commands as clients gave them: `x=3` instead of a number. Judges know
/// commands only as the numbers that the log carries.
pub fn in_words(evidence: &str) -> String {
    let mut text = String::new();
    let mut rest = evidence;
    while let Some((before, number, after)) = next_command(rest) {
        text.push_str(before);
        text.push_str(&content(Payload::Command(number)));
        rest = after;
    }
    text + &rest.replace("NoOp", "no-op")
}

/// The first `Command(17)` or `command 17`: what stands before it, the number, what comes after.
fn next_command(text: &str) -> Option<(&str, u64, &str)> {
    let starts = ["Command(", "command "]
        .iter()
        .filter_map(|word| text.find(word).map(|start| (start, start + word.len())));
    let (start, digits) = starts.min()?;
    let number: &str = &text[digits..];
    let end = number.find(|char: char| !char.is_ascii_digit()).unwrap_or(number.len());
    let value = number[..end].parse().ok()?;
    Some((&text[..start], value, number[end..].trim_start_matches(')')))
}

fn at(position: LogPosition) -> String {
    if position.index == 0 { "0".to_owned() } else { format!("{position}") }
}

fn writes(count: usize) -> String {
    match count {
        0 => "no unsynced writes".to_owned(),
        1 => "1 unsynced write".to_owned(),
        more => format!("{more} unsynced writes"),
    }
}

fn nth(count: u32) -> String {
    match count {
        2 => "2nd time".to_owned(),
        3 => "3rd time".to_owned(),
        more => format!("{more}th time"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_names_commands_as_clients_do() {
        let x_3 = 23_u64 << 32 | 3;
        let said = format!("n1 applied Command({x_3}) of term 1 at 1, not command {x_3} at 2");
        assert_eq!(in_words(&said), "n1 applied x=3 of term 1 at 1, not x=3 at 2");
        assert_eq!(in_words("n1 applied NoOp at 1"), "n1 applied no-op at 1");
        assert_eq!(in_words("a command of nobody"), "a command of nobody");
    }
}
