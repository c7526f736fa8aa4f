//! The corpus: beginnings of runs that reached something first, each with its energy, and all
//! that was reached so far.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::draws::{Draws, Lottery};
use crate::language::action::Action;
use crate::language::script::{Cluster, Script};
use crate::search::seen::Seen;

/// Entries beyond which those of least energy are forgotten.
const ENTRIES_MAX: usize = 4_000;
/// Energy of an entry that saw a set of witnesses first; also the most that an entry can have.
/// There are few such sets, and each is a step on the way to something deep.
const ENERGY_OF_WITNESSES: u32 = 64;
/// Energy of an entry that reached an abstract state first: almost every early run does.
const ENERGY_OF_A_STATE: u32 = 8;
/// New states that a run must reach for the entry that it began with to gain energy.
const STATES_MIN: u32 = 2;

/// The beginning of a run, up to where it reached something first.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The run.
    run: Arc<Script>,
    /// Actions of the run that are kept.
    length: usize,
    /// How likely it is to be chosen, against others: at least 1.
    energy: u32,
    /// Whether it saw a set of witnesses first, and not only an abstract state.
    saw_witnesses: bool,
    /// Whether it came with the corpus that the campaign began with.
    is_loaded: bool,
}

/// What there is to learn from a run, up to its first violation.
pub(super) struct Lesson {
    /// The run.
    pub(super) run: Arc<Script>,
    /// Whether it is a script that the campaign began with.
    pub(super) is_loaded: bool,
    /// Position of the entry with which it began.
    pub(super) parent: Option<usize>,
    /// Abstract states in the order in which they were reached, each once, with the number of
    /// actions done then.
    pub(super) states: Vec<Reached>,
    /// Sets of witnesses, likewise.
    pub(super) witnesses: Vec<Reached>,
}

/// Something that a run has reached, as a number.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Reached {
    pub(super) what: u64,
    pub(super) actions: usize,
}

/// All that a guided campaign knows.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    entries: Vec<Kept>,
    states: Seen,
    witnesses: BTreeSet<u64>,
}

impl Kept {
    /// What it starts from.
    pub fn cluster(&self) -> Cluster {
        self.run.cluster
    }

    /// What happens.
    pub fn actions(&self) -> &[Action] {
        &self.run.actions[..self.length]
    }

    /// How likely it is to be chosen, against others: it falls by half with every run that began
    /// with it in vain, and rises with what such a run reaches first.
    pub const fn energy(&self) -> u32 {
        self.energy
    }

    /// Whether it saw a set of witnesses first, and not only an abstract state.
    pub const fn saw_witnesses(&self) -> bool {
        self.saw_witnesses
    }

    /// Whether it came with the corpus that the campaign began with.
    pub const fn is_loaded(&self) -> bool {
        self.is_loaded
    }

    /// As a script of its own.
    pub fn script(&self) -> Script {
        Script { cluster: self.cluster(), actions: self.actions().to_vec(), calm: None }
    }
}

impl Kept {
    fn reward(&mut self, new_states: u32) {
        self.energy = if new_states < STATES_MIN {
            (self.energy / 2).max(1)
        } else {
            (self.energy + new_states).min(ENERGY_OF_WITNESSES)
        };
    }
}

impl Corpus {
    /// What is kept, the oldest first.
    pub fn entries(&self) -> &[Kept] {
        &self.entries
    }

    /// Abstract states that were reached.
    pub fn states(&self) -> usize {
        self.states.len()
    }

    /// A lottery of all entries by their energy.
    pub(super) fn lottery(&self) -> Lottery {
        let energies: Vec<u32> = self.entries.iter().map(Kept::energy).collect();
        Lottery::new(&energies)
    }

    /// Some entry of clusters like this one, whatever its energy.
    pub(super) fn mate(&self, cluster: Cluster, draws: &mut Draws) -> Option<&Kept> {
        let mate = &self.entries[draws.position(self.entries.len())];
        (mate.cluster().nodes == cluster.nodes).then_some(mate)
    }

    /// Keeps what the run reached first, and rewards the entry with which it began. Positions of
    /// entries stay as they are until the next [`Corpus::shrink`].
    pub(super) fn learn(&mut self, lesson: &Lesson) {
        let (mut new, mut last) = (0, None);
        for reached in &lesson.states {
            if self.states.insert(reached.what) {
                new += 1;
                last = Some(reached);
            }
        }
        if let Some(parent) = lesson.parent {
            self.entries[parent].reward(new);
        }
        for reached in &lesson.witnesses {
            if self.witnesses.insert(reached.what) {
                self.entries.push(lesson.entry(reached, true));
            }
        }
        // The last one has all others behind it.
        self.entries.extend(last.map(|reached| lesson.entry(reached, false)));
    }

    /// Forgets the entries of least energy if there are too many; of equals, the older ones.
    pub(super) fn shrink(&mut self) {
        let surplus = self.entries.len().saturating_sub(ENTRIES_MAX);
        if surplus == 0 {
            return;
        }
        let mut ranks: Vec<(u32, usize)> = self.entries.iter().map(Kept::energy).zip(0..).collect();
        ranks.sort_unstable();
        let weakest: BTreeSet<usize> = ranks[..surplus].iter().map(|&(_, entry)| entry).collect();
        let mut position = 0;
        self.entries.retain(|_| {
            position += 1;
            !weakest.contains(&(position - 1))
        });
    }
}

impl Lesson {
    fn entry(&self, reached: &Reached, saw_witnesses: bool) -> Kept {
        Kept {
            run: Arc::clone(&self.run),
            length: reached.actions,
            energy: if saw_witnesses { ENERGY_OF_WITNESSES } else { ENERGY_OF_A_STATE },
            saw_witnesses,
            is_loaded: self.is_loaded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::NodeId;

    /// A run of ten actions that reaches these states, and sees these sets of witnesses.
    fn lesson(parent: Option<usize>, states: &[u64], witnesses: &[u64]) -> Lesson {
        let cluster = Cluster::parse("cluster nodes=3").expect("it is right");
        let actions = vec![Action::Restart(NodeId(1)); 10];
        let reached = |list: &[u64]| {
            list.iter().zip(1..).map(|(&what, actions)| Reached { what, actions }).collect()
        };
        let run = Arc::new(Script { cluster, actions, calm: None });
        let (states, witnesses) = (reached(states), reached(witnesses));
        Lesson { run, is_loaded: false, parent, states, witnesses }
    }

    /// Lengths and energies of the entries.
    fn entries(corpus: &Corpus) -> Vec<(usize, u32)> {
        corpus.entries().iter().map(|entry| (entry.actions().len(), entry.energy())).collect()
    }

    #[test]
    fn what_is_new_is_kept_up_to_there() {
        let mut corpus = Corpus::default();
        corpus.learn(&lesson(None, &[7, 8, 9], &[1, 3]));
        assert_eq!(entries(&corpus), [(1, 64), (2, 64), (3, 8)]);
        corpus.learn(&lesson(None, &[9, 8, 7], &[1]));
        assert_eq!(corpus.entries().len(), 3, "nothing was new");
        corpus.learn(&lesson(None, &[7, 10, 9], &[1]));
        assert_eq!(entries(&corpus)[3..], [(2, 8)], "the rest of the run was not new");
        assert_eq!(corpus.states(), 4);
    }

    #[test]
    fn energy_follows_what_comes_of_an_entry() {
        let mut corpus = Corpus::default();
        corpus.learn(&lesson(None, &[1], &[]));
        let energy = |corpus: &Corpus| corpus.entries()[0].energy();
        corpus.learn(&lesson(Some(0), &[1], &[]));
        assert_eq!(energy(&corpus), 4, "in vain");
        corpus.learn(&lesson(Some(0), &[2, 3, 4], &[]));
        assert_eq!(energy(&corpus), 7, "three new states");
        for _ in 0..9 {
            corpus.learn(&lesson(Some(0), &[1], &[]));
        }
        assert_eq!(energy(&corpus), 1, "it never dies out");
        corpus.learn(&lesson(Some(0), &(100..300).collect::<Vec<_>>(), &[]));
        assert_eq!(energy(&corpus), 64, "and never takes all");
    }

    #[test]
    fn a_full_corpus_forgets_its_weakest() {
        let mut corpus = Corpus::default();
        let surplus = 10;
        for number in 1..=(ENTRIES_MAX + surplus) as u64 {
            corpus.learn(&lesson(None, &[number], &[]));
        }
        for parent in 20..20 + surplus {
            corpus.learn(&lesson(Some(parent), &[], &[]));
        }
        corpus.shrink();
        assert_eq!(corpus.entries().len(), ENTRIES_MAX);
        assert!(entries(&corpus).iter().all(|&(_, energy)| energy == ENERGY_OF_A_STATE));
    }
}
