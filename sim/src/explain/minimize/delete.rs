//! Leaving actions out: in halving blocks, in pairs, in triples.

use super::Search;

/// Pairs are tried in scripts up to this length.
const PAIRS_MAX: usize = 80;
/// Triples are tried in scripts up to this length.
const TRIPLES_MAX: usize = 22;

/// Deletes blocks of half the script, then of a quarter, and so on to single actions; back to
/// front, since later actions depend on earlier ones. There are no tests of complements: they cost
/// most of a delta debugger's runs and find next to nothing here.
pub(super) fn halve_blocks(search: &mut Search<'_>) {
    let mut block = search.best.actions.len().div_ceil(2).max(1);
    loop {
        let progress = sweep(search, block);
        if block == 1 && !progress {
            return;
        }
        block = (block / 2).max(1);
        if search.is_spent() {
            return;
        }
    }
}

/// Tries once to delete each block of this length, from the back. A success moves what follows
/// into place, so the next try starts where the script then ends.
fn sweep(search: &mut Search<'_>, block: usize) -> bool {
    let mut progress = false;
    let mut end = search.best.actions.len();
    while 0 < end {
        let start = end.saturating_sub(block);
        let positions: Vec<usize> = (start..end).collect();
        let candidate = search.without(&positions);
        if search.attempt(&candidate) {
            progress = true;
            end = start.min(search.best.actions.len());
        } else {
            end = start;
        }
        if search.is_spent() {
            break;
        }
    }
    progress
}

/// Tries once to delete each single action.
pub(super) fn sweep_singles(search: &mut Search<'_>) {
    sweep(search, 1);
}

/// Tries once to delete each single action, then pairs.
pub(super) fn sweep_singles_and_pairs(search: &mut Search<'_>) {
    sweep_singles(search);
    delete_pairs(search);
}

/// Deletes two actions at a time: a write and its delivery, a crash and its restart.
pub(super) fn delete_pairs(search: &mut Search<'_>) {
    if PAIRS_MAX < search.best.actions.len() {
        return;
    }
    let mut last = search.best.actions.len();
    while 1 < last {
        last -= 1;
        for first in (0..last).rev() {
            if search.is_spent() {
                return;
            }
            let candidate = search.without(&[first, last]);
            if search.attempt(&candidate) {
                last = search.best.actions.len();
                break;
            }
        }
    }
}

/// Deletes three actions at a time.
pub(super) fn delete_triples(search: &mut Search<'_>) {
    let length = search.best.actions.len();
    if TRIPLES_MAX < length {
        return;
    }
    for last in (2..length).rev() {
        for middle in (1..last).rev() {
            for first in (0..middle).rev() {
                if search.is_spent() {
                    return;
                }
                let candidate = search.without(&[first, middle, last]);
                if search.attempt(&candidate) {
                    return;
                }
            }
        }
    }
}
