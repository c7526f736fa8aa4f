//! Terms are not used up.

use crate::evidence::{Evidence, Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Level, Need};
use crate::progress::{Calm, Monitor};

/// Terms that elections may take until somebody leads for good. A correct Raft uses one or two.
const TERMS: u64 = 20;

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
    (TERMS < calm.terms)
        .then(|| evidence!("{} terms have begun since the faults ended", Part::Number(calm.terms)))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    fn after(terms: u64) -> Play {
        let mut play = Play::new(3);
        play.term(1, 5).calm(&[1, 2, 3]);
        for term in 6..6 + terms {
            play.term(2, term);
        }
        play.wait_for(1);
        play
    }

    #[test]
    fn twenty_are_allowed_and_no_more() {
        after(20).keeps("TermsBounded");
        after(21).breaks("TermsBounded");
    }

    #[test]
    fn a_high_term_that_was_on_its_way_is_one() {
        let mut play = Play::new(3);
        play.term(3, 99).calm(&[1, 2]).term(1, 99).term(1, 100).wait_for(1);
        play.keeps("TermsBounded");
    }
}
