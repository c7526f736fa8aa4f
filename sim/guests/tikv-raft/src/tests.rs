//! Drives servers by hand, in both modes.

use raft_sim::node as port;

#[path = "../../../src/guests/pump.rs"]
#[allow(dead_code, reason = "each guest's tests use their part of it")]
mod pump;

use port::{
    Boot, Claim, Disk, Effect, HardState, Input, Node, NodeId, NodeSet, Outcome, Role, Timer,
    WriteId,
};
use pump::{LIMITS, N1, N2, N3, Pump, story};
use raft::eraftpb::Message;

use crate::{Config, ReadyMode, Tikv};

const MODES: [Config; 2] = [Config { ready: ReadyMode::Sync }, Config { ready: ReadyMode::Async }];

#[test]
fn lives_through_election_commit_truncation_and_restart() {
    for config in MODES {
        story::<Tikv>(config);
    }
}

#[test]
fn a_leader_sends_before_it_writes_and_anyone_else_after() {
    for config in MODES {
        let mut pump = Pump::<Tikv>::new(3, config, LIMITS);
        pump.timeout(N1, Timer::Election);
        assert_eq!(pump.order, ["set", "write", "send", "send"]);
        let hard_state = HardState { current_term: 1, voted_for: Some(N1) };
        assert_eq!(pump.disk(N1).hard_state, hard_state);
        pump.settle();
        pump.propose(N1, 7);
        assert_eq!(pump.order, ["send", "send", "write"]);
    }
}

#[test]
fn the_election_timer_restarts_when_the_crate_says_so() {
    for config in MODES {
        let mut pump = Pump::<Tikv>::new(3, config, LIMITS);
        pump.elect(N1);
        // A heartbeat restarts it, another candidate of the same term does not.
        pump.timeout(N1, Timer::Heartbeat);
        pump.round();
        assert_eq!(pump.order, ["set", "send"]);
        pump.settle();
        pump.timeout(N2, Timer::Election);
        pump.timeout(N3, Timer::Election);
        pump.drop_all();
        pump.isolated.insert(N1);
        pump.timeout(N2, Timer::Election);
        pump.round();
        assert_eq!(pump.view(N3).voted_for, Some(Some(N2)));
        assert_eq!(pump.order[0], "set");
    }
}

#[test]
fn a_server_alone_commits_what_is_durable() {
    for config in MODES {
        let mut pump = Pump::<Tikv>::new(1, config, LIMITS);
        pump.timeout(N1, Timer::Election);
        assert_eq!(pump.view(N1).role, Some(Role::Leader));
        pump.propose(N1, 7);
        assert_eq!(pump.order, ["write", "apply", "reply"]);
        assert_eq!(pump.replies, [(7, Outcome::Committed(2))]);
    }
}

/// A server whose disk takes its time.
struct Slow {
    node: Tikv,
    writes: Vec<WriteId>,
}

type Sent = (NodeId, Message, Option<WriteId>);

impl Slow {
    fn boot(id: NodeId, count: usize) -> Self {
        let config = Config { ready: ReadyMode::Async };
        let (cluster, disk) = (NodeSet::first(count), &Disk::default());
        let boot = Boot { id, cluster, incarnation: 1, disk, limits: LIMITS, config: &config };
        Slow { node: Tikv::boot(&boot, &mut Vec::new()), writes: Vec::new() }
    }

    /// One step: what it sends, and how many entries it applies.
    fn step(&mut self, input: Input<Message>) -> (Vec<Sent>, usize) {
        let mut effects = Vec::new();
        self.node.step(input, &mut effects);
        let (mut sent, mut applied) = (Vec::new(), 0);
        for effect in effects {
            match effect {
                Effect::Write(write) => self.writes.push(write.id),
                Effect::Send { to, message, after } => sent.push((to, message, after)),
                Effect::Apply { .. } => applied += 1,
                _ => {}
            }
        }
        (sent, applied)
    }

    fn receive(&mut self, from: NodeId, message: &Message) -> (Vec<Sent>, usize) {
        self.step(Input::Receive { from, message: message.clone() })
    }

    fn sync(&mut self) -> (Vec<Sent>, usize) {
        let through = self.writes.pop().expect("there is a write");
        self.step(Input::WriteDone(through))
    }
}

#[test]
fn in_asynchronous_mode_nothing_counts_before_it_is_durable() {
    let (mut leader, mut follower) = (Slow::boot(N1, 2), Slow::boot(N2, 2));
    let (requests, _) = leader.step(Input::Timeout(Timer::Election));
    assert_eq!(requests[0].2, Some(1), "a candidate's write comes first");
    leader.sync();
    let (votes, _) = follower.receive(N1, &requests[0].1);
    assert_eq!(votes[0].2, Some(1), "a voter's write comes first");
    follower.sync();
    let (appends, _) = leader.receive(N2, &votes[0].1);
    assert_eq!(appends[0].2, None, "a leader writes while it sends");
    assert_eq!(leader.node.view().match_index.map(|indexes| indexes[0]), Some(0));

    // The follower answers twice, and both answers wait for the one write.
    for _ in 0..2 {
        let (replies, _) = follower.receive(N1, &appends[0].1);
        let claim = Tikv::label(&replies[0].1).statement.claim;
        assert_eq!(claim, Claim::AppendEntriesReply { success: true, match_index: 1 });
        assert_eq!(replies[0].2, Some(2));
    }
    let (replies, _) = follower.receive(N1, &appends[0].1);
    follower.sync();

    // The follower has it, the leader has not: one of two is no majority.
    let (_, applied) = leader.receive(N2, &replies[0].1);
    assert_eq!((applied, leader.node.view().commit_index), (0, Some(0)));
    let (_, applied) = leader.sync();
    assert_eq!((applied, leader.node.view().commit_index), (1, Some(1)));
}
