//! How much was still new, in a report: in figures, and with what is needed to join shards.

use serde::{Deserialize, Serialize};

use super::words::{grouped, percent};
use crate::search::campaign::novelty::{Mark, Novelty};

/// Marks that people are shown.
const SHOWN: usize = 3;

/// How likely the next run is to reach a situation that none before it has reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct NoveltyReport {
    /// Runs that were looked at, one in 64.
    pub runs: u64,
    /// Those of them that reached a situation that no other of them did.
    pub alone: u64,
    /// How likely the next run is to do so, in millionths: an upper bound. `null` after too few
    /// runs.
    pub ppm: Option<u64>,
    /// How it was after each doubling of the campaign's runs; nothing of joined shards.
    pub over_time: Vec<NewReport>,
    /// All situations that were reached, for whoever joins shards.
    pub situations: SituationsReport,
}

/// How much was still new at some time.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct NewReport {
    /// Runs of the campaign then.
    pub runs: u64,
    /// How likely the next one was to reach something new, in millionths.
    pub ppm: u64,
}

/// Situations that were reached, as numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct SituationsReport {
    /// Those that more than one run reached, as the distances between them in base 36.
    pub often: String,
    /// Those that one run alone reached, for each such run.
    pub once: Vec<Vec<u32>>,
}

impl NoveltyReport {
    /// Of what is known; `None` if nothing is.
    pub fn of(novelty: &Novelty) -> Option<Self> {
        let over_time = novelty.marks().iter();
        let report = NoveltyReport {
            runs: novelty.runs(),
            alone: novelty.alone(),
            ppm: novelty.ppm(),
            over_time: over_time.map(|&Mark { runs, ppm }| NewReport { runs, ppm }).collect(),
            situations: SituationsReport::of(novelty),
        };
        (0 < novelty.runs()).then_some(report)
    }

    /// What is known.
    ///
    /// # Errors
    /// If it is wrong, in words.
    pub fn read(&self) -> Result<Novelty, String> {
        let marks = self.over_time.iter().map(|&NewReport { runs, ppm }| Mark { runs, ppm });
        self.situations.read(self.runs, marks.collect())
    }

    /// For people: `still new in 19 % of runs`, and how it was before; nothing after too few runs.
    pub fn in_words(&self, runs: u64) -> Vec<String> {
        let share = |ppm| percent(ppm, 1_000_000);
        let Some(now) = self.ppm else { return Vec::new() };
        let mut words = vec![format!("still new in {} of runs", share(now))];
        let before: Vec<&NewReport> =
            self.over_time.iter().filter(|mark| mark.runs * 2 <= runs).collect();
        for mark in &before[before.len().saturating_sub(SHOWN)..] {
            words.push(format!("{} after {}", share(mark.ppm), grouped(mark.runs)));
        }
        words
    }
}

impl SituationsReport {
    /// Of what is known.
    pub fn of(novelty: &Novelty) -> Self {
        let mut last = 0;
        let steps = novelty.often().map(|situation| {
            let step = situation - last;
            last = situation;
            in_base_36(step)
        });
        SituationsReport { often: steps.collect::<Vec<_>>().join(" "), once: novelty.once() }
    }

    /// What is known.
    ///
    /// # Errors
    /// If it is wrong, in words.
    pub fn read(&self, runs: u64, marks: Vec<Mark>) -> Result<Novelty, String> {
        let mut situation = 0_u32;
        let number = |step: &str| {
            let step = u32::from_str_radix(step, 36).map_err(|_| format!("{step:?} is no step"))?;
            situation = situation.saturating_add(step);
            Ok(situation)
        };
        let often = self.often.split_whitespace().map(number);
        let often = often.collect::<Result<Vec<u32>, String>>()?;
        Novelty::read(runs, often.into_iter(), &self.once, marks)
    }
}

/// Most steps are small: one or two digits.
fn in_base_36(mut number: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.extend(char::from_digit(number % 36, 36));
        number /= 36;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::situation::SITUATIONS;

    #[test]
    fn what_is_written_is_read() {
        let mut novelty = Novelty::default();
        for run in 0..40 {
            novelty.count(&[0, 35, 36, SITUATIONS - 1, 100 + run], u64::from(run) + 1);
        }
        let report = NoveltyReport::of(&novelty).expect("forty runs say something");
        assert_eq!(report.situations.often, "0 z 1 28yz");
        assert_eq!((report.runs, report.alone, report.ppm), (40, 40, Some(1_000_000)));
        assert_eq!(report.read(), Ok(novelty));
        let wrong = |often: &str| {
            let situations = SituationsReport { often: often.to_owned(), once: Vec::new() };
            situations.read(40, Vec::new()).is_err()
        };
        assert!(wrong("!") && wrong("zzzzzzz") && wrong("0 28zz zz"));
    }
}
