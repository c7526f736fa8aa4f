//! Drives servers by hand, and shows what the article's lines do.

use super::*;
use crate::guests::pump::{LIMITS, N1, N2, N3, Pump};

#[test]
fn lives_through_election_commit_truncation_and_restart() {
    let mut pump = Pump::<Article>::new(3, Gaps::Paper, LIMITS);
    pump.elect(N1);
    pump.propose(N1, 10);
    pump.settle();
    assert_eq!(pump.replies, [(10, Outcome::Committed(1))]);
    pump.isolated.insert(N1);
    pump.propose(N1, 11);
    pump.drop_all();
    pump.elect(N2);
    pump.isolated.remove(N1);
    pump.propose(N2, 20);
    pump.settle();
    pump.beat(N2);
    for id in [N1, N2, N3] {
        assert_eq!(pump.commands(id), [10, 20]);
        assert_eq!(pump.disk(id).log, pump.disk(N2).log);
    }
    pump.replies.clear();
    pump.propose(N1, 30);
    assert_eq!(pump.replies, [(30, Outcome::Refused)]);

    for id in [N1, N2, N3] {
        pump.restart(id);
    }
    assert_eq!(pump.view(N1).current_term, Some(2));
    pump.elect(N3);
    pump.propose(N3, 40);
    pump.settle();
    pump.beat(N3);
    for id in [N1, N2, N3] {
        assert_eq!(pump.commands(id), [10, 20, 40]);
    }
}

#[test]
fn term_and_vote_are_forgotten_where_the_article_does_not_say_they_are_kept() {
    let mut pump = Pump::<Article>::new(3, Gaps::Open, LIMITS);
    pump.elect(N1);
    pump.propose(N1, 7);
    pump.settle();
    pump.restart(N2);
    let view = pump.view(N2);
    assert_eq!((view.current_term, view.voted_for), (Some(0), Some(None)));
    assert_eq!(view.last_log, Some(LogPosition { term: 1, index: 1 }), "the log is kept");
}

#[test]
fn a_vote_asks_for_an_up_to_date_log_only_as_in_the_paper() {
    for (gaps, elected) in [(Gaps::Open, true), (Gaps::Paper, false)] {
        let mut pump = Pump::<Article>::new(3, gaps, LIMITS);
        pump.elect(N1);
        pump.isolated.insert(N3);
        pump.propose(N1, 7);
        pump.settle();
        pump.isolated.remove(N3);
        pump.timeout(N3, Timer::Election);
        pump.settle();
        assert_eq!(pump.view(N3).role == Some(Role::Leader), elected, "{gaps:?}");
    }
}

/// Rule 4 of the listing clamps to the end of the own log, verified or not.
#[test]
fn a_heartbeat_commits_what_the_follower_happens_to_have() {
    let mut pump = Pump::<Article>::new(3, Gaps::Paper, LIMITS);
    pump.elect(N1);
    // n1 has two entries that nobody else has.
    pump.isolated.insert(N1);
    pump.propose(N1, 11);
    pump.propose(N1, 12);
    pump.drop_all();
    // n2 commits two others, and n1 hears of that by the first heartbeat, with which n2 still
    // assumes nothing about n1.
    pump.elect(N2);
    pump.propose(N2, 21);
    pump.propose(N2, 22);
    pump.settle();
    pump.isolated.remove(N1);
    pump.timeout(N2, Timer::Heartbeat);
    pump.round();
    assert_eq!(pump.view(N2).commit_index, Some(2));
    assert_eq!(pump.commands(N1), [11, 12]);
}

#[test]
fn a_candidate_stays_one_under_a_leader_of_its_term() {
    let mut pump = Pump::<Article>::new(3, Gaps::Paper, LIMITS);
    for id in [N1, N2] {
        pump.timeout(id, Timer::Election);
    }
    pump.settle();
    assert_eq!(pump.view(N1).role, Some(Role::Leader));
    pump.propose(N1, 7);
    pump.settle();
    let view = pump.view(N2);
    assert_eq!((view.role, view.last_log.map(|last| last.index)), (Some(Role::Candidate), Some(1)));
}

/// The promise of an earlier election makes a leader of a later term.
#[test]
fn late_votes_elect_whoever_is_a_candidate_again() {
    let mut pump = Pump::<Article>::new(3, Gaps::Paper, LIMITS);
    pump.timeout(N1, Timer::Election);
    pump.round();
    // The votes of term 1 are under way when n1 stands again.
    assert_eq!(pump.under_way().len(), 2);
    pump.timeout(N1, Timer::Election);
    pump.round();
    assert_eq!(pump.view(N1).role, Some(Role::Leader));
    assert_eq!(pump.view(N1).current_term, Some(2));
}
