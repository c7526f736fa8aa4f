//! Entries are applied one after the other.

use crate::evidence::{Evidence, Part, evidence};
use crate::fact::{Entry, Payload};
use crate::history::History;
use crate::history::node::Mirror;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Applied;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "D6",
    name: "AppliedInOrder",
    level: Level::Lemma,
    statement: "A node applies the entries of its own log in order, each once, from the \
                first on.",
    source: "Figure 2, Rules for Servers: All Servers",
    explain: "\
Not flagged: implementations that do not hand out entries of their own (a blank entry, a \
configuration) may skip those. A restart begins again at the first.

Example: a node that catches up applies the entry at commitIndex only.",
    needs: &[Need::Applies, Need::Log],
    judges: &[Judge::Applied(the_next)],
};

fn the_next(history: &History, moment: &Applied) -> Judgement {
    let mirror = history.node(moment.node);
    if moment.index <= mirror.applied {
        return Err(applied_after(moment, mirror));
    }
    let log = &mirror.memory.log;
    let own = Entry { term: moment.term, payload: moment.payload };
    if log.get(moment.index).map(|mirrored| mirrored.entry) != Some(own) {
        return Err(evidence!(
            "{} applied {} of term {} at {}, which is not in its log",
            moment.node,
            moment.payload,
            Part::Term(moment.term),
            Part::Index(moment.index),
        ));
    }
    let gap = log.suffix(mirror.applied + 1);
    let gap = gap.iter().take((moment.index - mirror.applied - 1) as usize);
    let mut commands = gap.filter(|skipped| matches!(skipped.entry.payload, Payload::Command(_)));
    if commands.next().is_none() {
        return Ok(());
    }
    Err(applied_after(moment, mirror).then(evidence!(", and skipped a command")))
}

fn applied_after(moment: &Applied, mirror: &Mirror) -> Evidence {
    let (now, before) = (Part::Index(moment.index), Part::Index(mirror.applied));
    evidence!("{} applied {} after {}", moment.node, now, before)
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_blank_entry_may_be_skipped() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append_blank(1, 2).append(1, &[2]).step(1).durable(1);
        play.replicate(1, 2, 2).apply(1, 2).commit(1, 2);
        play.holds();
    }

    #[test]
    fn a_command_may_not() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .apply(1, 2);
        play.breaks("AppliedInOrder");
    }

    #[test]
    fn nothing_is_applied_twice() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .apply(1, 1)
            .apply(1, 1);
        play.breaks("AppliedInOrder");
    }

    #[test]
    fn a_blank_entry_may_be_skipped_after_a_command() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).append_blank(1, 2).append(1, &[2]).step(1);
        play.durable(1).replicate(1, 2, 3).apply(1, 1).apply(1, 3).commit(1, 3);
        play.holds();
    }
}
