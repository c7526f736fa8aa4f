//! Figure 2: persistent state is "updated on stable storage before responding to RPCs", with a disk
//! that takes its time.

use raft_core::rules::DiskFailure;

use super::*;

/// A server starts with the term, vote and log that it left on disk.
#[test]
fn persistent_state_survives() {
    let hard_state = HardState { current_term: 4, voted_for: Some(N3) };
    let mut server = Server::boot_with(3, OPTIONS, &Paper, hard_state, &[1, 4]);
    assert_eq!(server.raft.state().current_term, 4);
    assert_eq!(server.raft.state().log.last(), at(2, 4));
    assert_eq!(server.receive(N2, 4, request_vote(at(9, 4))), [send(N2, 4, denied())]);
}

/// What a step changes is one write, ahead of all that the step says.
#[test]
fn a_step_writes_once_and_first() {
    let mut server = Server::follower(3, 1, &[1, 1]);
    let effects = server.receive(N2, 2, append(at(1, 1), &[2], 0));
    let write = Write {
        id: 1,
        hard_state: Some(HardState { current_term: 2, voted_for: None }),
        truncate_from: Some(2),
        append: vec![entry(2, 2)],
    };
    // Index 2 held an entry of term 1.
    assert_eq!(effects[0], Effect::Write(write));
    assert_eq!(written(&effects).id, 1);
    assert_eq!(effects[2], send_after(1, N2, 2, success(2, 2)));
}

/// No message carries a term before the term is durable, refusals included.
#[test]
fn no_message_carries_a_term_that_is_not_durable() {
    let mut server = Server::follower(3, 1, &[1]);
    let effects = server.receive(N2, 2, request_vote(at(0, 0)));
    assert_eq!(effects, [write_hard_state(1, 2, None), send_after(1, N2, 2, denied())]);
    let effects = server.receive(N2, 1, heartbeat(at(1, 1), 0));
    assert_eq!(effects, [send_after(1, N2, 2, stale())]);
    server.sync();
    let effects = server.receive(N2, 1, heartbeat(at(1, 1), 0));
    assert_eq!(effects, [send(N2, 2, stale())]);
}

/// A vote given again waits for the same write as the first time.
#[test]
fn a_repeated_vote_waits_for_the_write_of_the_first() {
    let mut server = Server::follower(3, 1, &[]);
    server.receive(N2, 1, request_vote(at(0, 0)));
    let effects = server.receive(N2, 1, request_vote(at(0, 0)));
    assert_eq!(effects, [ELECTION_TIMER, send_after(1, N2, 1, granted())]);
}

/// A denial promises nothing but its term: it does not wait for a vote under way.
#[test]
fn a_denial_does_not_wait_for_someone_elses_vote() {
    let mut server = Server::follower(3, 1, &[]);
    server.receive(N2, 1, request_vote(at(0, 0)));
    assert_eq!(server.receive(N3, 1, request_vote(at(0, 0))), [send(N3, 1, denied())]);
}

/// A candidate asks for votes once its own is durable; only then does it count, too.
#[test]
fn a_candidate_is_sure_of_its_own_vote_first() {
    let mut server = Server::follower(3, 1, &[]);
    let effects = server.step(Input::Timeout(Timer::Election));
    assert!(effects.contains(&send_after(1, N2, 2, request_vote(at(0, 0)))));
    assert_eq!(server.raft.state().role, Role::Candidate { votes_granted: vec![] });
    server.sync();
    assert_eq!(server.raft.state().role, Role::Candidate { votes_granted: vec![N1] });
}

/// An acknowledgement waits for the entries it vouches for, and for nothing newer.
#[test]
fn an_acknowledgement_waits_for_its_entries() {
    let mut server = Server::follower(3, 1, &[]);
    server.receive(N2, 1, append(at(0, 0), &[1], 0));
    server.receive(N2, 1, append(at(1, 1), &[1], 0));
    let effects = server.receive(N2, 1, append(at(0, 0), &[1], 0));
    assert_eq!(effects[1..], [send_after(1, N2, 1, success(1, 1))]);
    let effects = server.receive(N2, 1, heartbeat(at(2, 1), 0));
    assert_eq!(effects[1..], [send_after(2, N2, 1, success(2, 1))]);
    let effects = server.receive(N2, 1, heartbeat(at(0, 0), 0));
    assert_eq!(effects[1..], [send(N2, 1, success(0, 0))]);
    server.step(Input::WriteDone(1));
    let effects = server.receive(N2, 1, heartbeat(at(1, 1), 0));
    assert_eq!(effects[1..], [send(N2, 1, success(1, 1))]);
}

/// The completion of a write does not vouch for an entry that took the place of what it wrote.
#[test]
fn an_old_completion_does_not_vouch_for_a_newer_entry() {
    let mut server = Server::follower(3, 1, &[]);
    server.receive(N2, 1, append(at(0, 0), &[1], 0));
    server.receive(N3, 2, append(at(0, 0), &[2], 0));
    server.step(Input::WriteDone(1));
    let effects = server.receive(N3, 2, append(at(0, 0), &[2], 0));
    assert_eq!(effects[1..], [send_after(2, N3, 2, success(1, 2))]);
}

/// A leader may send what it has not written yet: it promises nothing about itself.
#[test]
fn a_leader_does_not_wait_for_its_own_disk() {
    let mut server = Server::leader(2, 1, &[]);
    server.receive(N2, 1, success(1, 1));
    let effects = server.step(Input::ClientRequest(7));
    assert!(matches!(effects[..], [Effect::Write(_), Effect::Send { after: None, .. }]));
}

/// A server whose disk fails can promise nothing, and is silent until it starts anew.
#[test]
fn a_server_stops_with_its_disk() {
    let mut server = Server::leader(1, 1, &[]);
    server.step(Input::ClientRequest(7));
    assert_eq!(server.step(Input::WriteFailed), [Effect::Halt]);
    for input in [
        Input::WriteDone(9),
        Input::Timeout(Timer::Election),
        Input::Timeout(Timer::Heartbeat),
        Input::ClientRequest(8),
        Input::WriteFailed,
    ] {
        assert_eq!(server.step(input), []);
    }
    assert_eq!(server.raft.state().commit_index, 1);
}

/// A server that forgets what its disk could not write takes back the entries that are not durable,
/// those and no others.
#[test]
fn who_forgets_takes_back_what_is_not_durable() {
    struct Forgets;
    impl Rules for Forgets {
        fn when_disk_fails(&self, _: &State) -> DiskFailure {
            DiskFailure::Forget
        }
    }
    let hard_state = HardState { current_term: 1, voted_for: None };
    let mut server = Server::boot_with(3, OPTIONS, &Forgets, hard_state, &[1, 1]);
    server.receive(N2, 1, append(at(2, 1), &[1, 1], 0));
    assert_eq!(server.raft.state().log.last(), at(4, 1));
    assert_eq!(server.raft.state().durable_log(), at(2, 1));
    let cut = Write { id: 2, truncate_from: Some(3), ..Write::default() };
    assert_eq!(server.step(Input::WriteFailed), [Effect::Write(cut)]);
    assert_eq!(server.terms(), [1, 1]);
}
