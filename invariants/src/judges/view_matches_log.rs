//! A node is what it writes.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Stepped;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "H2",
    name: "ViewMatchesLog",
    level: Level::Harness,
    statement: "What a node says of its term and its last entry is what it has written.",
    source: "the port's contract",
    explain: "\
The judges go by what is written; this one makes sure that the node does too. A difference means \
that the adapter leaves out writes or makes up a view, or that the implementation forgets to \
persist something. Until it is explained, no other verdict on this guest is worth much.

Not flagged: what the guest does not reveal; a vote that is not written, which is judged when \
anybody hears of it (A7).

Example: a node raises its term in memory and does not write it.",
    needs: &[Need::Writes],
    judges: &[Judge::Stepped(as_written)],
};

fn as_written(history: &History, moment: &Stepped) -> Judgement {
    let mirror = history.node(moment.node);
    let (view, hard_state) = (&mirror.view, mirror.memory.hard_state);
    if let Some(last_log) = view.last_log.filter(|_| history.reveals.contains(Need::Log))
        && last_log != mirror.memory.log.last()
    {
        return Err(evidence!(
            "{} says that its log ends with {}, but has written one that ends with {}",
            moment.node,
            last_log,
            mirror.memory.log.last(),
        ));
    }
    if !history.reveals.contains(Need::Votes) {
        return Ok(());
    }
    match view.current_term.filter(|&term| term != hard_state.current_term) {
        Some(term) => Err(evidence!(
            "{} says that it is in term {}, but has written term {}",
            moment.node,
            Part::Term(term),
            Part::Term(hard_state.current_term),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_node_says_what_it_writes() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1);
        play.holds();
    }

    #[test]
    fn a_node_does_not_keep_its_term_to_itself() {
        let mut play = Play::new(3);
        play.view(1, |view| view.current_term = Some(5));
        play.breaks("ViewMatchesLog");
    }

    #[test]
    fn a_node_does_not_make_up_its_log() {
        let mut play = Play::new(3);
        play.view(1, |view| view.last_log = Some(crate::fact::LogPosition { term: 1, index: 1 }));
        play.breaks("ViewMatchesLog");
    }
}
