//! Drives servers by hand.

use super::*;
use crate::guests::pump::{LIMITS, N1, N2, N3, Pump, story};

#[test]
fn lives_through_election_commit_truncation_and_restart() {
    story::<Raftbare>(());
}

#[test]
fn broadcasts_before_it_appends() {
    let mut pump = Pump::<Raftbare>::new(3, (), LIMITS);
    pump.elect(N1);
    pump.propose(N1, 7);
    assert_eq!(pump.order, ["set", "send", "send", "write"]);
}

#[test]
fn writes_term_and_vote_at_once_and_before_it_asks_for_votes() {
    let mut pump = Pump::<Raftbare>::new(3, (), LIMITS);
    pump.timeout(N1, Timer::Election);
    assert_eq!(pump.order, ["set", "write", "send", "send"]);
    let hard_state = HardState { current_term: 1, voted_for: Some(N1) };
    assert_eq!(pump.disk(N1).hard_state, hard_state);
}

#[test]
fn claims_success_only_for_the_position_it_was_asked_about() {
    let mut pump = Pump::<Raftbare>::new(3, (), LIMITS);
    pump.elect(N1);
    pump.propose(N1, 7);
    pump.round();
    let claims: Vec<Claim> =
        pump.under_way().iter().map(|(_, _, label)| label.statement.claim).collect();
    assert_eq!(claims, [Claim::AppendEntriesReply { success: true, match_index: 2 }; 2]);

    // n3 misses an entry and can only say where its own log ends.
    pump.settle();
    pump.isolated.insert(N3);
    pump.propose(N1, 8);
    pump.settle();
    pump.isolated.remove(N3);
    pump.timeout(N1, Timer::Heartbeat);
    pump.round();
    let from_n3 = pump.under_way().into_iter().find(|&(from, _, _)| from == N3);
    assert_eq!(from_n3.map(|(_, _, label)| label.statement.claim), Some(Claim::Other));
}

#[test]
fn keeps_the_vote_of_a_term_and_ignores_the_leader_it_did_not_vote_for() {
    let mut pump = Pump::<Raftbare>::new(5, (), LIMITS);
    let [n4, n5] = [NodeId(4), NodeId(5)];
    for id in [N1, N2] {
        pump.timeout(id, Timer::Election);
    }
    // Both stand in term 1, and n1 is heard first.
    pump.settle();
    assert_eq!(pump.view(N1).role, Some(Role::Leader));
    for id in [N1, N3, n4, n5] {
        assert_eq!(pump.view(id).voted_for, Some(Some(N1)), "{id}");
    }
    assert_eq!(pump.view(N2).voted_for, Some(Some(N2)));
    assert_eq!(pump.view(N2).role, Some(Role::Candidate), "same term, so it stays one");
}
