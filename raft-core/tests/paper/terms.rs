//! §5.1: terms act as a logical clock.

use super::*;

/// §5.1: a server that sees a larger term updates its own to it, whatever the message.
#[test]
fn a_larger_term_is_adopted_from_any_message() {
    for body in [
        request_vote(at(0, 0)),
        denied(),
        heartbeat(at(9, 9), 0),
        refusal(at(0, 0)),
        granted(),
        success(0, 0),
    ] {
        let mut server = Server::follower(3, 4, &[1]);
        server.receive(N2, 7, body.clone());
        assert_eq!(server.raft.state().current_term, 7, "{body:?}");
    }
}

/// §5.1: a candidate or leader whose term is out of date becomes a follower at once.
#[test]
fn candidates_and_leaders_of_an_old_term_step_down() {
    for mut server in [Server::candidate(3, 2, &[1]), Server::leader(3, 2, &[1])] {
        server.receive(N3, 3, denied());
        assert!(server.follows());
        assert_eq!(server.raft.state().current_term, 3);
    }
}

/// §5.1: a request with a stale term is rejected; the answer carries the newer term.
#[test]
fn a_stale_request_is_refused_with_the_newer_term() {
    let mut server = Server::follower(3, 4, &[1]);
    assert_eq!(server.receive(N2, 3, request_vote(at(9, 3))), [send(N2, 4, denied())]);
    assert_eq!(server.receive(N2, 3, append(at(1, 1), &[3], 1)), [send(N2, 4, stale())]);
    assert_eq!(server.terms(), [1]);
    assert_eq!(server.raft.state().commit_index, 0);
}

/// §5.1: an answer to an earlier term is not an answer to this one.
#[test]
fn stale_answers_are_ignored() {
    let mut candidate = Server::candidate(3, 4, &[1]);
    assert_eq!(candidate.receive(N2, 3, granted()), []);
    assert!(!candidate.leads());

    let mut leader = Server::leader(3, 4, &[1]);
    assert_eq!(leader.receive(N2, 3, success(2, 4)), []);
    assert_eq!(leader.raft.match_index(N2), Some(0));
}

/// Figure 2: `votedFor` belongs to the current term; a new term starts without a vote.
#[test]
fn a_new_term_starts_without_a_vote() {
    let mut server = Server::follower(3, 4, &[1]);
    server.receive(N2, 4, request_vote(at(1, 1)));
    assert_eq!(server.raft.state().voted_for, Some(N2));
    let effects = server.receive(N3, 5, heartbeat(at(1, 1), 0));
    assert_eq!(effects[0], write_hard_state(2, 5, None));
    assert_eq!(server.raft.state().voted_for, None);
}

/// §5.1: a cluster has the members it has; strangers have no say.
#[test]
fn strangers_are_not_heard() {
    let mut server = Server::candidate(3, 2, &[1]);
    assert_eq!(server.receive(N4, 9, request_vote(at(9, 9))), []);
    assert_eq!(server.receive(N5, 2, granted()), []);
    assert_eq!(server.raft.state().current_term, 2);
    assert!(!server.leads());
}
