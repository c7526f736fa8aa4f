//! What actions do: one arm for each verb, with when it can happen and what then happens.

use raft_invariants::fact::Fact;

use super::clock::clock_percent;
use super::{Event, World};
use crate::language::action::{Action, Keep, KeyValue, Link, Milliseconds, Percent, Writes};
use crate::language::command::Assignment;
use crate::node::{Input, NODES_MAX, Node, NodeId, NodeSet};

impl<N: Node> World<N> {
    /// Performs one event and says which action it was; `None` if it cannot happen now, and then
    /// nothing has happened.
    pub fn perform(&mut self, event: Event) -> Option<Action> {
        self.stage.news.clear();
        let stage = &self.stage;
        match event {
            Event::Deliver(slot) => {
                let flight = stage.flights.get(slot)?;
                let action = Action::Deliver(stage.pattern(flight));
                self.when(stage.deliverable(flight), action, |world| world.deliver(slot))
            }
            Event::Drop(slot) => {
                let action = Action::Drop(stage.pattern(stage.flights.get(slot)?));
                self.when(true, action, |world| world.lose(slot))
            }
            Event::Duplicate(slot) => {
                let flight = stage.delivered.get(slot)?;
                let action = Action::Duplicate(stage.pattern(flight));
                self.when(stage.deliverable(flight), action, |world| world.deliver_again(slot))
            }
            Event::Plain(action) => {
                let known = action.nodes().iter().all(|node| node.slot() < stage.hosts.len());
                if known { self.act(action) } else { None }
            }
        }
    }

    /// The action happens if it would change anything now.
    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each verb, and the compiler counts them"
    )]
    fn act(&mut self, action: Action) -> Option<Action> {
        let stage = &self.stage;
        match action {
            // Messages come as events of their own.
            Action::Deliver(_) | Action::Duplicate(_) | Action::Drop(_) => None,
            Action::Timeout(node, timer) => {
                let may = stage.timer_may_fire(node, timer);
                self.when(may, action, |world| world.fire(node, timer))
            }
            Action::Sync(node) => self.when(stage.syncable(node), action, |world| world.sync(node)),
            Action::Fail(node, Keep(keep)) => {
                let kept = usize::from(keep);
                let may = stage.syncable(node) && kept <= stage.host(node).queue.len();
                self.when(may, action, |world| world.fail_write(node, kept))
            }
            Action::Crash(node, Keep(keep)) => {
                let (host, kept) = (stage.host(node), usize::from(keep));
                let may = host.up && kept <= host.queue.len();
                self.when(may, action, |world| world.crash(node, kept))
            }
            Action::Restart(node) => {
                self.when(!stage.host(node).up, action, |world| world.boot(node))
            }
            Action::Lose(node, Writes(writes)) => {
                let (host, lost) = (stage.host(node), usize::from(writes));
                let may = !host.up && (1..=host.journal.len()).contains(&lost);
                self.when(may, action, |world| world.lose_writes(node, lost))
            }
            Action::Wipe(node) => {
                let host = stage.host(node);
                let may = !host.up && !host.journal.is_empty();
                self.when(may, action, |world| world.wipe(node))
            }
            Action::Cut(Link { from, to }) => {
                let may = from != to && stage.reaches(from, to);
                self.rewire_when(may, action, |reach| reach[from.slot()].remove(to))
            }
            Action::Mend(Link { from, to }) => {
                let may = !stage.reaches(from, to);
                self.rewire_when(may, action, |reach| reach[from.slot()].insert(to))
            }
            Action::Partition(groups) => {
                let after = groups.reach(stage.hosts.len());
                self.rewire_when(after != stage.reach, action, |reach| *reach = after)
            }
            Action::Heal => {
                let all = [NodeSet::first(stage.hosts.len()); NODES_MAX];
                self.rewire_when(stage.is_cut(), action, |reach| *reach = all)
            }
            Action::Pause(node) => {
                let may = stage.host(node).up && !stage.host(node).paused;
                self.when(may, action, |world| world.stage.host_mut(node).paused = true)
            }
            Action::Resume(node) => {
                let may = stage.host(node).paused;
                self.when(may, action, |world| world.stage.host_mut(node).paused = false)
            }
            Action::Stall(node) => {
                let may = stage.has_queued_disks() && !stage.host(node).stalled;
                self.when(may, action, |world| world.stage.host_mut(node).stalled = true)
            }
            Action::Unstall(node) => {
                let may = stage.host(node).stalled;
                self.when(may, action, |world| world.stage.host_mut(node).stalled = false)
            }
            Action::Skew(node, Percent(percent)) => {
                let percent = clock_percent(percent);
                let may = stage.host(node).clock_percent != percent;
                self.when(may, action, |world| world.skew(node, percent))
            }
            Action::Jump(node, Milliseconds(ms)) => {
                self.when(0 < ms, action, |world| world.jump(node, ms))
            }
            Action::Write(node, written) => {
                self.when(stage.listens(node), action, |world| world.invoke(node, written))
            }
        }
    }

    /// The action happens if it may.
    fn when(&mut self, may: bool, action: Action, act: impl FnOnce(&mut Self)) -> Option<Action> {
        if !may {
            return None;
        }
        action.hash_into(&mut self.hash);
        if let Some(trace) = self.audience.notes() {
            trace.begin(action, self.stage.now_us);
        }
        act(self);
        Some(action)
    }

    /// The same for actions that change who reaches whom.
    fn rewire_when(
        &mut self,
        may: bool,
        action: Action,
        rewire: impl FnOnce(&mut [NodeSet; NODES_MAX]),
    ) -> Option<Action> {
        self.when(may, action, |world| {
            rewire(&mut world.stage.reach);
            world.observe(&Fact::Rewired { reach: world.stage.reach });
        })
    }

    /// A client hands in a command.
    fn invoke(&mut self, node: NodeId, KeyValue { key, value }: KeyValue) {
        let times = self.stage.written.entry((key, value)).or_insert(0);
        let command = Assignment { key, value, before: *times }.command();
        *times += 1;
        self.observe(&Fact::Invoked { node, command });
        self.step(node, Input::Propose(command));
    }
}
