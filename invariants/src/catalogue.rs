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
    &judges::vote_for_up_to_date_log::INVARIANT,
    &judges::log_matching::INVARIANT,
    &judges::leader_append_only::INVARIANT,
    &judges::log_terms_monotonic::INVARIANT,
    &judges::log_term_within_current::INVARIANT,
    &judges::follower_prefix_of_leader::INVARIANT,
    &judges::role_after_append_entries::INVARIANT,
    &judges::entry_created_by_its_leader::INVARIANT,
    &judges::message_well_formed::INVARIANT,
    &judges::acknowledged_entries_durable::INVARIANT,
    &judges::append_entries_from_leader::INVARIANT,
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
    &judges::port_contract::INVARIANT,
    &judges::reveals_as_declared::INVARIANT,
    &judges::view_matches_term::INVARIANT,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_names_are_unique() {
        let ids: BTreeSet<_> = catalogue().iter().map(|invariant| invariant.id).collect();
        let names: BTreeSet<_> = catalogue().iter().map(|invariant| invariant.name).collect();
        assert_eq!(ids.len(), catalogue().len());
        assert_eq!(names.len(), catalogue().len());
    }

    #[test]
    fn every_file_is_listed() {
        let declared = include_str!("judges/mod.rs").matches("pub mod ").count();
        assert_eq!(declared, catalogue().len());
    }

    #[test]
    fn the_table_in_the_documentation_is_the_catalogue() {
        let table: Vec<_> = include_str!("lib.rs")
            .lines()
            .filter_map(|line| line.strip_prefix("//! | "))
            .skip(1)
            .map(|row| row.split(" | ").collect::<Vec<_>>())
            .collect();
        assert_eq!(table.len(), catalogue().len());
        for (row, invariant) in table.iter().zip(catalogue()) {
            assert_eq!(row[0], invariant.id);
            assert!(row[1].starts_with(&format!("[`{}`]", invariant.name)), "{row:?}");
            assert_eq!(row[3].trim_end_matches(" |"), invariant.source);
        }
    }

    #[test]
    fn every_invariant_explains_itself() {
        for invariant in catalogue() {
            assert!(invariant.statement.ends_with('.'), "{invariant:?} states a sentence");
            assert!(invariant.explain.contains("Example: "), "{invariant:?} gives an example");
            assert!(!invariant.judges.is_empty(), "{invariant:?} has a judge");
        }
    }
}
