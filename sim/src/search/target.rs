//! A target: an implementation together with its configuration, behind one object, so that
//! campaigns, minimizer and command line are compiled once and know no guest's types.

use std::sync::Arc;

use raft_invariants::Selection;

use crate::language::action::Action;
use crate::language::scenario::Scenario;
use crate::language::script::Script;
use crate::node::{Explorable, Kind, Node, Traits};
use crate::run::player::play;
use crate::run::replay::run_script;
use crate::run::seeded::{run_after, run_seed};
use crate::run::watched::run_watched;
use crate::run::{Ending, Observer, Played, Replay, Run, Watched};
use crate::schedule::config::RunConfig;
use crate::schedule::script::Matching;
use crate::search::exhaustive::{Exploration, Explored, GoesOn, explore};
use crate::search::watch::{What, note};

/// Something that can be simulated.
pub trait Target: Send + Sync {
    /// Its name on the command line and in files: `raft-core?bug=vote-no-log-check`.
    fn name(&self) -> &str;
    /// One sentence for `raft-sim list targets`.
    fn summary(&self) -> &str;
    /// Which version of it this is: `openraft 0.9.24`; `None` if it was not told.
    fn version(&self) -> Option<&str>;
    /// Tells it which version of it this is.
    fn set_version(&mut self, version: &str);
    /// What it promises and reveals.
    fn traits(&self) -> Traits;
    /// Its kinds of messages.
    fn kinds(&self) -> &[Kind];
    /// The same implementation without its flaw, if it is known: what it does otherwise is wrong.
    fn reference(&self) -> Option<&dyn Target>;
    /// Runs a seed.
    fn run(&self, config: &RunConfig, selection: &Selection) -> Run;
    /// Runs a script; positions of lines that meant nothing are given back.
    fn replay(&self, script: &Script, selection: &Selection, how: Replay) -> (Run, Vec<usize>);
    /// Plays a scenario, with notes.
    fn play(&self, scenario: &Scenario, selection: &Selection, matching: Matching) -> Played;
    /// Runs a script forgivingly, with notes, and perhaps on from its end; `observe` looks at the
    /// boot and at every action. Positions of lines that meant nothing are given back.
    fn watch(
        &self,
        watched: &Watched<'_>,
        selection: &Selection,
        observe: Observer<'_>,
    ) -> (Run, Vec<usize>);
    /// Runs a beginning forgivingly and then what the seed drew; `observe` looks at every action.
    fn run_after(
        &self,
        beginning: &[Action],
        config: &RunConfig,
        selection: &Selection,
        ending: Ending,
        observe: Observer<'_>,
    ) -> Run;
    /// Runs a script and goes on from its end by chance, to the first violation.
    fn run_on(&self, beginning: &[Action], config: &RunConfig, selection: &Selection) -> Run {
        self.run_after(beginning, config, selection, Ending::Violation, &mut |_, _| {})
    }
    /// Whether all states of a small cluster of it can be visited; see [`Explorable`].
    fn is_explorable(&self) -> bool;
    /// Visits every state of a scope; `None` if its nodes cannot be copied and compared.
    fn explore(&self, plan: &Exploration, goes_on: GoesOn<'_>) -> Option<Explored>;
}

/// A [`Node`] implementation as a target.
pub struct Guest<N: Node> {
    name: Arc<str>,
    summary: String,
    version: Option<String>,
    config: N::Config,
    reference: Option<Box<Guest<N>>>,
    explore: Option<Explore<N>>,
}

/// How all states of a target are visited.
type Explore<N> = fn(&Exploration, &<N as Node>::Config, GoesOn<'_>) -> Explored;

impl<N: Node> Guest<N> {
    /// `config` distinguishes targets of one type; the name says which it is.
    pub fn new(name: &str, summary: &str, config: N::Config) -> Self {
        Guest {
            name: name.into(),
            summary: summary.to_owned(),
            version: None,
            config,
            reference: None,
            explore: None,
        }
    }

    /// With the correct guest of which this one is a flawed copy.
    #[must_use]
    pub fn flawed_copy_of(self, reference: Guest<N>) -> Self {
        Guest { reference: Some(Box::new(reference)), ..self }
    }
}

impl<N: Explorable> Guest<N> {
    /// With all that exhaustive search needs.
    #[must_use]
    pub fn explorable(self) -> Self {
        Guest { explore: Some(explore::<N>), ..self }
    }
}

impl<N: Node> Target for Guest<N> {
    fn name(&self) -> &str {
        &self.name
    }
    fn summary(&self) -> &str {
        &self.summary
    }
    fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
    fn set_version(&mut self, version: &str) {
        self.version = Some(version.to_owned());
    }
    fn traits(&self) -> Traits {
        N::traits(&self.config)
    }
    fn kinds(&self) -> &[Kind] {
        // Where it panics, every run says so.
        crate::world::kinds::<N>(&self.config).unwrap_or_default()
    }
    fn reference(&self) -> Option<&dyn Target> {
        self.reference.as_deref().map(|reference| reference as &dyn Target)
    }
    fn run(&self, config: &RunConfig, selection: &Selection) -> Run {
        note(&self.name, || What::Seed(config.clone()));
        run_seed::<N>(config, &self.config, selection)
    }
    fn replay(&self, script: &Script, selection: &Selection, how: Replay) -> (Run, Vec<usize>) {
        note(&self.name, || What::Script(script.clone(), how));
        run_script::<N>(script, &self.config, selection, how)
    }
    fn play(&self, scenario: &Scenario, selection: &Selection, matching: Matching) -> Played {
        note(&self.name, || What::Scenario(scenario.clone(), matching));
        play::<N>(scenario, &self.config, selection, matching)
    }
    fn watch(
        &self,
        watched: &Watched<'_>,
        selection: &Selection,
        observe: Observer<'_>,
    ) -> (Run, Vec<usize>) {
        run_watched::<N>(watched, &self.config, selection, observe)
    }
    fn run_after(
        &self,
        beginning: &[Action],
        config: &RunConfig,
        selection: &Selection,
        ending: Ending,
        observe: Observer<'_>,
    ) -> Run {
        note(&self.name, || What::After(beginning.to_vec(), config.clone()));
        run_after::<N>(beginning, config, &self.config, selection, ending, observe)
    }
    fn is_explorable(&self) -> bool {
        self.explore.is_some()
    }
    fn explore(&self, plan: &Exploration, goes_on: GoesOn<'_>) -> Option<Explored> {
        note(&self.name, || What::All);
        self.explore.map(|explore| explore(plan, &self.config, goes_on))
    }
}

/// The targets that a command line knows, in the order of `raft-sim list targets`. The first is
/// the default.
#[derive(Default)]
pub struct Targets {
    list: Vec<Box<dyn Target>>,
}

impl Targets {
    /// Adds one.
    pub fn add<N: Node>(&mut self, name: &str, summary: &str, config: N::Config) {
        self.push(Guest::<N>::new(name, summary, config));
    }

    /// Adds one that is made already.
    pub fn push(&mut self, target: impl Target + 'static) {
        self.list.push(Box::new(target));
    }

    /// Adds one that exhaustive search can take apart.
    pub fn add_explorable<N: Explorable>(&mut self, name: &str, summary: &str, config: N::Config) {
        self.push(Guest::<N>::new(name, summary, config).explorable());
    }

    /// Tells the last one which version of it this is.
    pub fn version(&mut self, version: &str) {
        if let Some(last) = self.list.last_mut() {
            last.set_version(version);
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Target> {
        self.list.iter().map(AsRef::as_ref)
    }

    /// The one with exactly this name.
    pub fn find(&self, name: &str) -> Option<&dyn Target> {
        self.iter().find(|target| target.name() == name)
    }
}
