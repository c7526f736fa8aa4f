//! Facts in any order, true to no protocol: the checker must survive them all, and its slow twin
//! must agree with it.

use raft_invariants::fact::{
    Breach, Claim, Command, Entry, Fact, HardState, LogPosition, NODES_MAX, NodeId, NodeSet,
    OutOfModel, Outcome, Payload, Role, Statement, View, Write,
};
use raft_invariants::twin::{JUDGED, Twin};
use raft_invariants::{Checker, Reveals, Selection};

/// `SplitMix64`: enough chance for a test, and the same on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.below(2) == 0).then_some(value)
    }

    fn nearly_always<T>(&mut self, value: T) -> Option<T> {
        (self.below(200) != 0).then_some(value)
    }

    /// Mostly small, sometimes absurd.
    fn index(&mut self) -> u64 {
        if self.below(50) == 0 { u64::MAX } else { self.below(5) }
    }

    fn node(&mut self) -> NodeId {
        NodeId(1 + self.below(3) as u8)
    }

    fn command(&mut self) -> Command {
        Command(self.below(2))
    }

    fn entry(&mut self) -> Entry {
        let payload = match self.below(3) {
            0 => Payload::NoOp,
            1 => Payload::Command(self.command()),
            _ => Payload::Other(self.below(2)),
        };
        Entry { term: self.below(4), payload }
    }

    fn position(&mut self) -> LogPosition {
        LogPosition { term: self.below(4), index: self.index() }
    }

    fn hard_state(&mut self) -> HardState {
        let candidate = self.node();
        HardState { current_term: self.below(4), voted_for: self.maybe(candidate) }
    }

    fn statement(&mut self) -> Statement {
        let claim = match self.below(5) {
            0 => Claim::RequestVote { last_log: self.position() },
            1 => Claim::RequestVoteReply { vote_granted: self.below(2) == 0 },
            2 => Claim::AppendEntries {
                prev_log: self.position(),
                entries: self.index(),
                last_log: self.position(),
                leader_commit: self.index(),
            },
            3 => {
                Claim::AppendEntriesReply { success: self.below(2) == 0, match_index: self.index() }
            }
            _ => Claim::Other,
        };
        let term = self.below(4);
        Statement { term: self.maybe(term), claim }
    }

    fn view(&mut self) -> View {
        let roles = [Role::Follower, Role::PreCandidate, Role::Candidate, Role::Leader];
        let (matched, next) = (self.index(), self.index());
        let position = self.position();
        let state = self.hard_state();
        let (commit, applied) = (self.index(), self.index());
        let role = roles[self.below(4) as usize];
        View {
            current_term: Some(self.below(4)),
            voted_for: self.nearly_always(state.voted_for),
            role: self.nearly_always(role),
            commit_index: self.nearly_always(commit),
            last_applied: self.maybe(applied),
            last_log: self.nearly_always(position),
            match_index: self.nearly_always([matched; NODES_MAX]),
            next_index: self.nearly_always([next; NODES_MAX]),
        }
    }

    fn write(&mut self, id: u64) -> Write {
        let (state, from) = (self.hard_state(), self.index());
        let count = self.below(3);
        Write {
            id,
            hard_state: self.maybe(state),
            truncate_from: self.maybe(from),
            append: (0..count).map(|_| self.entry()).collect(),
        }
    }

    /// Hands a fact that means nothing to `tell`.
    fn fact(&mut self, step: u64, tell: &mut dyn FnMut(&Fact<'_>)) {
        let (node, to, statement) = (self.node(), self.node(), self.statement());
        let kept = self.below(3) as usize;
        let Entry { term, payload } = self.entry();
        match self.below(25) {
            0 => tell(&Fact::Booted { node, incarnation: step as u32 }),
            1 => tell(&Fact::Crashed { node, kept }),
            2 => tell(&Fact::Halted { node }),
            3 => tell(&Fact::WriteFailed { node, kept }),
            4 if kept == 0 => {
                tell(&Fact::Breached { node, kept, breach: Breach::NoSuchNode { to } });
            }
            4 => tell(&Fact::Panicked { node, kept, place: "here" }),
            5..8 => tell(&Fact::WriteIssued { node, write: &self.write(step) }),
            8..10 => tell(&Fact::WriteDurable { node, through: step - self.below(step.min(9)) }),
            10..13 => tell(&Fact::Sent { from: node, to, statement }),
            13..15 => tell(&Fact::Received { node, from: to, statement, again: kept == 0 }),
            15..20 => tell(&Fact::Stepped { node, view: &self.view() }),
            20 => {
                let (index, state_hash) = (self.index(), self.below(2));
                tell(&Fact::Applied { node, index, term, payload, state_hash });
            }
            21 => tell(&Fact::Invoked { node, command: self.command() }),
            22 => tell(&Fact::Unsettled { node }),
            23 => {
                let (index, refused) = (self.index(), self.below(2) == 0);
                let outcome = if refused { Outcome::Refused } else { Outcome::Committed(index) };
                tell(&Fact::Replied { node, command: self.command(), outcome });
            }
            _ => tell(&Fact::Rewired { reach: [NodeSet(self.below(8) as u16); NODES_MAX] }),
        }
    }
}

#[test]
fn nothing_makes_the_checker_panic() {
    for seed in 0..2000 {
        let mut chance = Chance(seed);
        let mut checker = Checker::new(3, Reveals::ALL, &Selection::ALL);
        for step in 1..300 {
            if chance.below(100) == 0 {
                let (node, hard_state) = (chance.node(), chance.hard_state());
                let log = [chance.entry(), chance.entry()];
                let fault = OutOfModel::FsyncLied;
                checker.observe(&Fact::OutOfModel { node, fault, hard_state, log: &log });
            }
            chance.fact(step, &mut |fact| checker.observe(fact));
        }
        assert!(!checker.violations().is_empty(), "chaos breaks something (seed {seed})");
    }
}

#[test]
fn the_twin_agrees_until_logs_no_longer_match() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..4000 {
        let mut chance = Chance(seed);
        let mut checker = Checker::new(3, Reveals::ALL, &Selection::ALL);
        let mut twin = Twin::new(3, Reveals::ALL);
        for node in NodeId::all(3) {
            let booted = Fact::Booted { node, incarnation: 1 };
            checker.observe(&booted);
            twin.observe(&booted);
        }
        for step in 1..60 {
            let mut last = String::new();
            chance.fact(step, &mut |fact| {
                checker.observe(fact);
                twin.observe(fact);
                last = format!("{fact:?}");
            });
            let mut fast: Vec<_> = checker
                .violations()
                .iter()
                .map(|violation| violation.invariant.name)
                .filter(|name| JUDGED.contains(name))
                .collect();
            fast.sort_unstable();
            let slow: Vec<_> = twin.verdicts().iter().copied().collect();
            assert_eq!(fast, slow, "seed {seed}, step {step}: {last}");
            seen.extend(slow.iter().copied());
            if slow.contains(&"LogMatching") {
                break;
            }
        }
    }
    assert_eq!(seen.len(), JUDGED.len(), "each verdict was compared at least once: {seen:?}");
}
