//! The frame of a story: what its campaign allows. A fault that was left out is in no story, and no
//! story plays in a cluster of a size that was not asked for; what the failing run has itself is
//! allowed always.

use raft_invariants::Selection;

use crate::faults::{FAULTS, Fate, FaultSet, Shape};
use crate::language::action::Action;
use crate::language::script::Script;
use crate::node::{NODES_MAX, NodeId};
use crate::run::Ending;
use crate::schedule::config::{RunConfig, Settings};
use crate::search::target::Target;
use crate::world::stage::{News, Stage};

/// See the head of this file.
pub(super) struct Frame {
    /// What new runs are drawn by: faults after which something is promised, the schedulers of the
    /// portfolio (who only say where to look), short runs.
    settings: Settings,
    /// Cluster sizes; empty for all.
    sizes: Vec<u8>,
    /// Verbs that only excluded faults bring.
    forbidden: Vec<&'static str>,
    disorder: Disorder,
}

/// How messages of one link may arrive.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Disorder {
    /// One after the other, as they were sent.
    None,
    /// As they were sent; some never.
    Gaps,
    /// In any order.
    Any,
}

impl Frame {
    /// The frame of a campaign in which this script was found.
    pub(super) fn of(
        settings: &Settings,
        target: &dyn Target,
        script: &Script,
        selection: &Selection,
    ) -> Frame {
        let faults = &settings.faults;
        let promised: FaultSet =
            faults.iter().filter(|fault| FaultSet::in_model().has(fault)).collect();
        let own = |verb: &str| script.actions.iter().any(|action| action.verb() == verb);
        let brought = |verb: &str| promised.bring().any(|brought| brought == verb);
        let all = FAULTS.iter().flat_map(|fault| fault.brings.iter().copied());
        let forbidden = all.filter(|&verb| !brought(verb) && !own(verb)).collect();
        let mut sizes = settings.nodes.clone();
        if !sizes.is_empty() {
            sizes.push(script.cluster.nodes);
        }
        let allowed = match (faults.allow(Shape::Reorder), faults.deal(Fate::Lost)) {
            (true, _) => Disorder::Any,
            (false, true) => Disorder::Gaps,
            (false, false) if faults.allow(Shape::Overload) => Disorder::Gaps,
            (false, false) => Disorder::None,
        };
        let frame = Frame {
            settings: Settings {
                nodes: Vec::new(),
                scheduler: None,
                faults: promised,
                ..settings.clone()
            },
            sizes,
            forbidden,
            disorder: Disorder::Any,
        };
        let disorder = match allowed {
            Disorder::Any => Disorder::Any,
            less => less.max(frame.disorder_of(target, script, selection)),
        };
        Frame { disorder, ..frame }
    }

    /// What new runs of at most so many actions are drawn by.
    pub(super) fn settings(&self, steps: u32) -> Settings {
        Settings { steps: Some(steps), ..self.settings.clone() }
    }

    /// Whether a story may play in a cluster of this size.
    pub(super) fn allows_nodes(&self, nodes: u8) -> bool {
        self.sizes.is_empty() || self.sizes.contains(&nodes)
    }

    /// Whether an action may be part of a story.
    pub(super) fn allows(&self, action: &Action) -> bool {
        !self.forbidden.contains(&action.verb())
    }

    /// Whether a script, each line of which means something, may be a story.
    pub(super) fn holds(
        &self,
        target: &dyn Target,
        script: &Script,
        selection: &Selection,
    ) -> bool {
        self.allows_nodes(script.cluster.nodes)
            && script.actions.iter().all(|action| self.allows(action))
            && (self.disorder == Disorder::Any
                || self.disorder_of(target, script, selection) <= self.disorder)
    }

    /// How messages arrive in a script; copies aside, which have a fault of their own.
    fn disorder_of(&self, target: &dyn Target, script: &Script, selection: &Selection) -> Disorder {
        let mut config = RunConfig::draw(0, &self.settings(0), &target.traits());
        (config.given.cluster, config.calm) = (script.cluster, None);
        let mut arrivals = Arrivals { last: [[0; NODES_MAX]; NODES_MAX], seen: Disorder::None };
        let mut actions = script.actions.iter();
        let mut observe = |stage: &Stage, _| {
            if let Some(Action::Deliver(message)) = actions.next() {
                arrivals.note(stage, message.from, message.to);
            }
        };
        target.run_after(&script.actions, &config, selection, Ending::Exhausted, &mut observe);
        arrivals.seen
    }
}

/// What has arrived so far.
struct Arrivals {
    /// By link, the highest number of a message that has arrived.
    last: [[u64; NODES_MAX]; NODES_MAX],
    seen: Disorder,
}

impl Arrivals {
    /// A message of this link has just arrived.
    fn note(&mut self, stage: &Stage, from: NodeId, to: NodeId) {
        let gone = stage.news.iter().find_map(|news| match *news {
            News::Gone(number, addressee) if addressee == to => Some(number),
            _ => None,
        });
        let Some(number) = gone else { return };
        let last = &mut self.last[from.slot()][to.slot()];
        let mut flights = stage.flights.iter();
        let now = if number < *last {
            Disorder::Any
        } else if flights.any(|it| it.from == from && it.to == to && it.number < number) {
            Disorder::Gaps
        } else {
            Disorder::None
        };
        *last = number.max(*last);
        self.seen = self.seen.max(now);
    }
}
