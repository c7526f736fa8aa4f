//! §5.3 and §5.4.2: when an entry is committed.

use super::*;

/// §5.3: an entry is committed once its leader has replicated it on a majority, and with it all
/// that precede it.
#[test]
fn a_majority_commits_an_entry_and_all_before_it() {
    let mut server = Server::leader(5, 2, &[1, 1]);
    assert_eq!(applied(&server.receive(N2, 2, success(3, 2))), []);
    assert_eq!(applied(&server.receive(N2, 2, success(3, 2))), [], "the same server again");
    assert_eq!(applied(&server.receive(N3, 2, success(3, 2))), [1, 2, 3]);
    assert_eq!(server.raft.state().commit_index, 3);
}

/// §5.3: half of an even cluster is no majority.
#[test]
fn half_of_an_even_cluster_commits_nothing() {
    let mut server = Server::leader(4, 1, &[]);
    server.receive(N2, 1, success(1, 1));
    assert_eq!(server.raft.state().commit_index, 0);
    server.receive(N3, 1, success(1, 1));
    assert_eq!(server.raft.state().commit_index, 1);
}

/// §5.4.2, Figure 8: an entry of an earlier term is not committed by counting its replicas.
#[test]
fn an_older_entry_is_not_committed_by_counting() {
    let mut server = Server::leader(3, 4, &[1, 2]);
    server.receive(N2, 4, success(2, 2));
    assert_eq!(server.raft.state().commit_index, 0);
    server.receive(N2, 4, success(3, 4));
    assert_eq!(server.raft.state().commit_index, 3);
}

/// §5.3: followers learn of commitment with the next message.
#[test]
fn the_next_message_tells_followers_what_is_committed() {
    let mut server = Server::leader(3, 1, &[]);
    server.receive(N2, 1, success(1, 1));
    let effects = server.step(Input::Timeout(Timer::Heartbeat));
    assert_eq!(sent(&effects)[0], (N2, &heartbeat(at(1, 1), 1)));
}

/// Thesis §10.2.1: a leader counts itself only when its own entry is durable; a majority of
/// followers may commit without it.
#[test]
fn a_leader_counts_itself_once_its_entry_is_durable() {
    let mut server = Server::leader(3, 1, &[]);
    server.receive(N2, 1, success(1, 1));
    server.step(Input::ClientRequest(7));
    server.receive(N2, 1, success(2, 1));
    assert_eq!(server.raft.state().commit_index, 1);
    assert_eq!(server.raft.match_index(N1), Some(1));
    assert_eq!(applied(&server.sync()), [2]);

    server.step(Input::ClientRequest(8));
    server.receive(N2, 1, success(3, 1));
    assert_eq!(applied(&server.receive(N3, 1, success(3, 1))), [3]);
}

/// A cluster of one commits when its disk is done.
#[test]
fn a_cluster_of_one_commits_when_its_disk_is_done() {
    let mut server = Server::leader(1, 1, &[]);
    assert_eq!(applied(&server.step(Input::ClientRequest(7))), []);
    assert_eq!(applied(&server.sync()), [2]);
}
