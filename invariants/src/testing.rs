//! Plays nodes for tests of judges: every method tells the checker the facts of one small scene.
//!
//! Nothing here obeys Raft by itself. A scene writes, says and believes exactly what it is told
//! to; terms, votes and last entries in views are filled in from what was written.

mod calm;
mod clients;
mod least;
mod verdicts;

use self::least::Least;
use crate::fact::{
    Breach, Claim, Command, Entry, Fact, HardState, LogIndex, LogPosition, NODES_MAX, NodeId,
    NodeSet, OutOfModel, Payload, Role, Statement, Term, View, Write,
};
use crate::{Checker, Need, Reveals, Selection};

pub(crate) struct Play {
    pub(crate) checker: Checker,
    least: Least,
    nodes: usize,
    views: [View; NODES_MAX],
    boots: [u32; NODES_MAX],
    writes: u64,
    commands: u64,
    waited: u64,
}

fn position((index, term): (LogIndex, Term)) -> LogPosition {
    LogPosition { term, index }
}

impl Play {
    /// A cluster whose nodes have all just started.
    pub(crate) fn new(nodes: usize) -> Self {
        Play::seen(nodes, &[])
    }

    /// The same, but of its nodes these things are not seen.
    pub(crate) fn seen(nodes: usize, hidden: &[Need]) -> Self {
        let reveals = Reveals::ALL.without(hidden);
        let mut play = Play {
            checker: Checker::new(nodes, reveals, &Selection::ALL),
            least: Least::new(nodes, reveals),
            nodes,
            views: [View::default(); NODES_MAX],
            boots: [0; NODES_MAX],
            writes: 0,
            commands: 1000,
            waited: 0,
        };
        for node in 1..=nodes as u8 {
            play.boot(node);
        }
        play
    }

    pub(crate) fn tell(&mut self, fact: &Fact<'_>) -> &mut Self {
        self.checker.observe(fact);
        self.least.observe(fact);
        self
    }

    pub(crate) fn boot(&mut self, node: u8) -> &mut Self {
        let slot = NodeId(node).slot();
        self.boots[slot] += 1;
        self.views[slot] =
            View { role: Some(Role::Follower), commit_index: Some(0), ..View::default() };
        self.tell(&Fact::Booted { node: NodeId(node), incarnation: self.boots[slot] })
    }

    pub(crate) fn crash(&mut self, node: u8, kept: usize) -> &mut Self {
        self.tell(&Fact::Crashed { node: NodeId(node), kept })
    }

    pub(crate) fn panic(&mut self, node: u8, place: &str) -> &mut Self {
        self.tell(&Fact::Panicked { node: NodeId(node), kept: 0, place })
    }

    pub(crate) fn explode(&mut self, node: u8, what: &str) -> &mut Self {
        self.tell(&Fact::Exploded { node: NodeId(node), what })
    }

    pub(crate) fn breach(&mut self, node: u8, breach: Breach) -> &mut Self {
        self.tell(&Fact::Breached { node: NodeId(node), kept: 0, breach })
    }

    /// The node's disk comes back empty.
    pub(crate) fn wipe(&mut self, node: u8) -> &mut Self {
        let hard_state = HardState::default();
        let fault = OutOfModel::Wiped;
        self.tell(&Fact::OutOfModel { node: NodeId(node), fault, hard_state, log: &[] })
    }

    /// Cuts the cluster in two.
    pub(crate) fn cut(&mut self, side: &[u8]) -> &mut Self {
        let side: NodeSet = side.iter().map(|&node| NodeId(node)).collect();
        let other: NodeSet =
            NodeSet::first(self.nodes).iter().filter(|&node| !side.contains(node)).collect();
        let reach =
            std::array::from_fn(|slot| if side.contains(NodeId::at(slot)) { side } else { other });
        self.tell(&Fact::Rewired { reach })
    }

    pub(crate) fn write(&mut self, node: u8, mut write: Write) -> &mut Self {
        self.writes += 1;
        write.id = self.writes;
        self.tell(&Fact::WriteIssued { node: NodeId(node), write: &write })
    }

    pub(crate) fn durable(&mut self, node: u8) -> &mut Self {
        self.tell(&Fact::WriteDurable { node: NodeId(node), through: self.writes })
    }

    pub(crate) fn hard_state(&mut self, node: u8, term: Term, vote: Option<u8>) -> &mut Self {
        let state = HardState { current_term: term, voted_for: vote.map(NodeId) };
        self.write(node, Write { hard_state: Some(state), ..Write::default() })
    }

    /// The node enters a term, and that is durable.
    pub(crate) fn term(&mut self, node: u8, term: Term) -> &mut Self {
        self.views[NodeId(node).slot()].role = Some(Role::Follower);
        self.hard_state(node, term, None).durable(node).step(node)
    }

    /// The node looks at itself after a step.
    pub(crate) fn step(&mut self, node: u8) -> &mut Self {
        self.view(node, |_| {})
    }

    /// A step ends, and the node still waits for its disk.
    pub(crate) fn unsettled(&mut self, node: u8) -> &mut Self {
        self.tell(&Fact::Unsettled { node: NodeId(node) })
    }

    /// The same, but it sees something else.
    pub(crate) fn view(&mut self, node: u8, change: impl FnOnce(&mut View)) -> &mut Self {
        let memory = &self.checker.history().node(NodeId(node)).memory;
        let mut view = self.views[NodeId(node).slot()];
        view.current_term = Some(memory.hard_state.current_term);
        view.voted_for = Some(memory.hard_state.voted_for);
        view.last_log = Some(memory.log.last());
        change(&mut view);
        self.tell(&Fact::Stepped { node: NodeId(node), view: &view })
    }

    pub(crate) fn send(&mut self, from: u8, to: u8, term: Term, claim: Claim) -> &mut Self {
        let statement = Statement { term: Some(term), claim };
        self.tell(&Fact::Sent { from: NodeId(from), to: NodeId(to), statement })
    }

    fn stand(&mut self, node: u8) -> &mut Self {
        self.views[NodeId(node).slot()].role = Some(Role::Candidate);
        let memory = &self.checker.history().node(NodeId(node)).memory;
        let (term, last_log) = (memory.hard_state.current_term, memory.log.last());
        for other in (1..=self.nodes as u8).filter(|&other| other != node) {
            self.send(node, other, term, Claim::RequestVote { last_log });
        }
        self.step(node)
    }

    /// Asks for votes, once its own is durable.
    pub(crate) fn ask(&mut self, node: u8, term: Term) -> &mut Self {
        if self.views[NodeId(node).slot()].role == Some(Role::Leader) {
            self.follow(node);
        }
        self.hard_state(node, term, Some(node)).durable(node).stand(node)
    }

    pub(crate) fn ask_undurably(&mut self, node: u8, term: Term) -> &mut Self {
        self.hard_state(node, term, Some(node)).stand(node)
    }

    /// Votes for itself, and neither its disk nor anyone else hears of it.
    pub(crate) fn vote_undurably(&mut self, node: u8, term: Term) -> &mut Self {
        self.hard_state(node, term, Some(node)).step(node)
    }

    pub(crate) fn say_granted(&mut self, voter: u8, candidate: u8, term: Term) -> &mut Self {
        self.send(voter, candidate, term, Claim::RequestVoteReply { vote_granted: true })
    }

    /// Votes for a candidate, durably.
    pub(crate) fn grant(&mut self, voter: u8, candidate: u8, term: Term) -> &mut Self {
        self.views[NodeId(voter).slot()].role = Some(Role::Follower);
        self.hard_state(voter, term, Some(candidate)).durable(voter);
        self.say_granted(voter, candidate, term).step(voter)
    }

    pub(crate) fn lead(&mut self, node: u8) -> &mut Self {
        self.views[NodeId(node).slot()].match_index = None;
        self.lead_as_is(node)
    }

    /// Comes to lead, with what it knows of others from before.
    pub(crate) fn lead_as_is(&mut self, node: u8) -> &mut Self {
        let next = self.checker.history().node(NodeId(node)).memory.log.last_index() + 1;
        let view = &mut self.views[NodeId(node).slot()];
        view.role = Some(Role::Leader);
        view.match_index.get_or_insert([0; NODES_MAX]);
        view.next_index = Some([next; NODES_MAX]);
        self.step(node)
    }

    pub(crate) fn follow(&mut self, node: u8) -> &mut Self {
        let view = &mut self.views[NodeId(node).slot()];
        (view.role, view.match_index, view.next_index) = (Some(Role::Follower), None, None);
        self.step(node)
    }

    /// Stands, gets these votes, and leads.
    pub(crate) fn elect(&mut self, node: u8, term: Term, voters: &[u8]) -> &mut Self {
        self.ask(node, term);
        for &voter in voters {
            self.grant(voter, node, term);
        }
        self.lead(node)
    }

    /// Adds entries of these terms, each with a command of its own.
    pub(crate) fn append(&mut self, node: u8, terms: &[Term]) -> &mut Self {
        let mut append = Vec::new();
        for &term in terms {
            self.commands += 1;
            append.push(Entry { term, payload: Payload::Command(Command(self.commands)) });
        }
        self.write(node, Write { append, ..Write::default() })
    }

    pub(crate) fn append_command(&mut self, node: u8, term: Term, command: u64) -> &mut Self {
        let append = vec![Entry { term, payload: Payload::Command(Command(command)) }];
        self.write(node, Write { append, ..Write::default() })
    }

    pub(crate) fn append_blank(&mut self, node: u8, term: Term) -> &mut Self {
        let append = vec![Entry { term, payload: Payload::NoOp }];
        self.write(node, Write { append, ..Write::default() })
    }

    pub(crate) fn truncate(&mut self, node: u8, from: LogIndex) -> &mut Self {
        self.write(node, Write { truncate_from: Some(from), ..Write::default() })
    }

    /// Deletes the tail and puts the same one back, in one write.
    pub(crate) fn rewrite(&mut self, node: u8, from: LogIndex) -> &mut Self {
        let append = self.entries(node, from, LogIndex::MAX);
        self.write(node, Write { truncate_from: Some(from), append, ..Write::default() })
    }

    fn entries(&self, node: u8, from: LogIndex, through: LogIndex) -> Vec<Entry> {
        let log = &self.checker.history().node(NodeId(node)).memory.log;
        let count = (through.saturating_add(1) - from) as usize;
        log.suffix(from).iter().take(count).map(|mirrored| mirrored.entry).collect()
    }

    /// One message of the leader and its answer, so that the follower durably holds its log up to
    /// `through`.
    pub(crate) fn replicate(&mut self, leader: u8, follower: u8, through: LogIndex) -> &mut Self {
        let history = self.checker.history();
        let (ours, theirs) = (history.node(NodeId(leader)), history.node(NodeId(follower)));
        let term = ours.memory.hard_state.current_term;
        let enters = theirs.memory.hard_state.current_term < term;
        let (ours, theirs) = (&ours.memory.log, &theirs.memory.log);
        let agree = |index: &LogIndex| ours.hash_at(*index) == theirs.hash_at(*index);
        let prev = (0..=through.min(theirs.last_index())).rev().find(agree).unwrap_or(0);
        let conflicts = prev < through && prev < theirs.last_index();
        self.hear_append(leader, follower, prev, through);
        let write = Write {
            id: 0,
            hard_state: enters.then_some(HardState { current_term: term, voted_for: None }),
            truncate_from: conflicts.then_some(prev + 1),
            append: self.entries(leader, prev + 1, through),
        };
        let view = &mut self.views[NodeId(follower).slot()];
        (view.role, view.match_index, view.next_index) = (Some(Role::Follower), None, None);
        self.write(follower, write).step(follower).durable(follower);
        self.say_matched(follower, leader, term, through)
    }

    /// A message of the leader with the entries after `prev` up to `last` leaves and arrives.
    pub(crate) fn hear_append(&mut self, from: u8, to: u8, prev: u64, last: u64) -> &mut Self {
        let ours = self.checker.history().node(NodeId(from));
        let at = |index| (index, ours.memory.log.term_at(index).unwrap_or(0));
        let (prev, last) = (position(at(prev)), position(at(last)));
        let statement = Statement {
            term: Some(ours.memory.hard_state.current_term),
            claim: Claim::AppendEntries {
                prev_log: prev,
                entries: last.index - prev.index,
                last_log: last,
                leader_commit: ours.view.commit_index.unwrap_or(0),
            },
        };
        let (from, node) = (NodeId(from), NodeId(to));
        self.tell(&Fact::Sent { from, to: node, statement });
        self.tell(&Fact::Received { node, from, statement, again: false })
    }

    /// A heartbeat of a leader of this term arrives, late; it fits behind the follower's own log and
    /// says that much is committed.
    pub(crate) fn receive_append(
        &mut self,
        from: u8,
        to: u8,
        term: Term,
        leader_commit: LogIndex,
    ) -> &mut Self {
        let last = self.checker.history().node(NodeId(to)).memory.log.last();
        let claim =
            Claim::AppendEntries { prev_log: last, entries: 0, last_log: last, leader_commit };
        let statement = Statement { term: Some(term), claim };
        let (node, from) = (NodeId(to), NodeId(from));
        self.tell(&Fact::Received { node, from, statement, again: false })
    }

    /// A candidate's request for votes arrives, which names this last entry of its log.
    pub(crate) fn hear_request(
        &mut self,
        from: u8,
        to: u8,
        term: Term,
        last: (LogIndex, Term),
    ) -> &mut Self {
        let claim = Claim::RequestVote { last_log: position(last) };
        let statement = Statement { term: Some(term), claim };
        let (node, from) = (NodeId(to), NodeId(from));
        self.tell(&Fact::Received { node, from, statement, again: false })
    }

    #[expect(clippy::too_many_arguments, reason = "a message has that many fields")]
    pub(crate) fn say_append(
        &mut self,
        from: u8,
        to: u8,
        term: Term,
        prev: (LogIndex, Term),
        entries: u64,
        last: (LogIndex, Term),
        leader_commit: LogIndex,
    ) -> &mut Self {
        let (prev_log, last_log) = (position(prev), position(last));
        let claim = Claim::AppendEntries { prev_log, entries, last_log, leader_commit };
        self.send(from, to, term, claim)
    }

    pub(crate) fn say_matched(&mut self, from: u8, to: u8, term: Term, index: u64) -> &mut Self {
        self.send(from, to, term, Claim::AppendEntriesReply { success: true, match_index: index })
    }

    pub(crate) fn matched_silently(&mut self, leader: u8, of: u8, index: LogIndex) -> &mut Self {
        let view = &mut self.views[NodeId(leader).slot()];
        view.match_index.get_or_insert([0; NODES_MAX])[NodeId(of).slot()] = index;
        view.next_index.get_or_insert([1; NODES_MAX])[NodeId(of).slot()] = index + 1;
        self
    }

    pub(crate) fn matched(&mut self, leader: u8, of: u8, index: LogIndex) -> &mut Self {
        self.matched_silently(leader, of, index).step(leader)
    }

    pub(crate) fn next(&mut self, leader: u8, of: u8, index: LogIndex) -> &mut Self {
        let view = &mut self.views[NodeId(leader).slot()];
        view.next_index.get_or_insert([1; NODES_MAX])[NodeId(of).slot()] = index;
        self.step(leader)
    }

    pub(crate) fn commit(&mut self, node: u8, index: LogIndex) -> &mut Self {
        self.views[NodeId(node).slot()].commit_index = Some(index);
        self.step(node)
    }

    /// Applies an entry of its log; the state is a hash of the log up to there.
    pub(crate) fn apply(&mut self, node: u8, index: LogIndex) -> &mut Self {
        let log = &self.checker.history().node(NodeId(node)).memory.log;
        let state_hash = log.hash_at(index).expect("the entry is there");
        self.apply_to(node, index, state_hash)
    }

    pub(crate) fn apply_to(&mut self, node: u8, index: LogIndex, state_hash: u64) -> &mut Self {
        let log = &self.checker.history().node(NodeId(node)).memory.log;
        let Entry { term, payload } = log.get(index).expect("the entry is there").entry;
        self.tell(&Fact::Applied { node: NodeId(node), index, term, payload, state_hash })
    }

    /// Applies all entries up to this one.
    pub(crate) fn apply_all(&mut self, node: u8, through: LogIndex) -> &mut Self {
        let applied = self.checker.history().node(NodeId(node)).applied;
        (applied + 1..=through).for_each(|index| {
            self.apply(node, index);
        });
        self
    }
}
