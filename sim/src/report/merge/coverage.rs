//! Who judged all shards, what was seen in any of them, and how much is still new.

use raft_invariants::catalogue;

use super::part::Part;
use crate::report::coverage::{Checked, NotChecked, ReachedReport};
use crate::report::novelty::NoveltyReport;
use crate::search::campaign::novelty::Novelty;

/// Those have judged the campaign whom every part let judge and any part fed: a part in which less
/// was revealed than elsewhere counts for all.
pub(super) fn checked(parts: &[Part]) -> Checked {
    let all = || parts.iter().map(|part| &part.report.checked);
    let mut together = Checked::default();
    for invariant in catalogue() {
        let name = invariant.name.to_owned();
        let mut missing: Vec<String> = Vec::new();
        for absent in all().filter_map(|part| missed(&part.not_checked, &name)) {
            let new = absent.iter().filter(|need| !missing.contains(need)).cloned();
            missing.extend(new.collect::<Vec<_>>());
        }
        let unfed: Option<Vec<_>> = all().map(|part| missed(&part.never_fed, &name)).collect();
        if !missing.is_empty() {
            together.not_checked.push(NotChecked { invariant: name, missing });
        } else if let Some((first, others)) = unfed.as_ref().and_then(|all| all.split_first()) {
            let never = |need: &&String| others.iter().all(|missing| missing.contains(need));
            let missing: Vec<_> = first.iter().filter(never).cloned().collect();
            if missing.is_empty() {
                together.checked.push(name);
            } else {
                together.never_fed.push(NotChecked { invariant: name, missing });
            }
        } else if all().any(|part| part.checked.contains(&name)) {
            together.checked.push(name);
        }
    }
    together
}

/// What an invariant misses according to a list, if it is there.
fn missed<'a>(list: &'a [NotChecked], name: &str) -> Option<&'a [String]> {
    list.iter().find(|it| it.invariant == name).map(|it| it.missing.as_slice())
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

/// How much is still new to all parts together. A part that is too small to say so, or that cannot
/// be read, counts for nothing here: what the others say is still right, of fewer runs.
pub(super) fn novelty(parts: &[Part]) -> Option<NoveltyReport> {
    let mut together = Novelty::default();
    for told in parts.iter().filter_map(|part| part.report.novelty.as_ref()) {
        if let Ok(novelty) = told.read() {
            together.join(&novelty);
        }
    }
    NoveltyReport::of(&together)
}
