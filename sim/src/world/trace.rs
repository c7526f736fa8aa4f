//! Notes on a run: what happened in each action, in the words of the paper. Only taken when asked
//! for; a campaign takes none.

use std::fmt::Write as _;

use raft_invariants::fact::{
    Claim, Fact, LogIndex, LogPosition, NODES_MAX, OutOfModel, Outcome, Payload, Role, Statement,
    Term, View, Write,
};

use crate::language::action::Action;
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
    /// What kind of thing it is, for those who draw it or leave it out.
    pub kind: NoteKind,
    /// How much it matters.
    pub weight: Weight,
}

/// What kind of thing a note tells. Whoever has to tell notes apart asks this and not the words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoteKind {
    /// It becomes leader of this term.
    Leads(Term),
    /// It stands as candidate for this term.
    Stands(Term),
    /// It moves on to a later term.
    MovesOn,
    /// It writes a vote for another.
    Votes,
    /// Its commit index is now this.
    Commits(LogIndex),
    /// It cuts its log from this index on.
    Cuts(LogIndex),
    /// It hears this.
    Hears(String),
    /// It sends this to that node.
    Sends(String, NodeId),
    /// It answers a client.
    Replies,
    /// Its disk has everything that it was given.
    Durable,
    /// As a leader it knows something new of a follower's log.
    Progress,
    /// It panics.
    Panics,
    /// Anything else.
    Other,
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
                    self.story(*node, format!("boots for the {}", nth(*incarnation)));
                }
            }
            Fact::Crashed { node, kept } => {
                self.story(*node, format!("is down; {} survive", writes(*kept)));
            }
            Fact::Halted { node } => self.story(*node, "stops".into()),
            Fact::WriteFailed { node, kept } => {
                self.story(*node, format!("cannot write; {} survive", writes(*kept)));
            }
            Fact::Panicked { node, place, .. } => {
                let text = format!("panics at {place}");
                self.push(*node, Weight::Turn, NoteKind::Panics, text);
            }
            Fact::OutOfModel { node, fault, .. } => {
                let text = match fault {
                    OutOfModel::FsyncLied => "has lost writes that its disk called durable",
                    OutOfModel::Wiped => "comes back with an empty disk",
                };
                self.push(*node, Weight::Turn, NoteKind::Other, text.into());
            }
            Fact::WriteIssued { node, write } => self.note_write(*node, write),
            Fact::WriteDurable { node, .. } => {
                let text = "has everything durable".to_owned();
                self.push(*node, Weight::Detail, NoteKind::Durable, text);
            }
            Fact::Sent { from, to, statement } => {
                let said = said(statement);
                let text = format!("sends {said} to {to}");
                self.push(*from, Weight::Detail, NoteKind::Sends(said, *to), text);
            }
            Fact::Received { node, from, statement, again } => {
                let again = if *again { " once more" } else { "" };
                let said = said(statement);
                let text = format!("hears {said} from {from}{again}");
                self.push(*node, Weight::Detail, NoteKind::Hears(said), text);
            }
            Fact::Applied { node, index, payload, .. } => {
                self.detail(*node, format!("applies {} at index {index}", content(*payload)));
            }
            Fact::Invoked { node, command } => {
                let command = content(Payload::Command(*command));
                self.detail(*node, format!("is asked to execute {command}"));
            }
            Fact::Replied { node, command, outcome } => {
                let told = match outcome {
                    Outcome::Committed(index) => format!("is committed at index {index}"),
                    Outcome::Refused => "is refused".to_owned(),
                };
                let text =
                    format!("tells its client: {} {told}", content(Payload::Command(*command)));
                self.push(*node, Weight::Story, NoteKind::Replies, text);
            }
            Fact::Rewired { .. } => {}
            Fact::Exploded { node, what } => {
                let text = format!("brings about far too many {what}");
                self.push(*node, Weight::Turn, NoteKind::Other, text);
            }
        }
    }

    fn push(&mut self, node: NodeId, weight: Weight, kind: NoteKind, text: String) {
        let step = self.steps.last_mut().expect("the boot is a step");
        step.notes.push(Note { node, text, kind, weight });
    }

    fn story(&mut self, node: NodeId, text: String) {
        self.push(node, Weight::Story, NoteKind::Other, text);
    }

    fn detail(&mut self, node: NodeId, text: String) {
        self.push(node, Weight::Detail, NoteKind::Other, text);
    }

    fn note_view(&mut self, node: NodeId, view: &View) {
        let before = std::mem::replace(&mut self.views[node.slot()], *view);
        self.note_role(node, &before, view);
        if let (was, Some(is)) = (before.commit_index.unwrap_or(0), view.commit_index)
            && was != is
        {
            let verb = if was < is { "commits up to" } else { "takes its commit index back to" };
            let text = format!("{verb} index {is}");
            self.push(node, Weight::Turn, NoteKind::Commits(is), text);
        }
        self.note_progress(node, &before, view);
    }

    fn note_role(&mut self, node: NodeId, before: &View, view: &View) {
        let term = view.current_term.unwrap_or(0);
        let (was, is) = (before.role.unwrap_or(Role::Follower), view.role);
        match is {
            Some(Role::Leader) if was != Role::Leader => {
                let text = format!("becomes leader of term {term}");
                self.push(node, Weight::Turn, NoteKind::Leads(term), text);
            }
            Some(Role::Candidate)
                if was != Role::Candidate || before.current_term != view.current_term =>
            {
                let text = format!("stands as candidate for term {term}");
                self.push(node, Weight::Story, NoteKind::Stands(term), text);
            }
            Some(Role::Follower) if was != Role::Follower => {
                self.story(node, format!("steps down: {was} to follower, term {term}"));
            }
            _ if before.current_term.is_none() && 0 < term => {
                self.detail(node, format!("starts in term {term}"));
            }
            _ if before.current_term.is_some() && before.current_term != view.current_term => {
                let text = format!("moves on to term {term}");
                self.push(node, Weight::Story, NoteKind::MovesOn, text);
            }
            _ => {}
        }
    }

    /// What a leader has learned of its followers' logs.
    fn note_progress(&mut self, node: NodeId, before: &View, view: &View) {
        let both = |view: &View| (view.match_index.unwrap_or_default(), view.next_index);
        let ((was_match, was_next), (is_match, is_next)) = (both(before), both(view));
        for other in NodeId::all(NODES_MAX).filter(|&other| other != node) {
            let slot = other.slot();
            let next = is_next.map(|next| next[slot]);
            if was_match[slot] == is_match[slot] && was_next.map(|next| next[slot]) == next {
                continue;
            }
            if let (Some(_), next) = (view.match_index, next.unwrap_or(0)) {
                let text =
                    format!("takes {other} to matchIndex {}, nextIndex {next}", is_match[slot]);
                self.push(node, Weight::Detail, NoteKind::Progress, text);
            }
        }
    }

    fn note_write(&mut self, node: NodeId, write: &Write) {
        if let Some(hard_state) = write.hard_state {
            let vote = match hard_state.voted_for {
                Some(candidate) => format!("its vote for {candidate}"),
                None => "no vote".to_owned(),
            };
            let text = format!("writes term {} and {vote}", hard_state.current_term);
            if hard_state.voted_for.is_some_and(|candidate| candidate != node) {
                self.push(node, Weight::Story, NoteKind::Votes, text);
            } else {
                self.detail(node, text);
            }
        }
        if let Some(from) = write.truncate_from {
            let text = format!("cuts its log from index {from} on");
            self.push(node, Weight::Turn, NoteKind::Cuts(from), text);
        }
        if !write.append.is_empty() {
            let mut text = "appends".to_owned();
            for entry in &write.append {
                let _ = write!(text, " {}(t{})", content(entry.payload), entry.term);
            }
            self.story(node, text);
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
