//! How a beginning is changed before chance goes on from it.
//!
//! A changed script replays forgivingly: lines that mean nothing any more are skipped, so any edit
//! gives a run. Edits are of the kinds that tell one interleaving from another: something does not
//! happen, happens later, happens again, or an old message arrives once more.

use super::corpus::Corpus;
use crate::draws::Draws;
use crate::language::action::Action;
use crate::language::script::Cluster;

/// Most edits at once.
const EDITS_MAX: u64 = 3;
/// Most actions that one edit moves.
const BLOCK_MAX: u64 = 8;
/// Scripts too short to be worth an edit.
const ACTIONS_MIN: usize = 4;

/// A way to change a script.
type Edit = fn(&mut Vec<Action>, &mut Draws);

const EDITS: [Edit; 4] = [delete, |actions, draws| swap(actions, draws), repeat, redeliver];

/// Makes some edits; one in ten times the rest comes from another entry.
pub(super) fn mutate(
    actions: &mut Vec<Action>,
    cluster: Cluster,
    corpus: &Corpus,
    draws: &mut Draws,
) {
    let mate = if draws.one_in(10) { corpus.mate(cluster, draws) } else { None };
    if let Some(mate) = mate {
        splice(actions, mate.actions(), draws);
    }
    for _ in 0..draws.between(1, EDITS_MAX) {
        if ACTIONS_MIN <= actions.len() {
            EDITS[draws.position(EDITS.len())](actions, draws);
        }
    }
}

/// Somewhere in the script, and how far from there.
fn block(actions: &[Action], draws: &mut Draws) -> std::ops::Range<usize> {
    let start = draws.position(actions.len());
    let size = draws.log_uniform(1, BLOCK_MAX) as usize;
    start..(start + size).min(actions.len())
}

/// Something does not happen.
fn delete(actions: &mut Vec<Action>, draws: &mut Draws) {
    let block = block(actions, draws);
    actions.drain(block);
}

/// Two things change places.
fn swap(actions: &mut [Action], draws: &mut Draws) {
    let (one, other) = (draws.position(actions.len()), draws.position(actions.len()));
    actions.swap(one, other);
}

/// Something happens again, anywhere.
fn repeat(actions: &mut Vec<Action>, draws: &mut Draws) {
    let block = actions[block(actions, draws)].to_vec();
    let place = draws.position(actions.len());
    actions.splice(place..place, block);
}

/// A message that has arrived arrives once more, later.
fn redeliver(actions: &mut Vec<Action>, draws: &mut Draws) {
    let first = draws.position(actions.len());
    let later = actions[first..].iter().enumerate();
    let mut messages = later.filter_map(|(offset, action)| match action {
        Action::Deliver(pattern) => Some((first + offset, *pattern)),
        _ => None,
    });
    if let Some((position, pattern)) = messages.next() {
        let place = draws.between(position as u64 + 1, actions.len() as u64) as usize;
        actions.insert(place, Action::Duplicate(pattern));
    }
}

/// From some place on, what the other script does from there.
fn splice(actions: &mut Vec<Action>, other: &[Action], draws: &mut Draws) {
    let place = draws.position(actions.len() + 1);
    actions.truncate(place);
    actions.extend(other.iter().skip(place));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Purpose, Roots};
    use crate::language::script::Script;
    use crate::node::{Kind, NodeId};

    const KINDS: [Kind; 1] = [Kind::new("RequestVote")];

    /// Writes of 0 to 29, with a message after each tenth.
    fn script() -> Vec<Action> {
        let text: String = (0..30)
            .map(|value| match value % 10 {
                9 => format!("write n1 x={value}\ndeliver n1->n2 RequestVote #0000000a\n"),
                _ => format!("write n1 x={value}\n"),
            })
            .collect();
        let text = format!("cluster nodes=3\n{text}");
        Script::parse(&text, "a.txt".as_ref(), &KINDS).expect("the script is right").actions
    }

    fn edited(edit: Edit, seed: u64) -> Vec<Action> {
        let mut actions = script();
        edit(&mut actions, &mut Roots::new(seed).draws(Purpose::Mutation, 0));
        actions
    }

    #[test]
    fn deleting_leaves_a_gap_of_a_few_actions() {
        for seed in 0..100 {
            let (before, after) = (script(), edited(delete, seed));
            let gone = before.len() - after.len();
            assert!((1..=BLOCK_MAX as usize).contains(&gone), "{gone} gone");
            let kept = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
            assert_eq!(before[kept + gone..], after[kept..], "the rest is as it was");
        }
    }

    #[test]
    fn swapping_and_repeating_lose_nothing() {
        let sorted = |actions: &[Action]| {
            let mut lines: Vec<String> = actions.iter().map(ToString::to_string).collect();
            lines.sort();
            lines
        };
        for seed in 0..100 {
            assert_eq!(sorted(&edited(EDITS[1], seed)), sorted(&script()));
            let longer = edited(repeat, seed);
            assert!(script().len() < longer.len());
            assert!(script().iter().all(|action| longer.contains(action)));
        }
        assert!((0..100).any(|seed| edited(EDITS[1], seed) != script()));
    }

    #[test]
    fn what_is_delivered_again_has_arrived_before() {
        let mut seen = 0;
        for seed in 0..100 {
            let actions = edited(redeliver, seed);
            let again = actions.iter().position(|action| matches!(action, Action::Duplicate(_)));
            if let Some(again) = again {
                let before = &actions[..again];
                assert!(before.iter().any(|action| matches!(action, Action::Deliver(_))));
                seen += 1;
            }
        }
        assert!(50 < seen, "{seen} times");
    }

    #[test]
    fn a_splice_begins_like_one_script_and_ends_like_the_other() {
        let other = vec![Action::Restart(NodeId(1)); 50];
        let mut lengths = std::collections::BTreeSet::new();
        for seed in 0..100 {
            let mut actions = script();
            splice(&mut actions, &other, &mut Roots::new(seed).draws(Purpose::Mutation, 0));
            let kept = actions.iter().take_while(|action| **action != other[0]).count();
            assert_eq!(actions[..kept], script()[..kept]);
            assert_eq!(actions.len(), 50);
            lengths.insert(kept);
        }
        assert!(10 < lengths.len(), "{lengths:?}");
    }
}
