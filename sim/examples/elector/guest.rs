//! A complete small guest, which elects leaders and does nothing else.

use raft_sim::node::{
    Boot, Claim, Effect, HardState, Input, Kind, Label, LogPosition, NODES_MAX, Need, Node, NodeId,
    NodeSet, Outcome, Reveals, Role, Statement, Storage, Term, Timer, Traits, View, Write, WriteId,
};

/// A server that only holds elections.
pub(crate) struct Elector {
    id: NodeId,
    cluster: NodeSet,
    hard_state: HardState,
    role: Role,
    votes: NodeSet,
    writes: WriteId,
}

#[derive(Copy, Clone, Debug)]
pub(crate) enum Message {
    RequestVote { term: Term },
    Vote { term: Term },
}

impl Elector {
    /// With blocking storage, a write holds up every effect after it.
    fn persist(&mut self, hard_state: HardState, effects: &mut Vec<Effect<Message>>) {
        self.hard_state = hard_state;
        self.writes += 1;
        let hard_state = Some(hard_state);
        effects.push(Effect::Write(Write { id: self.writes, hard_state, ..Write::default() }));
    }

    fn campaign(&mut self, effects: &mut Vec<Effect<Message>>) {
        let term = self.hard_state.current_term + 1;
        self.persist(HardState { current_term: term, voted_for: Some(self.id) }, effects);
        self.role = Role::Candidate;
        self.votes = NodeSet::from_iter([self.id]);
        for to in self.cluster.iter().filter(|&to| to != self.id) {
            effects.push(Effect::Send { to, message: Message::RequestVote { term }, after: None });
        }
        effects.push(Effect::SetTimer(Timer::Election));
        self.count_votes();
    }

    fn count_votes(&mut self) {
        if self.cluster.len() < 2 * self.votes.len() {
            self.role = Role::Leader;
        }
    }

    fn receive(&mut self, from: NodeId, message: Message, effects: &mut Vec<Effect<Message>>) {
        let (Message::RequestVote { term } | Message::Vote { term }) = message;
        if self.hard_state.current_term < term {
            self.role = Role::Follower;
            self.persist(HardState { current_term: term, voted_for: None }, effects);
        }
        if term < self.hard_state.current_term {
            return;
        }
        match message {
            Message::RequestVote { .. } => {
                if self.hard_state.voted_for.is_none() {
                    let voted_for = Some(from);
                    self.persist(HardState { current_term: term, voted_for }, effects);
                }
                if self.hard_state.voted_for == Some(from) {
                    let message = Message::Vote { term };
                    effects.push(Effect::Send { to: from, message, after: None });
                }
            }
            Message::Vote { .. } if self.role == Role::Candidate => {
                self.votes.insert(from);
                self.count_votes();
            }
            Message::Vote { .. } => {}
        }
    }
}

impl Node for Elector {
    type Message = Message;
    type Config = ();

    fn traits((): &()) -> Traits {
        let reveals = Reveals::only(&[Need::TermAndRole, Need::Votes, Need::Claims]);
        Traits { storage: Storage::Blocking, reveals, nodes: (1, NODES_MAX) }
    }

    fn boot(boot: &Boot<'_, ()>, effects: &mut Vec<Effect<Message>>) -> Self {
        effects.push(Effect::SetTimer(Timer::Election));
        Elector {
            id: boot.id,
            cluster: boot.cluster,
            hard_state: boot.disk.hard_state,
            role: Role::Follower,
            votes: NodeSet::EMPTY,
            writes: 0,
        }
    }

    fn step(&mut self, input: Input<Message>, effects: &mut Vec<Effect<Message>>) {
        match input {
            Input::Timeout(_) if self.role != Role::Leader => self.campaign(effects),
            Input::Receive { from, message } => self.receive(from, message, effects),
            Input::Propose(command) => {
                effects.push(Effect::Reply { command, outcome: Outcome::Refused });
            }
            Input::Timeout(_) | Input::WriteDone(_) | Input::WriteFailed => {}
        }
    }

    fn view(&self) -> View {
        View {
            current_term: Some(self.hard_state.current_term),
            voted_for: Some(self.hard_state.voted_for),
            role: Some(self.role),
            ..View::default()
        }
    }

    fn kinds((): &()) -> &[Kind] {
        const { &[Kind::new("RequestVote"), Kind::new("Vote")] }
    }

    fn label(message: &Message) -> Label {
        let (kind, term, claim) = match *message {
            Message::RequestVote { term } => {
                (0, term, Claim::RequestVote { last_log: LogPosition::default() })
            }
            Message::Vote { term } => (1, term, Claim::RequestVoteReply { vote_granted: true }),
        };
        let signature =
            raft_sim::language::hash::Hasher::new().add(u64::from(kind)).add(term).signature();
        Label { kind, yes: false, signature, statement: Statement { term: Some(term), claim } }
    }
}
