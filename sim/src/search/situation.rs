//! The situation of a cluster: an abstract state so coarse that there are a hundred thousand of
//! them, numbered without gaps.
//!
//! The [abstract states](super::guided::abstraction) that guide a search are for ever new: millions
//! of runs do not exhaust them. Situations are what remains to be seen of a cluster from far away:
//! how many lead, stand or are down, how far terms and logs are apart, what is not committed yet.
//! Whether the next run will reach one never seen before says something about a campaign.

use crate::node::{Role, Term};
use crate::world::stage::{Host, Stage};

/// Where counting ends: this many is as good as more.
const MANY: usize = 2;
/// Where uncommitted entries are no longer counted.
const ENTRIES: u64 = 3;
/// Clusters from this size on are alike.
const LARGE: usize = 6;

/// How many situations there are.
pub const SITUATIONS: u32 = {
    let counted = 3_u32.pow(7);
    LARGE as u32 * 2 * (ENTRIES as u32 + 1) * counted
};

/// The number of the situation, below [`SITUATIONS`].
pub fn situation(stage: &Stage) -> u32 {
    let hosts = &stage.hosts;
    let majority = hosts.len() / 2 + 1;
    let count = |is: &dyn Fn(&Host) -> bool| hosts.iter().filter(|host| is(host)).count();
    let plays = |role| count(&|host| host.up && host.view.role == Some(role)).min(MANY);
    let share = |part: usize| if part < majority { part.min(1) } else { MANY };
    let committed = hosts.iter().filter_map(|host| host.view.commit_index).max().unwrap_or(0);
    let longest = hosts.iter().map(|host| host.view.last_log.map_or(0, |last| last.index)).max();
    let uncommitted = longest.unwrap_or(0).saturating_sub(committed).min(ENTRIES);
    let parts = [
        (hosts.len().min(LARGE) - 1, LARGE),
        (usize::from(stage.is_cut()), 2),
        (uncommitted as usize, ENTRIES as usize + 1),
        (plays(Role::Leader), 3),
        (plays(Role::Candidate), 3),
        (share(count(&|host| !host.up)), 3),
        (share(count(&|host| host.disk.log.last().index < committed)), 3),
        (share(count(&|host| !host.queue.is_empty())), 3),
        (different(hosts, |host| host.view.current_term.unwrap_or(0)), 3),
        (different(hosts, |host| host.view.last_log.map_or(0, |last| last.term)), 3),
    ];
    parts.iter().fold(0, |number, &(part, of)| number * of as u32 + part as u32)
}

/// How many different terms there are beyond the first one.
fn different(hosts: &[Host], term: impl Fn(&Host) -> Term) -> usize {
    let (mut seen, mut count) = ([0; MANY + 1], 0);
    for term in hosts.iter().map(term) {
        if count <= MANY && !seen[..count].contains(&term) {
            seen[count] = term;
            count += 1;
        }
    }
    count - 1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use raft_invariants::Selection;

    use super::*;
    use crate::guests::raft_core::RaftCore;
    use crate::run::Ending;
    use crate::schedule::config::{RunConfig, Settings};
    use crate::search::target::{Guest, Target};

    #[test]
    fn situations_are_many_and_in_their_range() {
        let target = Guest::<RaftCore>::new("raft-core", "", None);
        let mut seen = BTreeSet::new();
        for seed in 0..300 {
            let config = RunConfig::draw(seed, &Settings::default(), &target.traits());
            let mut look = |stage: &Stage, _| {
                let mut other = stage.clone();
                other.hosts.reverse();
                let number = situation(stage);
                assert!(number < SITUATIONS, "{number}");
                // Whom links reach is not renamed, and it is not a matter of names.
                assert_eq!(number, situation(&other), "names do not matter");
                seen.insert(number);
            };
            target.run_after(&[], &config, &Selection::ALL, Ending::Aftermath, &mut look);
        }
        assert!((2_000..20_000).contains(&seen.len()), "{} situations", seen.len());
    }
}
