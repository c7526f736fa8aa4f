//! Which shards have reported. A shard may have been tried more than once: what two tries say alike
//! counts once, and one that was ended early says less than one that was not.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Common;
use super::part::{Part, number};
use crate::report::failure::hex;
use crate::report::parts::{DoubledReport, HoleReport, PartsReport};
use crate::report::words::{counted, shell};
use crate::search::shard::Shard;

/// One part of each shard, as far as there are any, and what is wrong with them.
pub(super) fn sort_out(
    common: &Common,
    mut parts: BTreeMap<u64, Vec<Part>>,
    program: &str,
) -> (Vec<Part>, PartsReport) {
    let reports = parts.values().map(|same| same.len() as u64).sum();
    let (mut chosen, mut holes, mut doubled) = (Vec::new(), Vec::new(), Vec::new());
    let shards = (1..=common.shards).filter_map(|nth| Shard::new(nth, common.shards));
    for shard in shards {
        let flags = common.made.flags.iter().map(|flag| format!(" {}", shell(flag)));
        let which = if shard == Shard::WHOLE { String::new() } else { format!(" --shard {shard}") };
        let run = format!("{program} fuzz{}{which}", flags.collect::<String>());
        let Some((part, others)) = parts.remove(&shard.number()).and_then(choose) else {
            holes.push(hole(common, shard, 0, "no report", run));
            continue;
        };
        if part.report.interrupted {
            let why = format!("ended early, after {}", counted(part.report.runs, "run"));
            holes.push(hole(common, shard, part.report.seeds.count, &why, run.clone()));
        }
        if !others.is_empty() {
            let reports = [vec![part.source.clone()], others].concat();
            doubled.push(DoubledReport { shard: shard.to_string(), reports, run });
        }
        chosen.push(part);
    }
    (chosen, PartsReport { shards: common.shards, reports, holes, doubled })
}

/// The seeds of a shard of which so many were run.
fn hole(common: &Common, shard: Shard, done: u64, why: &str, run: String) -> HoleReport {
    let first = number(&common.first).unwrap_or(0).wrapping_add(shard.position(done));
    HoleReport {
        shard: shard.to_string(),
        why: why.to_owned(),
        first: hex(first),
        step: shard.of(),
        count: common.whole.map(|whole| shard.share(whole).saturating_sub(done)),
        run,
    }
}

/// The try that says most, and those that contradict it.
fn choose(mut tries: Vec<Part>) -> Option<(Part, Vec<String>)> {
    tries.sort_by_key(|it| (it.report.interrupted, Reverse(it.report.runs), it.digest));
    let mut tries = tries.into_iter();
    let best = tries.next()?;
    let others = tries.filter(|other| !other.says_the_same(&best) && !other.may_begin(&best));
    let mut others: Vec<String> = others.map(|other| other.source).collect();
    others.sort();
    Some((best, others))
}
