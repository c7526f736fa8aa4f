//! The paper's decisions as truth tables.

use super::*;
use crate::message::Body;

const SOMEONE: NodeId = NodeId(1);
const OTHER: NodeId = NodeId(2);

fn at(index: LogIndex, term: Term) -> LogPosition {
    LogPosition { term, index }
}

#[test]
fn only_a_later_term_is_adopted() {
    let message = |term| Message { term, body: Body::RequestVoteReply { vote_granted: false } };
    for (term, adopted) in [(3, false), (4, false), (5, true)] {
        assert_eq!(Paper.adopts_term(&message(term), 4), adopted);
    }
}

#[test]
fn a_vote_lasts_as_long_as_its_term() {
    assert_eq!(Paper.vote_when_following(Some(SOMEONE), false), Some(SOMEONE));
    assert_eq!(Paper.vote_when_following(Some(SOMEONE), true), None);
    assert_eq!(Paper.vote_when_following(None, false), None);
}

#[test]
fn one_candidate_gets_the_vote() {
    assert!(Paper.may_grant_vote(None, SOMEONE));
    assert!(Paper.may_grant_vote(Some(SOMEONE), SOMEONE));
    assert!(!Paper.may_grant_vote(Some(OTHER), SOMEONE));
}

#[test]
fn the_later_term_wins_before_the_longer_log() {
    for (candidate, own, up_to_date) in [
        (at(0, 0), at(0, 0), true),
        (at(3, 2), at(3, 2), true),
        (at(4, 2), at(3, 2), true),
        (at(3, 2), at(4, 2), false),
        (at(1, 3), at(9, 2), true),
        (at(9, 2), at(1, 3), false),
    ] {
        assert_eq!(Paper.is_up_to_date(candidate, own), up_to_date, "{candidate:?} {own:?}");
    }
}

#[test]
fn votes_and_acknowledgements_belong_to_a_term() {
    for (reply, counts) in [(3, false), (4, true), (5, false)] {
        assert_eq!(Paper.counts_vote(reply, 4), counts);
        assert_eq!(Paper.counts_acknowledgement(reply, 4), counts);
    }
}

#[test]
fn a_server_has_one_vote() {
    assert_eq!(Paper.votes_received(&[]), 0);
    assert_eq!(Paper.votes_received(&[SOMEONE, OTHER, SOMEONE, SOMEONE]), 2);
}

#[test]
fn a_quorum_is_more_than_half() {
    for (members, least) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (9, 5)] {
        assert!(Paper.is_quorum(least, members), "{least} of {members}");
        assert!(!Paper.is_quorum(least - 1, members), "{} of {members}", least - 1);
    }
}

#[test]
fn the_majority_index_is_held_by_a_quorum() {
    for (match_indexes, expected) in
        [(&[7][..], 7), (&[3, 7], 3), (&[3, 5, 7], 5), (&[1, 3, 5, 7], 3), (&[1, 3, 5, 7, 9], 5)]
    {
        let index = Paper.replicated_on_majority(match_indexes);
        let holders = match_indexes.iter().filter(|&&match_index| index <= match_index);
        assert_eq!(index, expected);
        assert!(Paper.is_quorum(holders.count(), match_indexes.len()));
    }
}

#[test]
fn an_append_of_an_older_term_is_refused() {
    for (term, accepted) in [(3, false), (4, true), (5, true)] {
        assert_eq!(Paper.accepts_append(term, 4), accepted);
        assert_eq!(Paper.yields_to_leader(term, 4), accepted);
    }
}

#[test]
fn consistent_is_the_same_term_at_the_same_index() {
    assert!(Paper.is_consistent(at(0, 0), Some(0)));
    assert!(Paper.is_consistent(at(2, 3), Some(3)));
    assert!(!Paper.is_consistent(at(2, 3), Some(1)));
    assert!(!Paper.is_consistent(at(2, 3), None));
}

#[test]
fn only_a_different_term_is_a_conflict() {
    assert!(Paper.conflicts(2, Some(3)));
    assert!(!Paper.conflicts(2, Some(2)));
    assert!(!Paper.conflicts(2, None));
}

#[test]
fn a_follower_commits_what_it_compared_and_never_less_than_before() {
    let facts = |consistent, covered, leader_commit, commit_index| AppendFacts {
        consistent,
        covered,
        entries: 1,
        leader_commit,
        commit_index,
        last_log_index: 9,
    };
    for (append, commit_index) in [
        (facts(true, 5, 4, 2), 4),
        (facts(true, 5, 8, 2), 5),
        (facts(true, 5, 4, 6), 6),
        (facts(false, 5, 4, 2), 2),
    ] {
        assert_eq!(Paper.commit_index_after_append(&append), commit_index, "{append:?}");
    }
}

#[test]
fn match_index_rises_with_successes_only() {
    let success = |match_index| AppendReply { success: true, match_index, hint: at(9, 9) };
    let refusal = AppendReply { success: false, match_index: 0, hint: at(9, 9) };
    assert_eq!(Paper.match_index_after_reply(4, &success(6)), 6);
    assert_eq!(Paper.match_index_after_reply(4, &success(3)), 4);
    assert_eq!(Paper.match_index_after_reply(4, &refusal), 4);
}

#[test]
fn next_index_stays_above_match_index() {
    for (agreement, next_index) in [(3, 9), (4, 5), (6, 7)] {
        assert_eq!(Paper.next_index_after_refusal(9, 4, agreement), next_index);
    }
}

#[test]
fn only_entries_of_the_own_term_are_counted() {
    for (entry_term, counts) in [(3, false), (4, true), (5, false)] {
        assert_eq!(Paper.may_commit_by_counting(entry_term, 4), counts);
    }
}

#[test]
fn promises_wait_for_the_later_of_two_writes() {
    for rule in [
        Rules::vote_waits_for as fn(&Paper, WriteId, WriteId) -> WriteId,
        Rules::request_vote_waits_for,
        Rules::acknowledgement_waits_for,
    ] {
        assert_eq!(rule(&Paper, 3, 5), 5);
        assert_eq!(rule(&Paper, 5, NO_WRITE), 5);
    }
}

#[test]
fn a_cut_entry_is_not_durable() {
    for (durable, from, left) in [(5, 6, 5), (5, 5, 4), (5, 2, 1), (5, 0, 0)] {
        assert_eq!(Paper.durable_index_after_truncation(durable, from), left);
    }
}
