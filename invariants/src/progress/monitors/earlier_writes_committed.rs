//! Whoever waits for an earlier write need not wait for somebody else's.

use crate::evidence::{Evidence, Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Level, Need};
use crate::progress::{Calm, Millitimeouts, Monitor};

/// How long a leader may take to commit what it has found, while clients leave it alone.
const BOUND: Millitimeouts = 20_000;

/// See [`Invariant::statement`].
pub static MONITOR: Monitor = Monitor {
    invariant: Invariant {
        id: "G9",
        name: "EarlierWritesCommitted",
        level: Level::Progress,
        statement: "Once the faults are over, a leader commits what it has in its log, and needs no \
                    fresh write for it.",
        source: "§8 (the no-op), §5.4.2",
        explain: "\
Entries of earlier terms are committed with one of the leader's own term. If it appends none by \
itself, they wait for the next client, and on an idle cluster for ever: a reader does not see what \
was written.

The client of a calm leaves a new leader alone for a while, so that this can be seen.

Example: a leader appends no entry when it is elected; n1's write, which all have, is not committed.",
        needs: &[Need::TermAndRole, Need::Log, Need::CommitIndex],
        judges: &[],
    },
    bound: BOUND,
    heat,
};

fn heat(history: &History, calm: &Calm) -> Option<Evidence> {
    let (leader, term) = calm.leader(history)?;
    let mirror = history.node(leader);
    let (committed, last) = (mirror.commit, mirror.memory.log.last());
    (committed < last.index && !calm.was_asked(leader, term)).then(|| {
        evidence!(
            "{} leads term {}, has a log up to {} and has committed up to {}, and nobody has asked \
             it for more",
            leader,
            Part::Term(term),
            last,
            Part::Index(committed)
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_leader_must_commit_what_it_has_found() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).append(1, &[1]).durable(1).replicate(1, 2, 1);
        play.calm(&[1, 2, 3]).elect(2, 2, &[3]).wait_for(19);
        play.keeps("EarlierWritesCommitted");
        play.wait_for(22).breaks("EarlierWritesCommitted");
    }

    #[test]
    fn what_a_client_has_just_asked_for_is_judged_elsewhere() {
        let mut play = Play::new(3);
        play.elect(1, 1, &[2]).calm(&[1, 2, 3]).invoke(1, 1).append_command(1, 1, 1).wait_for(30);
        play.keeps("EarlierWritesCommitted");
    }
}
