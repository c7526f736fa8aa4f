//! Log Matching: an index and a term name one entry, and everything before it.

use crate::evidence::evidence;
use crate::fact::LogPosition;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Appended;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "B1",
    name: "LogMatching",
    level: Level::Paper,
    statement: "If two logs hold an entry with the same index and term, they are identical up to \
                there.",
    source: "§5.3, Figure 3; raft.tla allLogs",
    explain: "\
A leader creates at most one entry per index in its term, and a follower takes entries only after \
it has found that the one before them is the leader's. So an index and a term name one entry, and \
by induction all before it. Compared are all logs that ever existed, not only those of now: a \
crash may hide the one that was wrong.

Not flagged: different terms at the same index. Such entries are uncommitted, and the next leader \
that lasts will sort them out.

Example: n2 holds 1 1 1 1 and gets 2 2 behind index 1. It must end up with 1 2 2; if it overwrites \
in place it ends up with 1 2 2 1, and the entry at 4 has another history than at n1.",
    needs: &[Need::Log],
    judges: &[Judge::Appended(same_as_ever)],
};

fn same_as_ever(_: &History, moment: &Appended) -> Judgement {
    match moment.known {
        Some(known) if known.hash != moment.hash => Err(evidence!(
            "the log of {} differs at or before {} from that of {}, where this index and term were \
             seen first",
            moment.node,
            LogPosition { term: moment.entry.term, index: moment.index },
            known.creator,
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_conflict_in_the_middle_takes_the_rest_along() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1, 1, 1, 1]).step(1).replicate(1, 2, 4);
        play.replicate(1, 3, 1).crash(1, 0).elect(3, 2, &[2]).append(3, &[2, 2]).step(3);
        play.replicate(3, 2, 3);
        play.holds();
    }

    #[test]
    fn overwriting_in_place_keeps_a_tail_of_another_history() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1, 1, 1]).step(1).replicate(1, 2, 3);
        play.elect(2, 2, &[3]).append(2, &[2]).step(2).truncate(1, 2).append(1, &[1, 1]);
        play.breaks("LogMatching");
    }

    #[test]
    fn a_log_that_a_crash_has_hidden_still_counts() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).step(1).crash(1, 0).boot(1);
        play.elect(1, 2, &[2]).append(1, &[1]).step(1);
        play.breaks("LogMatching");
    }
}
