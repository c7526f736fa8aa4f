//! A node is in the term that it writes.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Changed;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "H6",
    name: "ViewMatchesTerm",
    level: Level::Harness,
    statement: "What a node says of its term is what it has written.",
    source: "the port's contract",
    explain: "\
As ViewMatchesLog, for the term: a term that is only in memory is forgotten by a crash, and the \
judges of durability would not know of it.

Not flagged: a vote that is not written, which is judged when anybody hears of it (A7).

Example: a node raises its term in memory and does not write it.",
    needs: &[Need::Votes, Need::TermAndRole],
    judges: &[Judge::Changed(as_written)],
};

fn as_written(history: &History, moment: &Changed) -> Judgement {
    let mirror = history.node(moment.node);
    let written = mirror.memory.hard_state.current_term;
    match mirror.view.current_term {
        Some(term) if term != written => Err(evidence!(
            "{} says that it is in term {}, but has written term {}",
            moment.node,
            Part::Term(term),
            Part::Term(written),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_node_says_what_it_writes() {
        let mut play = Play::new(3);
        play.term(1, 5).ask(1, 6);
        play.holds();
    }

    #[test]
    fn a_node_does_not_keep_its_term_to_itself() {
        let mut play = Play::new(3);
        play.view(1, |view| view.current_term = Some(5));
        play.breaks("ViewMatchesTerm");
    }
}
