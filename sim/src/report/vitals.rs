//! Vital signs in a report: how alive a target is beside the reference, under the same settings.

use raft_invariants::witness::{entry_committed, leader_elected};
use serde::{Deserialize, Serialize};

use super::words::tenths;
use crate::search::campaign::vitals::Vitals;
use crate::search::campaign::{Campaign, Plan};
use crate::search::target::Target;

/// Runs below which nothing is said of what is low.
const RUNS_MIN: u64 = 20;
/// Less than one in so many of what the reference has is low.
const LOW: u64 = 10;
/// What the reference itself has less often than once in so many runs says nothing.
const RARE: u64 = 4;

/// The vital signs of a campaign beside those of the reference.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct VitalsReport {
    /// The target that it is compared with.
    pub reference: String,
    /// Runs of the reference, with the first seeds of the whole campaign.
    pub runs: u64,
    /// What is compared, of all that the target reveals.
    pub signs: Vec<SignReport>,
}

/// Something that happens in runs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct SignReport {
    /// What it is: `commits`, `elections`, `restarts`.
    pub sign: String,
    /// How often it happened in all runs of the campaign.
    pub count: u64,
    /// How often it happened in the runs of the reference.
    pub reference: u64,
    /// Whether a run of the campaign has less than a tenth of it of what one of the reference has.
    pub is_low: bool,
}

impl VitalsReport {
    /// Compares a campaign with the reference; only what the target reveals can be compared.
    pub fn of(
        reference: &dyn Target,
        target: &dyn Target,
        plan: &Plan,
        campaign: &Campaign,
    ) -> Self {
        let (runs, known) = Vitals::of_reference(reference, target, plan);
        let own = campaign.vitals;
        let reveals = target.traits().reveals.difference(campaign.withheld);
        let tells = |needs| reveals.meets(needs);
        let signs = [
            ("commits", own.commits, known.commits, tells(entry_committed::WITNESS.needs)),
            ("elections", own.elections, known.elections, tells(leader_elected::WITNESS.needs)),
            ("restarts", own.restarts, known.restarts, true),
        ];
        let told = signs.into_iter().filter(|(.., is_told)| *is_told);
        let signs = told.map(|(sign, count, reference, _)| SignReport {
            sign: sign.to_owned(),
            count,
            reference,
            is_low: false,
        });
        let vitals =
            VitalsReport { reference: reference.name().to_owned(), runs, signs: signs.collect() };
        vitals.judged(campaign.runs)
    }

    /// The same of all shards together, of which those who ran nothing have nothing to say.
    pub fn of_all<'a>(
        parts: impl Iterator<Item = &'a VitalsReport>,
        runs: u64,
    ) -> Option<VitalsReport> {
        let together = parts.cloned().reduce(|mut together, part| {
            together.signs.retain(|sign| part.signs.iter().any(|it| it.sign == sign.sign));
            for sign in &mut together.signs {
                let same = part.signs.iter().filter(|it| it.sign == sign.sign);
                sign.count += same.map(|it| it.count).sum::<u64>();
            }
            together
        });
        together.map(|together| together.judged(runs))
    }

    /// How often each happens in one of so many runs, and in one of the reference's:
    /// `7.3 commits a run (raft-core: 7.5)`, `4.1 elections (4.0)`.
    pub fn in_words(&self, runs: u64) -> Vec<String> {
        let each = |count: u64, runs: u64| tenths((10 * count).checked_div(runs).unwrap_or(0));
        let words = |(position, sign): (usize, &SignReport)| {
            let (own, known) = (each(sign.count, runs), each(sign.reference, self.runs));
            match position {
                0 => format!("{own} {} a run ({}: {known})", sign.sign, self.reference),
                _ => format!("{own} {} ({known})", sign.sign),
            }
        };
        self.signs.iter().enumerate().map(words).collect()
    }

    /// What there is to say of each sign that is low.
    pub fn warnings(&self) -> impl Iterator<Item = String> {
        let warning = |sign: &SignReport| {
            format!(
                "(!) hardly any {}: less than a tenth of what {} has with the same settings, so \
                 hardly anything was tested",
                sign.sign, self.reference
            )
        };
        self.low().map(warning)
    }

    /// The signs that are low.
    pub fn low(&self) -> impl Iterator<Item = &SignReport> {
        self.signs.iter().filter(|sign| sign.is_low)
    }

    /// Says of each sign whether it is low in so many runs.
    fn judged(mut self, runs: u64) -> Self {
        for sign in &mut self.signs {
            let is_usual = self.runs <= RARE * sign.reference;
            let is_less = LOW * sign.count * self.runs < sign.reference * runs;
            sign.is_low = RUNS_MIN <= runs && is_usual && is_less;
        }
        self
    }
}
