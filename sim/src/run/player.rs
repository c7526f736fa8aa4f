//! A run from a scenario: a cluster that is told what to do, phrase by phrase.
//!
//! What is done is a list of actions like any other; the player only finds out which ones a phrase
//! stands for, from how things stand when its turn comes.

use std::ops::Range;

use raft_invariants::Selection;

use super::Run;
use super::calm::end;
use super::drive::drive;
use super::recorder::{Ending, Recorder};
use super::standing::Standing;
use crate::language::action::{Action, Scope};
use crate::language::phrase::Phrase;
use crate::language::scenario::Scenario;
use crate::language::script::{self, Script};
use crate::node::{Claim, Node, NodeId, NodeSet, Role, Timer};
use crate::schedule::script::{Lines, Matching, candidates, line, resolve};
use crate::world::World;
use crate::world::stage::{Flight, Stage};

/// More actions for one phrase than any sane cluster needs.
const ACTIONS_MAX: usize = 1_000;

/// Of more choices nobody wants to read, and each remembers how things stood.
const CHOICES_MAX: usize = 100;

/// What came of a scenario.
#[derive(Clone, Debug)]
pub struct Played {
    /// The run, with notes, and how things stand at its end.
    pub run: Run,
    /// The same action by action, each line as short as it can be.
    pub script: Script,
    /// How things stood after each block.
    pub pictures: Vec<Pictured>,
    /// Lines that could not be played. Strictly, the first ends it.
    pub misfits: Vec<Unplayed>,
    /// Lines whose name of a message fitted others, too, or none exactly: the first hundred.
    pub choices: Vec<Choice>,
}

/// How things stand after a block.
#[derive(Clone, Debug)]
pub struct Pictured {
    /// Every node.
    pub nodes: Vec<Standing>,
    /// The steps of the run's notes that have come since the last picture.
    pub steps: Range<usize>,
    /// How many of the run's failures have come so far.
    pub failures: usize,
}

/// A line that could not be played.
#[derive(Clone, Debug)]
pub struct Unplayed {
    /// Its number.
    pub line: usize,
    /// What it says.
    pub phrase: Phrase,
    /// Why.
    pub misfit: Misfit,
    /// How things stood when its turn came.
    pub stage: Stage,
}

/// Why a line could not be played.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Misfit {
    /// The action means nothing.
    MeansNothing(Action),
    /// Nothing is on its way that could elect anybody.
    NoVote {
        /// From here.
        from: NodeId,
        /// To there.
        to: NodeId,
    },
    /// The candidate does not win.
    NotElected(NodeId),
    /// Nobody leads.
    NobodyLeads,
    /// There is always something left to do.
    NeverRests,
}

/// A message that was taken where its name did not say which.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Number of the line.
    pub line: usize,
    /// What the line says.
    pub asked: Action,
    /// What was done, to the last letter.
    pub took: Action,
    /// Other messages that the name fitted, oldest first.
    pub others: Vec<Flight>,
    /// How things stood then.
    pub stage: Stage,
}

/// Plays a scenario. Strictly, it ends at the first line that cannot be played; forgivingly, it
/// goes on with the next.
pub fn play<N: Node>(
    scenario: &Scenario,
    target: &N::Config,
    selection: &Selection,
    matching: Matching,
) -> Played {
    let mut player = Player {
        world: World::<N>::new(scenario.cluster, target, selection, true),
        recorder: Recorder::new(0, Ending::Exhausted),
        matching,
        lines: Vec::new(),
        misfits: Vec::new(),
        choices: Vec::new(),
    };
    player.recorder.judge(&player.world);
    let mut pictures = Vec::new();
    let (mut calm, mut shown) = (None, 0);
    for block in &scenario.blocks {
        for (line, phrase) in &block.phrases {
            match phrase {
                Phrase::Calm(core) => calm = Some(*core),
                phrase => player.line(*line, phrase),
            }
            if player.is_over() {
                break;
            }
        }
        if player.is_over() || calm.is_some() {
            break;
        }
        pictures.push(player.picture(&mut shown));
    }
    let is_whole = !player.is_over();
    let Player { mut world, recorder, lines, misfits, choices, .. } = player;
    let calm = calm.filter(|_| is_whole);
    let script = Script { cluster: scenario.cluster, actions: lines, calm };
    let mut run = end(calm, &mut world, recorder);
    run.stage = Some(world.stage().clone());
    if pictures.len() < scenario.blocks.len() && is_whole {
        let steps = run.trace.as_ref().map_or(0, |trace| trace.steps.len());
        let (nodes, failures) = (Standing::of_all(world.stage()), run.failures.len());
        pictures.push(Pictured { nodes, steps: shown..steps, failures });
    }
    Played { run, script, pictures, misfits, choices }
}

struct Player<N: Node> {
    world: World<N>,
    recorder: Recorder<'static>,
    matching: Matching,
    lines: Vec<Action>,
    misfits: Vec<Unplayed>,
    choices: Vec<Choice>,
}

impl<N: Node> Player<N> {
    /// Plays a line, or notes why it cannot be played.
    fn line(&mut self, line: usize, phrase: &Phrase) {
        let before = match phrase {
            Phrase::Act(action)
                if self.choices.len() < CHOICES_MAX
                    && matches!(action.scope(), Scope::Message(_)) =>
            {
                Some((*action, self.stage().clone()))
            }
            _ => None,
        };
        if let Err(misfit) = self.play(phrase) {
            let (phrase, stage) = (phrase.clone(), self.stage().clone());
            self.misfits.push(Unplayed { line, phrase, misfit, stage });
            return;
        }
        if let Some((asked, stage)) = before {
            let took = self.recorder.last().expect("an action was just done");
            let others = candidates(&asked, &took, &stage);
            let is_another = asked != took && asked != took.unsigned();
            if !others.is_empty() || is_another && !is_vaguer(&asked, &took) {
                self.choices.push(Choice { line, asked, took, others, stage });
            }
        }
    }

    /// Whether a line that cannot be played has ended the run.
    fn is_over(&self) -> bool {
        self.matching == Matching::Strict && !self.misfits.is_empty()
    }

    fn picture(&self, shown: &mut usize) -> Pictured {
        let end = self.world.trace().map_or(0, |trace| trace.steps.len());
        let steps = *shown..end;
        *shown = end;
        let nodes = Standing::of_all(self.stage());
        Pictured { nodes, steps, failures: self.recorder.failures() }
    }

    fn play(&mut self, phrase: &Phrase) -> Result<(), Misfit> {
        match phrase {
            Phrase::Act(action) => self.act(*action),
            Phrase::Elect { candidate, voters } => self.elect(*candidate, voters),
            Phrase::Stabilize(nodes) => {
                let all = self.stage().cluster.all();
                self.stabilize(if nodes.is_empty() { all } else { *nodes })
            }
            Phrase::Settle => self.settle(),
            Phrase::Clear => self.clear(),
            Phrase::Calm(_) => unreachable!("a calm comes when all has been played"),
        }
    }

    fn act(&mut self, action: Action) -> Result<(), Misfit> {
        // A file is shorter, but its phrases may stand for more.
        if self.lines.len() == script::ACTIONS_MAX {
            return Err(Misfit::NeverRests);
        }
        let event = resolve(&action, self.stage(), self.matching);
        let shortest = event.map(|event| line(event, self.stage()));
        let only = [action];
        let mut lines = Lines::new(&only, self.matching);
        drive(&mut self.world, &mut lines, &mut self.recorder);
        if !lines.skipped().is_empty() {
            return Err(Misfit::MeansNothing(action));
        }
        self.lines.extend(shortest);
        Ok(())
    }

    /// `candidate` stands, and only these voters hear of it; their votes reach it.
    fn elect(&mut self, candidate: NodeId, voters: &[NodeId]) -> Result<(), Misfit> {
        self.act(Action::Timeout(candidate, Timer::Election))?;
        self.sync(candidate)?;
        for &voter in voters {
            self.pass(candidate, voter, |claim| matches!(claim, Claim::RequestVote { .. }))?;
            self.sync(voter)?;
            self.pass(voter, candidate, |claim| matches!(claim, Claim::RequestVoteReply { .. }))?;
        }
        let wins = self.stage().host(candidate).view.role == Some(Role::Leader);
        if wins { Ok(()) } else { Err(Misfit::NotElected(candidate)) }
    }

    /// The newest such message on the link arrives.
    fn pass(&mut self, from: NodeId, to: NodeId, is: fn(&Claim) -> bool) -> Result<(), Misfit> {
        let stage = self.stage();
        let on_link = stage.flights.iter().filter(|it| it.from == from && it.to == to);
        let newest = on_link.filter(|it| is(&it.label.statement.claim)).max_by_key(|it| it.number);
        let newest = newest.ok_or(Misfit::NoVote { from, to })?;
        self.act(Action::Deliver(stage.pattern(newest)))
    }

    fn sync(&mut self, node: NodeId) -> Result<(), Misfit> {
        if self.stage().syncable(node) { self.act(Action::Sync(node)) } else { Ok(()) }
    }

    /// Among these nodes everything is synced and arrives, oldest first.
    fn stabilize(&mut self, nodes: NodeSet) -> Result<(), Misfit> {
        for _ in 0..ACTIONS_MAX {
            let stage = self.stage();
            let among = |node| nodes.contains(node);
            let flights = stage.flights.iter().filter(|it| among(it.from) && among(it.to));
            let oldest = flights.filter(|it| stage.deliverable(it)).min_by_key(|it| it.number);
            if let Some(node) = nodes.iter().find(|&node| stage.syncable(node)) {
                self.sync(node)?;
            } else if let Some(oldest) = oldest {
                self.act(Action::Deliver(stage.pattern(oldest)))?;
            } else {
                return Ok(());
            }
        }
        Err(Misfit::NeverRests)
    }

    /// The leader's heartbeats and all that follows, until nothing changes.
    fn settle(&mut self) -> Result<(), Misfit> {
        let all = self.stage().cluster.all();
        self.stabilize(all)?;
        for _ in 0..ACTIONS_MAX {
            let before = Standing::of_all(self.stage());
            let leader = self.stage().newest_leader().ok_or(Misfit::NobodyLeads)?;
            self.act(Action::Timeout(leader, Timer::Heartbeat))?;
            self.stabilize(all)?;
            if Standing::of_all(self.stage()) == before {
                return Ok(());
            }
        }
        Err(Misfit::NeverRests)
    }

    /// Everything on its way is lost, oldest first.
    fn clear(&mut self) -> Result<(), Misfit> {
        loop {
            let stage = self.stage();
            let oldest = stage.flights.iter().min_by_key(|flight| flight.number);
            let Some(oldest) = oldest else { return Ok(()) };
            self.act(Action::Drop(stage.pattern(oldest)))?;
        }
    }

    fn stage(&self) -> &Stage {
        self.world.stage()
    }
}

/// Whether what was done is one of the things that the line says, which left something open.
fn is_vaguer(asked: &Action, took: &Action) -> bool {
    match (asked.scope(), took.scope()) {
        (Scope::Message(asked_for), Scope::Message(taken)) => {
            asked.verb() == took.verb()
                && asked_for.link() == taken.link()
                && asked_for.kind == taken.kind
                && asked_for.outcome.is_none_or(|outcome| taken.outcome == Some(outcome))
                && asked_for.signature.is_none_or(|it| taken.signature == Some(it))
        }
        _ => false,
    }
}
