//! Bugs planted in `raft-core`, to prove that the net catches fish.
//!
//! Each one happened to somebody; [`Mutant::provenance`] says to whom. Nearly all override one
//! decision of [`raft_core::rules`]. Where the fault lies between a correct server and its disk,
//! a [`Boundary`] plants it there. One area of Raft per file, one line per bug in [`MUTANTS`].

mod clients;
mod commit;
mod election;
mod log;
mod persistence;

use std::fmt;

use raft_core::{Disk, Effect, Input, Raft, Rules};

/// A planted bug.
pub struct Mutant {
    /// Its name, stable for ever: `vote-no-log-check`.
    pub id: &'static str,
    /// Its area.
    pub area: Area,
    /// What it can break.
    pub harm: Harm,
    /// What is done wrong, in one sentence.
    pub mechanism: &'static str,
    /// Where it was seen in the wild.
    pub provenance: &'static [&'static str],
    /// Properties that it violates in the end, in the paper's words.
    pub violates: &'static [&'static str],
    /// The least unkindness that shows it.
    pub needs: &'static str,
    /// The smallest cluster that shows it.
    pub nodes_min: u8,
    /// Names of the invariants that were seen to raise the first alarm of a run, most frequent
    /// first; empty where nothing bad ever happens, only nothing good.
    pub first: &'static [&'static str],
    /// What the server does instead of what the paper says.
    pub rules: &'static dyn Rules,
    /// What happens between the server and the world.
    pub boundary: Option<fn() -> Box<dyn Boundary>>,
}

/// Where in Raft a bug lives.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Area {
    /// Terms and votes (§5.1, §5.2, §5.4.1).
    Election,
    /// The follower's log (§5.3).
    Log,
    /// What a leader calls committed (§5.3, §5.4.2).
    Commit,
    /// What is on disk when (Figure 2).
    Persistence,
    /// Clients and the state machine (§8).
    Clients,
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
    &log::APPEND_NO_PREV_CHECK,
    &log::APPEND_TRUNCATES_ALWAYS,
    &log::APPEND_DELETE_THEN_APPEND_CRASH,
    &log::APPEND_SKIP_WITHOUT_TERM_COMPARE,
    &log::COMMIT_MIN_LAST_LOG_INDEX,
    &log::HEARTBEAT_COMMIT_NOT_BOUNDED_BY_MATCH,
    &log::COMMIT_NOT_MONOTONIC,
    &log::ACK_OWN_LAST_INDEX,
    &log::ACK_OFF_BY_ONE,
    &commit::COMMIT_PRIOR_TERM_ENTRY,
    &commit::COMMIT_WRONG_ORDER_STATISTIC,
    &commit::COMMIT_EVEN_OFF_BY_ONE,
    &commit::MATCH_NOT_MONOTONIC,
    &commit::MATCH_FROM_NACK_HINT,
    &commit::STALE_APPEND_RESPONSE_COUNTED,
    &commit::NEXT_LE_MATCH,
    &commit::NO_NOOP_ON_ELECTION,
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
    &clients::REPLY_BEFORE_COMMIT,
    &clients::FAILED_REPLY_FOR_LOST_LEADERSHIP,
    &clients::APPLY_UNCOMMITTED,
];

/// The one with this name.
pub fn find(id: &str) -> Option<&'static Mutant> {
    MUTANTS.iter().copied().find(|mutant| mutant.id == id)
}

impl Area {
    /// Its letter in lists.
    pub const fn letter(self) -> char {
        match self {
            Area::Election => 'A',
            Area::Log => 'B',
            Area::Commit => 'C',
            Area::Persistence => 'D',
            Area::Clients => 'J',
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Area::Election => "election",
            Area::Log => "log",
            Area::Commit => "commit",
            Area::Persistence => "persistence",
            Area::Clients => "clients",
        })
    }
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
    use crate::node::NODES_MAX;

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
            assert!(!mutant.mechanism.is_empty(), "{}", mutant.id);
            assert!(!mutant.provenance.is_empty(), "{}", mutant.id);
            assert!(!mutant.violates.is_empty(), "{}", mutant.id);
            assert!(!mutant.needs.is_empty(), "{}", mutant.id);
            assert!(usize::from(mutant.nodes_min) <= NODES_MAX, "{}", mutant.id);
        }
    }

    #[test]
    fn alarms_are_known_and_all_but_lack_of_progress_has_one() {
        for mutant in MUTANTS {
            for name in mutant.first {
                let invariant = raft_invariants::find(name).expect("the alarm is in the catalogue");
                assert_eq!(invariant.name, *name, "{}", mutant.id);
            }
            assert!(!mutant.first.is_empty() || mutant.harm == Harm::Liveness, "{}", mutant.id);
        }
    }

    #[test]
    fn the_list_goes_by_area() {
        assert!(MUTANTS.is_sorted_by_key(|mutant| mutant.area));
    }
}
