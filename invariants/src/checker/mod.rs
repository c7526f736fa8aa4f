//! The court: digests facts into history and moments, and puts each moment to those who sit on it.

mod calm;
mod clients;
mod steps;
mod storage;
mod unsettled;

use crate::bench::{Bench, Moment};
use crate::fact::{Fact, LogIndex, NodeSet, OutOfModel};
use crate::history::History;
use crate::invariant::Invariant;
use crate::judges::catalogue;
use crate::progress::Progress;
use crate::reveals::Reveals;
use crate::selection::Selection;
use crate::violation::Violation;
use crate::witness::{self, Witnesses};

/// Watches one run of one cluster.
#[derive(Clone)]
pub struct Checker {
    history: History,
    bench: Bench,
    /// By number of seat.
    sitting: Vec<&'static Invariant>,
    violations: Vec<Violation>,
    witnesses: Witnesses,
    fault: Option<OutOfModel>,
    declared: Reveals,
    shown: Reveals,
    withheld: Reveals,
    /// What has come about in the calm, once it has begun.
    progress: Option<Box<Progress>>,
}

impl Checker {
    /// A checker for a cluster of `nodes` that has not been booted yet. Of the selected invariants
    /// those sit that the guest reveals enough for.
    pub fn new(nodes: usize, reveals: Reveals, selection: &Selection) -> Self {
        let mut bench = Bench::default();
        let sitting: Vec<_> =
            sitting(reveals).filter(|invariant| selection.contains(invariant)).collect();
        for (number, invariant) in sitting.iter().enumerate() {
            for &judge in invariant.judges {
                bench.seat(number, judge);
            }
        }
        for (number, witness) in witness::list().iter().enumerate() {
            for &sight in witness.seen {
                bench.watch(number, sight);
            }
        }
        Checker {
            history: History::new(nodes, reveals),
            bench,
            sitting,
            violations: Vec::new(),
            witnesses: Witnesses::NONE,
            fault: None,
            declared: reveals,
            shown: Reveals::NONE,
            withheld: Reveals::NONE,
            progress: None,
        }
    }

    /// Takes note of a fact and judges what it means. After a violation the others sit on, so that
    /// it can be seen what came of it.
    pub fn observe(&mut self, fact: &Fact<'_>) {
        if self.shown != self.declared {
            self.shown = self.shown.union(Reveals::shown_by(fact).intersection(self.declared));
        }
        match fact {
            Fact::Booted { node, incarnation } => self.booted(*node, *incarnation),
            Fact::Crashed { node, kept } => self.crashed(*node, *kept),
            Fact::Halted { node } => self.stopped(*node),
            Fact::WriteFailed { node, kept } => self.write_failed(*node, *kept),
            Fact::Panicked { node, kept, place } => self.panicked(*node, *kept, place),
            Fact::OutOfModel { node, fault, hard_state, log } => {
                self.fault.get_or_insert(*fault);
                self.disk_replaced(*node, *hard_state, log);
            }
            Fact::WriteIssued { node, write } => self.write_issued(*node, write),
            Fact::WriteDurable { node, through } => self.write_durable(*node, *through),
            Fact::Sent { from, to, statement } => self.sent(*from, *to, *statement),
            Fact::Received { node, from, statement, again } => {
                self.received(*node, *from, *statement, *again);
            }
            Fact::Stepped { node, view } => self.stepped(*node, view),
            Fact::Unsettled { node } => self.unsettled(*node),
            Fact::Applied { node, index, term, payload, state_hash } => {
                self.applied(*node, *index, *term, *payload, *state_hash);
            }
            Fact::Invoked { command, .. } => self.invoked(*command),
            Fact::Replied { node, command, outcome } => self.replied(*node, *command, *outcome),
            Fact::Rewired { reach } => self.rewired(*reach),
            Fact::Exploded { node, what } => self.exploded(*node, what),
            Fact::Breached { node, kept, breach } => self.breached(*node, *kept, *breach),
            Fact::Calmed { core } => self.calmed(*core),
            Fact::Waited { millitimeouts } => self.waited(*millitimeouts),
        }
        if let Some(progress) = &mut self.progress {
            progress.hear(fact, &self.history);
        }
    }

    /// What was broken so far, in order of first occurrence, each invariant at most once.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// What was seen so far.
    pub fn witnesses(&self) -> Witnesses {
        self.witnesses
    }

    /// The judges' memory.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Length of the committed log.
    pub fn committed(&self) -> LogIndex {
        self.history.ledger.len()
    }

    /// What is declared and was shown at least once: who needs more has judged nothing. Who has
    /// accused was shown enough.
    pub fn shown(&self) -> Reveals {
        self.shown
    }

    /// What views have kept silent about though it is declared; who needs it judges no more.
    pub fn withheld(&self) -> Reveals {
        self.withheld
    }

    /// Goes back to an earlier checker's memory, if no more than the named nodes have stepped in
    /// between. What witnesses have seen stays seen; nothing was violated.
    pub fn return_to(&mut self, past: &Checker, stepped: NodeSet) {
        assert!(self.violations.is_empty(), "a search ends with a violation");
        self.history.return_to(&past.history, stepped);
    }

    /// Puts a moment to its judges and witnesses.
    fn emit<M: Moment>(&mut self, moment: &M) {
        let seats = M::seats(&self.bench);
        let accused = self.violations.len();
        for &(number, judge) in &seats.judges {
            if let Err(evidence) = judge(&self.history, moment) {
                self.violations.push(Violation {
                    invariant: self.sitting[number],
                    node: Some(moment.node()),
                    evidence,
                    place: moment.place(),
                    expected: self.fault,
                });
            }
        }
        let seen_before = self.witnesses;
        for &(number, sight) in &seats.sights {
            if sight(&self.history, moment) {
                self.witnesses.insert(number);
            }
        }
        if accused < self.violations.len() || seen_before != self.witnesses {
            self.dismiss(accused, seen_before);
        }
    }

    /// Judges that have spoken and witnesses that have seen need not be asked again.
    #[cold]
    fn dismiss(&mut self, accused: usize, seen_before: Witnesses) {
        for violation in &self.violations[accused..] {
            let number = self.sitting.iter().position(|sits| *sits == violation.invariant);
            self.bench.unseat(number.expect("who speaks sits"));
            let fed = Reveals::only(violation.invariant.needs).intersection(self.declared);
            self.shown = self.shown.union(fed);
        }
        for number in self.witnesses.numbers().filter(|&number| !seen_before.contains(number)) {
            self.bench.unwatch(number);
        }
    }
}

/// The invariants that can judge a guest that reveals this much.
pub fn sitting(reveals: Reveals) -> impl Iterator<Item = &'static Invariant> {
    catalogue().iter().copied().filter(move |invariant| reveals.meets(invariant.needs))
}

/// The invariants that cannot judge a guest that reveals no more than this.
pub fn not_sitting(reveals: Reveals) -> impl Iterator<Item = &'static Invariant> {
    catalogue().iter().copied().filter(move |invariant| !reveals.meets(invariant.needs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::evidence;
    use crate::fact::NodeId;
    use crate::invariant::Judge;
    use crate::moment::BecameLeader;
    use crate::reveals::Need;
    use crate::testing::Play;

    #[test]
    fn who_sits_on_all_steps_is_asked_after_those_that_change_nothing() {
        let sees = |judge| {
            let mut checker = Checker::new(3, Reveals::ALL, &Selection::ALL);
            checker.bench = Bench::default();
            checker.bench.seat(0, judge);
            let node = NodeId(1);
            checker.observe(&Fact::Booted { node, incarnation: 1 });
            let view = checker.history().node(node).view;
            checker.observe(&Fact::Stepped { node, view: &view });
            !checker.violations().is_empty()
        };
        assert!(sees(Judge::Stepped(|_, moment| Err(evidence!("{}", moment.node)))));
        assert!(!sees(Judge::Changed(|_, moment| Err(evidence!("{}", moment.node)))));
    }

    #[test]
    fn what_was_never_shown_is_not_taken_for_shown() {
        let mut play = Play::new(3);
        let shown = |play: &Play| Reveals::ALL.difference(play.checker.shown());
        assert_eq!(shown(&play), Reveals::ALL);
        play.step(1);
        assert!(play.checker.shown().meets(&[Need::TermAndRole, Need::CommitIndex]));
        assert!(!play.checker.shown().contains(Need::MatchIndex), "nobody has led");
        play.elect(1, 2, &[2]);
        let rest = [Need::Log, Need::CommitsByAppend, Need::Applies, Need::Replies];
        assert_eq!(shown(&play), Reveals::only(&rest));
        play.append(1, &[2]).step(1).durable(1).replicate(1, 2, 1).commit(1, 1);
        play.apply(1, 1).acknowledge(1, 1001, 1).step(1);
        assert_eq!(shown(&play), Reveals::NONE);
    }

    #[test]
    fn who_has_accused_was_shown_enough() {
        let mut play = Play::new(3);
        play.say_granted(1, 2, 1);
        play.breaks("VoteDurableBeforeReply");
        assert!(play.checker.shown().contains(Need::Votes), "though no vote was ever written");
    }

    #[test]
    fn who_has_spoken_or_seen_is_asked_no_more() {
        let mut play = Play::new(3);
        let asked = |play: &Play| {
            let seats = BecameLeader::seats(&play.checker.bench);
            (seats.judges.len(), seats.sights.len())
        };
        let (judges, sights) = asked(&play);
        play.elect(1, 2, &[2]);
        assert!(play.saw("LeaderElected"));
        assert_eq!(asked(&play), (judges, sights - 1));
        play.term(2, 3).lead(2);
        play.breaks("ElectedByQuorum");
        let accused = play.broken();
        let seats = &BecameLeader::seats(&play.checker.bench).judges;
        let still_sit = seats.iter().map(|&(number, _)| play.checker.sitting[number].name);
        assert!(still_sit.clone().all(|name| !accused.contains(&name)));
        assert!(0 < still_sit.count() && asked(&play).0 < judges);
    }

    #[test]
    fn a_checker_that_returns_is_what_it_was() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2]).step(1);
        let past = play.checker.clone();
        play.durable(1).replicate(1, 2, 1).commit(1, 1).apply(1, 1);
        let stepped = [NodeId(1), NodeId(2)].into_iter().collect();
        play.checker.return_to(&past, stepped);
        assert_eq!(format!("{:?}", play.checker.history()), format!("{:?}", past.history()));
        assert!(play.saw("EntryCommitted"), "what was seen stays seen");
    }

    #[test]
    fn nobody_sits_without_what_it_needs() {
        for &invariant in catalogue() {
            let sits = |reveals| {
                let checker = Checker::new(3, reveals, &Selection::ALL);
                let listed = sitting(reveals).any(|it| it == invariant);
                assert_ne!(listed, not_sitting(reveals).any(|it| it == invariant));
                assert_eq!(listed, checker.sitting.contains(&invariant), "{invariant:?}");
                listed
            };
            assert!(sits(Reveals::only(invariant.needs)), "{invariant:?} needs nothing else");
            for &need in invariant.needs {
                let less = Reveals::ALL.without(&[need]);
                assert!(!sits(less), "{invariant:?} sits without {need}");
                assert_eq!(less.missing(invariant.needs).collect::<Vec<_>>(), [need]);
            }
        }
    }
}
