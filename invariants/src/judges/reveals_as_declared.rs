//! A guest reveals what it declares.

use crate::evidence::evidence;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level};
use crate::moment::Withheld;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "H5",
    name: "RevealsAsDeclared",
    level: Level::Harness,
    statement: "A node's view after a step has everything that its guest declares to reveal.",
    source: "the port's contract",
    explain: "\
Judges sit by what is declared. One that is not fed would keep silent and count as having checked, \
or take what it does not see for something that is not there. So what a view withholds is the \
adapter's mistake, and whoever needs it stops judging for the rest of the run.

Not flagged: matchIndex and nextIndex of a node that does not lead.

Example: an adapter declares Reveals::ALL, and its view has no matchIndex because the crate keeps \
that to itself. Reveals::ALL.without(&[Need::MatchIndex]) would be true.",
    needs: &[],
    judges: &[Judge::Withheld(withheld)],
};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "every judge is handed its moment so")]
fn withheld(_: &History, moment: &Withheld) -> Judgement {
    Err(evidence!("{} is declared to reveal {}, and its view does not", moment.node, moment.what))
}

#[cfg(test)]
mod tests {
    use crate::Need;
    use crate::fact::{NODES_MAX, View};
    use crate::testing::Play;

    #[test]
    fn a_whole_view_is_enough() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).follow(1);
        play.holds();
    }

    #[test]
    fn what_is_missing_is_named_and_nobody_else_accuses() {
        type Hide = fn(&mut View);
        let hidden: [(&str, Hide); 7] = [
            ("term and role", |view| view.current_term = None),
            ("term and role", |view| view.role = None),
            ("votes", |view| view.voted_for = None),
            ("its log", |view| view.last_log = None),
            ("its commit index", |view| view.commit_index = None),
            ("matchIndex", |view| view.match_index = None),
            ("nextIndex", |view| view.next_index = None),
        ];
        for (what, hide) in hidden {
            let mut play = Play::new(3);
            play.elect(1, 2, &[2]).view(1, hide);
            let [only] = play.checker.violations() else { panic!("{what}: {:?}", play.broken()) };
            let said = format!("n1 is declared to reveal {what}, and its view does not");
            assert_eq!(only.evidence.to_string(), said);
        }
    }

    #[test]
    fn who_needs_what_is_missing_judges_no_more() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3]).append(1, &[2, 2]).step(1).durable(1).replicate(1, 2, 2);
        play.matched(1, 2, 2).view(1, |view| view.match_index = None);
        // Both would break what is judged by matchIndex.
        play.matched(1, 2, 1).view(1, |view| view.match_index = Some([9; NODES_MAX]));
        assert_eq!(play.broken(), ["RevealsAsDeclared"]);
        assert!(play.checker.withheld().contains(Need::MatchIndex));
        // The others judge on.
        play.elect(3, 3, &[2]).elect(1, 3, &[2]);
        play.breaks("ElectionSafety");
    }

    #[test]
    fn who_does_not_lead_has_no_index_of_others() {
        let mut play = Play::new(3);
        play.ask(1, 2).view(1, |view| (view.match_index, view.next_index) = (None, None));
        play.holds();
    }

    #[test]
    fn what_is_not_declared_is_not_missed() {
        let mut play = Play::seen(3, &[Need::MatchIndex, Need::CommitIndex]);
        play.elect(1, 2, &[2]).view(1, |view| (view.match_index, view.commit_index) = (None, None));
        play.holds();
    }
}
