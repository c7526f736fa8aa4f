//! §5.3 log replication at a follower: Figure 2, `AppendEntries`, receiver.

use super::*;

/// Figure 2, 2: without an entry at `prevLogIndex` of `prevLogTerm`, reply false.
#[test]
fn an_append_that_does_not_fit_is_refused() {
    for prev_log in [at(3, 2), at(2, 2), at(9, 4)] {
        let mut server = Server::follower(3, 4, &[1, 1]);
        let effects = server.receive(N2, 4, append(prev_log, &[4], 9));
        assert!(matches!(
            sent(&effects)[..],
            [(N2, Body::AppendEntriesReply { success: false, match_index: 0, .. })]
        ));
        assert_eq!(server.terms(), [1, 1]);
        assert_eq!(server.raft.state().commit_index, 0);
    }
}

/// §5.2: also who refuses its entries has heard from the leader, and waits anew.
#[test]
fn a_refused_leader_is_still_the_leader() {
    let mut server = Server::follower(3, 4, &[1]);
    let effects = server.receive(N2, 4, append(at(3, 2), &[4], 0));
    assert_eq!(effects, [ELECTION_TIMER, send(N2, 4, refusal(at(1, 1)))]);
    assert_eq!(server.raft.state().leader(), Some(N2));
}

/// §5.3, optimisation: the refusal lets the leader skip the conflicting terms.
#[test]
fn a_refusal_hints_where_the_logs_may_agree() {
    for (prev_log, hint) in [
        (at(9, 5), at(6, 3)),
        (at(6, 5), at(5, 3)),
        (at(6, 2), at(3, 2)),
        (at(9, 1), at(2, 1)),
        (at(1, 5), at(0, 0)),
    ] {
        let mut server = Server::follower(3, 5, &[1, 1, 2, 3, 3, 3]);
        let effects = server.receive(N2, 5, heartbeat(prev_log, 0));
        assert_eq!(sent(&effects), [(N2, &refusal(hint))], "{prev_log:?}");
    }
}

/// Figure 2, 4: append the entries that are not already in the log, and vouch for them once they
/// are on disk.
#[test]
fn new_entries_are_appended_and_acknowledged() {
    let mut server = Server::follower(3, 2, &[1]);
    let effects = server.receive(N2, 2, append(at(1, 1), &[2, 2], 0));
    assert_eq!(
        effects,
        [
            write_entries(1, vec![entry(2, 2), entry(3, 2)]),
            ELECTION_TIMER,
            send_after(1, N2, 2, success(3, 2)),
        ]
    );
    assert_eq!(server.terms(), [1, 2, 2]);
}

/// Figure 2, 4: what is there already is not written again.
#[test]
fn a_repeated_append_writes_nothing() {
    let mut server = Server::follower(3, 2, &[1, 2, 2]);
    let effects = server.receive(N2, 2, append(at(1, 1), &[2, 2], 0));
    assert_eq!(effects, [ELECTION_TIMER, send(N2, 2, success(3, 2))]);
}

/// Figure 2, 3: an entry of another term at the same index goes, and all that follow it; in one
/// write with what replaces them, because between the two the log would be too short.
#[test]
fn a_conflict_deletes_the_rest_of_the_log() {
    let mut server = Server::follower(3, 3, &[1, 1, 2, 2, 2]);
    let effects = server.receive(N2, 3, append(at(1, 1), &[1, 3], 0));
    let write =
        Write { id: 1, truncate_from: Some(3), append: vec![entry(3, 3)], ..Write::default() };
    assert_eq!(
        effects,
        [Effect::Write(write), ELECTION_TIMER, send_after(1, N2, 3, success(3, 3))]
    );
    assert_eq!(server.terms(), [1, 1, 3]);
}

/// Figure 2, 3: only a conflict deletes. A short, late message says nothing of later entries, and
/// vouching ends where it ends.
#[test]
fn a_late_message_deletes_nothing() {
    let mut server = Server::follower(3, 2, &[1, 2, 2, 2]);
    let effects = server.receive(N2, 2, append(at(1, 1), &[2], 0));
    assert_eq!(effects, [ELECTION_TIMER, send(N2, 2, success(2, 2))]);
    let effects = server.receive(N2, 2, heartbeat(at(1, 1), 0));
    assert_eq!(effects, [ELECTION_TIMER, send(N2, 2, success(1, 1))]);
    assert_eq!(server.terms(), [1, 2, 2, 2]);
}

/// Figure 2, 5: `commitIndex` becomes the smaller of `leaderCommit` and the last new entry; §5.3:
/// then the entries are applied, in order.
#[test]
fn a_follower_commits_what_the_leader_committed_and_applies_it() {
    let mut server = Server::follower(3, 2, &[1, 2]);
    let effects = server.receive(N2, 2, append(at(2, 2), &[2, 2], 3));
    assert_eq!(server.raft.state().commit_index, 3);
    assert_eq!(applied(&effects), [1, 2, 3]);
    let effects = server.receive(N2, 2, heartbeat(at(4, 2), 9));
    assert_eq!(server.raft.state().commit_index, 4);
    assert_eq!(applied(&effects), [4]);
    assert_eq!(server.raft.state().last_applied, 4);
}

/// Figure 2, 5: entries behind the message were compared with nothing; they may be another
/// leader's.
#[test]
fn a_follower_commits_nothing_behind_the_message() {
    let mut server = Server::follower(3, 3, &[1, 2, 2]);
    server.receive(N2, 3, heartbeat(at(1, 1), 3));
    assert_eq!(server.raft.state().commit_index, 1);
}

/// Figure 2: `commitIndex` increases monotonically, also when messages overtake each other.
#[test]
fn commit_index_never_falls() {
    let mut server = Server::follower(3, 2, &[1, 2]);
    server.receive(N2, 2, heartbeat(at(2, 2), 2));
    let effects = server.receive(N2, 2, heartbeat(at(1, 1), 1));
    assert_eq!(server.raft.state().commit_index, 2);
    assert_eq!(applied(&effects), []);
}

/// §5.2: a follower of the same term keeps the vote that it cast, whoever wins.
#[test]
fn following_a_leader_does_not_take_a_vote_back() {
    let mut server = Server::follower(3, 1, &[]);
    server.receive(N2, 1, request_vote(at(0, 0)));
    server.receive(N3, 1, heartbeat(at(0, 0), 0));
    assert_eq!(server.raft.state().voted_for, Some(N2));
}
