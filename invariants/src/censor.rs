//! What a guest would tell that keeps something to itself: judges are tried by it.

use crate::fact::{Claim, Fact, HardState, Statement, View, Write};
use crate::reveals::{Need, Reveals};

/// Tells a fact as a guest does that reveals no more than this.
pub fn censored(fact: &Fact<'_>, reveals: Reveals, tell: &mut dyn FnMut(&Fact<'_>)) {
    let shows = |need| reveals.contains(need);
    let claimed = |statement: Statement| {
        let claim = if shows(Need::Claims) { statement.claim } else { Claim::Other };
        Statement { claim, ..statement }
    };
    match *fact {
        Fact::WriteIssued { node, write } => {
            let write = if shows(Need::Log) {
                write.clone()
            } else {
                Write { truncate_from: None, append: Vec::new(), ..*write }
            };
            let hard_state = write.hard_state.filter(|_| shows(Need::Votes));
            tell(&Fact::WriteIssued { node, write: &Write { hard_state, ..write } });
        }
        Fact::OutOfModel { node, fault, hard_state, log } => {
            let hard_state = if shows(Need::Votes) { hard_state } else { HardState::default() };
            let log = if shows(Need::Log) { log } else { &[] };
            tell(&Fact::OutOfModel { node, fault, hard_state, log });
        }
        Fact::Sent { from, to, statement } => {
            tell(&Fact::Sent { from, to, statement: claimed(statement) });
        }
        Fact::Received { node, from, statement, again } => {
            tell(&Fact::Received { node, from, statement: claimed(statement), again });
        }
        Fact::Stepped { node, view } => {
            tell(&Fact::Stepped { node, view: &seen(view, &shows) });
        }
        Fact::Applied { .. } if !shows(Need::Applies) => {}
        Fact::Replied { .. } if !shows(Need::Replies) => {}
        _ => tell(fact),
    }
}

fn seen(view: &View, shows: &dyn Fn(Need) -> bool) -> View {
    let View { current_term, voted_for, role, commit_index, last_applied, last_log, .. } = *view;
    let View { match_index, next_index, .. } = *view;
    View {
        current_term: current_term.filter(|_| shows(Need::TermAndRole)),
        voted_for: voted_for.filter(|_| shows(Need::Votes)),
        role: role.filter(|_| shows(Need::TermAndRole)),
        commit_index: commit_index.filter(|_| shows(Need::CommitIndex)),
        last_applied: last_applied.filter(|_| shows(Need::Applies)),
        last_log: last_log.filter(|_| shows(Need::Log)),
        match_index: match_index.filter(|_| shows(Need::MatchIndex)),
        next_index: next_index.filter(|_| shows(Need::NextIndex)),
    }
}
