//! Bugs planted in `raft-core`, to prove that the net catches fish.
//!
//! Most happened to somebody; its `seen_in` says to whom. Nearly all override one decision of
//! [`raft_core::rules`]. Where the fault lies between a correct server and the world, a [`Boundary`]
//! plants it there. One area of Raft per file, one line per bug in [`MUTANTS`]; then `raft-sim bugs NAME
//! --bless` hunts it and keeps its story.

mod clients;
mod commit;
mod election;
mod log;
mod persistence;
mod progress;

use std::fmt;

use raft_core::{Disk, Effect, Input, Paper, Raft, Rules};

/// A planted bug. What it violates, how soon it is found and how short its story gets is measured:
/// `BUGS.md` and `seeds/mutants` have it.
pub struct Mutant {
    /// Its name, stable for ever: `vote-no-log-check`.
    pub id: &'static str,
    /// The sentence that it breaks, and where that stands.
    pub breaks: &'static str,
    /// What is done instead, in one sentence.
    pub instead: &'static str,
    /// What it can break.
    pub harm: Harm,
    /// Where it was seen in the wild.
    pub seen_in: &'static [&'static str],
    /// What the server does instead of what the paper says.
    pub rules: &'static dyn Rules,
    /// What happens between the server and the world.
    pub boundary: Option<fn() -> Box<dyn Boundary>>,
}

/// What kind of promise a bug breaks.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Harm {
    /// Something bad happens.
    Safety,
    /// A step of the proof fails; nothing bad follows by itself.
    Lemma,
    /// Something good never happens.
    Liveness,
}

/// Sits between a server and the world, and tampers with what passes. It is made anew with every
/// start of its server, and what it remembers is lost with it.
pub trait Boundary {
    /// Before the server starts from this disk.
    fn on_boot(&mut self, _disk: &mut Disk) {}
    /// In place of the server's own step: what it hears, what it was before, what it wants.
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        server.step(input, effects);
    }
}

impl Mutant {
    /// A bug that harms safety; what does the harm is yet to say.
    const fn new(id: &'static str, breaks: &'static str, instead: &'static str) -> Self {
        let harm = Harm::Safety;
        Mutant { id, breaks, instead, harm, seen_in: &[], rules: &Paper, boundary: None }
    }

    /// It decides otherwise than the paper.
    const fn rules(mut self, rules: &'static dyn Rules) -> Self {
        self.rules = rules;
        self
    }

    /// It tampers with what passes between the server and the world.
    const fn boundary(mut self, boundary: fn() -> Box<dyn Boundary>) -> Self {
        self.boundary = Some(boundary);
        self
    }

    /// It harms something else than safety.
    const fn harms(mut self, harm: Harm) -> Self {
        self.harm = harm;
        self
    }

    /// It was seen in the wild.
    const fn seen_in(mut self, places: &'static [&'static str]) -> Self {
        self.seen_in = places;
        self
    }

    /// Whether a server with this bug remembers more than its state: then states cannot be compared.
    pub fn remembers(&self) -> bool {
        self.boundary.is_some_and(|boundary| 0 < size_of_val(&*boundary()))
    }
}

/// All planted bugs, by area.
pub static MUTANTS: &[&Mutant] = &[
    &election::VOTE_STALE_TERM_COUNTED,
    &election::VOTE_DUPLICATE_COUNTED,
    &election::VOTE_CLEARED_ON_SAME_TERM_APPEND,
    &election::QUORUM_FLOOR_HALF,
    &election::QUORUM_EVEN_OFF_BY_ONE,
    &election::VOTE_NO_LOG_CHECK,
    &election::VOTE_LOG_CHECK_INDEX_ONLY,
    &election::TERM_NOT_ADOPTED_FROM_APPEND,
    &election::STALE_APPEND_ACCEPTED,
    &election::CANDIDATE_IGNORES_SAME_TERM_APPEND,
    &election::TIMER_RESET_ON_DENIED_VOTE,
    &election::VOTES_BY_DURABLE_LOG,
    &election::ADOPTED_TERM_IS_VOTE,
    &election::CANDIDATE_GIVES_ITS_VOTE_AWAY,
    &election::LEADER_OUTLIVES_ITS_TERM,
    &election::LAST_WORDS_IN_NEW_TERM,
    &election::ADVERTISES_DELETED_ENTRIES,
    &log::APPEND_NO_PREV_CHECK,
    &log::APPEND_TRUNCATES_ALWAYS,
    &log::APPEND_DELETE_THEN_APPEND_CRASH,
    &log::APPEND_SKIP_WITHOUT_TERM_COMPARE,
    &log::COMMIT_MIN_LAST_LOG_INDEX,
    &log::HEARTBEAT_COMMIT_NOT_BOUNDED_BY_MATCH,
    &log::COMMIT_NOT_MONOTONIC,
    &log::ACK_OWN_LAST_INDEX,
    &log::ACK_OFF_BY_ONE,
    &log::COMPARES_LAST_ENTRY_ONLY,
    &log::TERM_REVERTS_ON_TRUNCATE,
    &log::RESTAMPS_OLD_ENTRIES,
    &commit::COMMIT_PRIOR_TERM_ENTRY,
    &commit::COMMIT_WRONG_ORDER_STATISTIC,
    &commit::COMMIT_EVEN_OFF_BY_ONE,
    &commit::MATCH_NOT_MONOTONIC,
    &commit::MATCH_FROM_NACK_HINT,
    &commit::STALE_APPEND_RESPONSE_COUNTED,
    &commit::NEXT_LE_MATCH,
    &commit::NO_NOOP_ON_ELECTION,
    &commit::MATCH_SURVIVES_LEADERSHIP,
    &commit::WHOLE_LOG_COMMITTED_AT_BOOT,
    &persistence::VOTE_REPLY_BEFORE_PERSIST,
    &persistence::VOTE_NOT_PERSISTED,
    &persistence::CANDIDATE_SENDS_BEFORE_PERSIST,
    &persistence::TERM_WRITTEN_AFTER_ENTRIES,
    &persistence::APPEND_ACK_BEFORE_FSYNC,
    &persistence::LEADER_COUNTS_UNSYNCED_SELF,
    &persistence::SINGLE_NODE_COMMIT_BEFORE_PERSIST,
    &persistence::PERSIST_ERROR_IGNORED,
    &persistence::META_FILE_MISSING_IS_TERM_ZERO,
    &persistence::ASYNC_APPEND_ACK_ABA,
    &persistence::HEARTBEAT_ACK_BEFORE_FSYNC,
    &persistence::LATE_ACK,
    &persistence::REUSES_INDEX,
    &persistence::RESUMES_LEADERSHIP,
    &persistence::DURABLE_INDEX_OUTLIVES_CUT,
    &clients::REPLY_BEFORE_COMMIT,
    &clients::FAILED_REPLY_FOR_LOST_LEADERSHIP,
    &clients::APPLY_UNCOMMITTED,
    &clients::ANSWERS_BY_INDEX,
    &progress::PROBE_STOPS_AT_COMMIT,
    &progress::SOLE_VOTER_WAITS_FOR_WRITE,
    &progress::VOTE_ONLY_FOR_LONGER_LOG,
    &progress::COMMIT_STOPS_AT_OLD_TERM,
    &progress::COMMIT_WAITS_FOR_ALL,
    &progress::HEARTBEATS_CARRY_NO_COMMIT,
    &progress::HEARTBEATS_FREE_NO_WINDOW,
    &progress::ANSWERS_BEGET_HEARTBEATS,
    &progress::LEADER_IGNORES_NEWER_TERMS,
    &progress::WINDOW_NEVER_REOPENS,
    &progress::NO_VOTE_AFTER_RESTART,
    &progress::CANDIDATE_STANDS_ONCE,
    &progress::HEARTBEATS_PREVENT_NOTHING,
    &progress::ONE_ANSWER_A_STEP,
];

/// The one with this name.
pub fn find(id: &str) -> Option<&'static Mutant> {
    MUTANTS.iter().copied().find(|mutant| mutant.id == id)
}

impl fmt::Display for Harm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Harm::Safety => "safety",
            Harm::Lemma => "lemma",
            Harm::Liveness => "liveness",
        })
    }
}

impl fmt::Debug for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for mutant in MUTANTS {
            let namesakes = MUTANTS.iter().filter(|other| other.id == mutant.id);
            assert_eq!(namesakes.count(), 1, "{}", mutant.id);
            let found = find(mutant.id).expect("what is listed is found");
            assert!(std::ptr::eq(found, *mutant));
        }
        assert!(find("no-such-bug").is_none());
    }

    #[test]
    fn bugs_are_described() {
        for mutant in MUTANTS {
            for text in [mutant.breaks, mutant.instead] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{}", mutant.id);
            }
        }
    }
}
