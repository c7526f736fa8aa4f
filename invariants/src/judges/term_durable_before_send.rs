//! A term is on disk before it is heard.

use crate::evidence::{Part, evidence};
use crate::fact::Claim;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Sent;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A6",
    name: "TermDurableBeforeSend",
    level: Level::Durability,
    statement: "No message of a term leaves before that term is durable at its sender.",
    source: "Figure 2 (updated on stable storage before responding to RPCs), read for requests too",
    explain: "\
Whoever hears a message of a term counts on the sender never to be in an earlier one again. The \
paper says it of answers; it holds for requests as well. A candidate that asks for votes before \
its own term and vote are durable can win, crash, come back in the old term and win the same \
term once more.

Not flagged: messages that are none of the paper's four. A pre-vote, say, speaks of a term that \
nobody has entered yet.

Example: n1 stands in term 2 and sends its requests while the write is still in the queue.",
    needs: &[Need::Claims, Need::Votes],
    judges: &[Judge::Sent(durable_first)],
};

fn durable_first(history: &History, moment: &Sent) -> Judgement {
    let Some(term) = moment.statement.term else { return Ok(()) };
    let durable = history.node(moment.node).durable.hard_state.current_term;
    if term <= durable || moment.statement.claim == Claim::Other {
        return Ok(());
    }
    Err(evidence!(
        "{} sends {} a message of term {}, but only term {} is on its disk",
        moment.node,
        moment.to,
        Part::Term(term),
        Part::Term(durable),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_durable_term_may_be_spoken_of() {
        let mut play = Play::new(3);
        play.ask(1, 2);
        play.holds();
    }

    #[test]
    fn a_term_in_the_queue_may_not() {
        let mut play = Play::new(3);
        play.ask_undurably(1, 2);
        play.breaks("TermDurableBeforeSend");
    }
}
