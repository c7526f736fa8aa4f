//! A vote is on disk before anybody hears of it.

use crate::evidence::{Part, evidence};
use crate::fact::Claim;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Sent;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "A7",
    name: "VoteDurableBeforeReply",
    level: Level::Durability,
    statement: "When a granted vote leaves, or a candidate asks for votes, its vote is durable, or \
                a later term is.",
    source: "Figure 2 (updated on stable storage before responding to RPCs)",
    explain: "\
A vote that can be forgotten can be given twice. A candidate's own counts too: if it wins with \
the votes of others before its own is on its disk, a power loss lets it vote again in that term, \
and even win it twice.

Not flagged: a grant that waited for its write and leaves after the node has moved on to a later \
term. It can no longer vote in the old one, so its word is kept.

Example: n2 answers n1 at once and loses power before the vote is written; after its restart it \
votes for n3 in the same term.",
    needs: &[Need::Claims, Need::Votes],
    judges: &[Judge::Sent(durable_first)],
};

fn durable_first(history: &History, moment: &Sent) -> Judgement {
    let (candidate, deed) = match moment.statement.claim {
        Claim::RequestVoteReply { vote_granted: true } => (moment.to, "grants its vote"),
        Claim::RequestVote { .. } => (moment.node, "asks for votes"),
        _ => return Ok(()),
    };
    let Some(term) = moment.statement.term else { return Ok(()) };
    let durable = history.node(moment.node).durable.hard_state;
    let kept = durable.current_term == term && durable.voted_for == Some(candidate);
    if kept || term < durable.current_term {
        return Ok(());
    }
    let speaks = evidence!(
        "{} {} for {} in term {}, but on its disk are term {} and ",
        moment.node,
        deed,
        candidate,
        Part::Term(term),
        Part::Term(durable.current_term),
    );
    Err(speaks.then(match durable.voted_for {
        Some(other) => evidence!("a vote for {}", other),
        None => evidence!("no vote"),
    }))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_grant_may_leave_late() {
        let mut play = Play::new(3);
        play.ask(1, 2).hard_state(2, 2, Some(1)).hard_state(2, 3, None).durable(2);
        play.say_granted(2, 1, 2).step(2);
        play.holds();
    }

    #[test]
    fn a_grant_may_not_leave_early() {
        let mut play = Play::new(3);
        play.ask(1, 2).term(2, 2).hard_state(2, 2, Some(1)).say_granted(2, 1, 2);
        play.breaks("VoteDurableBeforeReply");
    }

    #[test]
    fn a_candidate_may_not_ask_before_its_own_vote_is_durable() {
        let mut play = Play::new(3);
        play.term(1, 2).durable(1).ask_undurably(1, 2);
        play.breaks("VoteDurableBeforeReply");
    }
}
