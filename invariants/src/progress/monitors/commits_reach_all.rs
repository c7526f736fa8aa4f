//! What is committed is known and executed everywhere.

use crate::evidence::{Evidence, Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Level, Need};
use crate::progress::{BOUND, Calm, Monitor};

/// See [`Invariant::statement`].
pub static MONITOR: Monitor = Monitor {
    invariant: Invariant {
        id: "G5",
        name: "CommitsReachAll",
        level: Level::Progress,
        statement: "Once the faults are over, every node commits what the cluster has committed, and \
                    applies it where it reveals that.",
        source: "§5.3; Figure 2, All Servers",
        explain: "\
A follower that has the entries and never learns that they are committed serves nothing and holds \
back whoever waits for its state machine.

Example: heartbeats carry no commit index, and no write comes to carry it.",
        needs: &[Need::Log, Need::CommitIndex],
        judges: &[],
    },
    bound: BOUND,
    heat,
};

fn heat(history: &History, calm: &Calm) -> Option<Evidence> {
    let committed = history.ledger.len();
    let reveals_applies = history.reveals.meets(&[Need::Applies]);
    calm.core.iter().find_map(|node| {
        let mirror = history.node(node);
        let (commit, applied) = (mirror.commit, mirror.applied);
        if commit < committed {
            return Some(evidence!(
                "{} has committed up to {}, the cluster up to {}",
                node,
                Part::Index(commit),
                Part::Index(committed)
            ));
        }
        (reveals_applies && applied < last_to_apply(history)).then(|| {
            evidence!(
                "{} has applied up to {}, and committed up to {}",
                node,
                Part::Index(applied),
                Part::Index(commit)
            )
        })
    })
}

/// Implementations need not hand no-ops to the state machine: the last entry that somebody applied.
fn last_to_apply(history: &History) -> u64 {
    history.states.len() as u64
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    fn served() -> Play {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).durable(1).replicate(1, 2, 1).replicate(1, 3, 1);
        play.commit(1, 1).apply(1, 1).calm(&[1, 2, 3]);
        for write in 1..=3 {
            play.invoke(1, write).append_command(1, 1, write).durable(1);
            play.replicate(1, 2, write + 1).replicate(1, 3, write + 1);
            play.commit(1, write + 1).apply(1, write + 1).acknowledge(1, write, write + 1);
        }
        play.commit(2, 4).apply_all(2, 4);
        play
    }

    #[test]
    fn who_never_learns_of_a_commit_is_told() {
        let mut play = served();
        play.commit(3, 3).apply_all(3, 3).wait_for(51);
        play.breaks("CommitsReachAll");
    }

    #[test]
    fn who_never_applies_is_told() {
        let mut play = served();
        play.commit(3, 4).apply_all(3, 3).wait_for(51);
        assert_eq!(play.broken(), ["CommitsReachAll"]);
    }

    #[test]
    fn when_all_is_everywhere_the_calm_is_over() {
        let mut play = served();
        play.commit(3, 4).apply_all(3, 4).wait_for(60).holds();
        assert!(play.has_achieved());
    }
}
