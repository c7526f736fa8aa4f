//! A leader sends what it has.

use crate::evidence::{Evidence, Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::AppendEntriesSent;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "B8",
    name: "MessageWellFormed",
    level: Level::Lemma,
    statement: "An AppendEntries names entries that exist in this order, none of a later \
                term, and no commit index beyond what is committed.",
    source: "Figure 2, AppendEntries RPC",
    explain: "\
Followers can check only what they know themselves; they trust the rest. So what a leader says \
must be a piece of a log that exists: the entry before the first, the first to last, and a \
commit index of which it knows.

Not flagged: old messages that are no longer what the sender's log says.

Example: a message claims an entry before its first of a term that was never there.",
    needs: &[Need::Log, Need::Claims, Need::TermAndRole, Need::CommitIndex],
    judges: &[Judge::AppendEntriesSent(well_formed)],
};

fn well_formed(history: &History, moment: &AppendEntriesSent) -> Judgement {
    let (prev_log, last_log) = (moment.prev_log, moment.last_log);
    let says = |what: Evidence| {
        let term = Part::Term(moment.term);
        let sent =
            evidence!("{} sent {} an AppendEntries of term {} ", moment.node, moment.to, term);
        Err(sent.then(what))
    };
    if prev_log.index.checked_add(moment.entries) != Some(last_log.index) {
        let entries = Part::Number(moment.entries);
        return says(evidence!("with {} entries after {} up to {}", entries, prev_log, last_log));
    }
    if moment.term < last_log.term {
        return says(evidence!("with {}, an entry of a later term", last_log));
    }
    if last_log.term < prev_log.term {
        return says(evidence!(
            "with {}, which follows {}, an entry of a later term",
            last_log,
            prev_log,
        ));
    }
    if history.ledger.len() < moment.leader_commit {
        return says(evidence!(
            "with leaderCommit {}, but only {} entries are committed",
            Part::Index(moment.leader_commit),
            Part::Number(history.ledger.len()),
        ));
    }
    let log = &history.node(moment.node).memory.log;
    let plain = log.holds(prev_log) && log.holds(last_log);
    if plain || history.canon.ancestor(last_log, prev_log.index) == Some(prev_log) {
        return Ok(());
    }
    says(evidence!("with entries from {} to {}, which no log has ever held", prev_log, last_log))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn an_old_message_may_leave_late() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1);
        play.elect(3, 3, &[2]).append(3, &[3]).step(3).replicate(3, 1, 1);
        play.say_append(1, 2, 2, (1, 2), 1, (2, 2), 0).step(1);
        play.holds();
    }

    #[test]
    fn a_message_may_not_name_what_never_was() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1);
        play.say_append(1, 2, 2, (1, 1), 1, (2, 2), 0).append(1, &[2]).step(1);
        play.breaks("MessageWellFormed");
    }

    #[test]
    fn a_message_may_not_count_wrong() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1);
        play.say_append(1, 2, 2, (1, 2), 2, (2, 2), 0);
        play.breaks("MessageWellFormed");
    }
}
