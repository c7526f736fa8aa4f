//! A vote is not taken back.

use crate::event::{HardStateWritten, Stepped};
use crate::fact::NodeId;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Level, Verdict};

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

Not flagged: a vote that a crash took from the disk before it was durable.

Example: a candidate hears of the leader of its own term, becomes its follower and clears \
votedFor with the rest; a delayed request for votes of that term now gets a second one.",
    needs: |reveals| reveals.votes,
    judges: &[Judge::HardStateWritten(written), Judge::Stepped(seen)],
};

fn written(_: &History, event: &HardStateWritten) -> Verdict {
    let (before, after) = (event.before, event.after);
    if before.current_term != after.current_term {
        return Ok(());
    }
    stable(event.node, before.voted_for, after.voted_for)
}

fn seen(history: &History, event: &Stepped) -> Verdict {
    let mirror = history.node(event.node);
    let (before, after) = (mirror.before, mirror.view);
    if before.current_term != after.current_term {
        return Ok(());
    }
    stable(
        event.node,
        before.voted_for.flatten(),
        after.voted_for.unwrap_or(before.voted_for.flatten()),
    )
}

fn stable(node: NodeId, before: Option<NodeId>, after: Option<NodeId>) -> Verdict {
    match before {
        Some(candidate) if after != before => Err(format!(
            "{node} had voted for {candidate}, and in the same term its vote is now {}",
            after.map_or("nobody's".to_owned(), |other| format!("{other}'s"))
        )),
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
}
