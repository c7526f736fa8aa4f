//! Refused is refused.

use crate::evidence::{Part, evidence};
use crate::fact::{Command, Outcome, Payload};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::{Committed, Replied};

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "F8",
    name: "RefusedNeverCommitted",
    level: Level::Client,
    statement: "A command whose every request was definitely refused is never committed.",
    source: "§8 (a client may retry a refused command elsewhere)",
    explain: "\
A client that is told no may do something else instead, and must not be surprised.

Not flagged: a command that was refused by one node and handed to another; a request without an \
answer, which may go either way.

Example: a leader that loses its office refuses what it has already sent to its followers, and \
the next leader commits it.",
    needs: &[Need::Log, Need::Replies, Need::CommitIndex],
    judges: &[Judge::Replied(not_yet), Judge::Committed(nor_later)],
};

fn not_yet(history: &History, moment: &Replied) -> Judgement {
    if moment.outcome == Outcome::Refused { judge(history, moment.command) } else { Ok(()) }
}

fn nor_later(history: &History, moment: &Committed) -> Judgement {
    match moment.entry.payload {
        Payload::Command(command) => judge(history, command),
        _ => Ok(()),
    }
}

fn judge(history: &History, command: Command) -> Judgement {
    let requests = history.commands.get(&command).copied().unwrap_or_default();
    match requests.committed {
        Some(index) if requests.refused && requests.open == 0 => {
            Err(evidence!("{} was refused, and is committed at {}", command, Part::Index(index)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_refused_command_may_be_tried_elsewhere() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).invoke(2, 7).refuse(2, 7).step(2).invoke(1, 7);
        play.append_command(1, 2, 7).step(1).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.holds();
    }

    #[test]
    fn a_refused_command_may_not_come_back() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).invoke(1, 7).append_command(1, 2, 7).refuse(1, 7).step(1).durable(1);
        play.replicate(1, 2, 1).commit(1, 1);
        play.breaks("RefusedNeverCommitted");
    }

    #[test]
    fn a_committed_command_may_not_be_refused() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).invoke(1, 7).append_command(1, 2, 7).step(1).durable(1);
        play.replicate(1, 2, 1).commit(1, 1).refuse(1, 7).step(1);
        play.breaks("RefusedNeverCommitted");
    }
}
