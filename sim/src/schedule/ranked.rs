//! The order of ranks: every message has a rank, and of those that can arrive the highest does.
//!
//! What is on its way is kept by addressee, told by what is new after every action, and the highest
//! of each addressee is remembered. So no choice has to look at everything that is on its way.

use super::order::Order;
use super::pick;
use crate::draws::Draws;
use crate::node::{NODES_MAX, NodeId, NodeSet};
use crate::world::stage::{Flight, News, Stage};

/// Says which message comes first.
pub(super) trait Rank {
    /// The rank of a message, as long as nothing else to its addressee arrives.
    fn rank(&self, number: u64, from: NodeId, to: NodeId) -> u64;

    /// A message arrives: ranks of messages to the same addressee may be others from now on.
    fn arrives(&mut self, from: NodeId, to: NodeId);

    /// What the seed has drawn for it, for people.
    fn knobs(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// See the head of this file.
pub(super) struct Ranked<R> {
    ranks: R,
    /// By slot of the addressee; empty before the first look.
    inboxes: Vec<Inbox>,
    /// Whom messages reach, so that a change is seen.
    reach: [NodeSet; NODES_MAX],
}

/// What is on its way to one node.
#[derive(Clone, Default)]
struct Inbox {
    letters: Vec<Letter>,
    /// The first of those that can arrive once the node listens; outdated unless it is known.
    first: Option<First>,
    is_known: bool,
}

#[derive(Copy, Clone)]
struct Letter {
    number: u64,
    from: NodeId,
}

/// Ordered by rank; of two with the same rank the older one comes first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct First {
    rank: u64,
    age: std::cmp::Reverse<u64>,
    from: NodeId,
}

impl<R: Rank> Ranked<R> {
    pub(super) fn new(ranks: R) -> Self {
        Ranked { ranks, inboxes: Vec::new(), reach: [NodeSet::EMPTY; NODES_MAX] }
    }

    /// Everything that is on its way, found by looking at it.
    fn look(&mut self, stage: &Stage) {
        self.inboxes = vec![Inbox::default(); stage.hosts.len()];
        for &Flight { number, from, to, .. } in stage.flights.iter() {
            self.inboxes[to.slot()].letters.push(Letter { number, from });
        }
    }

    /// A message has left its sender.
    fn add(&mut self, number: u64, from: NodeId, to: NodeId) {
        let inbox = &mut self.inboxes[to.slot()];
        inbox.letters.push(Letter { number, from });
        if inbox.is_known && self.reach[from.slot()].contains(to) {
            let first = First::of(&self.ranks, Letter { number, from }, to);
            inbox.first = inbox.first.max(Some(first));
        }
    }

    /// A message is on its way no longer.
    fn remove(&mut self, number: u64, to: NodeId) {
        let inbox = &mut self.inboxes[to.slot()];
        let place = inbox.letters.iter().position(|letter| letter.number == number);
        inbox.letters.swap_remove(place.expect("what is gone was on its way"));
        inbox.is_known &= inbox.first.is_some_and(|first| first.age.0 != number);
    }

    /// The message to this node that arrives first once it listens.
    fn first(&mut self, to: NodeId) -> Option<First> {
        let inbox = &mut self.inboxes[to.slot()];
        if !inbox.is_known {
            let reaching = |letter: &&Letter| self.reach[letter.from.slot()].contains(to);
            let reaching = inbox.letters.iter().filter(reaching);
            inbox.first = reaching.map(|&letter| First::of(&self.ranks, letter, to)).max();
            inbox.is_known = true;
        }
        inbox.first
    }
}

impl First {
    fn of(ranks: &impl Rank, letter: Letter, to: NodeId) -> Self {
        let Letter { number, from } = letter;
        First { rank: ranks.rank(number, from, to), age: std::cmp::Reverse(number), from }
    }
}

impl<R: Rank> Order for Ranked<R> {
    fn keep_up(&mut self, stage: &Stage) {
        if self.inboxes.is_empty() {
            self.look(stage);
        } else {
            for news in &stage.news {
                match *news {
                    News::Sent(number, from, to) => self.add(number, from, to),
                    News::Gone(number, to) => self.remove(number, to),
                    News::TimerSet(..) | News::TimerMoved(..) | News::WriteQueued(_) => {}
                }
            }
        }
        if self.reach != stage.reach {
            self.reach = stage.reach;
            self.inboxes.iter_mut().for_each(|inbox| inbox.is_known = false);
        }
        let kept: usize = self.inboxes.iter().map(|inbox| inbox.letters.len()).sum();
        debug_assert_eq!(kept, stage.flights.len(), "inboxes hold what is on its way");
    }

    fn next(&mut self, stage: &Stage, _: &mut Draws) -> Option<usize> {
        let mut highest: Option<(First, NodeId)> = None;
        for to in stage.nodes().filter(|&to| stage.listens(to)) {
            if let Some(first) = self.first(to)
                && highest.is_none_or(|(highest, _)| highest < first)
            {
                highest = Some((first, to));
            }
        }
        let (first, to) = highest?;
        self.ranks.arrives(first.from, to);
        self.inboxes[to.slot()].is_known = false;
        pick::flight(stage, first.age.0)
    }

    fn knobs(&self) -> Vec<(String, String)> {
        self.ranks.knobs()
    }
}
