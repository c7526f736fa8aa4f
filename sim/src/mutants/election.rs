//! Planted bugs: terms and votes (§5.1, §5.2, §5.4.1).

use raft_core::rules::{Append, VoteReply, VoteRequest};
use raft_core::{
    Body, Effect, Input, LogIndex, Message, NodeId, Paper, Raft, Role, Rules, State, Term,
};

use super::{Boundary, Harm, Mutant};

pub(super) static VOTE_STALE_TERM_COUNTED: Mutant = Mutant::new(
    "vote-stale-term-counted",
    "\
        §5.2 (votes of a majority *for the same term*) and §5.1 (ignore what belongs to an \
        older term)",
    "\
        on VoteResponse: count a grant without checking resp.term == current_term (a vote won \
        in term T is counted in T+1)",
)
.rules(&VoteStaleTermCounted)
.seen_in(&[
    "xnnyygn/xraft#33",
    "ktoso/akka-raft#46 (DEMi raft-46)",
    "SandTable (EuroSys'24) Xraft#1",
]);

struct VoteStaleTermCounted;

impl Rules for VoteStaleTermCounted {
    fn counts_vote(&self, _candidate: &State, reply: &VoteReply) -> bool {
        reply.vote_granted
    }
}

pub(super) static VOTE_DUPLICATE_COUNTED: Mutant = Mutant::new(
    "vote-duplicate-counted",
    "§5.2: a majority of *servers*, not of answers",
    "votes is a counter, not a set: the same voter's grant is counted twice",
)
.rules(&VoteDuplicateCounted)
.seen_in(&["ktoso/akka-raft#45 (DEMi raft-45)", "microsoft/coyote-samples#8"]);

struct VoteDuplicateCounted;

impl Rules for VoteDuplicateCounted {
    fn votes_received(&self, candidate: &State) -> usize {
        candidate.votes_granted().len()
    }
}

/// Following the winner is no reason to forget it.
pub(super) static VOTE_CLEARED_ON_SAME_TERM_APPEND: Mutant = Mutant::new(
    "vote-cleared-on-same-term-append",
    "§5.2: at most one vote in a given term",
    "\
        becomeFollower(term) sets voted_for=None even when term == current_term, and is called \
        for every AppendEntries (followers too)",
)
.rules(&VoteClearedOnSameTermAppend)
.seen_in(&[
    "etcd-io/raft commit 9d2a465 (2015)",
    "redpanda-data/redpanda#19 (2020)",
    "microsoft/CCF#8094 (2026, with pre-vote)",
    "ktoso/akka-raft#56",
]);

struct VoteClearedOnSameTermAppend;

impl Rules for VoteClearedOnSameTermAppend {
    fn vote_when_following(
        &self,
        _server: &State,
        _term: Term,
        _leader: Option<NodeId>,
    ) -> Option<NodeId> {
        None
    }
}

pub(super) static QUORUM_FLOOR_HALF: Mutant = Mutant::new(
    "quorum-floor-half",
    "§5.2: half of the servers is not a majority",
    "win with votes >= n/2 (integer division)",
)
.rules(&QuorumFloorHalf)
.seen_in(&[
    "student bug (MIT 6.824)",
    "hydro-project/hydro#3082 test leader_without_quorum_commits_nothing",
]);

struct QuorumFloorHalf;

impl Rules for QuorumFloorHalf {
    fn is_quorum(&self, candidate: &State, votes: usize) -> bool {
        candidate.members() / 2 <= votes
    }
}

pub(super) static QUORUM_EVEN_OFF_BY_ONE: Mutant = Mutant::new(
    "quorum-even-off-by-one",
    "§5.2 in even clusters: a majority of the *full* cluster, the candidate included",
    "\
        win with 2*votes > peers where peers excludes self (right for odd n, one short for \
        even n)",
)
.rules(&QuorumEvenOffByOne)
.seen_in(&[
    "andreev-io/little-raft 0.2.0 replica.rs process_vote_response_as_candidate",
    "hashicorp/raft commit 163a55f (commit side, even clusters)",
]);

struct QuorumEvenOffByOne;

impl Rules for QuorumEvenOffByOne {
    fn is_quorum(&self, candidate: &State, votes: usize) -> bool {
        candidate.peers.len() < 2 * votes
    }
}

pub(super) static VOTE_NO_LOG_CHECK: Mutant = Mutant::new(
    "vote-no-log-check",
    "§5.4.1: the voter denies its vote if its own log is more up-to-date",
    "grant without the up-to-date check (5.4.1)",
)
.rules(&VoteNoLogCheck)
.seen_in(&["Raft paper 5.4.1", "hydro-project/hydro#3082 stale_log_candidate_is_refused"]);

struct VoteNoLogCheck;

impl Rules for VoteNoLogCheck {
    fn is_up_to_date(&self, _voter: &State, _request: &VoteRequest) -> bool {
        true
    }
}

pub(super) static VOTE_LOG_CHECK_INDEX_ONLY: Mutant = Mutant::new(
    "vote-log-check-index-only",
    "§5.4.1: with different last terms the later term is more up-to-date, not the longer log",
    "compare last_log_index only, ignore last_log_term",
)
.rules(&VoteLogCheckIndexOnly)
.seen_in(&["Raft paper 5.4.1 / Fig. 7 students' variant"]);

struct VoteLogCheckIndexOnly;

impl Rules for VoteLogCheckIndexOnly {
    fn is_up_to_date(&self, voter: &State, request: &VoteRequest) -> bool {
        voter.log.last_index() <= request.last_log.index
    }
}

pub(super) static TERM_NOT_ADOPTED_FROM_APPEND: Mutant = Mutant::new(
    "term-not-adopted-from-append",
    "§5.1: a server with a smaller term updates it, whatever the message",
    "\
        follower handles AppendEntries(term > current) without setting current_term; later \
        votes or campaigns in a lower term",
)
.rules(&TermNotAdoptedFromAppend)
.seen_in(&["andreev-io/little-raft 0.2.0 process_append_entry_request_as_follower"]);

struct TermNotAdoptedFromAppend;

impl Rules for TermNotAdoptedFromAppend {
    fn adopts_term(&self, server: &State, message: &Message) -> bool {
        server.current_term < message.term && !matches!(message.body, Body::AppendEntries { .. })
    }
}

pub(super) static STALE_APPEND_ACCEPTED: Mutant = Mutant::new(
    "stale-append-accepted",
    "Figure 2, `AppendEntries` 1: reply false if `term < currentTerm`",
    "skip the req.term < current_term rejection",
)
.rules(&StaleAppendAccepted)
.seen_in(&["Raft Fig. 2 receiver rule 1"]);

struct StaleAppendAccepted;

impl Rules for StaleAppendAccepted {
    fn accepts_append(&self, _server: &State, _append: &Append) -> bool {
        true
    }
}

/// Nothing bad comes of it: the candidate only stays deaf until its next timeout.
pub(super) static CANDIDATE_IGNORES_SAME_TERM_APPEND: Mutant = Mutant::new(
    "candidate-ignores-same-term-append",
    "§5.2: a leader's term *at least as large* as the candidate's makes it a follower",
    "candidate does not step down on AppendEntries of its own term (uses > instead of >=)",
)
.rules(&CandidateIgnoresSameTermAppend)
.harms(Harm::Liveness)
.seen_in(&["Students' Guide to Raft; microsoft Orakl-style patch Bisonai/orakl#2137"]);

struct CandidateIgnoresSameTermAppend;

impl Rules for CandidateIgnoresSameTermAppend {
    fn recognises_leader(&self, server: &State, append: &Append) -> bool {
        matches!(server.role, Role::Follower { .. }) || server.current_term < append.term
    }
}

/// A server that cannot win can keep those who could from trying.
pub(super) static TIMER_RESET_ON_DENIED_VOTE: Mutant = Mutant::new(
    "timer-reset-on-denied-vote",
    "§5.2: only who *grants* a vote goes on waiting",
    "any vote request resets the election timer, denied ones included",
)
.rules(&TimerResetOnDeniedVote)
.harms(Harm::Liveness)
.seen_in(&["Students' Guide to Raft", "lni/dragonboat commit 0045aa2", "hashicorp/raft#609"]);

struct TimerResetOnDeniedVote;

impl Rules for TimerResetOnDeniedVote {
    fn restarts_election_timer(&self, _voter: &State, _vote_granted: bool) -> bool {
        true
    }
}

/// The acknowledgement of what is still being written is under way, and nobody takes it back.
pub(super) static VOTES_BY_DURABLE_LOG: Mutant = Mutant::new(
    "votes-by-durable-log",
    "§5.4.1: the voter denies its vote if its own log is more up-to-date",
    "a voter compares with its durable log; entries that are still being written do not count",
)
.rules(&VotesByDurableLog)
.seen_in(&["hydro-project/hydro#3082"]);

struct VotesByDurableLog;

impl Rules for VotesByDurableLog {
    fn is_up_to_date(&self, voter: &State, request: &VoteRequest) -> bool {
        request.last_log >= voter.durable_log()
    }
}

/// It stays a candidate, in a term in which it has voted for nobody.
pub(super) static ADOPTED_TERM_IS_VOTE: Mutant = Mutant::new(
    "adopted-term-is-vote",
    "§5.2: votes win an election; to be in the candidate's term is none",
    "a candidate that learns of a later term by a vote reply counts that reply as granted",
)
.rules(&AdoptedTermIsVote)
.seen_in(&["databendlabs/openraft#1220"]);

struct AdoptedTermIsVote;

impl Rules for AdoptedTermIsVote {
    fn steps_down(&self, _server: &State, message: &Message) -> bool {
        !matches!(message.body, Body::RequestVoteReply { .. })
    }

    fn counts_vote(&self, candidate: &State, reply: &VoteReply) -> bool {
        let is_vote = reply.vote_granted || candidate.voted_for.is_none();
        is_vote && reply.term == candidate.current_term
    }
}

/// The vote that it takes back is counted already.
pub(super) static CANDIDATE_GIVES_ITS_VOTE_AWAY: Mutant = Mutant::new(
    "candidate-gives-its-vote-away",
    "§5.2: each server votes for at most one candidate in a given term, first come, first served",
    "a candidate gives the vote that it gave itself to a rival with the better log",
)
.rules(&CandidateGivesItsVoteAway);

struct CandidateGivesItsVoteAway;

impl Rules for CandidateGivesItsVoteAway {
    fn may_grant_vote(&self, voter: &State, request: &VoteRequest) -> bool {
        let yields = voter.voted_for == Some(voter.id) && request.last_log > voter.log.last();
        yields || Paper.may_grant_vote(voter, request)
    }
}

pub(super) static LEADER_OUTLIVES_ITS_TERM: Mutant = Mutant::new(
    "leader-outlives-its-term",
    "§5.1: a leader that finds its term out of date reverts to follower at once",
    "a leader that learns of a later term takes it over and goes on leading",
)
.rules(&LeaderOutlivesItsTerm);

struct LeaderOutlivesItsTerm;

impl Rules for LeaderOutlivesItsTerm {
    fn steps_down(&self, server: &State, _message: &Message) -> bool {
        !server.leads()
    }
}

/// Whoever hears it takes it for the leader of the term. Here that only confuses: it brings no
/// entries, and whom it fits has what it calls committed. The victims deleted what did not fit.
pub(super) static LAST_WORDS_IN_NEW_TERM: Mutant = Mutant::new(
    "last-words-in-new-term",
    "§5.2: only the leader of a term sends `AppendEntries` of the term",
    "a leader that a later term deposes sends every follower one more `AppendEntries`, of that term",
)
.boundary(|| Box::new(LastWords))
.harms(Harm::Lemma)
.seen_in(&["nats-io/nats-server#7297, #7248", "apache/ratis#1148"]);

struct LastWords;

impl Boundary for LastWords {
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        let led = server.state().leads();
        server.step(input, effects);
        let state = server.state();
        if led && !state.leads() {
            effects.extend(state.peers.iter().map(|&to| Effect::Send {
                to,
                message: Message {
                    term: state.current_term,
                    body: Body::AppendEntries {
                        prev_log: state.log.last(),
                        entries: Vec::new(),
                        leader_commit: state.commit_index,
                    },
                },
                after: Some(state.journal.term_write()),
            }));
        }
    }
}

/// The end of its log moves on with what it appends, and not back with what it deletes.
pub(super) static ADVERTISES_DELETED_ENTRIES: Mutant = Mutant::new(
    "advertises-deleted-entries",
    "§5.4.1: `lastLogIndex` is the index of the candidate's last log entry",
    "a candidate advertises as many entries as it ever had, the deleted ones included",
)
.boundary(|| Box::new(AdvertisesDeletedEntries::default()))
.seen_in(&["microsoft/CCF#519"]);

#[derive(Default)]
struct AdvertisesDeletedEntries {
    last_log_index: LogIndex,
}

impl Boundary for AdvertisesDeletedEntries {
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        server.step(input, effects);
        self.last_log_index = self.last_log_index.max(server.state().log.last_index());
        for effect in effects {
            if let Effect::Send { message: Message { body, .. }, .. } = effect
                && let Body::RequestVote { last_log } = body
            {
                last_log.index = self.last_log_index;
            }
        }
    }
}
