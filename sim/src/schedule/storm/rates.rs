//! How fast and how often things happen in one storm.

use crate::draws::{Draws, Named};
use crate::faults::{FaultSet, Shape, Way};
use crate::schedule::trouble::Trouble;

/// Rates of one run.
#[derive(Clone, Debug)]
pub(super) struct Rates {
    pub(super) latency_us: (u64, u64),
    pub(super) sync_us: (u64, u64),
    pub(super) client_us: (u64, u64),
    pub(super) late_timer_one_in: u64,
    /// By position in the run's faults: microseconds between strikes, or one in how many messages
    /// or timers; `None` for a fault that this run leaves out.
    pub(super) faults: Vec<Option<u64>>,
}

/// A fault that comes to one in so many.
#[derive(Copy, Clone, Debug)]
pub(super) struct Chance {
    pub(super) position: usize,
    pub(super) one_in: u64,
}

impl Rates {
    pub(super) fn draw(faults: &FaultSet, named: Named) -> Self {
        let span = |name, low, high| {
            let mut draws = named.draws(name);
            let low = draws.log_uniform(low, high);
            (low, low * draws.between(2, 10))
        };
        let client = named.draws("clients").log_uniform(1_000, 200_000);
        let of_faults = named.within("faults");
        Rates {
            latency_us: span("latency", 200, 40_000),
            sync_us: span("sync", 50, 30_000),
            client_us: (client, client * 2),
            late_timer_one_in: named.draws("late timers").log_uniform(2, 64),
            faults: faults.iter().map(|it| rate(it.way, of_faults.draws(it.name))).collect(),
        }
    }

    /// As a cluster is meant to live: a message takes about a fifth of a heartbeat, and no timer is
    /// late.
    pub(super) fn kind(faults: &FaultSet) -> Self {
        Rates {
            latency_us: (8_000, 14_000),
            sync_us: (1_000, 3_000),
            client_us: (50_000, 100_000),
            late_timer_one_in: u64::MAX,
            faults: faults.iter().map(|_| None).collect(),
        }
    }

    /// For people: a name and a value each.
    pub(super) fn knobs(&self, trouble: &Trouble) -> Vec<(String, String)> {
        let Rates { latency_us, sync_us, client_us, late_timer_one_in, faults } = self;
        let range = |&(low, high): &(u64, u64)| format!("{low} to {high} us");
        let own = [
            ("latency", range(latency_us)),
            ("sync", range(sync_us)),
            ("between writes", range(client_us)),
            ("late election timers", format!("one in {late_timer_one_in}")),
        ];
        let of_faults = faults.iter().enumerate().filter_map(|(position, &rate)| {
            let (fault, rate) = (trouble.fault(position), rate?);
            Some(match fault.way {
                Way::Strikes { .. } => (fault.name, format!("about every {rate} us")),
                Way::Befalls { .. } | Way::Shapes(_) => (fault.name, format!("one in {rate}")),
            })
        });
        own.into_iter().chain(of_faults).map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// How often a fault comes in one run: half of all runs leave it out.
fn rate(way: Way, mut draws: Draws) -> Option<u64> {
    let (low, high) = match way {
        Way::Strikes { .. } => (100_000, 5_000_000),
        Way::Befalls { .. } => (4, 500),
        Way::Shapes(Shape::Delay) => (8, 500),
        Way::Shapes(Shape::EarlyTimeout) => (2, 64),
        // Latencies reorder as they are, and a calendar has room for every message.
        Way::Shapes(Shape::Reorder | Shape::Overload) => return None,
    };
    draws.one_in(2).then(|| draws.log_uniform(low, high))
}

impl Chance {
    /// Whether it comes this time.
    pub(super) fn comes(self, trouble: &mut Trouble) -> bool {
        trouble.draws(self.position).one_in(self.one_in)
    }
}
