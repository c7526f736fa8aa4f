//! The paper's decisions as truth tables.

use super::*;
use crate::io::Disk;
use crate::message::Body;

const ME: NodeId = NodeId(1);
const SOMEONE: NodeId = NodeId(2);
const OTHER: NodeId = NodeId(3);

fn at(index: LogIndex, term: Term) -> LogPosition {
    LogPosition { term, index }
}

/// A server of term 4 in a cluster of so many, its log given as the terms of its entries.
fn server_among(members: u8, terms: &[Term]) -> State {
    let cluster: Vec<NodeId> = (1..=members).map(NodeId).collect();
    let hard_state = HardState { current_term: 4, voted_for: None };
    let log = terms.iter().map(|&term| Entry::no_op(term)).collect();
    State::at_boot(ME, &cluster, Disk { hard_state, log })
}

fn server(terms: &[Term]) -> State {
    server_among(3, terms)
}

fn voted_for(node: Option<NodeId>) -> State {
    State { voted_for: node, ..server(&[]) }
}

fn request(candidate: NodeId, last_log: LogPosition) -> VoteRequest {
    VoteRequest { candidate, term: 4, last_log }
}

/// `AppendEntries` of this term after `prev_log` with so many entries.
fn append(term: Term, prev_log: LogPosition, entries: usize, leader_commit: LogIndex) -> Append {
    Append { leader: SOMEONE, term, prev_log, entries, leader_commit }
}

fn success(match_index: LogIndex) -> AppendReply {
    AppendReply { follower: SOMEONE, term: 4, success: true, match_index, hint: Some(at(9, 9)) }
}

fn refusal(hint: LogPosition) -> AppendReply {
    AppendReply { follower: SOMEONE, term: 4, success: false, match_index: 0, hint: Some(hint) }
}

fn follower(match_index: LogIndex, next_index: LogIndex) -> Progress {
    let mut progress = Progress::new(SOMEONE, next_index - 1);
    progress.match_index = match_index;
    progress
}

#[test]
fn a_server_starts_as_follower_that_knows_nothing_committed() {
    let server = State { voted_for: Some(ME), ..server(&[1, 4]) };
    assert_eq!(Paper.role_at_boot(&server), Role::Follower { leader: None });
    assert_eq!(Paper.commit_index_at_boot(&server), 0);
}

#[test]
fn only_a_later_term_is_adopted_and_by_stepping_down() {
    for (term, adopted) in [(3, false), (4, false), (5, true)] {
        let message = Message { term, body: Body::RequestVoteReply { vote_granted: false } };
        assert_eq!(Paper.adopts_term(&server(&[]), &message), adopted);
        for role in [Role::Candidate { votes_granted: vec![ME] }, Role::Leader] {
            assert!(Paper.steps_down(&State { role, ..server(&[]) }, &message));
        }
    }
}

#[test]
fn a_vote_lasts_as_long_as_its_term() {
    for (vote, term, left) in
        [(Some(SOMEONE), 4, Some(SOMEONE)), (Some(SOMEONE), 5, None), (None, 4, None)]
    {
        for leader in [None, Some(OTHER)] {
            assert_eq!(Paper.vote_when_following(&voted_for(vote), term, leader), left);
        }
    }
}

#[test]
fn a_candidate_stands_in_the_next_term_and_votes_for_itself() {
    assert_eq!(Paper.election_term(&server(&[])), 5);
    assert_eq!(Paper.vote_when_standing(&server(&[])), Some(ME));
}

#[test]
fn one_candidate_gets_the_vote() {
    let request = request(SOMEONE, at(0, 0));
    for (vote, granted) in [(None, true), (Some(SOMEONE), true), (Some(OTHER), false)] {
        assert_eq!(Paper.may_grant_vote(&voted_for(vote), &request), granted);
    }
}

#[test]
fn the_later_term_wins_before_the_longer_log() {
    for (candidate, own, up_to_date) in [
        (at(0, 0), &[][..], true),
        (at(3, 2), &[1, 1, 2], true),
        (at(4, 2), &[1, 1, 2], true),
        (at(3, 2), &[1, 1, 2, 2], false),
        (at(1, 3), &[1, 1, 2, 2], true),
        (at(9, 2), &[3], false),
    ] {
        let voter = server(own);
        let is_up_to_date = Paper.is_up_to_date(&voter, &request(SOMEONE, candidate));
        assert_eq!(is_up_to_date, up_to_date, "{candidate:?} {own:?}");
    }
}

#[test]
fn only_a_granted_vote_prolongs_the_wait() {
    for granted in [true, false] {
        assert_eq!(Paper.restarts_election_timer(&server(&[]), granted), granted);
    }
}

#[test]
fn votes_and_acknowledgements_belong_to_a_term() {
    let me = server(&[]);
    for (term, counts) in [(3, false), (4, true), (5, false)] {
        let reply = |vote_granted| VoteReply { voter: SOMEONE, term, vote_granted };
        assert_eq!(Paper.counts_vote(&me, &reply(true)), counts);
        assert!(!Paper.counts_vote(&me, &reply(false)));
        assert_eq!(Paper.counts_acknowledgement(&me, &AppendReply { term, ..success(1) }), counts);
    }
}

#[test]
fn a_server_has_one_vote() {
    let candidate = |votes_granted: &[NodeId]| {
        let role = Role::Candidate { votes_granted: votes_granted.to_vec() };
        State { role, ..server(&[]) }
    };
    assert_eq!(Paper.votes_received(&candidate(&[])), 0);
    assert_eq!(Paper.votes_received(&candidate(&[SOMEONE, OTHER, SOMEONE, SOMEONE])), 2);
}

#[test]
fn a_quorum_is_more_than_half() {
    for (members, least) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (9, 5)] {
        let candidate = server_among(members, &[]);
        assert!(Paper.is_quorum(&candidate, least), "{least} of {members}");
        assert!(!Paper.is_quorum(&candidate, least - 1), "{} of {members}", least - 1);
    }
}

#[test]
fn the_majority_index_is_held_by_a_quorum() {
    for (match_indexes, expected) in
        [(&[7][..], 7), (&[3, 7], 3), (&[3, 5, 7], 5), (&[1, 3, 5, 7], 3), (&[1, 3, 5, 7, 9], 5)]
    {
        let leader = server_among(match_indexes.len() as u8, &[]);
        let replicas = (1..).map(NodeId).zip(match_indexes);
        let replicas: Vec<Replica> =
            replicas.map(|(server, &match_index)| Replica { match_index, server }).collect();
        let index = Paper.replicated_on_majority(&leader, &replicas);
        let holders = replicas.iter().filter(|replica| index <= replica.match_index);
        assert_eq!(index, expected);
        assert!(Paper.is_quorum(&leader, holders.count()));
    }
}

#[test]
fn what_a_former_leader_believed_is_forgotten() {
    let leader = server(&[1, 4]);
    assert_eq!(Paper.progress_after_election(&leader, &follower(7, 9)), Progress::new(SOMEONE, 2));
    assert_eq!(Paper.entry_on_election(&leader), Some(Entry::no_op(4)));
}

#[test]
fn an_append_of_an_older_term_is_refused() {
    let candidate = State { role: Role::Candidate { votes_granted: vec![] }, ..server(&[]) };
    for (term, accepted) in [(3, false), (4, true), (5, true)] {
        let append = append(term, at(0, 0), 0, 0);
        assert_eq!(Paper.accepts_append(&server(&[]), &append), accepted);
        assert_eq!(Paper.recognises_leader(&candidate, &append), accepted);
    }
}

#[test]
fn a_leader_recognises_nobody() {
    let append = append(4, at(0, 0), 0, 0);
    let following = Role::Follower { leader: Some(OTHER) };
    for (role, recognises) in [(following, true), (Role::Leader, false)] {
        assert_eq!(Paper.recognises_leader(&State { role, ..server(&[]) }, &append), recognises);
    }
}

#[test]
fn consistent_is_the_same_term_at_the_same_index() {
    let server = server(&[1, 3]);
    for (prev_log, consistent) in
        [(at(0, 0), true), (at(2, 3), true), (at(2, 1), false), (at(3, 3), false)]
    {
        assert_eq!(Paper.is_consistent(&server, &append(4, prev_log, 1, 0)), consistent);
    }
}

#[test]
fn only_a_different_term_is_a_conflict() {
    let server = server(&[1, 2, 2, 3]);
    for (prev_log, new, conflict) in [
        (at(1, 1), &[2, 2, 3, 4][..], None),
        (at(1, 1), &[2, 2][..], None),
        (at(1, 1), &[], None),
        (at(1, 1), &[4], Some(2)),
        (at(1, 1), &[2, 4, 4], Some(3)),
        (at(0, 0), &[1, 2, 2, 4, 4], Some(4)),
        (at(4, 3), &[4], None),
        (at(9, 3), &[4], None),
    ] {
        let entries: Vec<Entry> = new.iter().map(|&term| Entry::no_op(term)).collect();
        let append = append(4, prev_log, entries.len(), 0);
        let found = Paper.first_conflict(&server, &append, &entries);
        assert_eq!(found, conflict, "{prev_log:?} {new:?}");
    }
}

#[test]
fn a_truncation_leaves_the_term_alone() {
    assert_eq!(Paper.term_after_truncation(&server(&[1])), 4);
}

#[test]
fn a_follower_commits_what_it_compared_and_never_less_than_before() {
    for (consistent, leader_commit, before, after) in
        [(true, 4, 2, 4), (true, 8, 2, 5), (true, 4, 6, 6), (false, 4, 2, 2)]
    {
        let follower = State { commit_index: before, ..server(&[1; 9]) };
        let append = append(4, at(4, 1), 1, leader_commit);
        assert_eq!(Paper.commit_index_after_append(&follower, &append, consistent), after);
    }
}

#[test]
fn what_is_acknowledged_ends_with_the_message() {
    assert_eq!(Paper.acknowledged_index(&server(&[1; 9]), &append(4, at(3, 1), 2, 0)), 5);
}

#[test]
fn a_refusal_hints_before_the_refused_position() {
    for (prev_log, hint) in [(at(3, 4), at(2, 3)), (at(9, 2), at(1, 1)), (at(0, 0), at(0, 0))] {
        assert_eq!(Paper.refusal_hint(&server(&[1, 3, 3]), &append(4, prev_log, 0, 0)), hint);
    }
}

#[test]
fn match_index_rises_with_successes_only() {
    let after = |reply| Paper.match_index_after_reply(&server(&[]), &follower(4, 9), &reply);
    assert_eq!(after(success(6)), 6);
    assert_eq!(after(success(3)), 4);
    assert_eq!(after(refusal(at(9, 9))), 4);
}

#[test]
fn next_index_stays_above_match_index() {
    let leader = server(&[1, 1, 2, 2, 2, 2, 2, 2]);
    for (hint, next_index) in [(at(3, 2), 9), (at(9, 1), 9), (at(4, 2), 5), (at(6, 2), 7)] {
        let after = Paper.next_index_after_refusal(&leader, &follower(4, 9), hint);
        assert_eq!(after, next_index, "{hint:?}");
    }
}

#[test]
fn a_refusal_is_news_once() {
    for (next_index, is_news) in [(4, true), (5, false), (6, false)] {
        assert_eq!(Paper.refusal_is_news(&server(&[]), &follower(0, 5), next_index), is_news);
    }
}

#[test]
fn only_entries_of_the_own_term_are_counted() {
    for (term, counts) in [(3, false), (4, true), (5, false)] {
        assert_eq!(Paper.may_commit_by_counting(&server(&[]), at(1, term)), counts);
    }
}

#[test]
fn the_state_machine_gets_what_is_committed_and_clients_what_is_applied() {
    let server = State { commit_index: 4, last_applied: 4, ..server(&[1; 9]) };
    for (index, is_so) in [(3, true), (4, true), (5, false)] {
        assert_eq!(Paper.may_apply(&server, index), is_so);
        assert_eq!(Paper.may_reply(&server, &Client { index, command: 7 }), is_so);
    }
}

#[test]
fn who_is_deposed_says_nothing_and_forgets() {
    let client = Client { index: 1, command: 7 };
    assert_eq!(Paper.outcome_when_deposed(&server(&[]), &client), None);
    assert!(Paper.forgets_client_when_deposed(&server(&[]), &client));
}

/// A server whose log ends with an entry in write 1, its term in write 2 and its vote in write 3.
fn writing() -> State {
    let mut server = server(&[4]);
    let hard_state = HardState { current_term: 4, voted_for: None };
    server.log.push(Entry::no_op(4));
    server.journal.stage_append(vec![Entry::no_op(4)], 2);
    server.journal.take_write();
    server.journal.stage_hard_state(hard_state, true);
    server.journal.take_write();
    server.journal.stage_hard_state(hard_state, false);
    server.journal.take_write();
    server
}

#[test]
fn promises_wait_for_all_that_they_promise() {
    let server = writing();
    let append = append(4, at(2, 4), 0, 0);
    assert_eq!(Paper.vote_waits_for(&server, &request(SOMEONE, at(2, 4))), 3);
    assert_eq!(Paper.request_vote_waits_for(&server), 3);
    assert_eq!(Paper.refusal_waits_for(&server), 2);
    assert_eq!(Paper.acknowledgement_waits_for(&server, &append, 1), 2);

    let mut server = server;
    server.journal.stage_append(vec![Entry::no_op(4)], 3);
    server.journal.take_write();
    assert_eq!(Paper.acknowledgement_waits_for(&server, &append, 3), 4);
    assert_eq!(Paper.acknowledgement_waits_for(&server, &append, 2), 2);
}

#[test]
fn the_own_vote_and_the_own_entries_count_once_they_are_durable() {
    let mut server = writing();
    for (through, vote, match_index) in [(0, false, 1), (1, false, 2), (2, false, 2), (3, true, 2)]
    {
        server.journal.complete(through);
        assert_eq!(Paper.counts_own_vote(&server), vote);
        assert_eq!(Paper.own_match_index(&server), match_index);
    }
}

#[test]
fn a_cut_entry_is_not_durable() {
    for (last, from, left) in [(5, 6, 5), (5, 5, 4), (5, 2, 1), (5, 0, 0)] {
        assert_eq!(Paper.durable_index_after_truncation(last, from), left);
        assert_eq!(Paper.write_vouches_after_truncation(last, from), left);
    }
}

#[test]
fn term_and_vote_are_written_as_they_are_and_a_failed_disk_stops_the_server() {
    let hard_state = HardState { current_term: 4, voted_for: Some(SOMEONE) };
    assert_eq!(Paper.persisted(&server(&[]), hard_state), hard_state);
    assert_eq!(Paper.when_disk_fails(&server(&[])), DiskFailure::Stop);
}
