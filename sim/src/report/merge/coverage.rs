//! Who judged all shards, and what was seen in any of them.

use raft_invariants::catalogue;

use super::part::Part;
use crate::report::coverage::{Checked, NotChecked, ReachedReport};

/// Those have judged the campaign who have judged all its parts: a part in which less was shown
/// than elsewhere counts for all.
pub(super) fn checked(parts: &[Part]) -> Checked {
    let mut all = Checked::default();
    for invariant in catalogue() {
        let name = invariant.name.to_owned();
        let mut missing: Vec<String> = Vec::new();
        for part in parts {
            let absent = part.report.checked.not_checked.iter().find(|it| it.invariant == name);
            let new = absent.iter().flat_map(|absent| &absent.missing);
            let new: Vec<String> = new.filter(|need| !missing.contains(need)).cloned().collect();
            missing.extend(new);
        }
        if !missing.is_empty() {
            all.not_checked.push(NotChecked { invariant: name, missing });
        } else if !parts.is_empty()
            && parts.iter().all(|part| part.report.checked.checked.contains(&name))
        {
            all.checked.push(name);
        }
    }
    all
}

/// What was seen in all parts together, of what could be seen in each.
pub(super) fn reached(parts: &[Part]) -> Vec<ReachedReport> {
    let Some((first, others)) = parts.split_first() else { return Vec::new() };
    let together = |reached: &ReachedReport| {
        let mut together = reached.clone();
        for part in others {
            let same = part.report.reached.iter().find(|it| it.witness == reached.witness)?;
            together.runs += same.runs;
        }
        Some(together)
    };
    first.report.reached.iter().filter_map(together).collect()
}
