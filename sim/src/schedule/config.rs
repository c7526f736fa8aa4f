//! Everything about a run is drawn from its seed: cluster, limits, disks, scheduler, faults,
//! clients. Some parts can be fixed from outside; they are then the same for every seed.

use std::fmt;
use std::fmt::Write as _;

use super::given::{Clients, Given};
use super::{Policy, SCHEDULERS, Scheduler};
use crate::draws::{Draws, Purpose, Roots};
use crate::faults::{FaultSet, Shape};
use crate::language::script::{Cluster, DiskMode};
use crate::node::{Limits, Traits};

/// What is fixed for all runs of a campaign.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Cluster sizes to draw from; empty for the usual mix.
    pub nodes: Vec<u8>,
    /// Most actions of one run; `None` to draw it.
    pub steps: Option<u32>,
    /// Faults that may strike.
    pub faults: FaultSet,
    /// The scheduler; `None` for the portfolio.
    pub scheduler: Option<&'static Policy>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { nodes: Vec::new(), steps: None, faults: FaultSet::in_model(), scheduler: None }
    }
}

/// What one seed means.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// The seed.
    pub seed: u64,
    /// Who chooses.
    pub scheduler: &'static Policy,
    /// Within what.
    pub given: Given,
}

/// Cluster sizes of the usual mix, in percent. Small clusters show most bugs in the shortest runs,
/// and only even ones show quorums that are one short.
const SIZES: [(u8, u32); 9] =
    [(1, 2), (2, 4), (3, 44), (4, 16), (5, 26), (6, 3), (7, 3), (8, 1), (9, 1)];

impl RunConfig {
    /// Draws the run of a seed.
    pub fn draw(seed: u64, settings: &Settings, traits: &Traits) -> Self {
        let mut draws = Roots::new(seed).draws(Purpose::Configuration, 0);
        let cluster = Cluster {
            nodes: draw_size(&mut draws, settings, traits),
            limits: draw_limits(&mut draws),
            disk: if draws.below(100) < 60 { DiskMode::Queued } else { DiskMode::Instant },
        };
        let shares: Vec<u32> = SCHEDULERS.iter().map(|policy| policy.share).collect();
        let position = draws.weighted(&shares).expect("some scheduler has a share");
        let steps = draws.log_uniform(150, 600) as u32;
        let steps = settings.steps.unwrap_or(steps);
        let overload = settings.faults.allow(Shape::Overload) && draws.one_in(2);
        let given = Given {
            cluster,
            faults: settings.faults,
            steps,
            flights_max: if overload { draws.log_uniform(4, 64) as usize } else { 128 },
            clients: Clients {
                keys: draws.between(1, 3) as u8,
                stray_one_in: draws.between(2, 8),
                writes_max: draws.log_uniform(1, u64::from(steps) / 4 + 4) as u32,
            },
        };
        RunConfig { seed, scheduler: settings.scheduler.unwrap_or(&SCHEDULERS[position]), given }
    }

    /// The scheduler that the seed drew.
    pub fn scheduler(&self) -> Box<dyn Scheduler> {
        (self.scheduler.make)(&self.given, &Roots::new(self.seed))
    }

    /// What the scheduler has drawn for itself, a line each.
    pub fn knobs(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.scheduler().knobs() {
            let _ = writeln!(text, "  {name:<28} {value}");
        }
        text
    }
}

fn draw_size(draws: &mut Draws, settings: &Settings, traits: &Traits) -> u8 {
    let (low, high) = traits.nodes;
    let weights: Vec<u32> = SIZES
        .iter()
        .map(|&(size, percent)| {
            let able = low <= usize::from(size) && usize::from(size) <= high;
            let wanted = settings.nodes.is_empty() || settings.nodes.contains(&size);
            let weight = if settings.nodes.is_empty() { percent } else { 1 };
            u32::from(able && wanted) * weight
        })
        .collect();
    let position = draws.weighted(&weights).expect("the settings allow a size of the target's");
    SIZES[position].0
}

fn draw_limits(draws: &mut Draws) -> Limits {
    let one = draws.below(100) < 45;
    Limits {
        batch_entries_max: if one { 1 } else { draws.log_uniform(1, 16) as u16 },
        window_messages_max: draws.log_uniform(1, 8) as u16,
    }
}

impl fmt::Display for RunConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Given { cluster, faults, steps, flights_max, clients } = self.given;
        let Limits { batch_entries_max, window_messages_max } = cluster.limits;
        writeln!(f, "seed       {:#x}", self.seed)?;
        writeln!(f, "scheduler  {}", self.scheduler.name)?;
        writeln!(f, "nodes      {}", cluster.nodes)?;
        writeln!(f, "disk       {}", cluster.disk.name())?;
        writeln!(f, "limits     batch {batch_entries_max}, window {window_messages_max}")?;
        writeln!(f, "steps      at most {steps}")?;
        writeln!(f, "in flight  at most {flights_max} messages")?;
        writeln!(
            f,
            "clients    at most {} writes to {} keys, one in {} to any node",
            clients.writes_max, clients.keys, clients.stray_one_in
        )?;
        write!(f, "faults     {}", faults.names().collect::<Vec<_>>().join(" "))
    }
}
