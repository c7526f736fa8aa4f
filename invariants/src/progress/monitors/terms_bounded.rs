//! Terms are not used up.

use crate::evidence::{Evidence, Part, evidence};
use crate::fact::Term;
use crate::history::History;
use crate::invariant::{Invariant, Level, Need};
use crate::progress::{Calm, Monitor};

/// Terms that elections may take until somebody leads for good. A correct Raft uses one or two.
const TERMS: Term = 20;

/// See [`Invariant::statement`].
pub static MONITOR: Monitor = Monitor {
    invariant: Invariant {
        id: "G7",
        name: "TermsBounded",
        level: Level::Progress,
        statement: "Once the faults are over, at most twenty more terms begin.",
        source: "§5.2, §5.6",
        explain: "\
Each term is an election in which nobody is served. Many of them in a short time are a storm, \
before anything else can be said of it.

Example: a node stands anew whenever it hears of a candidate, and so do all others.",
        needs: &[Need::TermAndRole],
        judges: &[],
    },
    bound: 0,
    heat,
};

fn heat(_: &History, calm: &Calm) -> Option<Evidence> {
    let terms = calm.term - calm.first_term;
    (TERMS < terms)
        .then(|| evidence!("{} terms have begun since the faults ended", Part::Number(terms)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn twenty_are_allowed_and_no_more() {
        let check = |last| {
            let mut play = Play::new(3);
            play.term(1, 5).calm(&[1, 2, 3]).term(2, last).wait_for(1);
            play
        };
        check(25).keeps("TermsBounded");
        check(26).breaks("TermsBounded");
    }
}
