//! A trace: what happened in each action, as facts. `report` makes sentences of them, `explain`
//! compares them. Only taken when asked for; a campaign takes none.

use raft_invariants::fact::{
    Breach, Command, Entry, Fact, HardState, LogIndex, NODES_MAX, OutOfModel, Outcome, Payload,
    Role, Statement, Term, View, Write,
};

use crate::language::action::Action;
use crate::node::NodeId;

/// Everything noted about a run.
#[derive(Clone, Default, Debug)]
pub struct Trace {
    /// What happened while the nodes booted, then one entry for each action.
    pub steps: Vec<Step>,
    views: [View; NODES_MAX],
}

/// One action and what came of it.
#[derive(Clone, Debug)]
pub struct Step {
    /// The action; `None` for the boot.
    pub action: Option<Action>,
    /// True time at its beginning.
    pub now_us: u64,
    /// What happened, in order.
    pub notes: Vec<Note>,
}

/// One thing that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// To whom, or by whom.
    pub node: NodeId,
    /// What.
    pub what: Happening,
}

/// What may happen to a node, or by it: the judges' facts, and what its view says anew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Happening {
    /// It starts once more.
    BootsAgain {
        /// Counts its starts, from 1.
        incarnation: u32,
    },
    /// It loses its power.
    Crashes {
        /// Unsynced writes that survive.
        kept: usize,
    },
    /// It stops by itself.
    Halts,
    /// Its disk cannot write.
    FailsToWrite {
        /// Unsynced writes that survive.
        kept: usize,
    },
    /// It panics.
    Panics {
        /// `file:line: message`.
        place: String,
    },
    /// A fault hits it that no Raft survives.
    OutOfModel(OutOfModel),
    /// It writes a term and a vote.
    WritesHardState(HardState),
    /// It cuts its log from this index on.
    CutsLog(LogIndex),
    /// It adds entries to its log.
    Appends(Vec<Entry>),
    /// Its disk has everything that it was given.
    HasAllDurable,
    /// A message leaves it.
    Sends {
        /// The addressee.
        to: NodeId,
        /// What the message says.
        statement: Statement,
    },
    /// A message reaches it.
    Hears {
        /// The sender.
        from: NodeId,
        /// What the message says.
        statement: Statement,
        /// Not for the first time.
        again: bool,
    },
    /// It applies an entry to its state machine.
    Applies {
        /// Where the entry stands.
        index: LogIndex,
        /// What it carries.
        payload: Payload,
    },
    /// A client asks it to execute a command.
    IsAsked(Command),
    /// It answers a client.
    Replies {
        /// About this command.
        command: Command,
        /// The answer.
        outcome: Outcome,
    },
    /// It brings about more of something than any sane node.
    Explodes {
        /// What grew.
        what: String,
    },
    /// It asks for what the port does not have, and stops.
    Breaches(Breach),
    /// It becomes leader of this term.
    Leads(Term),
    /// It stands as candidate for this term.
    Stands(Term),
    /// It is a follower again.
    StepsDown {
        /// What it was.
        from: Role,
        /// The term it is in.
        term: Term,
    },
    /// The first term that its view shows.
    StartsIn(Term),
    /// It moves on to a later term.
    MovesOn(Term),
    /// Its commit index grows to this.
    Commits(LogIndex),
    /// Its commit index falls to this.
    Uncommits(LogIndex),
    /// As a leader it takes another's log to be like this.
    Tracks {
        /// Whose log.
        follower: NodeId,
        /// `matchIndex`.
        match_index: LogIndex,
        /// `nextIndex`; 0 if that is not revealed.
        next_index: LogIndex,
    },
}

/// How much a note matters to a reader.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// For whoever looks inside (`--trace`).
    Detail,
    /// Part of the story.
    Story,
    /// A turn of the story: a leader, a commit, a truncation.
    Turn,
}

impl Note {
    /// How much it matters.
    pub fn weight(&self) -> Weight {
        use Happening as H;
        match &self.what {
            H::Panics { .. }
            | H::OutOfModel(_)
            | H::Explodes { .. }
            | H::Breaches(_)
            | H::CutsLog(_)
            | H::Leads(_)
            | H::Commits(_)
            | H::Uncommits(_) => Weight::Turn,
            H::WritesHardState(_) if self.is_vote_for_another() => Weight::Story,
            H::BootsAgain { .. }
            | H::Crashes { .. }
            | H::Halts
            | H::FailsToWrite { .. }
            | H::Appends(_)
            | H::Replies { .. }
            | H::Stands(_)
            | H::StepsDown { .. }
            | H::MovesOn(_) => Weight::Story,
            H::WritesHardState(_)
            | H::HasAllDurable
            | H::Sends { .. }
            | H::Hears { .. }
            | H::Applies { .. }
            | H::IsAsked(_)
            | H::StartsIn(_)
            | H::Tracks { .. } => Weight::Detail,
        }
    }

    /// Whether the node writes a vote for another.
    pub fn is_vote_for_another(&self) -> bool {
        let Happening::WritesHardState(hard_state) = &self.what else { return false };
        hard_state.voted_for.is_some_and(|candidate| candidate != self.node)
    }
}

impl Trace {
    pub(crate) fn begin(&mut self, action: Action, now_us: u64) {
        if let Some(over) = self.steps.last_mut() {
            over.notes.shrink_to_fit();
        }
        self.steps.push(Step { action: Some(action), now_us, notes: Vec::new() });
    }

    pub(crate) fn note(&mut self, fact: &Fact<'_>) {
        if self.steps.is_empty() {
            self.steps.push(Step { action: None, now_us: 0, notes: Vec::new() });
        }
        match *fact {
            Fact::Stepped { node, view } => self.note_view(node, view),
            Fact::Booted { node, incarnation } => {
                self.views[node.slot()] = View::default();
                if 1 < incarnation {
                    self.push(node, Happening::BootsAgain { incarnation });
                }
            }
            Fact::Crashed { node, kept } => self.push(node, Happening::Crashes { kept }),
            Fact::Halted { node } => self.push(node, Happening::Halts),
            Fact::WriteFailed { node, kept } => self.push(node, Happening::FailsToWrite { kept }),
            Fact::Panicked { node, place, .. } => {
                self.push(node, Happening::Panics { place: place.to_owned() });
            }
            Fact::OutOfModel { node, fault, .. } => self.push(node, Happening::OutOfModel(fault)),
            Fact::WriteIssued { node, write } => self.note_write(node, write),
            Fact::WriteDurable { node, .. } => self.push(node, Happening::HasAllDurable),
            Fact::Sent { from, to, statement } => {
                self.push(from, Happening::Sends { to, statement });
            }
            Fact::Received { node, from, statement, again } => {
                self.push(node, Happening::Hears { from, statement, again });
            }
            Fact::Applied { node, index, payload, .. } => {
                self.push(node, Happening::Applies { index, payload });
            }
            Fact::Invoked { node, command } => self.push(node, Happening::IsAsked(command)),
            Fact::Replied { node, command, outcome } => {
                self.push(node, Happening::Replies { command, outcome });
            }
            // The action says it, or the last line; a view is still to come.
            Fact::Rewired { .. }
            | Fact::Calmed { .. }
            | Fact::Waited { .. }
            | Fact::Unsettled { .. } => {}
            Fact::Exploded { node, what } => {
                // Each of a thousand messages too many is told to judges, but once to people.
                let what = Happening::Explodes { what: what.to_owned() };
                if !self.last().notes.iter().any(|note| note.node == node && note.what == what) {
                    self.push(node, what);
                }
            }
            Fact::Breached { node, breach, .. } => self.push(node, Happening::Breaches(breach)),
        }
    }

    fn push(&mut self, node: NodeId, what: Happening) {
        self.last().notes.push(Note { node, what });
    }

    fn last(&mut self) -> &mut Step {
        self.steps.last_mut().expect("the boot is a step")
    }

    fn note_view(&mut self, node: NodeId, view: &View) {
        let before = std::mem::replace(&mut self.views[node.slot()], *view);
        if let Some(what) = turn_of_role(&before, view) {
            self.push(node, what);
        }
        if let (was, Some(is)) = (before.commit_index.unwrap_or(0), view.commit_index)
            && was != is
        {
            let grows = was < is;
            self.push(node, if grows { Happening::Commits(is) } else { Happening::Uncommits(is) });
        }
        self.note_progress(node, &before, view);
    }

    /// What a leader has learned of its followers' logs.
    fn note_progress(&mut self, node: NodeId, before: &View, view: &View) {
        let both = |view: &View| (view.match_index.unwrap_or_default(), view.next_index);
        let ((was_match, was_next), (is_match, is_next)) = (both(before), both(view));
        for follower in NodeId::all(NODES_MAX).filter(|&other| other != node) {
            let slot = follower.slot();
            let next = is_next.map(|next| next[slot]);
            if was_match[slot] == is_match[slot] && was_next.map(|next| next[slot]) == next {
                continue;
            }
            // Of a node that does not exist nothing is known.
            let exists = next != Some(0) || 0 < is_match[slot];
            if exists && view.match_index.is_some() {
                let (match_index, next_index) = (is_match[slot], next.unwrap_or(0));
                self.push(node, Happening::Tracks { follower, match_index, next_index });
            }
        }
    }

    fn note_write(&mut self, node: NodeId, write: &Write) {
        if let Some(hard_state) = write.hard_state {
            self.push(node, Happening::WritesHardState(hard_state));
        }
        if let Some(from) = write.truncate_from {
            self.push(node, Happening::CutsLog(from));
        }
        if !write.append.is_empty() {
            self.push(node, Happening::Appends(write.append.clone()));
        }
    }
}

/// What is new about a node's role and term.
fn turn_of_role(before: &View, view: &View) -> Option<Happening> {
    let term = view.current_term.unwrap_or(0);
    let was = before.role.unwrap_or(Role::Follower);
    let is_new_term = before.current_term != view.current_term;
    match view.role {
        Some(Role::Leader) if was != Role::Leader => Some(Happening::Leads(term)),
        Some(Role::Candidate) if was != Role::Candidate || is_new_term => {
            Some(Happening::Stands(term))
        }
        Some(Role::Follower) if was != Role::Follower => {
            Some(Happening::StepsDown { from: was, term })
        }
        _ if before.current_term.is_none() => (0 < term).then_some(Happening::StartsIn(term)),
        _ => is_new_term.then_some(Happening::MovesOn(term)),
    }
}
