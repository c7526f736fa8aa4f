//! Drives servers by hand.

use super::*;
use crate::guests::pump::{LIMITS, N1, N2, N3, Pump, story};

#[test]
fn lives_through_election_commit_truncation_and_restart() {
    story::<Noraft>(());
}

#[test]
fn appends_before_it_broadcasts() {
    let mut pump = Pump::<Noraft>::new(3, (), LIMITS);
    pump.elect(N1);
    pump.propose(N1, 7);
    assert_eq!(pump.order, ["set", "write", "send", "send"]);
}

#[test]
fn claims_success_only_for_the_position_it_was_asked_about() {
    let mut pump = Pump::<Noraft>::new(3, (), LIMITS);
    pump.elect(N1);
    pump.isolated.insert(N3);
    pump.propose(N1, 8);
    pump.settle();
    pump.isolated.remove(N3);
    pump.timeout(N1, Timer::Heartbeat);
    pump.round();
    let claims: Vec<(NodeId, Claim)> =
        pump.under_way().iter().map(|&(from, _, label)| (from, label.statement.claim)).collect();
    let success = Claim::AppendEntriesReply { success: true, match_index: 2 };
    assert_eq!(claims, [(N2, success), (N3, Claim::Other)]);
}

#[test]
fn reveals_what_the_leader_knows_of_its_followers() {
    let mut pump = Pump::<Noraft>::new(3, (), LIMITS);
    pump.elect(N1);
    pump.isolated.insert(N3);
    pump.propose(N1, 7);
    pump.settle();
    assert_eq!(pump.view(N1).match_index, Some([0, 2, 1, 0, 0, 0, 0, 0, 0]));
    assert_eq!(pump.view(N2).match_index, None);
}

/// The reason why this guest reveals no votes.
#[test]
fn a_candidate_replaces_its_own_vote_by_the_leader() {
    let mut pump = Pump::<Noraft>::new(3, (), LIMITS);
    for id in [N1, N2] {
        pump.timeout(id, Timer::Election);
    }
    assert_eq!(pump.disk(N2).hard_state, HardState { current_term: 1, voted_for: Some(N2) });
    pump.settle();
    assert_eq!(pump.view(N1).role, Some(Role::Leader));
    assert_eq!(pump.disk(N2).hard_state, HardState { current_term: 1, voted_for: Some(N1) });
    assert_eq!(pump.view(N2).role, Some(Role::Follower));
}

/// And the reason why judges of votes that look at messages only would be misled as well.
#[test]
fn a_leader_whose_request_is_late_gets_a_second_vote_of_the_term() {
    let mut pump = Pump::<Noraft>::new(3, (), LIMITS);
    pump.timeout(N2, Timer::Election);
    pump.drop_all();
    pump.timeout(N1, Timer::Election);
    pump.deliver(N1, N3, "RequestVote");
    pump.deliver(N3, N1, "RequestVoteReply");
    assert_eq!(pump.view(N1).role, Some(Role::Leader));
    // The first entry is lost, so that n2's log is no reason to refuse; a heartbeat arrives.
    pump.isolated.insert(N2);
    pump.deliver(N1, N2, "AppendEntries");
    pump.isolated.remove(N2);
    pump.timeout(N1, Timer::Heartbeat);
    pump.deliver(N1, N2, "AppendEntries");
    pump.deliver(N1, N2, "RequestVote");
    let granted = Claim::RequestVoteReply { vote_granted: true };
    let votes =
        pump.under_way().into_iter().filter(|(_, _, label)| label.statement.claim == granted);
    assert_eq!(votes.map(|(from, to, _)| (from, to)).collect::<Vec<_>>(), [(N2, N1)]);
    assert_eq!(pump.view(N2).current_term, Some(1));
}
