//! §5.3 log replication at a leader, §8 the no-op, Thesis §10.2 batching and pipelining.

use super::*;

/// §5.2: the winner announces itself to all at once; §8: with a no-op of its term; Figure 2:
/// `nextIndex` starts behind its last entry, `matchIndex` at 0.
#[test]
fn a_new_leader_starts_its_term_with_a_no_op() {
    let mut server = Server::candidate(3, 3, &[1, 2]);
    let effects = server.receive(N2, 3, granted());
    let no_op = vec![Entry::no_op(3)];
    let append =
        Body::AppendEntries { prev_log: at(2, 2), entries: no_op.clone(), leader_commit: 0 };
    assert_eq!(
        effects,
        [
            write_entries(2, no_op),
            HEARTBEAT_TIMER,
            send(N2, 3, append.clone()),
            send(N3, 3, append),
        ]
    );
    assert_eq!(server.raft.match_index(N2), Some(0));
    assert_eq!(server.raft.next_index(N2), Some(3));
}

/// §5.2: leaders send heartbeats, `AppendEntries` without entries, to prevent elections.
#[test]
fn a_leader_sends_heartbeats() {
    let mut server = Server::leader(3, 3, &[1, 2]);
    let effects = server.step(Input::Timeout(Timer::Heartbeat));
    let empty = heartbeat(at(2, 2), 0);
    assert_eq!(effects, [HEARTBEAT_TIMER, send(N2, 3, empty.clone()), send(N3, 3, empty)]);
}

/// §5.3: a client's command is appended, then sent to all at once, with the entry before it.
#[test]
fn a_command_is_appended_and_replicated() {
    let mut server = Server::leader(3, 1, &[]);
    server.receive(N2, 1, success(1, 1));
    server.receive(N3, 1, success(1, 1));
    let effects = server.step(Input::ClientRequest(7));
    let entries = vec![Entry::client(1, 7)];
    let append =
        Body::AppendEntries { prev_log: at(1, 1), entries: entries.clone(), leader_commit: 1 };
    assert_eq!(
        effects,
        [write_entries(3, entries), send(N2, 1, append.clone()), send(N3, 1, append)]
    );
}

/// §5.3, Leader Append-Only: a leader never overwrites or deletes its own entries; it sends them.
#[test]
fn a_leader_brings_a_follower_back_in_line() {
    let mut server = Server::leader(3, 4, &[1, 1, 3]);
    let effects = server.receive(N2, 4, refusal(at(2, 2)));
    let Some((N2, Body::AppendEntries { prev_log, entries, .. })) = sent(&effects).first().copied()
    else {
        panic!("the leader tries again");
    };
    assert_eq!(*prev_log, at(2, 1));
    assert_eq!(entries.len(), 2);
    assert_eq!(server.raft.next_index(N2), Some(3));
    assert_eq!(server.terms(), [1, 1, 3, 4]);
}

/// §5.3: after a refusal the leader lowers `nextIndex` and retries, until the logs meet.
#[test]
fn a_leader_goes_back_until_the_logs_meet() {
    let mut server = Server::leader(3, 9, &[1, 4, 4, 5, 5, 6]);
    for (hint, next_index) in [(at(6, 4), 4), (at(2, 2), 2), (at(0, 0), 1)] {
        let effects = server.receive(N2, 9, refusal(hint));
        assert_eq!(sent(&effects).len(), 1, "one probe flies");
        assert_eq!(server.raft.next_index(N2), Some(next_index));
    }
    server.receive(N2, 9, success(7, 9));
    assert_eq!(server.raft.match_index(N2), Some(7));
    assert_eq!(server.raft.next_index(N2), Some(8));
}

/// §5.3: old refusals do not undo what is known to match.
#[test]
fn a_late_refusal_moves_nothing_below_match_index() {
    let mut server = Server::leader(3, 2, &[1, 1, 1]);
    server.receive(N2, 2, success(4, 2));
    for hint in [at(3, 1), at(0, 0)] {
        assert_eq!(server.receive(N2, 2, refusal(hint)), []);
        assert_eq!(server.raft.match_index(N2), Some(4));
        assert_eq!(server.raft.next_index(N2), Some(5));
    }
}

/// §5.1: a refusal for the term's sake says nothing of logs. It carries the newer term, and whoever
/// hears it may lead that very term by now; to take it for an answer to its own message, it would
/// send its whole log again.
#[test]
fn a_refusal_of_an_older_term_is_no_answer_to_this_ones_leader() {
    let mut follower = Server::follower(3, 2, &[1, 1, 1]);
    let effects = follower.receive(N2, 1, heartbeat(at(3, 1), 0));
    let [(N2, answer)] = sent(&effects)[..] else { panic!("it answers its sender") };

    let mut leader = Server::leader(3, 2, &[1, 1, 1]);
    assert_eq!(leader.raft.next_index(N2), Some(4));
    assert_eq!(leader.receive(N2, 2, answer.clone()), []);
    assert_eq!(leader.raft.next_index(N2), Some(4));
    assert_eq!(leader.raft.match_index(N2), Some(0));
}

/// Figure 2: `matchIndex` increases monotonically, also when answers overtake each other.
#[test]
fn match_index_never_falls() {
    let mut server = Server::leader(3, 2, &[1, 1, 1]);
    server.receive(N2, 2, success(4, 2));
    assert_eq!(server.receive(N2, 2, success(3, 1)), []);
    assert_eq!(server.raft.match_index(N2), Some(4));
}

/// Thesis §10.2.2: once the logs meet, the leader sends ahead of the answers, a window of messages.
#[test]
fn a_leader_pipelines_up_to_its_window() {
    let options = Options { batch_entries_max: 1, window_messages_max: 2 };
    let mut server = Server::leader_with(3, options, 1, &[]);
    server.receive(N2, 1, success(1, 1));
    for (command, sends) in [(7, 1), (8, 1), (9, 0)] {
        assert_eq!(sent(&server.step(Input::ClientRequest(command))).len(), sends);
    }
    let effects = server.receive(N2, 1, success(2, 1));
    assert_eq!(sent(&effects).len(), 1, "the window has room for the third");
    assert_eq!(server.raft.next_index(N2), Some(5));
    assert_eq!(server.raft.match_index(N2), Some(2));
}

/// Thesis §10.2: entries travel in batches of limited size.
#[test]
fn a_message_carries_a_limited_batch() {
    let options = Options { batch_entries_max: 2, window_messages_max: 9 };
    let mut server = Server::leader_with(3, options, 2, &[1, 1, 1, 1]);
    let effects = server.receive(N2, 2, refusal(at(0, 0)));
    assert_eq!(sent(&effects), [(N2, &append(at(0, 0), &[1, 1], 0))]);
    let effects = server.receive(N2, 2, success(2, 1));
    let batches = sent(&effects).into_iter().map(|(_, body)| match body {
        Body::AppendEntries { entries, .. } => entries.len(),
        _ => 0,
    });
    assert_eq!(batches.collect::<Vec<_>>(), [2, 1]);
}

/// §5.3: the leader retries until all followers store all entries. A lost message shows in the
/// answer to the next heartbeat.
#[test]
fn a_heartbeat_finds_out_what_was_lost() {
    let mut server = Server::leader(3, 1, &[]);
    server.receive(N2, 1, success(1, 1));
    server.step(Input::ClientRequest(7));
    let effects = server.step(Input::Timeout(Timer::Heartbeat));
    assert_eq!(sent(&effects)[0], (N2, &heartbeat(at(2, 1), 1)));
    let effects = server.receive(N2, 1, refusal(at(1, 1)));
    let entries = vec![Entry::client(1, 7)];
    let append = Body::AppendEntries { prev_log: at(1, 1), entries, leader_commit: 1 };
    assert_eq!(sent(&effects), [(N2, &append)]);
}

/// §5.3: a lost answer does not block the window for ever either.
#[test]
fn a_heartbeat_frees_the_window() {
    let options = Options { batch_entries_max: 1, window_messages_max: 1 };
    let mut server = Server::leader_with(3, options, 1, &[]);
    server.receive(N2, 1, success(1, 1));
    server.step(Input::ClientRequest(7));
    assert_eq!(sent(&server.step(Input::ClientRequest(8))), []);
    server.step(Input::Timeout(Timer::Heartbeat));
    assert_eq!(sent(&server.receive(N2, 1, success(2, 1))).len(), 1);
}

/// §5.5: RPCs are idempotent. An answer that says nothing new makes the leader say nothing new.
#[test]
fn repeated_answers_do_not_breed() {
    let mut server = Server::leader(3, 2, &[1, 1, 1]);
    assert_eq!(sent(&server.receive(N2, 2, refusal(at(1, 1)))).len(), 1);
    assert_eq!(server.receive(N2, 2, refusal(at(1, 1))), []);
    server.receive(N2, 2, success(4, 2));
    server.step(Input::ClientRequest(7));
    assert_eq!(server.receive(N2, 2, success(4, 2)), []);
}

/// §8: without the no-op a leader announces itself with an empty heartbeat.
#[test]
fn without_a_no_op_the_announcement_is_a_heartbeat() {
    struct NoNoOp;
    impl Rules for NoNoOp {
        fn entry_on_election(&self, _: &State) -> Option<Entry> {
            None
        }
    }
    let mut server = Server::boot_with(2, OPTIONS, &NoNoOp, HardState::default(), &[]);
    server.step(Input::Timeout(Timer::Election));
    server.sync();
    let effects = server.receive(N2, 1, granted());
    assert_eq!(effects, [HEARTBEAT_TIMER, send(N2, 1, heartbeat(at(0, 0), 0))]);
}

/// Figure 2: `matchIndex[]` and `nextIndex[]` are for each server, and a leader's alone; its own are
/// what is durable at home, and where its next entry will be.
#[test]
fn only_leaders_have_indexes_of_others() {
    let mut server = Server::leader(3, 2, &[1, 1]);
    server.step(Input::ClientRequest(7));
    assert_eq!(server.raft.match_index(N1), Some(3));
    assert_eq!(server.raft.next_index(N1), Some(5));
    assert_eq!(server.raft.match_index(N4), None);
    assert_eq!(server.raft.next_index(N4), None);
    server.receive(N3, 3, denied());
    for server_id in [N1, N2] {
        assert_eq!(server.raft.match_index(server_id), None);
        assert_eq!(server.raft.next_index(server_id), None);
    }
}
