//! §5.2 leader election, §5.4.1 election restriction.

use super::*;

/// §5.2: servers start as followers and wait for an election timeout.
#[test]
fn a_server_starts_as_follower_and_waits() {
    let server = Server::follower(3, 4, &[1, 4]);
    assert_eq!(server.boot, [ELECTION_TIMER]);
    assert_eq!(server.raft.state().role, Role::Follower { leader: None });
    assert_eq!(server.raft.state().current_term, 4);
    assert_eq!(server.raft.state().commit_index, 0);
    assert_eq!(server.raft.state().last_applied, 0);
}

/// §5.2: it starts an election: new term, own vote, new timer, `RequestVote` to all others.
#[test]
fn a_campaign_is_a_term_a_vote_a_timer_and_requests() {
    let mut server = Server::follower(3, 4, &[1, 4]);
    let effects = server.step(Input::Timeout(Timer::Election));
    assert_eq!(
        effects,
        [
            write_hard_state(1, 5, Some(N1)),
            ELECTION_TIMER,
            send_after(1, N2, 5, request_vote(at(2, 4))),
            send_after(1, N3, 5, request_vote(at(2, 4))),
        ]
    );
    assert_eq!(server.raft.state().role, Role::Candidate { votes_granted: vec![] });
}

/// §5.2: without a winner the candidate times out and starts over in the next term.
#[test]
fn a_split_vote_ends_in_a_new_election() {
    let mut server = Server::candidate(3, 5, &[1]);
    server.receive(N2, 5, denied());
    let effects = server.step(Input::Timeout(Timer::Election));
    assert_eq!(effects[..2], [write_hard_state(2, 6, Some(N1)), ELECTION_TIMER]);
    assert_eq!(server.raft.state().current_term, 6);
}

/// §5.2: a candidate wins with votes from a majority of the full cluster, and not before.
#[test]
fn a_majority_wins() {
    let mut server = Server::candidate(5, 2, &[]);
    server.receive(N2, 2, granted());
    server.receive(N3, 2, denied());
    assert!(!server.leads());
    server.receive(N4, 2, granted());
    assert!(server.leads());

    let mut server = Server::candidate(4, 2, &[]);
    server.receive(N2, 2, granted());
    assert!(!server.leads(), "two of four are not a majority");
}

/// §5.2: one vote per server, however often the network delivers it.
#[test]
fn a_vote_counts_once() {
    let mut server = Server::candidate(5, 2, &[]);
    for _ in 0..3 {
        server.receive(N2, 2, granted());
    }
    assert!(!server.leads());
}

/// §5.2: a cluster of one needs nobody else's vote, but its own on disk.
#[test]
fn a_cluster_of_one_elects_itself_once_its_vote_is_durable() {
    let mut server = Server::follower(1, 0, &[]);
    let effects = server.step(Input::Timeout(Timer::Election));
    assert_eq!(effects, [write_hard_state(1, 1, Some(N1)), ELECTION_TIMER]);
    assert!(!server.leads());
    let effects = server.sync();
    assert_eq!(effects, [write_entries(2, vec![Entry::no_op(1)]), HEARTBEAT_TIMER]);
    assert_eq!(applied(&server.sync()), [1]);
}

/// §5.2: first come, first served, one vote per term; the same candidate may ask again.
#[test]
fn a_server_votes_for_one_candidate_per_term() {
    let mut server = Server::follower(3, 0, &[]);
    let effects = server.receive(N2, 1, request_vote(at(0, 0)));
    assert_eq!(
        effects,
        [write_hard_state(1, 1, Some(N2)), ELECTION_TIMER, send_after(1, N2, 1, granted())]
    );
    server.sync();
    let effects = server.receive(N3, 1, request_vote(at(0, 0)));
    assert_eq!(effects, [send(N3, 1, denied())]);
    let effects = server.receive(N2, 1, request_vote(at(0, 0)));
    assert_eq!(effects, [ELECTION_TIMER, send(N2, 1, granted())]);
}

/// §5.2: a candidate has voted for itself, and denies others of its term.
#[test]
fn a_candidate_denies_its_rivals() {
    let mut server = Server::candidate(3, 2, &[]);
    assert_eq!(server.receive(N2, 2, request_vote(at(9, 1))), [send(N2, 2, denied())]);
}

/// §5.4.1: a voter with the more up-to-date log denies its vote: later last term, or same last
/// term and longer log.
#[test]
fn a_voter_denies_candidates_whose_log_is_behind() {
    for (last_log, vote) in [
        (at(2, 3), granted()),
        (at(3, 3), granted()),
        (at(1, 4), granted()),
        (at(1, 3), denied()),
        (at(9, 2), denied()),
        (at(0, 0), denied()),
    ] {
        let mut server = Server::follower(3, 4, &[1, 3]);
        let effects = server.receive(N2, 5, request_vote(last_log));
        assert_eq!(sent(&effects), [(N2, &vote)], "{last_log:?}");
    }
}

/// §5.4.1: a denial for the log's sake still takes part in the new term, and keeps the old timer.
#[test]
fn a_denied_vote_prolongs_no_wait() {
    let mut server = Server::follower(3, 4, &[1, 3]);
    let effects = server.receive(N2, 5, request_vote(at(1, 1)));
    assert_eq!(effects, [write_hard_state(1, 5, None), send_after(1, N2, 5, denied())]);
}

/// §5.2: a candidate that hears from a leader of its own term returns to follower. Its vote
/// stays cast.
#[test]
fn a_candidate_recognises_the_leader_of_its_term() {
    let mut server = Server::candidate(3, 2, &[1]);
    let effects = server.receive(N3, 2, heartbeat(at(1, 1), 0));
    assert_eq!(effects, [ELECTION_TIMER, send(N3, 2, success(1, 1))]);
    assert_eq!(server.raft.state().role, Role::Follower { leader: Some(N3) });
    assert_eq!(server.raft.state().voted_for, Some(N1));
    assert_eq!(server.receive(N2, 2, request_vote(at(9, 2))), [send(N2, 2, denied())]);
}

/// §5.2: a candidate rejects a leader of an earlier term and goes on.
#[test]
fn a_candidate_ignores_a_leader_of_an_older_term() {
    let mut server = Server::candidate(3, 2, &[1]);
    assert_eq!(server.receive(N3, 1, heartbeat(at(1, 1), 0)), [send(N3, 2, stale())]);
    assert!(matches!(server.raft.state().role, Role::Candidate { .. }));
}

/// §5.2: each term has at most one leader, so a leader of the same term is nobody's: ignored.
#[test]
fn a_leader_does_not_argue_with_an_impostor() {
    let mut server = Server::leader(3, 2, &[1]);
    assert_eq!(server.receive(N3, 2, append(at(0, 0), &[2, 2], 2)), []);
    assert!(server.leads());
    assert_eq!(server.terms(), [1, 2]);
}

/// §5.2: a leader does not run for an office that it holds; it that holds none sends no heartbeats.
#[test]
fn timers_of_the_other_role_mean_nothing() {
    let mut leader = Server::leader(3, 2, &[1]);
    assert_eq!(leader.step(Input::Timeout(Timer::Election)), []);
    assert_eq!(leader.raft.state().current_term, 2);
    for mut other in [Server::follower(3, 2, &[1]), Server::candidate(3, 2, &[1])] {
        assert_eq!(other.step(Input::Timeout(Timer::Heartbeat)), []);
    }
}

/// §5.2: a deposed leader is a follower, and followers wait for an election timeout.
#[test]
fn a_deposed_leader_waits_like_any_follower() {
    let mut server = Server::leader(3, 2, &[1]);
    server.step(Input::Timeout(Timer::Election));
    let effects = server.receive(N3, 3, denied());
    assert_eq!(effects, [write_hard_state(3, 3, None), ELECTION_TIMER]);
}

/// §5.2: a vote for an election that is over changes nothing.
#[test]
fn votes_after_the_election_are_ignored() {
    let mut leader = Server::leader(3, 2, &[1]);
    assert_eq!(leader.receive(N3, 2, granted()), []);
    let mut follower = Server::follower(3, 2, &[1]);
    assert_eq!(follower.receive(N3, 2, granted()), []);
    assert!(follower.follows());
}
