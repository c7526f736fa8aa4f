//! Plainer actions: small values, one key, nothing that survives a crash by chance.

use std::collections::BTreeMap;

use super::Search;

/// Tries what each action could be instead, the plainest first.
pub(super) fn simplify(search: &mut Search<'_>) {
    let mut counts = BTreeMap::new();
    for position in 0..search.best.actions.len() {
        let Some(&action) = search.best.actions.get(position) else { return };
        let nth = counts.entry(action.verb()).or_insert(0);
        *nth += 1;
        for plain in action.plainer(*nth) {
            if search.is_spent() {
                return;
            }
            let mut candidate = search.best.clone();
            candidate.actions[position] = plain;
            if search.attempt(&candidate) {
                break;
            }
        }
    }
}
