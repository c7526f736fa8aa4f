//! One bug that a campaign has found: the class of its failures, the smallest script for it, and
//! what followed from it in the run in which it was found.

use raft_invariants::{Invariant, Selection, Violation};

use crate::explain::follow::Followed;
use crate::explain::minimize::{Budget, Minimized, NotMinimized, bucket, minimize};
use crate::language::repro::{Expect, Found, Repro, Verdict};
use crate::language::script::Script;
use crate::run::{Class, Replay, Run};
use crate::schedule::config::Settings;
use crate::search::campaign::origin::Origin;
use crate::search::target::Target;

/// A bug.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What makes its failures the same.
    pub class: Class,
    /// Where the script comes from.
    pub origin: Origin,
    /// Who chose there: a scheduler, or a guided campaign.
    pub scheduler: &'static str,
    /// The flags that changed what seeds mean there.
    pub settings: String,
    /// Number of the violating action in that run; 0 if nodes failed while they booted.
    pub at: usize,
    /// Actions of that run.
    pub of: usize,
    /// Nodes of that run.
    pub nodes: u8,
    /// What else was violated later in that run, with how many actions later.
    pub later: Vec<(&'static Invariant, usize)>,
    /// The violation, as the script shows it.
    pub violation: Violation,
    /// The script, up to the violation.
    pub script: Script,
    /// The shortest script that is a part of the run of [`origin`](Self::origin), if
    /// [`script`](Self::script) is of another run that fails the same way.
    pub own: Option<Script>,
    /// The script's own run, with notes.
    pub run: Run,
    /// How the script became so small; `None` if nobody tried.
    pub minimized: Option<Minimized>,
    /// What harm comes of it, where it is an alarm, if somebody looked.
    pub followed: Option<Followed>,
    /// Names the bug: the same one found twice has the same number.
    pub bucket: u32,
}

/// Why a failing run is no finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoFinding {
    /// The run does not fail like that.
    Passes,
    /// The run fails, its actions replayed do not fail the same way: not deterministic.
    NotReproduced(Class),
}

impl Finding {
    /// What a run that fails with `class` shows, as it is.
    ///
    /// # Errors
    /// If it does not fail like that, or its actions alone do not.
    pub fn of(
        target: &dyn Target,
        origin: &Origin,
        class: &Class,
        settings: &Settings,
        selection: &Selection,
    ) -> Result<Finding, NoFinding> {
        let run = origin.run(target, settings, selection);
        let same = run.failures.iter().position(|failure| failure.class() == *class);
        let position = same.ok_or(NoFinding::Passes)?;
        let at = run.failures[position].actions;
        let later = run.failures[position + 1..].iter();
        let later = later.map(|later| (later.violation.invariant, later.actions - at)).collect();
        let script = run.script(at);
        let told = Told::new(target, &script, selection, class)?;
        Ok(Finding {
            origin: origin.clone(),
            scheduler: origin.scheduler(target, settings),
            settings: settings.words(),
            at,
            of: run.steps(),
            nodes: run.cluster.nodes,
            later,
            violation: told.violation,
            bucket: short(bucket(target.name(), class, &script)),
            script,
            own: None,
            run: told.run,
            minimized: None,
            followed: None,
            class: class.clone(),
        })
    }

    /// The same bug with a smaller script.
    ///
    /// # Errors
    /// If the script does not fail each time.
    pub fn minimized(
        &self,
        target: &dyn Target,
        settings: &Settings,
        selection: &Selection,
        budget: Budget<'_>,
    ) -> Result<Finding, NoFinding> {
        let minimized = minimize(target, &self.script, &self.class, settings, budget);
        let minimized = minimized.map_err(|why| match why {
            NotMinimized::Passes => NoFinding::NotReproduced(self.class.clone()),
            NotMinimized::NotReproduced(class) => NoFinding::NotReproduced(class),
        })?;
        let script = minimized.script.clone();
        let told = Told::new(target, &script, selection, &self.class)?;
        Ok(Finding {
            violation: told.violation,
            run: told.run,
            bucket: short(bucket(target.name(), &self.class, &script)),
            own: minimized.own.clone(),
            script,
            minimized: Some(minimized),
            ..self.clone()
        })
    }

    /// The same script, told of the run in which the class was found first: what was announced then
    /// is what is reported, whichever failing run the shortest script comes from.
    #[must_use]
    pub fn told_of(self, first: &Finding) -> Finding {
        let before = first.at;
        let own = if self.origin == first.origin {
            self.own
        } else {
            Some(first.own.clone().unwrap_or_else(|| first.script.clone()))
        };
        Finding {
            own,
            origin: first.origin.clone(),
            scheduler: first.scheduler,
            at: first.at,
            of: first.of,
            nodes: first.nodes,
            later: first.later.clone(),
            minimized: self.minimized.map(|minimized| Minimized { before, ..minimized }),
            ..self
        }
    }

    /// Whether this one is better to read: fewer actions, then the earlier text.
    pub fn is_smaller_than(&self, other: &Finding) -> bool {
        let size = |finding: &Finding| (finding.script.steps(), finding.script.to_string());
        size(self) < size(other)
    }

    /// The file that keeps it.
    pub fn repro(&self, target: &dyn Target) -> Repro {
        Repro {
            title: None,
            issue: None,
            target: target.name().to_owned(),
            expect: Expect {
                outcome: Verdict::Violation,
                invariant: Some(self.class.invariant.to_owned()),
                place: self.class.place.clone(),
                actions: Some(self.script.steps() as u32),
                hash: Some(self.run.hash),
            },
            found: Some(Found::now(
                self.origin.seed(),
                self.scheduler,
                target.version(),
                &self.settings,
            )),
            one_minimal: self.minimized.as_ref().map(|minimized| minimized.one_minimal),
            script: self.script.clone(),
            why: std::collections::BTreeMap::new(),
        }
    }

    /// The file that keeps the shortest script of the failing run itself, if the script is of another.
    pub fn own_repro(&self, target: &dyn Target) -> Option<Repro> {
        Some(self.repro_of(target, self.own.as_ref()?, &self.class))
    }

    /// The file that keeps the harm, if there is some.
    pub fn harm_repro(&self, target: &dyn Target) -> Option<Repro> {
        let harm = self.followed.as_ref()?.harm.as_ref()?;
        Some(self.repro_of(target, &harm.script, &harm.class))
    }

    /// The file that keeps another script of this finding, which ends with a violation of a class.
    fn repro_of(&self, target: &dyn Target, script: &Script, class: &Class) -> Repro {
        let (run, _) = target.replay(script, &Selection::ALL, Replay::SAVED);
        let repro = self.repro(target);
        let expect = Expect {
            invariant: Some(class.invariant.to_owned()),
            place: class.place.clone(),
            actions: Some(script.steps() as u32),
            hash: Some(run.hash),
            ..repro.expect
        };
        Repro { expect, script: script.clone(), one_minimal: None, ..repro }
    }

    /// The name of that file.
    pub fn file_name(&self, target: &dyn Target) -> String {
        self.repro(target).file_name(self.bucket)
    }
}

/// A script run as a saved one, with notes.
struct Told {
    run: Run,
    violation: Violation,
}

impl Told {
    fn new(
        target: &dyn Target,
        script: &Script,
        selection: &Selection,
        class: &Class,
    ) -> Result<Told, NoFinding> {
        let (run, _) = target.replay(script, selection, Replay::STORY);
        let failure = run.failures.iter().find(|failure| failure.class() == *class);
        let violation =
            failure.ok_or_else(|| NoFinding::NotReproduced(class.clone()))?.violation.clone();
        Ok(Told { run, violation })
    }
}

/// The part of a hash that file names carry.
pub fn short(bucket: u64) -> u32 {
    (bucket >> 32) as u32
}
