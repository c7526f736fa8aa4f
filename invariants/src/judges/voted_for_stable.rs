//! A vote is not taken back.

use crate::evidence::evidence;
use crate::fact::{NodeId, Term};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::{Changed, HardStateWritten};

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A4",
    name: "VotedForStable",
    level: Level::Lemma,
    statement: "Within a term votedFor changes only from nobody to somebody.",
    source: "Figure 2, votedFor; raft.tla UpdateTerm",
    explain: "\
VoteOncePerTerm is broken when a second vote is heard; the mistake was made when the first one \
was forgotten. votedFor belongs to a term, and only a new term clears it: not stepping down, not \
becoming a pre-candidate.

Not flagged: a vote that a crash took from the disk before it was durable; a vote that moves to \
whom has already won the term, which some implementations write down when they hear of the leader, \
and which elects nobody.

Example: a candidate hears of the leader of its own term, becomes its follower and clears \
votedFor with the rest; a delayed request for votes of that term now gets a second one.",
    needs: &[Need::Votes, Need::TermAndRole],
    judges: &[Judge::HardStateWritten(written), Judge::Changed(seen)],
};

fn written(history: &History, moment: &HardStateWritten) -> Judgement {
    let (before, after) = (moment.before, moment.after);
    if before.current_term != after.current_term {
        return Ok(());
    }
    stable(history, moment.node, (before.voted_for, after.voted_for), after.current_term)
}

fn seen(history: &History, moment: &Changed) -> Judgement {
    let mirror = history.node(moment.node);
    let (before, after) = (mirror.before, mirror.view);
    if before.current_term != after.current_term {
        return Ok(());
    }
    let was = before.voted_for.flatten();
    let is = after.voted_for.unwrap_or(was);
    stable(history, moment.node, (was, is), after.current_term.unwrap_or(0))
}

fn stable(
    history: &History,
    node: NodeId,
    (before, after): (Option<NodeId>, Option<NodeId>),
    term: Term,
) -> Judgement {
    let has_won = after.is_some_and(|candidate| history.has_won(candidate, term));
    match before {
        Some(candidate) if after != before && !has_won => {
            let had = evidence!(
                "{} had voted for {}, and in the same term its vote is now ",
                node,
                candidate,
            );
            Err(had.then(match after {
                Some(other) => evidence!("{}'s", other),
                None => evidence!("nobody's"),
            }))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_new_term_clears_the_vote() {
        let mut play = Play::new(3);
        play.ask(1, 2).grant(2, 1, 2).term(2, 3).ask(3, 3).grant(2, 3, 3);
        play.holds();
    }

    #[test]
    fn stepping_down_does_not() {
        let mut play = Play::new(3);
        play.ask(1, 2).hard_state(1, 2, None).durable(1).step(1);
        play.breaks("VotedForStable");
    }

    #[test]
    fn a_vote_may_move_to_whom_has_won() {
        let mut play = Play::new(3);
        play.ask(3, 2).elect(1, 2, &[2]).follow(3).hard_state(3, 2, Some(1)).step(3);
        assert!(!play.broken().contains(&"VotedForStable"));
        play.hard_state(3, 2, Some(2)).step(3);
        play.breaks("VotedForStable");
    }
}
