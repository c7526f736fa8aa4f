//! Replication arrives everywhere.

use crate::evidence::{Evidence, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Level, Need};
use crate::progress::{BOUND, Calm, Monitor};

/// See [`Invariant::statement`].
pub static MONITOR: Monitor = Monitor {
    invariant: Invariant {
        id: "G4",
        name: "FollowersCatchUp",
        level: Level::Progress,
        statement: "Once the faults are over, every log becomes that of the leader.",
        source: "§5.3 (leaders retry indefinitely, until all followers store all entries)",
        explain: "\
However a follower's log has diverged, the leader finds the last position at which both agree and \
sends what follows. One that stays behind is one failure short of losing data.

Example: after a refusal the leader goes back in its log from the wrong place and is refused for \
ever.",
        needs: &[Need::TermAndRole, Need::Log],
        judges: &[],
    },
    bound: BOUND,
    heat,
};

fn heat(history: &History, calm: &Calm) -> Option<Evidence> {
    let Some((leader, _)) = calm.leader(history) else {
        return Some(evidence!("none of {} leads, so nobody is brought up to date", calm.core));
    };
    let wanted = &history.node(leader).memory.log;
    let wanted = (wanted.last(), wanted.hash_at(wanted.last_index()));
    let behind = calm.core.iter().find(|&node| {
        let mirror = history.node(node);
        let log = &mirror.memory.log;
        !mirror.up || (log.last(), log.hash_at(log.last_index())) != wanted
    })?;
    let has = history.node(behind).memory.log.last();
    Some(evidence!(
        "{} has a log up to {}, its leader {} one up to {}",
        behind,
        has,
        leader,
        wanted.0
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_log_that_stays_behind_is_told() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.apply(1, 1).calm(&[1, 2, 3]);
        for write in 1..=3 {
            play.invoke(1, write).append_command(1, 1, write).durable(1).replicate(1, 2, write + 1);
            play.commit(1, write + 1).apply(1, write + 1).acknowledge(1, write, write + 1);
        }
        play.commit(2, 4).apply_all(2, 4).wait_for(51);
        play.breaks("FollowersCatchUp");
    }

    #[test]
    fn whoever_is_outside_the_core_may_stay_behind() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.calm(&[1, 2]).wait_for(60);
        play.keeps("FollowersCatchUp");
    }
}
