//! Everything about a run is drawn from its seed: cluster, limits, disks, scheduler, faults,
//! clients. Some parts can be fixed from outside; they are then the same for every seed.

use std::fmt;
use std::fmt::Write as _;

use super::given::{Clients, Given};
use super::{Policy, SCHEDULERS, Scheduler};
use crate::draws::{Draws, Named, Purpose, Roots};
use crate::faults::{FaultSet, Shape};
use crate::language::script::Cluster;
use crate::language::script::DiskMode::{Instant, Queued};
use crate::node::{Limits, NodeId, NodeSet, Traits};

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
    /// Runs that end in calm, in percent.
    pub calm_percent: u8,
}

/// Runs of a default campaign that end in calm, in percent.
pub const CALM_PERCENT: u8 = 0;

impl Default for Settings {
    fn default() -> Self {
        Settings {
            nodes: Vec::new(),
            steps: None,
            faults: FaultSet::in_model(),
            scheduler: None,
            calm_percent: CALM_PERCENT,
        }
    }
}

impl Settings {
    /// The flags that make these settings, ` --nodes 3,5 --without network`; none of the usual ones.
    pub fn words(&self) -> String {
        let usual = FaultSet::in_model();
        let calm = Some(self.calm_percent).filter(|&percent| percent != CALM_PERCENT);
        let flags = [
            ("nodes", self.nodes.iter().map(u8::to_string).collect::<Vec<_>>().join(",")),
            ("steps", self.steps.map(|steps| steps.to_string()).unwrap_or_default()),
            ("scheduler", self.scheduler.map(|policy| policy.name.to_owned()).unwrap_or_default()),
            ("without", usual.clone().without(&self.faults).words()),
            ("with", self.faults.clone().without(&usual).words()),
            ("calm", calm.map(|percent| percent.to_string()).unwrap_or_default()),
        ];
        let mut words = String::new();
        for (name, values) in flags.iter().filter(|(_, values)| !values.is_empty()) {
            write!(words, " --{name} {values}").expect("a String takes everything");
        }
        words
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
    /// Who must make progress in the calm that the run ends in; `None` if it ends in none.
    pub calm: Option<NodeSet>,
}

/// Cluster sizes of the usual mix, in percent. Small clusters show most bugs in the shortest runs,
/// and only even ones show quorums that are one short.
const SIZES: [(u8, u32); 9] =
    [(1, 2), (2, 4), (3, 44), (4, 16), (5, 26), (6, 3), (7, 3), (8, 1), (9, 1)];

impl RunConfig {
    /// Draws the run of a seed.
    pub fn draw(seed: u64, settings: &Settings, traits: &Traits) -> Self {
        let named = Roots::new(seed).named(Purpose::Configuration);
        let disk = if named.draws("disk").below(100) < 60 { Queued } else { Instant };
        let shares: Vec<u32> = SCHEDULERS.iter().map(|policy| policy.share).collect();
        let position = named.draws("scheduler").weighted(&shares);
        let position = position.expect("some scheduler has a share");
        let steps = named.draws("steps").log_uniform(150, 600) as u32;
        let steps = settings.steps.unwrap_or(steps);
        let given = Given {
            cluster: Cluster {
                nodes: draw_size(named.draws("nodes"), settings, traits),
                limits: draw_limits(named),
                disk,
            },
            faults: settings.faults.clone(),
            steps,
            flights_max: draw_flights_max(named.draws("flights"), &settings.faults),
            clients: Clients {
                keys: named.draws("keys").between(1, 3) as u8,
                stray_one_in: named.draws("strays").between(2, 8),
                writes_max: named.draws("writes").log_uniform(1, u64::from(steps) / 4 + 4) as u32,
            },
        };
        let calm = draw_calm(named, settings, given.cluster.nodes);
        let scheduler = settings.scheduler.unwrap_or(&SCHEDULERS[position]);
        RunConfig { seed, scheduler, given, calm }
    }

    /// The same in another cluster: who must make progress in the end is drawn from its nodes.
    pub fn set_cluster(&mut self, cluster: Cluster, settings: &Settings) {
        let named = Roots::new(self.seed).named(Purpose::Configuration);
        self.given.cluster = cluster;
        self.calm = draw_calm(named, settings, cluster.nodes);
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

fn draw_size(mut draws: Draws, settings: &Settings, traits: &Traits) -> u8 {
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

fn draw_limits(named: Named) -> Limits {
    let mut draws = named.draws("batch");
    let one = draws.below(100) < 45;
    Limits {
        batch_entries_max: if one { 1 } else { draws.log_uniform(1, 16) as u16 },
        window_messages_max: named.draws("window").log_uniform(1, 8) as u16,
    }
}

/// Two in three calms are for everyone, the others for a random majority.
fn draw_calm(named: Named, settings: &Settings, nodes: u8) -> Option<NodeSet> {
    let ends_in_calm = named.draws("calm").below(100) < u64::from(settings.calm_percent);
    let count = usize::from(nodes);
    let mut draws = named.draws("core");
    let mut core = NodeSet::first(count);
    if draws.one_in(3) {
        let others = draws.between(0, (count as u64 - 1) / 2);
        for _ in 0..others {
            core.remove(NodeId::at(draws.position(count)));
        }
    }
    ends_in_calm.then_some(core)
}

fn draw_flights_max(mut draws: Draws, faults: &FaultSet) -> usize {
    let few = draws.one_in(2) && faults.allow(Shape::Overload);
    if few { draws.log_uniform(4, 64) as usize } else { 128 }
}

impl fmt::Display for RunConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Given { cluster, faults, steps, flights_max, clients } = &self.given;
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
        writeln!(f, "faults     {}", faults.names().collect::<Vec<_>>().join(" "))?;
        match self.calm {
            Some(core) => write!(f, "ends       in calm for {core}"),
            None => write!(f, "ends       when its steps are used up"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule;

    #[test]
    fn settings_are_told_as_the_flags_that_make_them() {
        let named = |name| FaultSet::named(name).expect("there is such a fault");
        assert_eq!(Settings::default().words(), "");
        let faults = FaultSet::in_model().with(named("wipe"));
        let faults = faults.without(&named("network")).without(&named("stall"));
        let scheduler = schedule::named("pct");
        let (nodes, steps) = (vec![3, 5], Some(9));
        let settings = Settings { nodes, steps, faults, scheduler, calm_percent: 77 };
        let words = " --nodes 3,5 --steps 9 --scheduler pct --without network,stall --with wipe \
                     --calm 77";
        assert_eq!(settings.words(), words);
    }
}
