//! One server, in two halves: what anyone may see of it, and what runs inside.
//!
//! Schedulers and faults know no type of the guest's, so [`Host`] lies on the stage and [`Process`]
//! beside it in the world. Whatever belongs to a server lies in one of the two. Whoever copies,
//! returns or forgets names every field: a new one does not compile until it has taken a side.

use std::collections::VecDeque;

use super::guest::{self, Called};
use super::key_value::KeyValue;
use crate::node::{
    Boot, Disk, Effect, Explorable, Input, Label, Node, NodeId, Timers, View, Write, WriteId,
};

/// What anyone may see of a server: its disk, its timers, its state of health.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a matter of its own")]
pub struct Host {
    /// Whether the process runs (it may be paused).
    pub up: bool,
    /// It runs but executes nothing.
    pub paused: bool,
    /// Its disk completes nothing.
    pub stalled: bool,
    /// Waits for its own writes and takes no input, see [`Storage::Blocking`].
    ///
    /// [`Storage::Blocking`]: crate::node::Storage::Blocking
    pub busy: bool,
    /// Starts so far.
    pub incarnation: u32,
    /// How its clock runs, in percent of true time.
    pub clock_percent: u64,
    /// What is durable.
    pub disk: Disk,
    /// Issued and not yet durable, oldest first.
    pub queue: VecDeque<Write>,
    /// All writes that made the disk what it is, oldest first, for disks that forget.
    pub journal: Vec<Write>,
    /// When each timer was set; `None` if it is not running.
    pub timers: Timers<Option<u64>>,
    /// How the node saw itself after its last step.
    pub view: View,
    /// Its state machine.
    pub state: KeyValue,
}

/// What runs on a server, and what it wants done that is not done yet.
pub(super) struct Process<N: Node> {
    node: Option<N>,
    /// Messages that wait for a write ([`Storage::Asynchronous`]).
    ///
    /// [`Storage::Asynchronous`]: crate::node::Storage::Asynchronous
    pub(super) held: VecDeque<Held<N::Message>>,
    /// Effects of an unfinished step ([`Storage::Blocking`]).
    ///
    /// [`Storage::Blocking`]: crate::node::Storage::Blocking
    pub(super) deferred: VecDeque<Effect<N::Message>>,
    /// The number of the last write that it issued.
    pub(super) last_write: Option<WriteId>,
    /// In search: the same as in another world means the same server.
    pub(super) stamp: u64,
}

/// A message that waits for a write.
#[derive(Clone)]
pub(super) struct Held<M> {
    pub(super) after: WriteId,
    pub(super) to: NodeId,
    pub(super) message: M,
    pub(super) label: Label,
}

impl Host {
    /// A server that was never started, with an empty disk.
    pub(super) fn new() -> Self {
        Host {
            up: false,
            paused: false,
            stalled: false,
            busy: false,
            incarnation: 0,
            clock_percent: 100,
            disk: Disk::default(),
            queue: VecDeque::new(),
            journal: Vec::new(),
            timers: Timers::default(),
            view: View::default(),
            state: KeyValue::EMPTY,
        }
    }

    /// Its process starts, the how-manieth.
    pub(super) fn boot(&mut self) -> u32 {
        self.up = true;
        self.incarnation += 1;
        self.incarnation
    }

    /// Its process is gone: what was in memory is lost. Its disk has settled by now.
    pub(super) fn forget(&mut self) {
        let Host {
            up,
            paused,
            stalled: _,
            busy,
            incarnation: _,
            clock_percent: _,
            disk: _,
            queue: _,
            journal: _,
            timers,
            view: _, // what was last seen of it is not forgotten
            state,
        } = self;
        (*up, *paused, *busy) = (false, false, false);
        (*timers, *state) = (Timers::default(), KeyValue::EMPTY);
    }

    /// Becomes what `past` is, in the room that is there. Its disk forgets how it came about:
    /// nothing can be lost from it afterwards.
    pub(super) fn return_to(&mut self, past: &Host) {
        let Host {
            up,
            paused,
            stalled,
            busy,
            incarnation,
            clock_percent,
            disk,
            queue,
            journal: _,
            timers,
            view,
            state,
        } = past;
        (self.up, self.paused, self.stalled, self.busy) = (*up, *paused, *stalled, *busy);
        (self.incarnation, self.clock_percent) = (*incarnation, *clock_percent);
        self.disk.clone_from(disk);
        if self.queue != *queue {
            self.queue.clone_from(queue);
        }
        self.journal.clear();
        (self.timers, self.view) = (*timers, *view);
        self.state.clone_from(state);
    }
}

impl<N: Node> Process<N> {
    /// Nothing runs yet.
    pub(super) fn new() -> Self {
        Process {
            node: None,
            held: VecDeque::new(),
            deferred: VecDeque::new(),
            last_write: None,
            stamp: 0,
        }
    }

    /// The node, if it runs.
    pub(super) fn node(&self) -> Option<&N> {
        self.node.as_ref()
    }

    /// Starts the node.
    pub(super) fn boot(
        &mut self,
        boot: &Boot<'_, N::Config>,
        effects: &mut Vec<Effect<N::Message>>,
    ) -> Called<()> {
        self.node = Some(guest::boot(boot, effects)?);
        Ok(())
    }

    /// Lets the node take a step, if it runs.
    #[inline]
    pub(super) fn step(
        &mut self,
        input: Input<N::Message>,
        effects: &mut Vec<Effect<N::Message>>,
    ) -> Called<()> {
        self.node.as_mut().map_or(Ok(()), |node| guest::step(node, input, effects))
    }

    /// Asks the node how it sees itself, if it runs and is settled; says whether it is.
    #[inline]
    pub(super) fn view(&self, view: &mut View) -> Option<Called<bool>> {
        self.node.as_ref().map(|node| guest::view(node, view))
    }

    /// The node is gone, and with it all it had not yet done.
    pub(super) fn forget(&mut self) {
        let Process { node, held, deferred, last_write, stamp: _ } = self;
        guest::forget(node);
        held.clear();
        deferred.clear();
        *last_write = None;
    }
}

impl<N: Explorable> Process<N> {
    /// A copy that answers all inputs as this one would.
    pub(super) fn fork(&self) -> Self {
        let mut fork = Process::new();
        fork.return_to(self);
        fork
    }

    /// Becomes what `past` is, in the room that is there.
    pub(super) fn return_to(&mut self, past: &Process<N>) {
        let Process { node, held, deferred, last_write, stamp } = past;
        assert!(deferred.is_empty(), "no step is half done");
        self.node = node.as_ref().map(N::fork);
        if !(self.held.is_empty() && held.is_empty()) {
            self.held.clone_from(held);
        }
        self.deferred.clear();
        self.last_write = *last_write;
        self.stamp = *stamp;
    }
}
