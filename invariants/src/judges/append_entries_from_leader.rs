//! Only the leader of a term sends its `AppendEntries`.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::AppendEntriesSent;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "B10",
    name: "AppendEntriesFromLeader",
    level: Level::Lemma,
    statement: "An AppendEntries of term T leaves only a node that has come to lead T since it \
                last started.",
    source: "§5.2; Figure 2, Rules for Servers: Leaders",
    explain: "\
Whoever hears an AppendEntries of its term takes the sender for the leader, gives up its own \
candidacy and lets its log be overwritten. From anyone but the leader it makes two leaders of one \
term without an election.

Judged at once if the sender is known to lead, else when its step ends: a candidate may win and \
send in one step.

Not flagged: a message of an earlier term that waited for the disk and leaves after its sender was \
deposed; a message of a step that a crash cut short.

Example: a leader hears of term 5, adopts it, and before it steps down sends every follower one \
more AppendEntries, stamped 5.",
    needs: &[Need::Claims, Need::TermAndRole],
    judges: &[Judge::AppendEntriesSent(by_its_leader)],
};

fn by_its_leader(history: &History, moment: &AppendEntriesSent) -> Judgement {
    if history.has_led(moment.node, moment.term) {
        return Ok(());
    }
    let leader = history.elections.leader(moment.term).filter(|&leader| leader != moment.node);
    let sent = evidence!(
        "{} sent {} an AppendEntries of term {}, ",
        moment.node,
        moment.to,
        Part::Term(moment.term),
    );
    Err(sent.then(match leader {
        Some(leader) => evidence!("whose leader is {}", leader),
        None => evidence!("which it has not come to lead since it started"),
    }))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_candidate_may_win_and_send_in_one_step() {
        let mut play = Play::new(3);
        play.ask(1, 2).grant(2, 1, 2).say_append(1, 3, 2, (0, 0), 0, (0, 0), 0).lead(1);
        play.holds();
    }

    #[test]
    fn a_message_that_waited_may_leave_after_its_sender_was_deposed() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).elect(3, 3, &[2]).term(1, 3);
        play.say_append(1, 2, 2, (0, 0), 0, (0, 0), 0).step(1);
        play.holds();
    }

    #[test]
    fn a_deposed_leader_has_no_last_words_in_the_new_term() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).elect(3, 3, &[2]);
        play.hard_state(1, 3, None).durable(1);
        play.say_append(1, 2, 3, (0, 0), 0, (0, 0), 0).follow(1);
        play.tells(
            "AppendEntriesFromLeader",
            "n1 sent n2 an AppendEntries of term 3, whose leader is n3",
        );
    }

    #[test]
    fn a_restarted_leader_is_none() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).crash(1, 0).boot(1);
        play.say_append(1, 2, 2, (0, 0), 0, (0, 0), 0).step(1);
        play.tells(
            "AppendEntriesFromLeader",
            "n1 sent n2 an AppendEntries of term 2, which it has not come to lead since it started",
        );
    }
}
