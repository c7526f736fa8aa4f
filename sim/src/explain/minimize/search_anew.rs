//! Local search: keep the beginning, look for another way to the violation from there. It leaves
//! the optima out of which no deletion and no replacement leads, since another interleaving is
//! needed.

use super::{Search, delete};
use crate::draws::{Purpose, Roots};
use crate::schedule;
use crate::schedule::config::{RunConfig, Settings};

/// Searches in one round for each action of the best, at most.
const SEARCHES_PER_ACTION: u64 = 100;
/// A way that is this much longer than the best may still shrink below it.
const SLACK: usize = 6;

/// Cuts the best at a random place and lets a walk go on, again and again.
pub(super) fn search_anew(search: &mut Search<'_>) {
    let mut draws = Roots::new(search.beginnings).draws(Purpose::Scheduling, 1);
    let before = search.best.actions.len();
    for round in 0..SEARCHES_PER_ACTION * before as u64 {
        if search.is_spent() || search.best.actions.len() < before {
            return;
        }
        let length = search.best.actions.len();
        let kept = draws.position(length.max(1));
        let config = walk(search, round, (length - kept + SLACK) as u32);
        search.beginnings += 1;
        search.count_replay();
        let run = search.target.run_on(&search.best.actions[..kept], &config, search.selection);
        let Some(effective) = search.shows(&run) else { continue };
        if effective.actions.len() <= length + SLACK {
            search.adopt_if_shorter(effective, delete::sweep_singles_and_pairs);
        }
    }
}

/// A walk of a few steps that differs from round to round.
fn walk(search: &Search<'_>, round: u64, steps: u32) -> RunConfig {
    let scheduler = schedule::named(if round.is_multiple_of(2) { "walk" } else { "swarm" });
    let settings = Settings { scheduler, ..search.frame.settings(steps) };
    let seed = round ^ search.beginnings << 32;
    let mut config = RunConfig::draw(seed, &settings, &search.target.traits());
    (config.given.cluster, config.calm) = (search.best.cluster, search.best.calm);
    config.given.clients.stray_one_in = 2;
    config
}
