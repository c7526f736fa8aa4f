//! §5.3 and §8: clients and the state machine.

use super::*;
use raft_core::Outcome;

/// §8: a server that is not the leader turns the client away.
#[test]
fn only_the_leader_takes_commands() {
    for mut server in [Server::follower(3, 2, &[1]), Server::candidate(3, 2, &[1])] {
        let effects = server.step(Input::ClientRequest(7));
        assert_eq!(effects, [Effect::Reply { command: 7, outcome: Outcome::NotLeader }]);
    }
}

/// Figure 2, Leaders: respond after the entry was applied to the state machine.
#[test]
fn a_client_is_answered_after_its_command_was_applied() {
    let mut server = Server::leader(3, 1, &[]);
    server.step(Input::ClientRequest(7));
    server.sync();
    let effects = server.receive(N2, 1, success(2, 1));
    assert_eq!(
        effects,
        [
            Effect::Apply { index: 1, entry: Entry::no_op(1) },
            Effect::Apply { index: 2, entry: Entry::client(1, 7) },
            Effect::Reply { command: 7, outcome: Outcome::Committed(2) },
        ]
    );
}

/// §8: a deposed leader does not know what becomes of the command: another leader may commit it.
#[test]
fn a_deposed_leader_leaves_its_clients_in_doubt() {
    let mut server = Server::leader(3, 1, &[]);
    server.step(Input::ClientRequest(7));
    server.sync();
    let effects = server.receive(N2, 2, request_vote(at(2, 1)));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Reply { .. })));
    let effects = server.receive(N2, 2, heartbeat(at(2, 1), 2));
    assert_eq!(applied(&effects), [1, 2]);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Reply { .. })));
}

/// Figure 2: `lastApplied` is volatile; a restarted server applies its log again from the start,
/// when it learns anew what is committed.
#[test]
fn a_restarted_server_applies_from_the_start() {
    let mut server = Server::follower(3, 2, &[1, 2]);
    assert_eq!(server.raft.state().last_applied, 0);
    assert_eq!(applied(&server.receive(N2, 2, heartbeat(at(2, 2), 2))), [1, 2]);
}
