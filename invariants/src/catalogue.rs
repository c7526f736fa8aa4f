//! The list of all invariants, in the order in which reports show them.

use crate::invariant::Invariant;
use crate::judges;

/// All invariants.
pub fn catalogue() -> &'static [&'static Invariant] {
    CATALOGUE
}

static CATALOGUE: &[&Invariant] = &[
    &judges::election_safety::INVARIANT,
    &judges::one_election_per_term::INVARIANT,
    &judges::vote_once_per_term::INVARIANT,
    &judges::voted_for_stable::INVARIANT,
    &judges::term_monotonic::INVARIANT,
    &judges::term_durable_before_send::INVARIANT,
    &judges::vote_durable_before_reply::INVARIANT,
    &judges::elected_by_quorum::INVARIANT,
    &judges::candidate_term_not_in_log::INVARIANT,
    &judges::role_transitions::INVARIANT,
    &judges::log_matching::INVARIANT,
    &judges::leader_append_only::INVARIANT,
    &judges::log_terms_monotonic::INVARIANT,
    &judges::log_term_within_current::INVARIANT,
    &judges::follower_prefix_of_leader::INVARIANT,
    &judges::role_after_append_entries::INVARIANT,
    &judges::entry_created_by_its_leader::INVARIANT,
    &judges::message_well_formed::INVARIANT,
    &judges::acknowledged_entries_durable::INVARIANT,
    &judges::match_is_durable::INVARIANT,
    &judges::match_monotonic::INVARIANT,
    &judges::next_above_match::INVARIANT,
    &judges::match_zero_on_election::INVARIANT,
    &judges::match_from_stale_term::INVARIANT,
    &judges::commit_monotonic::INVARIANT,
    &judges::applied_within_commit_within_log::INVARIANT,
    &judges::follower_commit_within_verified::INVARIANT,
    &judges::commit_only_own_term::INVARIANT,
    &judges::committed_durable_on_quorum::INVARIANT,
    &judges::followers_never_ahead::INVARIANT,
    &judges::state_machine_safety::INVARIANT,
    &judges::leader_completeness::INVARIANT,
    &judges::committed_never_truncated::INVARIANT,
    &judges::quorum_holds_ledger::INVARIANT,
    &judges::state_machine_determinism::INVARIANT,
    &judges::applied_in_order::INVARIANT,
    &judges::no_lost_acknowledged_write::INVARIANT,
    &judges::acknowledged_within_ledger::INVARIANT,
    &judges::refused_never_committed::INVARIANT,
    &judges::no_panic::INVARIANT,
    &judges::view_matches_log::INVARIANT,
    &judges::resource_explosion::INVARIANT,
];
