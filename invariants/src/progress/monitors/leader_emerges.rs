//! Without a leader that commits nothing else comes about.

use crate::evidence::{Evidence, Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Level, Need};
use crate::progress::{BOUND, Calm, Monitor};

/// See [`Invariant::statement`].
pub static MONITOR: Monitor = Monitor {
    invariant: Invariant {
        id: "G1",
        name: "LeaderEmerges",
        level: Level::Progress,
        statement: "Once the faults are over, some node leads and commits an entry of its own term.",
        source: "§5.2, §5.4.2, §5.6; §8 (the no-op)",
        explain: "\
Randomised timeouts end split votes, and an entry of its own term is what lets a leader commit all \
that came before. A correct Raft needs about one election timeout for it, six at the worst.

A client goes on writing, so that a leader that appends no entry by itself commits one all the \
same.

Example: nobody can collect a majority of votes any more, since the only log that all would vote \
for is on a node that never stands.",
        needs: &[Need::TermAndRole, Need::Log, Need::Commits],
        judges: &[],
    },
    bound: BOUND,
    heat,
};

fn heat(history: &History, calm: &Calm) -> Option<Evidence> {
    let Some((leader, term)) = calm.leader(history) else {
        return Some(evidence!(
            "none of {} leads; their highest term is {}",
            calm.core,
            Part::Term(calm.term)
        ));
    };
    let committed = history.ledger.entries().last().map_or(0, |last| last.commit_term);
    (committed < term).then(|| {
        evidence!("{} leads term {} and has committed nothing in it", leader, Part::Term(term))
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_leader_that_commits_in_its_term_is_what_is_waited_for() {
        let mut play = Play::new(3);
        play.calm(&[1, 2, 3]).wait_for(49).elect(1, 1, &[2]).append(1, &[1]).durable(1);
        play.replicate(1, 2, 1).commit(1, 1).wait_for(99);
        play.keeps("LeaderEmerges");
    }

    #[test]
    fn without_a_leader_for_long_something_is_lost() {
        let mut play = Play::new(3);
        play.calm(&[1, 2, 3]).wait_for(49).holds();
        play.wait_for(51).breaks("LeaderEmerges");
    }

    #[test]
    fn an_old_leader_that_commits_nothing_is_none() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).calm(&[1, 2, 3]).wait_for(51);
        play.breaks("LeaderEmerges");
    }
}
