//! What a campaign knows, as a file from which it goes on after a kill: `raft-sim-checkpoint/2`.
//!
//! Only the version that wrote it reads it: to another one the rest of the seeds would mean
//! something else.

use std::collections::BTreeMap;

use raft_invariants::{Need, Reveals, witness};
use serde::{Deserialize, Serialize};

use super::json::to_text;
use super::novelty::SituationsReport;
use crate::run::Class;
use crate::search::campaign::novelty::{Mark, Novelty};
use crate::search::campaign::origin::Origin;
use crate::search::campaign::vitals::Vitals;
use crate::search::campaign::{Campaign, Sightings};

/// The version of the object.
pub const FORMAT: &str = "raft-sim-checkpoint/2";

/// See the head of this file.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// What wrote it.
    pub version: String,
    /// The flags that make the same campaign, its first seed included.
    pub flags: Vec<String>,
    /// The folders of campaigns that the same command line asked for and that are over.
    pub over: Vec<String>,
    /// The flags of those that are still to come.
    pub to_come: Vec<Vec<String>>,
    /// Wall time spent on it.
    pub wall_ms: u64,
    /// Its books.
    pub campaign: Campaign,
}

#[derive(Serialize, Deserialize)]
struct CheckpointJson {
    format: String,
    version: String,
    flags: Vec<String>,
    over: Vec<String>,
    to_come: Vec<Vec<String>>,
    wall_ms: u64,
    cpu_us: u64,
    runs: u64,
    actions: u64,
    commits: u64,
    elections: u64,
    restarts: u64,
    digest: u64,
    novelty: NoveltyJson,
    witnesses: BTreeMap<String, u64>,
    shown: Vec<String>,
    withheld: Vec<String>,
    failures: Vec<SightingsJson>,
    known: Vec<SightingsJson>,
    expected: Vec<SightingsJson>,
    nondeterministic: Vec<u64>,
}

#[derive(Serialize, Deserialize)]
struct NoveltyJson {
    runs: u64,
    marks: Vec<(u64, u64)>,
    situations: SituationsReport,
}

#[derive(Serialize, Deserialize)]
struct SightingsJson {
    invariant: String,
    place: Option<String>,
    is_grave: bool,
    count: u64,
    seeds: Vec<u64>,
    after_runs: u64,
    after_actions: u64,
}

impl Checkpoint {
    /// The file's text.
    pub fn to_text(&self) -> String {
        let Checkpoint { version, flags, over, to_come, wall_ms, campaign } = self;
        let names = witness::list().iter().map(|witness| witness.name.to_owned());
        to_text(&CheckpointJson {
            format: FORMAT.to_owned(),
            version: version.clone(),
            flags: flags.clone(),
            over: over.clone(),
            to_come: to_come.clone(),
            wall_ms: *wall_ms,
            cpu_us: campaign.cpu_us,
            runs: campaign.runs,
            actions: campaign.actions,
            commits: campaign.vitals.commits,
            elections: campaign.vitals.elections,
            restarts: campaign.vitals.restarts,
            digest: campaign.digest,
            novelty: NoveltyJson::of(&campaign.novelty),
            witnesses: names.zip(campaign.witnesses.iter().copied()).collect(),
            shown: campaign.shown.iter().map(|need| need.to_string()).collect(),
            withheld: campaign.withheld.iter().map(|need| need.to_string()).collect(),
            failures: campaign.failures.iter().map(SightingsJson::of).collect(),
            known: campaign.known.iter().map(SightingsJson::of).collect(),
            expected: campaign.expected.iter().map(SightingsJson::of).collect(),
            nondeterministic: campaign.nondeterministic.iter().map(Origin::seed).collect(),
        })
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// If it is none of ours, in words.
    pub fn parse(text: &str) -> Result<Checkpoint, String> {
        let json: CheckpointJson = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if json.format != FORMAT {
            return Err(format!("its format is {}, not {FORMAT}", json.format));
        }
        let witnesses = witness::list().iter().map(|it| json.witnesses.get(it.name).copied());
        let witnesses: Option<Vec<u64>> = witnesses.collect();
        Ok(Checkpoint {
            version: json.version,
            flags: json.flags,
            over: json.over,
            to_come: json.to_come,
            wall_ms: json.wall_ms,
            campaign: Campaign {
                runs: json.runs,
                actions: json.actions,
                vitals: Vitals {
                    commits: json.commits,
                    elections: json.elections,
                    restarts: json.restarts,
                },
                witnesses: witnesses.ok_or("it does not know all witnesses")?,
                shown: reveals(&json.shown)?,
                withheld: reveals(&json.withheld)?,
                failures: read(json.failures)?,
                known: read(json.known)?,
                expected: read(json.expected)?,
                nondeterministic: json.nondeterministic.into_iter().map(Origin::Seed).collect(),
                digest: json.digest,
                novelty: json.novelty.read()?,
                cpu_us: json.cpu_us,
                interrupted: false,
                guided: None,
            },
        })
    }
}

fn reveals(names: &[String]) -> Result<Reveals, String> {
    let need = |name: &String| {
        let need = Need::DECLARED.into_iter().find(|need| need.to_string() == *name);
        need.ok_or_else(|| format!("nothing that is revealed is called {name}"))
    };
    names.iter().map(need).collect::<Result<Vec<_>, _>>().map(|needs| Reveals::only(&needs))
}

fn read(list: Vec<SightingsJson>) -> Result<BTreeMap<Class, Sightings>, String> {
    list.into_iter().map(SightingsJson::read).collect()
}

impl NoveltyJson {
    fn of(novelty: &Novelty) -> Self {
        NoveltyJson {
            runs: novelty.runs(),
            marks: novelty.marks().iter().map(|mark| (mark.runs, mark.ppm)).collect(),
            situations: SituationsReport::of(novelty),
        }
    }

    fn read(self) -> Result<Novelty, String> {
        let marks = self.marks.into_iter().map(|(runs, ppm)| Mark { runs, ppm });
        self.situations.read(self.runs, marks.collect())
    }
}

impl SightingsJson {
    fn of((class, sightings): (&Class, &Sightings)) -> Self {
        SightingsJson {
            invariant: class.invariant.to_owned(),
            place: class.place.clone(),
            is_grave: sightings.is_grave,
            count: sightings.count,
            seeds: sightings.origins.iter().map(Origin::seed).collect(),
            after_runs: sightings.after_runs,
            after_actions: sightings.after_actions,
        }
    }

    fn read(self) -> Result<(Class, Sightings), String> {
        let invariant = raft_invariants::find(&self.invariant);
        let invariant =
            invariant.ok_or_else(|| format!("no invariant is called {}", self.invariant))?;
        if self.seeds.is_empty() {
            return Err(format!("no seed violates {}", self.invariant));
        }
        let class = Class { invariant: invariant.name, place: self.place };
        let sightings = Sightings {
            is_grave: self.is_grave,
            count: self.count,
            origins: self.seeds.into_iter().map(Origin::Seed).collect(),
            after_runs: self.after_runs,
            after_actions: self.after_actions,
        };
        Ok((class, sightings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign() -> Campaign {
        let class = Class { invariant: "NoPanic", place: Some("src/log.rs:7".to_owned()) };
        let sightings = Sightings {
            is_grave: true,
            count: 3,
            origins: vec![Origin::Seed(u64::MAX), Origin::Seed(0)],
            after_runs: 4,
            after_actions: 5,
        };
        let mut novelty = Novelty::default();
        for run in 1..=30 {
            novelty.count(&[7, 100 + run, 8], u64::from(run));
        }
        Campaign {
            novelty,
            runs: 64,
            actions: 2,
            vitals: Vitals { commits: 3, elections: 8, restarts: 10 },
            witnesses: (0..witness::list().len() as u64).collect(),
            shown: Reveals::ALL.without(&[Need::Replies]),
            withheld: Reveals::only(&[Need::MatchIndex, Need::Votes]),
            failures: [(class.clone(), sightings.clone())].into(),
            known: [(class.clone(), Sightings { count: 8, ..sightings.clone() })].into(),
            expected: [(class, Sightings { is_grave: false, ..sightings })].into(),
            nondeterministic: vec![Origin::Seed(9)],
            digest: u64::MAX - 1,
            cpu_us: 7,
            interrupted: false,
            guided: None,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let flags = vec!["--seed".to_owned(), "0x1".to_owned()];
        let version = "1".to_owned();
        let (over, to_come) = (vec!["out/a-0x1".to_owned()], vec![flags.clone(), Vec::new()]);
        let campaign = campaign();
        let written = Checkpoint { version, flags, over, to_come, wall_ms: 1, campaign };
        let read = Checkpoint::parse(&written.to_text()).expect("it was just written");
        // Its text says everything that is in it, field by field.
        assert_eq!(format!("{read:?}"), format!("{written:?}"));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let checkpoint = Checkpoint {
            version: "1".to_owned(),
            flags: vec![],
            over: vec![],
            to_come: vec![],
            wall_ms: 1,
            campaign: campaign(),
        };
        let text = checkpoint.to_text();
        let wrong = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            Checkpoint::parse(&text.replace(from, to)).expect_err("it is wrong")
        };
        assert!(wrong("checkpoint/2", "checkpoint/9").contains("checkpoint/9"));
        assert!(wrong("NoPanic", "NoPain").contains("NoPain"));
        assert!(wrong("LeaderElected", "LaderElected").contains("witnesses"));
        assert!(wrong("\"runs\"", "\"rains\"").contains("runs"));
        assert!(Checkpoint::parse("").is_err());
    }
}
