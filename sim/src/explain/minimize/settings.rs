//! Plainer settings: disks that write at once, a calm for everyone, one entry a message, one message at a time.

use super::{Search, delete};
use crate::language::script::{DiskMode, Script};

/// Tries each simplification by itself.
pub(super) fn simplify(search: &mut Search<'_>) {
    instant_disks(search);
    calm_for_all(search);
    let limits = search.best.cluster.limits;
    for window in [1, 2, limits.window_messages_max / 2] {
        with_cluster(search, |script| script.cluster.limits.window_messages_max = window);
    }
    for batch in [1, 2, limits.batch_entries_max / 2] {
        with_cluster(search, |script| script.cluster.limits.batch_entries_max = batch);
    }
}

/// With instant disks a story needs no syncs.
fn instant_disks(search: &mut Search<'_>) {
    if search.best.cluster.disk == DiskMode::Instant {
        return;
    }
    let mut candidate = search.best.clone();
    candidate.cluster.disk = DiskMode::Instant;
    candidate.actions.retain(|action| !action.needs_queue());
    search.attempt(&candidate);
}

/// In a calm for everyone nobody has to know who is outside.
fn calm_for_all(search: &mut Search<'_>) {
    let all = search.best.cluster.all();
    if search.best.calm.is_some_and(|core| core != all) {
        search.attempt(&Script { calm: Some(all), ..search.best.clone() });
    }
}

/// Undoes what was simplified, where that leads to fewer actions: a message that carries two entries
/// may do what two messages do.
pub(super) fn widen(search: &mut Search<'_>) {
    let limits = search.best.cluster.limits;
    for (window, batch) in [(1, 2), (2, 1), (4, 4)] {
        let mut candidate = search.best.clone();
        candidate.cluster.limits.window_messages_max = window.max(limits.window_messages_max);
        candidate.cluster.limits.batch_entries_max = batch.max(limits.batch_entries_max);
        if search.is_spent() || candidate == search.best {
            continue;
        }
        let Some(effective) = search.fails(&candidate) else { continue };
        search.adopt_if_shorter(effective, delete::sweep_singles_and_pairs);
    }
}

fn with_cluster(search: &mut Search<'_>, change: impl Fn(&mut Script)) {
    let mut candidate = search.best.clone();
    change(&mut candidate);
    let limits = candidate.cluster.limits;
    let legal = 0 < limits.window_messages_max && 0 < limits.batch_entries_max;
    if legal && candidate.cluster != search.best.cluster {
        search.attempt(&candidate);
    }
}
