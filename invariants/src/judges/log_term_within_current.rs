//! No entry is younger than its holder.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::{Appended, Restarted};

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "B4",
    name: "LogTermWithinCurrent",
    level: Level::Durability,
    statement: "No log holds an entry of a later term than its node has entered, in \
                memory or on disk.",
    source: "§5.1; dissertation Lemma 5; openraft documentation on reordered IO",
    explain: "\
A node takes entries only from a leader whose term it has entered, and enters it first. On disk \
the order counts: if the entries are written before the term, a power failure between the two \
leaves a node that holds entries of a term it may vote in afresh.

Example: the disk holds an entry of term 5 and the hard state of term 4 after a crash between \
two writes.",
    needs: &[Need::Log, Need::Votes],
    judges: &[Judge::Appended(in_memory), Judge::Restarted(on_disk)],
};

fn in_memory(history: &History, moment: &Appended) -> Judgement {
    let current = history.node(moment.node).memory.hard_state.current_term;
    if moment.entry.term <= current {
        return Ok(());
    }
    Err(evidence!(
        "{} writes an entry of term {} at {}, but has entered no term after {}",
        moment.node,
        Part::Term(moment.entry.term),
        Part::Index(moment.index),
        Part::Term(current),
    ))
}

fn on_disk(history: &History, moment: &Restarted) -> Judgement {
    let durable = &history.node(moment.node).durable;
    let last = durable.log.last();
    if last.term <= durable.hard_state.current_term {
        return Ok(());
    }
    Err(evidence!(
        "{} starts with {} as the last entry on its disk, but only term {} beside it",
        moment.node,
        last,
        Part::Term(durable.hard_state.current_term),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn term_and_entries_may_come_in_one_write() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1).replicate(1, 3, 1);
        play.holds();
    }

    #[test]
    fn entries_may_not_come_first() {
        let mut play = Play::new(3);
        play.append(3, &[2]);
        play.breaks("LogTermWithinCurrent");
    }
}
