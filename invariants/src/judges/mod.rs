//! The invariants, one file each: declared here, and listed in the order in which reports show them.
//! Those of progress have [monitors](crate::progress) in the place of judges, and follow.

pub mod acknowledged_entries_durable;
pub mod acknowledged_within_ledger;
pub mod append_entries_from_leader;
pub mod applied_in_order;
pub mod applied_within_commit_within_log;
pub mod candidate_term_not_in_log;
pub mod commit_monotonic;
pub mod commit_only_own_term;
pub mod committed_durable_on_quorum;
pub mod committed_never_truncated;
pub mod elected_by_quorum;
pub mod election_safety;
pub mod entry_created_by_its_leader;
pub mod follower_commit_within_verified;
pub mod follower_prefix_of_leader;
pub mod followers_never_ahead;
pub mod leader_append_only;
pub mod leader_completeness;
pub mod log_matching;
pub mod log_term_within_current;
pub mod log_terms_monotonic;
pub mod match_from_stale_term;
pub mod match_is_durable;
pub mod match_monotonic;
pub mod match_zero_on_election;
pub mod message_well_formed;
pub mod next_above_match;
pub mod no_lost_acknowledged_write;
pub mod no_panic;
pub mod one_election_per_term;
pub mod port_contract;
pub mod quorum_holds_ledger;
pub mod refused_never_committed;
pub mod resource_explosion;
pub mod reveals_as_declared;
pub mod role_after_append_entries;
pub mod role_transitions;
pub mod state_machine_determinism;
pub mod state_machine_safety;
pub mod term_durable_before_send;
pub mod term_monotonic;
pub mod view_matches_log;
pub mod view_matches_term;
pub mod vote_durable_before_reply;
pub mod vote_for_up_to_date_log;
pub mod vote_once_per_term;
pub mod voted_for_stable;

use std::sync::LazyLock;

use crate::invariant::Invariant;
use crate::progress::MONITORS;

/// All invariants.
pub fn catalogue() -> &'static [&'static Invariant] {
    static ALL: LazyLock<Vec<&Invariant>> = LazyLock::new(|| {
        let watched = MONITORS.iter().map(|monitor| &monitor.invariant);
        CATALOGUE.iter().copied().chain(watched).collect()
    });
    &ALL
}

static CATALOGUE: &[&Invariant] = &[
    &election_safety::INVARIANT,
    &one_election_per_term::INVARIANT,
    &vote_once_per_term::INVARIANT,
    &voted_for_stable::INVARIANT,
    &term_monotonic::INVARIANT,
    &term_durable_before_send::INVARIANT,
    &vote_durable_before_reply::INVARIANT,
    &elected_by_quorum::INVARIANT,
    &candidate_term_not_in_log::INVARIANT,
    &role_transitions::INVARIANT,
    &vote_for_up_to_date_log::INVARIANT,
    &log_matching::INVARIANT,
    &leader_append_only::INVARIANT,
    &log_terms_monotonic::INVARIANT,
    &log_term_within_current::INVARIANT,
    &follower_prefix_of_leader::INVARIANT,
    &role_after_append_entries::INVARIANT,
    &entry_created_by_its_leader::INVARIANT,
    &message_well_formed::INVARIANT,
    &acknowledged_entries_durable::INVARIANT,
    &append_entries_from_leader::INVARIANT,
    &match_is_durable::INVARIANT,
    &match_monotonic::INVARIANT,
    &next_above_match::INVARIANT,
    &match_zero_on_election::INVARIANT,
    &match_from_stale_term::INVARIANT,
    &commit_monotonic::INVARIANT,
    &applied_within_commit_within_log::INVARIANT,
    &follower_commit_within_verified::INVARIANT,
    &commit_only_own_term::INVARIANT,
    &committed_durable_on_quorum::INVARIANT,
    &followers_never_ahead::INVARIANT,
    &state_machine_safety::INVARIANT,
    &leader_completeness::INVARIANT,
    &committed_never_truncated::INVARIANT,
    &quorum_holds_ledger::INVARIANT,
    &state_machine_determinism::INVARIANT,
    &applied_in_order::INVARIANT,
    &no_lost_acknowledged_write::INVARIANT,
    &acknowledged_within_ledger::INVARIANT,
    &refused_never_committed::INVARIANT,
    &no_panic::INVARIANT,
    &view_matches_log::INVARIANT,
    &resource_explosion::INVARIANT,
    &port_contract::INVARIANT,
    &reveals_as_declared::INVARIANT,
    &view_matches_term::INVARIANT,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::invariant::Level;

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
        let declared = include_str!("mod.rs").lines().filter(|line| line.starts_with("pub mod "));
        assert_eq!(declared.count(), CATALOGUE.len());
    }

    #[test]
    fn every_invariant_explains_itself() {
        for invariant in catalogue() {
            assert!(invariant.statement.ends_with('.'), "{invariant:?} states a sentence");
            assert!(invariant.explain.contains("Example: "), "{invariant:?} gives an example");
            let is_watched = MONITORS.iter().any(|monitor| monitor.invariant == **invariant);
            assert_eq!(invariant.judges.is_empty(), is_watched, "{invariant:?} has a judge");
            assert_eq!(invariant.level == Level::Progress, is_watched, "{invariant:?}");
        }
    }

    /// [`Play::breaks`](crate::testing::Play::breaks) and `tells` ask a judge that sees only what
    /// it needs, too.
    #[test]
    fn every_judge_is_seen_to_accuse() {
        let folders = ["judges", "progress/monitors"];
        let folders = folders.map(|name| format!("{}/src/{name}", env!("CARGO_MANIFEST_DIR")));
        let files = folders.iter().flat_map(|it| std::fs::read_dir(it).expect("it is there"));
        let files = files.map(|file| std::fs::read_to_string(file.expect("a file").path()));
        let tests = files.map(|text| text.expect("it is text")).collect::<String>();
        let tests: String = tests.split_whitespace().collect();
        // It is about a guest that declares something, so it needs nothing to be declared.
        let others = catalogue().iter().filter(|it| it.name != "RevealsAsDeclared");
        for Invariant { name, .. } in others {
            let accuses = |how| tests.contains(&format!("{how}(\"{name}\""));
            assert!(accuses("breaks") || accuses("tells"), "no test sees {name} broken");
        }
    }
}
