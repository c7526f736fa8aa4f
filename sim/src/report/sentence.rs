//! What happens to nodes, in the words of the paper.

use std::fmt::Write as _;

use crate::language::command::Assignment;
use crate::node::{
    Claim, Entry, HardState, LogPosition, NodeId, Outcome, Payload, Statement, Word,
};
use crate::world::trace::{Happening, Note};
use raft_invariants::fact::OutOfModel;

/// One sentence for each node that something happened to, in order: `n1 appends x=1(t1); becomes
/// leader of term 1`.
pub fn sentences(notes: &[&Note]) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    let mut last: Option<&Note> = None;
    for note in notes {
        let same_node = last.is_some_and(|last| last.node == note.node);
        match (sentences.last_mut(), last.and_then(|last| also_sent(last, note))) {
            (Some(sentence), Some(addressee)) if same_node => {
                let _ = write!(sentence, " {addressee}");
            }
            (Some(sentence), _) if same_node => {
                sentence.push_str("; ");
                sentence.push_str(&predicate(&note.what));
            }
            _ => sentences.push(told(note)),
        }
        last = Some(note);
    }
    sentences
}

/// The addressee, if both send the same.
fn also_sent(last: &Note, note: &Note) -> Option<NodeId> {
    match (&last.what, &note.what) {
        (Happening::Sends { statement: said, .. }, Happening::Sends { statement: also, to })
            if said == also =>
        {
            Some(*to)
        }
        _ => None,
    }
}

/// A note as a sentence: `n1 becomes leader of term 2`.
pub fn told(note: &Note) -> String {
    format!("{} {}", note.node, predicate(&note.what))
}

/// What happens, without the node to which it does: `becomes leader of term 2`.
pub(super) fn predicate(what: &Happening) -> String {
    use Happening as H;
    match what {
        H::BootsAgain { incarnation } => format!("boots for the {}", nth(*incarnation)),
        H::Crashes { kept } => format!("is down; {} survive", writes(*kept)),
        H::Halts => "stops".to_owned(),
        H::FailsToWrite { kept } => format!("cannot write; {} survive", writes(*kept)),
        H::Panics { place } => format!("panics at {place}"),
        H::OutOfModel(OutOfModel::FsyncLied) => {
            "has lost writes that its disk called durable".to_owned()
        }
        H::OutOfModel(OutOfModel::Wiped) => "comes back with an empty disk".to_owned(),
        H::WritesHardState(HardState { current_term, voted_for }) => match voted_for {
            Some(candidate) => format!("writes term {current_term} and its vote for {candidate}"),
            None => format!("writes term {current_term} and no vote"),
        },
        H::CutsLog(from) => format!("cuts its log from index {from} on"),
        H::Appends(appended) => format!("appends {}", entries(appended)),
        H::HasAllDurable => "has everything durable".to_owned(),
        H::Sends { to, statement } => format!("sends {} to {to}", said(statement)),
        H::Hears { from, statement, again } => {
            format!(
                "hears {} from {from}{}",
                said(statement),
                if *again { " once more" } else { "" }
            )
        }
        H::Applies { index, payload } => format!("applies {} at index {index}", content(*payload)),
        H::IsAsked(command) => {
            format!("is asked to execute {}", content(Payload::Command(*command)))
        }
        H::Replies { command, outcome } => {
            let command = content(Payload::Command(*command));
            match outcome {
                Outcome::Committed(index) => {
                    format!("tells its client: {command} is committed at index {index}")
                }
                Outcome::Refused => format!("tells its client: {command} is refused"),
            }
        }
        H::Explodes { what } => format!("goes beyond all reason: {what}"),
        H::Breaches(breach) => breach.to_string(),
        H::Leads(term) => format!("becomes leader of term {term}"),
        H::Stands(term) => format!("stands as candidate for term {term}"),
        H::StepsDown { from, term } => format!("steps down: {from} to follower, term {term}"),
        H::StartsIn(term) => format!("starts in term {term}"),
        H::MovesOn(term) => format!("moves on to term {term}"),
        H::Commits(index) => format!("commits up to index {index}"),
        H::Uncommits(index) => format!("takes its commit index back to index {index}"),
        H::Tracks { follower, match_index, next_index } => {
            format!("takes {follower} to matchIndex {match_index}, nextIndex {next_index}")
        }
    }
}

/// A message in words.
pub fn said(statement: &Statement) -> String {
    let claim = match statement.claim {
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
    claim + &of_term(statement)
}

/// A message in words, under the name that its sender's implementation gives it.
pub fn message(kind: Word, outcome: Option<Word>, statement: &Statement) -> String {
    let name = match statement.claim {
        Claim::RequestVote { .. } => "RequestVote",
        Claim::AppendEntries { .. } => "AppendEntries",
        Claim::Other => return format!("{kind}{}", of_term(statement)),
        Claim::RequestVoteReply { .. } | Claim::AppendEntriesReply { .. } => "",
    };
    match outcome {
        _ if kind == name => said(statement),
        Some(outcome) => format!("{kind} {outcome}: {}", said(statement)),
        None => format!("{kind}: {}", said(statement)),
    }
}

fn of_term(statement: &Statement) -> String {
    statement.term.map_or_else(String::new, |term| format!(" of term {term}"))
}

/// What an entry carries, in words: commands as clients gave them.
pub fn content(payload: Payload) -> String {
    match payload {
        Payload::Command(command) => Assignment::of(command).to_string(),
        Payload::NoOp | Payload::Other(_) => payload.to_string(),
    }
}

/// Entries with their terms: `no-op(t1) x=1(t2)`.
pub fn entries(entries: &[Entry]) -> String {
    let entries = entries.iter();
    let entries = entries.map(|entry| format!("{}(t{})", content(entry.payload), entry.term));
    entries.collect::<Vec<_>>().join(" ")
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
